/* Rows as they should be against rows that are there: every mistake is told by its name, once, and nothing
 * else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "ops/cli/verify_rows.h"
#include "services/history/copy.h"

static const cx_column chained[] = {
    {"seq", CX_COLUMN_SEQ, 0, NULL}, {"link", CX_COLUMN_LINK, 0, NULL}, {"text", CX_COLUMN_TEXT, 0, NULL}};
static const cx_column by_origin[] = {{"origin_offset", CX_COLUMN_SEQ, 0, NULL},
                                      {"origin_index", CX_COLUMN_NUMBER, 0, NULL},
                                      {"number", CX_COLUMN_NUMBER, 0, NULL},
                                      {"text", CX_COLUMN_TEXT, 0, NULL}};
static const cx_sheet_spec with_chain = {"x", {NULL}, chained, 3}, with_origin = {"y", {NULL}, by_origin, 4};

/* One row: "5a": key 5, text "a"; with a chain its link is made of the key. */
static cx_view row_of(const cx_sheet_spec *spec, const char *word, cx_buffer *out) {
    int64_t key = word[0] - '0';
    out->n = 0;
    assert_int_equal(CX_OK, cx_copy_row(out, (int)spec->n));
    assert_int_equal(CX_OK, cx_copy_long(out, key));
    if (spec == &with_chain) {
        assert_int_equal(CX_OK, cx_copy_bytes(out, (cx_view){word, 1}));
    } else {
        assert_int_equal(CX_OK, cx_copy_int(out, 0));
        assert_int_equal(CX_OK, cx_copy_int(out, 0));
    }
    assert_int_equal(CX_OK, cx_copy_bytes(out, (cx_view){word + 1, 1}));
    return cx_buffer_view(out, 0);
}

typedef struct seen {
    const cx_sheet_spec *spec;
    const char *there; /* "1a 2b" */
    cx_buffer row;
    char told[128]; /* "ALTERED 2b-2x;" */
} seen;

static cx_rc next(void *context, cx_view *row, cx_err *err) {
    seen *s = context;
    (void)err;
    *row = (cx_view){NULL, 0};
    if (s->there[0] == '\0')
        return CX_OK;
    *row = row_of(s->spec, s->there, &s->row);
    s->there += s->there[2] == ' ' ? 3 : 2;
    return CX_OK;
}

static void put(seen *s, cx_view row) {
    size_t n = strlen(s->told);
    if (row.p != NULL) /* the key's last byte, and the text at the end */
        (void)snprintf(s->told + n, sizeof s->told - n, "%d%c", row.p[13], row.p[row.n - 1]);
}

static void tell(void *context, cx_rows_what what, cx_view should, cx_view is) {
    seen *s = context;
    size_t n = strlen(s->told);
    (void)snprintf(s->told + n, sizeof s->told - n, "%s ", cx_rows_text(what));
    put(s, should);
    put(s, is);
    n = strlen(s->told);
    (void)snprintf(s->told + n, sizeof s->told - n, ";");
}

static void mistakes_are_named(void **state) {
    static const struct {
        const cx_sheet_spec *spec;
        const char *should, *is, *told;
    } cases[] = {{&with_chain, "1a 2b 3c", "1a 2b 3c", ""},
                 {&with_chain, "", "", ""},
                 {&with_chain, "1a 2b 3c", "1a 2x 3c", "ALTERED 2b2x;"},
                 {&with_chain, "1a 2b 3c", "1a 3c", "REMOVED 2b;"},
                 {&with_chain, "1a 2b 3c", "1a 2b", "REMOVED 3c;"},
                 {&with_chain, "1a 2b 3c", "", "REMOVED 1a;REMOVED 2b;REMOVED 3c;"},
                 {&with_chain, "1a 2b 3c", "1a 2b 2x 3c", "INSERTED 2x;"},
                 {&with_chain, "1a 2b 3c", "1a 2x 2b 3c", "INSERTED 2x;"},
                 {&with_chain, "1a 2b", "1a 2b 3c", "INSERTED 3c;"},
                 {&with_chain, "1a 2b 3c 4d", "1a 2c 3b 4d", "REORDERED 2b3b;REORDERED 3c2c;"},
                 {&with_chain, "1a 2b 3c 4d", "1d 2b 3c 4a", "REORDERED 1a4a;REORDERED 4d1d;"},
                 {&with_origin, "1a 2b 3c", "1a 2b 3c", ""},
                 {&with_origin, "1a 2b 3c", "1a 2x 3c", "ALTERED 2b2x;"},
                 {&with_origin, "1a 2b 3c", "2b 3c", "REMOVED 1a;"},
                 {&with_origin, "1a 3c", "1a 2b 3c", "INSERTED 2b;"},
                 {&with_origin, "1a 2a", "1a 2a 2a", "INSERTED 2a;"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        seen s = {.spec = cases[i].spec, .there = cases[i].is};
        cx_buffer should = {0};
        cx_err err = {0};
        size_t n = 0;
        cx_rows *rows = cx_rows_new(cases[i].spec, &(cx_rows_events){&s, next, tell});
        assert_non_null(rows);
        for (const char *word = cases[i].should; word[0] != '\0'; word += word[2] == ' ' ? 3 : 2, n++)
            assert_int_equal(CX_OK, cx_rows_should(rows, row_of(cases[i].spec, word, &should), &err));
        assert_int_equal(CX_OK, cx_rows_finish(rows, &err));
        assert_int_equal(n, cx_rows_count(rows));
        assert_string_equal(cases[i].told, s.told);
        cx_rows_destroy(&rows);
        cx_buffer_free(&should);
        cx_buffer_free(&s.row);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(mistakes_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
