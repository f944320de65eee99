/* From the cells of a pack's files to its rows. */
#include "common/law/pack_inside.h"

#include <stdlib.h>

enum { MAX_MONTHS = 1200 };

static const char *const statuses[] = {"v", "e", "m", "ours", NULL};
static const char *const levels[] = {"statute",  "state_council",   "national_rule",  "local_statute",
                                     "judicial", "department_rule", "municipal_plan", NULL};

static void fill_basis(cx_cell_reader *r, void *row) {
    *(cx_basis *)row = (cx_basis){.code = cx_cell_required(r, 0),
                                  .title = cx_cell_required(r, 1),
                                  .article = cx_cell_text(r, 2),
                                  .level = (cx_basis_level)cx_cell_choice(r, 3, levels),
                                  .status = (cx_basis_status)cx_cell_choice(r, 4, statuses),
                                  .effective_on = cx_cell_date(r, 5)};
}

static void fill_item(cx_cell_reader *r, void *row) {
    static const char *const directions[] = {"neutral", "adverse", "positive",
                                             NULL}; /* order of cx_direction */
    cx_item *item = row;
    *item = (cx_item){.code = cx_cell_required(r, 0),
                      .name = cx_cell_required(r, 1),
                      .domain = cx_cell_text(r, 2),
                      .groups = cx_cell_words(r, 4),
                      .bases = cx_cell_words(r, 5),
                      .status = (cx_basis_status)cx_cell_choice(r, 6, statuses),
                      .reporters = cx_cell_words(r, 7),
                      .direction = (cx_direction)cx_cell_choice(r, 8, directions),
                      .lists = cx_cell_words(r, 9),
                      .category = cx_cell_text(r, 10),
                      .real_name = cx_cell_yes(r, 11),
                      .display_name = cx_cell_text(r, 12),
                      .clause = cx_cell_text(r, 13)};
    cx_cell_subjects(r, 3, &item->person, &item->organisation);
    (void)cx_cell_required(r, 5);
    (void)cx_cell_required(r, 7);
}

static void fill_department(cx_cell_reader *r, void *row) {
    static const char *const kinds[] = {
        "department", "court", "review", "procuratorate", "bureau", "bank", "association", "provider", NULL};
    *(cx_department *)row = (cx_department){.code = cx_cell_required(r, 0),
                                            .name = cx_cell_required(r, 1),
                                            .kind = (cx_department_kind)cx_cell_choice(r, 2, kinds),
                                            .competent_for = cx_cell_words(r, 3),
                                            .clause = cx_cell_text(r, 4)};
}

static void fill_group(cx_cell_reader *r, void *row) {
    *(cx_group *)row = (cx_group){.code = cx_cell_required(r, 0),
                                  .name = cx_cell_required(r, 1),
                                  .scope = cx_cell_text(r, 2),
                                  .clause = cx_cell_text(r, 3)};
}

/* "MARK", "SUSPEND", or "organisation=SUSPEND;person=MARK". */
static void fill_objection(cx_cell_reader *r, size_t column, cx_list *list) {
    cx_words words = cx_cell_words(r, column);
    for (size_t i = 0; i < words.n && r->rc == CX_OK; i++) {
        cx_view effect, whom = cx_view_split(words.items[i], '=', &effect);
        bool both = effect.p == NULL;
        cx_view word = both ? whom : effect;
        bool suspend = cx_view_is(word, "SUSPEND");
        bool person = both || cx_view_is(whom, "person"),
             organisation = both || cx_view_is(whom, "organisation");
        if ((!suspend && !cx_view_is(word, "MARK")) || (!person && !organisation))
            r->rc = cx_sheet_fail(r->sheet, r->row, column, r->err,
                                  "not MARK, SUSPEND or organisation=...;person=...");
        if (person)
            list->on_person = suspend ? CX_OBJECTION_SUSPEND : CX_OBJECTION_MARK;
        if (organisation)
            list->on_organisation = suspend ? CX_OBJECTION_SUSPEND : CX_OBJECTION_MARK;
    }
}

static void fill_list(cx_cell_reader *r, void *row) {
    static const char *const colours[] = {"red", "black", NULL};
    static const char *const procedures[] = {"NOTICE", "COURT", "RED", NULL};
    cx_list *list = row;
    *list = (cx_list){.code = cx_cell_required(r, 0),
                      .name = cx_cell_required(r, 1),
                      .black = cx_cell_choice(r, 2, colours) == 1,
                      .procedure = (cx_procedure)cx_cell_choice(r, 3, procedures),
                      .window = cx_cell_period(r, 5),
                      .lapse = cx_cell_period(r, 6),
                      .months = cx_cell_number(r, 7, MAX_MONTHS),
                      .minimum_months = cx_cell_number(r, 8, MAX_MONTHS),
                      .extension_months = cx_cell_number(r, 9, MAX_MONTHS),
                      .repairable = cx_cell_yes(r, 11),
                      .repair_minimum_months = cx_cell_number(r, 12, MAX_MONTHS),
                      .repair_conditions = cx_cell_words(r, 13),
                      .exit = cx_cell_period(r, 14),
                      .basis = cx_cell_required(r, 15),
                      .status = (cx_basis_status)cx_cell_choice(r, 16, statuses),
                      .clause = cx_cell_text(r, 17)};
    cx_cell_subjects(r, 4, &list->person, &list->organisation);
    fill_objection(r, 10, list);
    if (r->rc == CX_OK && list->procedure == CX_PROCEDURE_NOTICE &&
        (list->window.days == 0 || list->lapse.days == 0))
        r->rc = cx_sheet_fail(r->sheet, r->row, list->window.days == 0 ? 5 : 6, r->err,
                              "the NOTICE procedure needs a window and a lapse date");
    if (r->rc == CX_OK && (list->procedure == CX_PROCEDURE_RED) == list->black)
        r->rc =
            cx_sheet_fail(r->sheet, r->row, 2, r->err, "red lists follow RED, black lists NOTICE or COURT");
}

static uint32_t role_bits(cx_cell_reader *r, size_t column) {
    cx_words words = cx_cell_words(r, column);
    uint32_t bits = 0;
    for (size_t i = 0; i < words.n && r->rc == CX_OK; i++) {
        cx_role role;
        if (!cx_role_by_name(words.items[i], &role) || role == CX_ROLE_UNKNOWN)
            r->rc = cx_sheet_fail(r->sheet, r->row, column, r->err, "not a role of CreditEvent.avsc");
        else
            bits |= 1U << (unsigned)role;
    }
    return bits;
}

static void fill_measure(cx_cell_reader *r, void *row) {
    static const char *const kinds[] = {"UNKNOWN",  "RIGHTS_REDUCING", "MANAGEMENT",
                                        "ADVISORY", "INCENTIVE",       NULL};
    static const char *const role_dates[] = {"act", "decision", "present", NULL};
    static const char *const ends[] = {"entry", "event", NULL};
    cx_measure *m = row;
    *m = (cx_measure){.code = cx_cell_required(r, 0),
                      .name = cx_cell_required(r, 1),
                      .kind = (cx_measure_kind)cx_cell_choice(r, 2, kinds),
                      .basis = cx_cell_required(r, 3),
                      .status = (cx_basis_status)cx_cell_choice(r, 4, statuses),
                      .roles = role_bits(r, 5),
                      .role_date = (cx_role_date)cx_cell_choice(r, 6, role_dates),
                      .responders = cx_cell_words(r, 7),
                      .lists = cx_cell_words(r, 8),
                      .grades = cx_cell_words(r, 9),
                      .ends_by_event = cx_cell_choice(r, 11, ends) == 1,
                      .review_months = cx_cell_number(r, 12, MAX_MONTHS),
                      .court_only = cx_cell_yes(r, 13),
                      .clause = cx_cell_text(r, 14),
                      .wording = cx_cell_text(r, 15)};
    cx_cell_subjects(r, 10, &m->person, &m->organisation);
    (void)cx_cell_required(r, 5);
    (void)cx_cell_required(r, 7);
    if (r->rc == CX_OK && m->ends_by_event && m->review_months == 0)
        r->rc = cx_sheet_fail(r->sheet, r->row, 12, r->err,
                              "a measure that ends by an event needs a review date");
}

/* The cell's words as bits, by their place in `words` (ends in NULL). */
static uint32_t word_bits(cx_cell_reader *r, size_t column, const char *const *words) {
    cx_words cell = cx_cell_words(r, column);
    uint32_t bits = 0;
    for (size_t i = 0; i < cell.n && r->rc == CX_OK; i++) {
        unsigned k = 0;
        while (words[k] != NULL && !cx_view_is(cell.items[i], words[k]))
            k++;
        if (words[k] == NULL)
            r->rc = cx_sheet_fail(r->sheet, r->row, column, r->err,
                                  "not one of the words that docs/policy-packs.md lists");
        else
            bits |= 1U << k;
    }
    return bits;
}

static void fill_purpose(cx_cell_reader *r, void *row) {
    static const char *const uses[] = {"forbidden", "permitted", NULL};
    static const char *const asks[] = {"status", "past", "match", "entitled", "own", NULL};
    static const char *const sees[] = {"black", "red", "adverse", "positive", "neutral", "measures", NULL};
    cx_purpose *p = row;
    *p = (cx_purpose){.code = cx_cell_required(r, 0),
                      .name = cx_cell_required(r, 1),
                      .permitted = cx_cell_choice(r, 2, uses) == 1,
                      .asks = word_bits(r, 3, asks),
                      .askers = cx_cell_words(r, 4),
                      .consent = cx_cell_yes(r, 6),
                      .sees = word_bits(r, 7, sees),
                      .basis = cx_cell_required(r, 9),
                      .status = (cx_basis_status)cx_cell_choice(r, 10, statuses),
                      .clause = cx_cell_text(r, 11)};
    if (!p->permitted || r->rc != CX_OK)
        return;
    cx_cell_subjects(r, 5, &p->person, &p->organisation);
    p->valid = cx_cell_period(r, 8);
    if (r->rc == CX_OK && (p->asks == 0 || p->askers.n == 0))
        r->rc = cx_sheet_fail(r->sheet, r->row, p->asks == 0 ? 3 : 4, r->err,
                              "a permitted purpose says what may be asked, and by whom");
    if (r->rc == CX_OK && (p->valid.days == 0 || p->valid.working))
        r->rc = cx_sheet_fail(r->sheet, r->row, 8, r->err,
                              "an answer expires after some calendar days (I-ACCESS)");
}

static void fill_exchange(cx_cell_reader *r, void *row) {
    enum { MOST = 999999, LONGEST = 63 };
    cx_exchange *x = row;
    *x = (cx_exchange){.code = cx_cell_required(r, 0),
                       .peer = cx_cell_number(r, 1, MOST),
                       .department = cx_cell_required(r, 2),
                       .as = cx_cell_required(r, 3),
                       .lists = cx_cell_words(r, 4),
                       .items = cx_cell_words(r, 5),
                       .basis = cx_cell_required(r, 7),
                       .status = (cx_basis_status)cx_cell_choice(r, 8, statuses),
                       .clause = cx_cell_text(r, 9)};
    cx_cell_subjects(r, 6, &x->person, &x->organisation);
    if (r->rc == CX_OK && x->peer < CX_NATIONAL)
        r->rc = cx_sheet_fail(r->sheet, r->row, 1, r->err, "not a jurisdiction of six digits");
    if (r->rc == CX_OK && !cx_view_is_code(x->as, LONGEST))
        r->rc = cx_sheet_fail(r->sheet, r->row, 3, r->err, "not a department's code");
}

static int by_code(const void *a, const void *b) {
    return cx_view_cmp(*(const cx_view *)a, *(const cx_view *)b);
}

static cx_rc fill(cx_pack *pack, cx_pack_file file, size_t size, void (*one)(cx_cell_reader *, void *),
                  cx_rows *out, cx_err *err) {
    const cx_sheet *sheet = &pack->sheets[file];
    *out = (cx_rows){cx_arena_calloc(pack->arena, sheet->rows + 1, size), sheet->rows, size};
    if (out->rows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_cell_reader r = {.sheet = sheet, .arena = pack->arena, .err = err};
    for (r.row = 0; r.row < sheet->rows && r.rc == CX_OK; r.row++)
        one(&r, (char *)out->rows + r.row * size);
    if (r.rc != CX_OK)
        return r.rc;
    qsort(out->rows, out->n, size, by_code);
    for (size_t i = 1; i < out->n; i++) {
        const cx_view *code = (const cx_view *)(const void *)((const char *)out->rows + i * size);
        if (by_code((const char *)code - size, code) == 0)
            return cx_fail(err, CX_PACK_INVALID, "%.*s: %.*s stands in two rows", CX_VIEW_ARGS(sheet->file),
                           CX_VIEW_ARGS(*code));
    }
    return CX_OK;
}

/* The items of double-publication files are decisions. */
static void mark_decisions(cx_pack *pack) {
    enum { ITEM = 3 };
    const cx_sheet *sheet = &pack->sheets[CX_PACK_PUBLICATION];
    for (size_t i = 0; i < sheet->rows; i++) {
        cx_item *item = bsearch(&cx_sheet_row(sheet, i)[ITEM], pack->items.rows, pack->items.n,
                                pack->items.size, by_code);
        if (item != NULL)
            item->decision = true;
    }
}

static cx_rc fill_calendar(cx_pack *pack, cx_err *err) {
    static const char *const kinds[] = {"holiday", "workday", NULL};
    static const char *const certainties[] = {"real", "assumed", NULL};
    const cx_sheet *sheet = &pack->sheets[CX_PACK_CALENDAR];
    cx_calendar_row *rows = cx_arena_calloc(pack->arena, sheet->rows + 1, sizeof *rows);
    if (rows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_cell_reader r = {.sheet = sheet, .arena = pack->arena, .err = err};
    for (r.row = 0; r.row < sheet->rows && r.rc == CX_OK; r.row++) {
        (void)cx_cell_required(&r, 0);
        rows[r.row] = (cx_calendar_row){cx_cell_date(&r, 0), cx_cell_choice(&r, 1, kinds) == 1};
        (void)cx_cell_choice(&r, 2, certainties);
    }
    CX_TRY(r.rc);
    return cx_calendar_build(rows, sheet->rows, pack->arena, &pack->calendar, err);
}

cx_rc cx_pack_fill_rows(cx_pack *pack, cx_err *err) {
    CX_TRY(fill(pack, CX_PACK_BASES, sizeof(cx_basis), fill_basis, &pack->bases, err));
    CX_TRY(fill(pack, CX_PACK_CATALOG, sizeof(cx_item), fill_item, &pack->items, err));
    CX_TRY(fill(pack, CX_PACK_DEPARTMENTS, sizeof(cx_department), fill_department, &pack->departments, err));
    CX_TRY(fill(pack, CX_PACK_GROUPS, sizeof(cx_group), fill_group, &pack->groups, err));
    CX_TRY(fill(pack, CX_PACK_LISTS, sizeof(cx_list), fill_list, &pack->lists, err));
    CX_TRY(fill(pack, CX_PACK_MEASURES, sizeof(cx_measure), fill_measure, &pack->measures, err));
    CX_TRY(fill(pack, CX_PACK_PURPOSES, sizeof(cx_purpose), fill_purpose, &pack->purposes, err));
    mark_decisions(pack);
    CX_TRY(fill(pack, CX_PACK_EXCHANGE, sizeof(cx_exchange), fill_exchange, &pack->exchanges, err));
    return fill_calendar(pack, err);
}
