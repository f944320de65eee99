/* A row of a double-publication file becomes an event. */
#include <stdlib.h>

#include "common/vault/hash.h"
#include "ops/cli/publication_row.h"

enum { RULE_FORM, RULE_DEPARTMENT, RULE_CLASS, RULE_ITEM, RULE_BASIS };

struct making {
    const cx_publication *p;
    size_t row;
    cx_arena *arena;
    cx_credit_event *out;
    const char *column; /* of the first failure */
};

static cx_rc refuse(struct making *m, cx_publication_column column, cx_rc reason) {
    m->column = cx_publication_column_name(m->p, column);
    return reason;
}

static cx_view cell(const struct making *m, cx_publication_column column) {
    return cx_publication_cell(m->p, m->row, column);
}

/* --- the pack's rules
 * ----------------------------------------------------------------------------------------- */

static const cx_view *rule_of(const cx_publication *p, const char *form, cx_view department, cx_view class) {
    const cx_view *general = NULL;
    for (size_t i = 0; i < p->rules.rows.rows; i++) {
        const cx_view *row = cx_sheet_row(&p->rules.rows, i);
        bool mine = cx_view_eq(row[RULE_DEPARTMENT], department) || cx_view_is(row[RULE_DEPARTMENT], "*");
        if (!cx_view_is(row[RULE_FORM], form) || !mine)
            continue;
        if (cx_view_eq(row[RULE_CLASS], class))
            return row;
        if (cx_view_is(row[RULE_CLASS], "*"))
            general = row;
    }
    return general;
}

/* --- the subject
 * ------------------------------------------------------------------------------------------------ */

static cx_rc read_person(struct making *m, cx_subject *subject) {
    static const struct {
        const char *word;
        cx_id_type type;
    } types[] = {{"身份证", CX_ID_TYPE_CITIZEN_ID},
                 {"护照号", CX_ID_TYPE_PASSPORT},
                 {"港澳居民来往内地通行证", CX_ID_TYPE_HONGKONG_MACAO_PERMIT},
                 {"台湾居民来往大陆通行证", CX_ID_TYPE_TAIWAN_PERMIT},
                 {"外国人永久居留身份证", CX_ID_TYPE_FOREIGN_PERMANENT_RESIDENT}};
    subject->type = CX_SUBJECT_TYPE_PERSON;
    subject->id = cell(m, CX_COLUMN_XDR_ZJHM);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (cx_view_is(cell(m, CX_COLUMN_XDR_ZJLX), types[i].word)) {
            subject->id_type = types[i].type;
            return subject->id.n > 0 ? CX_OK : refuse(m, CX_COLUMN_XDR_ZJHM, CX_NO_SUBJECT);
        }
    return refuse(m, CX_COLUMN_XDR_ZJLX, CX_UNKNOWN_ID_TYPE);
}

static cx_rc read_organisation(struct making *m, cx_subject *subject) {
    static const struct {
        cx_publication_column column;
        cx_id_type type;
    } numbers[] = {{CX_COLUMN_XDR_SHXYM, CX_ID_TYPE_CREDIT_CODE},
                   {CX_COLUMN_XDR_ZZJG, CX_ID_TYPE_ORGANISATION_CODE},
                   {CX_COLUMN_XDR_GSZC, CX_ID_TYPE_REGISTRATION_NUMBER},
                   {CX_COLUMN_XDR_SYDW, CX_ID_TYPE_REGISTRATION_NUMBER},
                   {CX_COLUMN_XDR_SHZZ, CX_ID_TYPE_REGISTRATION_NUMBER},
                   {CX_COLUMN_XDR_SWDJ, CX_ID_TYPE_TAX_NUMBER}};
    subject->type = CX_SUBJECT_TYPE_ORGANISATION;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        subject->id = cell(m, numbers[i].column);
        subject->id_type = numbers[i].type;
        if (subject->id.n > 0)
            return CX_OK;
    }
    return refuse(m, CX_COLUMN_XDR_SHXYM, CX_NO_SUBJECT);
}

static cx_rc read_subject(struct making *m) {
    cx_subject *subject = cx_arena_calloc(m->arena, 1, sizeof *subject);
    if (subject == NULL)
        return CX_OUT_OF_MEMORY;
    m->out->subject = subject;
    subject->name = cell(m, CX_COLUMN_XDR_MC);
    subject->verified = true; /* whoever penalises or permits has seen the papers */
    if (subject->name.n == 0)
        return refuse(m, CX_COLUMN_XDR_MC, CX_NO_SUBJECT);
    cx_view kind = cell(m, CX_COLUMN_XDR_LB);
    if (cx_view_is(kind, "自然人"))
        return read_person(m, subject);
    if (cx_view_is(kind, "法人及非法人组织") || cx_view_is(kind, "个体工商户"))
        return read_organisation(m, subject);
    return refuse(m, CX_COLUMN_XDR_LB, CX_UNKNOWN_ID_TYPE);
}

/* --- the document
 * ------------------------------------------------------------------------------------------------- */

static cx_rc read_date(struct making *m, cx_publication_column column, bool *has, cx_date *out) {
    cx_view text = cell(m, column);
    *has = text.n > 0;
    return !*has || cx_publication_date(text, out) ? CX_OK : refuse(m, column, CX_IMPOSSIBLE_DATE);
}

static cx_rc read_document(struct making *m, const cx_view *rule) {
    cx_document *d = &m->out->document;
    cx_publication_column number =
        cell(m, CX_COLUMN_WSH).n > 0 || m->p->penalty ? CX_COLUMN_WSH : CX_COLUMN_XKWS;
    bool has;
    d->number = cell(m, number);
    if (d->number.n == 0)
        return refuse(m, number, CX_DOCUMENT_MISSING);
    CX_TRY(read_date(m, CX_COLUMN_JDRQ, &has, &d->date));
    if (!has)
        return refuse(m, CX_COLUMN_JDRQ, CX_DOCUMENT_MISSING);
    d->issuing_body = m->p->rules.department;
    cx_view basis = cell(m, CX_COLUMN_BASIS);
    d->legal_basis = basis.n > 0 ? basis : rule[RULE_BASIS];
    m->out->issued_at = cx_time_of_date(d->date) + 9 * CX_HOUR;
    CX_TRY(read_date(m, CX_COLUMN_FSRQ, &has, &m->out->happened_on));
    if (!has)
        m->out->happened_on = d->date;
    return CX_OK;
}

/* --- the record
 * --------------------------------------------------------------------------------------------------- */

static cx_view word_of(cx_view text, const char *const (*words)[2], size_t n) {
    for (size_t i = 0; i < n; i++)
        if (cx_view_is(text, words[i][0]))
            return cx_view_of(words[i][1]);
    return CX_VIEW("");
}

static void add_code(cx_fact_array *facts, const char *name, cx_view code) {
    if (code.n > 0)
        facts->items[facts->n++] =
            (cx_fact){.name = cx_view_of(name), .value_kind = CX_FACT_VALUE_STRING, .value.string_ = code};
}

/* The gravest of the kinds of penalty that a cell names. */
static cx_rc read_penalty(struct making *m, cx_fact_array *facts) {
    static const char *const gravest_first[] = {"PRACTICE_BAN",
                                                "CLOSE",
                                                "REVOKE_LICENCE",
                                                "SUSPEND_BUSINESS",
                                                "RESTRICT_BUSINESS",
                                                "SUSPEND_LICENCE",
                                                "DOWNGRADE",
                                                "CONFISCATION",
                                                "FINE",
                                                "CRITICISM",
                                                "WARNING"};
    enum { KINDS = sizeof gravest_first / sizeof gravest_first[0] };
    cx_view text = cell(m, CX_COLUMN_CFLB);
    size_t best = KINDS;
    while (text.n > 0) {
        size_t end = 0, gap = 0;
        while (end < text.n && gap == 0) {
            bool comma = text.p[end] == ';' || text.p[end] == ',';
            bool chinese = end + 3 <= text.n &&
                           (memcmp(text.p + end, "、", 3) == 0 || memcmp(text.p + end, "；", 3) == 0);
            gap = comma ? 1 : chinese ? 3 : 0;
            end += gap == 0;
        }
        cx_view word = cx_view_trim((cx_view){text.p, end});
        text = (cx_view){text.p + end + gap, text.n - end - gap};
        const cx_view *rule = rule_of(m->p, "kind", CX_VIEW("*"), word);
        if (rule == NULL)
            return refuse(m, CX_COLUMN_CFLB, CX_TEXT_IN_CODE);
        for (size_t i = 0; i < best; i++)
            if (cx_view_is(rule[RULE_ITEM], gravest_first[i]))
                best = i;
    }
    if (best == KINDS)
        return refuse(m, CX_COLUMN_CFLB, CX_TEXT_IN_CODE);
    add_code(facts, "penalty", cx_view_of(gravest_first[best]));
    return CX_OK;
}

static cx_rc read_amounts(struct making *m, cx_record *record) {
    cx_view fine = cell(m, CX_COLUMN_NR_FK), confiscated = cell(m, CX_COLUMN_NR_WFFF);
    int64_t fen;
    record->has_amount = fine.n > 0;
    if (fine.n > 0 && cx_publication_amount(fine, &record->amount) != CX_OK)
        return refuse(m, CX_COLUMN_NR_FK, CX_AMOUNT_OUT_OF_RANGE);
    if (confiscated.n == 0)
        return CX_OK;
    if (cx_publication_amount(confiscated, &fen) != CX_OK)
        return refuse(m, CX_COLUMN_NR_WFFF, CX_AMOUNT_OUT_OF_RANGE);
    record->facts.items[record->facts.n++] =
        (cx_fact){.name = CX_VIEW("confiscated"), .value_kind = CX_FACT_VALUE_LONG, .value.long_ = fen};
    return CX_OK;
}

static cx_rc read_record(struct making *m, const cx_view *rule) {
    static const char *const procedures[][2] = {{"简易程序", "SIMPLE"}, {"普通程序", "ORDINARY"}};
    static const char *const grades[][2] = {{"轻微", "MINOR"}, {"一般", "GENERAL"}, {"严重", "SERIOUS"}};
    cx_record *record = cx_arena_calloc(m->arena, 1, sizeof *record);
    cx_fact *facts = cx_arena_calloc(m->arena, 8, sizeof *facts);
    if (record == NULL || facts == NULL)
        return CX_OUT_OF_MEMORY;
    record->facts.items = facts;
    record->item = rule[RULE_ITEM];
    record->group = cell(m, CX_COLUMN_QT);
    m->out->body_kind = CX_CREDIT_EVENT_BODY_RECORD;
    m->out->body.record = record;
    if (m->p->penalty)
        CX_TRY(read_penalty(m, &record->facts));
    CX_TRY(read_amounts(m, record));
    cx_view procedure = cell(m, CX_COLUMN_CFCX), grade = cell(m, CX_COLUMN_XYCD);
    cx_view procedure_code = word_of(procedure, procedures, 2), grade_code = word_of(grade, grades, 3);
    if (procedure.n > 0 && procedure_code.n == 0)
        return refuse(m, CX_COLUMN_CFCX, CX_TEXT_IN_CODE);
    if (grade.n > 0 && grade_code.n == 0)
        return refuse(m, CX_COLUMN_XYCD, CX_TEXT_IN_CODE);
    add_code(&record->facts, "procedure", procedure_code);
    add_code(&record->facts, "sector_grade", grade_code);
    return read_date(m, m->p->penalty ? CX_COLUMN_YXQ : CX_COLUMN_YXQZI, &record->has_valid_until,
                     &record->valid_until);
}

/* --- id and text
 * ---------------------------------------------------------------------------------------------------- */

static cx_rc make_id(struct making *m, cx_view class) {
    uint8_t hash[CX_HASH128];
    char hex[2 * sizeof hash + 1];
    cx_hash128((cx_view[]){m->out->document.number, CX_VIEW("\x1F"), class}, 3, hash);
    m->out->event_id =
        cx_arena_printf(m->arena, "%s-%s", m->p->penalty ? "cf" : "xk", cx_hex(hash, sizeof hash, hex));
    return m->out->event_id.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

/* What is free text, sealed as one: a line for each cell that holds something. */
static cx_rc make_text(struct making *m) {
    static const cx_publication_column columns[] = {CX_COLUMN_WFXW,    CX_COLUMN_SY,   CX_COLUMN_NR,
                                                    CX_COLUMN_YJ,      CX_COLUMN_XKZS, CX_COLUMN_XKBH,
                                                    CX_COLUMN_NR_ZKDX, CX_COLUMN_BZ};
    size_t room = 1;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        room += cell(m, columns[i]).n + 1;
    char *text = cx_arena_alloc(m->arena, room);
    if (text == NULL)
        return CX_OUT_OF_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        cx_view part = cell(m, columns[i]);
        if (part.n == 0)
            continue;
        if (n > 0)
            text[n++] = '\n';
        (void)memcpy(text + n, part.p, part.n);
        n += part.n;
    }
    if (n > 0)
        m->out->text = (cx_view){text, n};
    return CX_OK;
}

cx_rc cx_publication_event(const cx_publication *publication, size_t i, cx_arena *arena, cx_credit_event *out,
                           const char **column) {
    struct making m = {publication, i, arena, out, ""};
    *out = (cx_credit_event){.jurisdiction = publication->rules.jurisdiction};
    *column = "";
    if (publication->row[i].n != publication->width)
        return CX_CSV;
    cx_publication_column class_column = publication->penalty ? CX_COLUMN_WFXW : CX_COLUMN_XKLB;
    cx_view class = cell(&m, class_column);
    const cx_view *rule = rule_of(publication, publication->penalty ? "penalty" : "permit",
                                  publication->rules.department, class);
    cx_rc rc = rule == NULL ? refuse(&m, class_column, CX_ITEM_NOT_IN_CATALOG) : read_subject(&m);
    if (rc == CX_OK)
        rc = read_document(&m, rule);
    if (rc == CX_OK)
        rc = read_record(&m, rule);
    if (rc == CX_OK)
        rc = make_id(&m, class);
    if (rc == CX_OK)
        rc = make_text(&m);
    *column = m.column;
    return rc;
}
