/* Tables of cases, written by hand, of what a plan reads and what it refuses: resolution.cases,
 * reasons.cases.
 *
 *     test_wire_cases FILE
 *
 * "writer:", "reader:" or "schema:" (both) set the schemas; then "bytes:" in hexadecimal, and what must come
 * of them: "value:" JSON of one line, or "refused:" reason and path. "fails:" after these is the truth where
 * the expectation before it is meant to fail: it proves that this test can. Instead of bytes:
 * "incompatible:", "invalid:", "recursive:" and the path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/wire/decode.h"
#include "common/wire/schema.h"
#include "common/wire/visit.h"

enum { LINE = 8192, BYTES = 512 };

static const char *file_name;

typedef struct cases {
    cx_arena *arena;
    char title[256];
    char writer[LINE], reader[LINE];
    cx_plan *plan;
    uint8_t bytes[BYTES];
    size_t n;
    char outcome[LINE]; /* of the last bytes or compilation: the value, or reason and path */
    char wrong[LINE];   /* an expectation that did not come true, until "fails:" says that it was meant so */
    int line, checked;
} cases;

static cx_view schema_text(cases *c, const char *text) {
    if (text[0] != '[')
        return cx_arena_copy(c->arena, cx_view_of(text));
    return cx_arena_printf(c->arena, "{\"type\":\"record\",\"name\":\"R\",\"fields\":%s}", text);
}

static void set_outcome(cases *c, cx_rc rc, const cx_err *err) {
    cx_view field = cx_err_field(err);
    (void)snprintf(c->outcome, sizeof c->outcome, "%s%s%.*s", cx_rc_name(rc), field.n > 0 ? " " : "",
                   CX_VIEW_ARGS(field));
}

/* The plan of the schemas that were set last; its refusal is the outcome. */
static void compile(cases *c) {
    const cx_type *reader;
    cx_err err = {0};
    cx_plan_destroy(&c->plan);
    cx_rc rc = cx_schema_parse(schema_text(c, c->reader), c->arena, &reader, &err);
    if (rc == CX_OK)
        rc = cx_plan_compile(schema_text(c, c->writer), reader, &c->plan, &err);
    if (rc == CX_OK)
        cx_plan_limit(c->plan, (cx_limits){.string = 100, .items = 64});
    set_outcome(c, rc, &err);
}

static void print_value(cases *c, const cx_type *type, const void *value) {
    cx_buffer text = {0};
    assert_int_equal(cx_struct_print(type, value, 0, &text), CX_OK);
    (void)snprintf(c->outcome, sizeof c->outcome, "%.*s", (int)text.n, (const char *)text.p);
    cx_buffer_free(&text);
}

static void decode(cases *c, const char *hex) {
    const cx_type *type;
    cx_err err = {0};
    c->n = 0;
    for (char *end; c->n < BYTES; hex = end) {
        unsigned long byte = strtoul(hex, &end, 16);
        if (end == hex)
            break;
        c->bytes[c->n++] = (uint8_t)byte;
    }
    if (c->plan == NULL)
        compile(c);
    if (c->plan == NULL)
        fail_msg("%s:%d: no plan: %s", file_name, c->line, c->outcome);
    /* the bytes lie at the end of their memory, so that a sanitizer sees who reads beyond them */
    uint8_t *exact = malloc(c->n + (c->n == 0));
    memcpy(exact, c->bytes, c->n);
    assert_int_equal(cx_schema_parse(schema_text(c, c->reader), c->arena, &type, NULL), CX_OK);
    void *out = cx_arena_alloc(c->arena, type->size);
    cx_rc rc = cx_plan_decode(c->plan, (cx_view){(char *)exact, c->n}, c->arena, out, &err);
    if (rc == CX_OK)
        print_value(c, type, out);
    else
        set_outcome(c, rc, &err);
    free(exact);
}

static void settle(cases *c) {
    if (c->wrong[0] != '\0')
        fail_msg("%s: %s", c->title, c->wrong);
}

static void expect(cases *c, const char *wanted) {
    settle(c);
    c->checked++;
    if (strcmp(wanted, c->outcome) != 0)
        (void)snprintf(c->wrong, sizeof c->wrong, "%s:%d: wanted %.2000s, got %.2000s", file_name, c->line,
                       wanted, c->outcome);
}

static void expect_failure(cases *c, const char *truth) {
    if (c->wrong[0] == '\0')
        fail_msg("%s:%d: what was meant to fail did not", file_name, c->line);
    c->wrong[0] = '\0';
    if (strncmp(truth, c->outcome, strlen(truth)) != 0)
        fail_msg("%s:%d: %s, not %s", file_name, c->line, c->outcome, truth);
}

/* Schemas that cannot be used: the reason, and the path. */
static bool expect_no_plan(cases *c, const char *key, const char *path) {
    static const char *const reasons[][2] = {{"incompatible", "SCHEMA_INCOMPATIBLE"},
                                             {"invalid", "SCHEMA_INVALID"},
                                             {"recursive", "SCHEMA_RECURSIVE"}};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(key, reasons[i][0]) == 0) {
            char wanted[LINE];
            (void)snprintf(wanted, sizeof wanted, "%s%s%.500s", reasons[i][1], path[0] != '\0' ? " " : "",
                           path);
            compile(c);
            expect(c, wanted);
            return true;
        }
    return false;
}

static void run_line(cases *c, const char *key, const char *rest) {
    bool schema = strcmp(key, "schema") == 0;
    if (schema || strcmp(key, "writer") == 0 || strcmp(key, "reader") == 0) {
        settle(c);
        cx_plan_destroy(&c->plan);
        if (schema || strcmp(key, "writer") == 0)
            (void)snprintf(c->writer, sizeof c->writer, "%s", rest);
        if (schema || strcmp(key, "reader") == 0)
            (void)snprintf(c->reader, sizeof c->reader, "%s", rest);
    } else if (strcmp(key, "bytes") == 0) {
        settle(c);
        decode(c, rest);
    } else if (strcmp(key, "value") == 0 || strcmp(key, "refused") == 0) {
        expect(c, rest);
    } else if (strcmp(key, "fails") == 0) {
        expect_failure(c, rest);
    } else if (!expect_no_plan(c, key, rest)) {
        fail_msg("%s:%d: what is \"%s\"?", file_name, c->line, key);
    }
}

static void all_cases(void **state) {
    (void)state;
    static cases c;
    static char line[LINE];
    FILE *f = fopen(file_name, "r");
    if (f == NULL)
        fail_msg("%s cannot be opened", file_name);
    c.arena = cx_arena_new(0);
    while (fgets(line, sizeof line, f) != NULL) {
        c.line++;
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "== ", 3) == 0) {
            settle(&c);
            (void)snprintf(c.title, sizeof c.title, "%s", line + 3);
            continue;
        }
        char *colon = strchr(line, ':');
        if (line[0] == '#' || line[0] == '\0' || colon == NULL)
            continue;
        *colon = '\0';
        run_line(&c, line, colon[1] == ' ' ? colon + 2 : colon + 1);
    }
    settle(&c);
    assert_true(c.checked > 40);
    cx_plan_destroy(&c.plan);
    cx_arena_destroy(&c.arena);
    (void)fclose(f);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_cases)};
    file_name = argc > 1 ? argv[1] : "tests/unit/wire/reasons.cases";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
