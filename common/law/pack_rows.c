#include "common/law/pack_rows.h"

#define WIDTH(...) (sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *))
#define FORM(path, keys, optional, ...)                                                                      \
    { path, {__VA_ARGS__}, WIDTH(__VA_ARGS__), keys, optional }

const cx_pack_form cx_pack_forms[CX_PACK_FILES] = {
    [CX_PACK_BASES] =
        FORM("bases.csv", 1, false, "code", "title", "article", "level", "status", "effective_on", "note"),
    [CX_PACK_CATALOG] =
        FORM("catalog.csv", 1, false, "code", "name", "domain", "subjects", "groups", "basis", "status",
             "reporters", "direction", "listable", "category", "real_name", "display_name", "clause", "note"),
    [CX_PACK_DEPARTMENTS] =
        FORM("departments.csv", 1, false, "code", "name", "kind", "competent_for", "clause"),
    [CX_PACK_GROUPS] = FORM("groups.csv", 1, false, "code", "name", "scope", "clause"),
    [CX_PACK_LISTS] = FORM("lists.csv", 1, false, "code", "name", "colour", "procedure", "subjects", "window",
                           "lapse", "months", "minimum_months", "extension_months", "objection", "repairable",
                           "repair_minimum_months", "repair_conditions", "exit", "basis", "status", "clause"),
    [CX_PACK_MEASURES] = FORM("measures.csv", 1, false, "code", "name", "kind", "basis", "status", "roles",
                              "role_date", "responders", "lists", "grades", "subjects", "end",
                              "review_months", "court_only", "clause", "wording"),
    [CX_PACK_CALENDAR] = FORM("calendar.csv", 1, false, "date", "kind", "status", "source"),
    [CX_PACK_WAIVERS] = FORM("waivers.csv", 3, true, "table", "finding", "rule", "reason"),
    [CX_PACK_PUBLICATION] = FORM("publication.csv", 3, true, "form", "department", "class", "item", "basis"),
    [CX_PACK_PURPOSES] = FORM("purposes.csv", 1, true, "code", "name", "use", "asks", "askers", "subjects",
                              "consent", "sees", "valid", "basis", "status", "clause", "note"),
    [CX_PACK_EXCHANGE] = FORM("exchange.csv", 1, true, "code", "peer", "department", "as", "lists", "items",
                              "subjects", "basis", "status", "clause", "note"),
};

bool cx_words_have(cx_words words, cx_view word) {
    for (size_t i = 0; i < words.n; i++)
        if (cx_view_eq(words.items[i], word))
            return true;
    return false;
}

static void fail(cx_cell_reader *r, size_t column, const char *what) {
    if (r->rc == CX_OK)
        r->rc = cx_sheet_fail(r->sheet, r->row, column, r->err, what);
}

cx_view cx_cell_text(cx_cell_reader *r, size_t column) {
    return cx_sheet_row(r->sheet, r->row)[column];
}

cx_view cx_cell_required(cx_cell_reader *r, size_t column) {
    cx_view cell = cx_cell_text(r, column);
    if (cell.n == 0)
        fail(r, column, "may not be empty");
    return cell;
}

cx_words cx_cell_words(cx_cell_reader *r, size_t column) {
    cx_view cell = cx_cell_text(r, column);
    if (cell.n == 0)
        return (cx_words){NULL, 0};
    size_t room = 1;
    for (size_t i = 0; i < cell.n; i++)
        room += cell.p[i] == ';';
    cx_view *items = cx_arena_alloc(r->arena, room * sizeof *items);
    if (items == NULL) {
        r->rc = cx_fail(r->err, CX_OUT_OF_MEMORY, NULL);
        return (cx_words){NULL, 0};
    }
    size_t n = 0;
    while (cell.p != NULL) {
        items[n] = cx_view_trim(cx_view_split(cell, ';', &cell));
        if (items[n].n == 0)
            fail(r, column, "an empty value stands between semicolons");
        n++;
    }
    return (cx_words){items, n};
}

int32_t cx_cell_number(cx_cell_reader *r, size_t column, int32_t max) {
    cx_view cell = cx_cell_text(r, column);
    int64_t value = 0;
    if (cell.n > 0 && (!cx_view_to_int64(cell, &value) || value < 0 || value > max))
        fail(r, column, "not a number in range");
    return (int32_t)value;
}

cx_period cx_cell_period(cx_cell_reader *r, size_t column) {
    cx_period period = {0, false};
    if (!cx_period_parse(cx_cell_text(r, column), &period))
        fail(r, column, "not a period such as 5w (working days) or 90d (days)");
    return period;
}

cx_date cx_cell_date(cx_cell_reader *r, size_t column) {
    cx_view cell = cx_cell_text(r, column);
    cx_date date = CX_NO_DATE;
    if (cell.n > 0 && !cx_date_parse(cell, &date))
        fail(r, column, "not a date such as 2026-01-01");
    return date;
}

bool cx_cell_yes(cx_cell_reader *r, size_t column) {
    cx_view cell = cx_cell_text(r, column);
    bool yes = cx_view_is(cell, "yes");
    if (!yes && cell.n > 0 && !cx_view_is(cell, "no"))
        fail(r, column, "neither yes nor no");
    return yes;
}

int cx_cell_choice(cx_cell_reader *r, size_t column, const char *const *words) {
    cx_view cell = cx_cell_text(r, column);
    for (int i = 0; words[i] != NULL; i++)
        if (cx_view_is(cell, words[i]))
            return i;
    fail(r, column, "not one of the words that docs/policy-packs.md lists");
    return 0;
}

void cx_cell_subjects(cx_cell_reader *r, size_t column, bool *person, bool *organisation) {
    cx_words words = cx_cell_words(r, column);
    *person = cx_words_have(words, CX_VIEW("person"));
    *organisation = cx_words_have(words, CX_VIEW("organisation"));
    if (words.n == 0 || words.n != (size_t)*person + (size_t)*organisation)
        fail(r, column, "neither person nor organisation");
}
