#include "tests/unit/rules/random_table.h"

/* xorshift64*: the same sequence everywhere for one seed. */
uint64_t random_next(random_source *r) {
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * 0x2545F4914F6CDD1Du;
}

size_t random_below(random_source *r, size_t n) {
    return (size_t)(random_next(r) >> 33) % n;
}

static const char *const words[] = {"minor", "general", "serious", "red",  "black",
                                    "",      "a",       "ab",      "失信", "守信"};
enum { WORDS = sizeof words / sizeof words[0] };

/* A constant of the kind, as FEEL text; few different ones, so that cells meet. */
static void constant(random_source *r, FILE *to, random_kind kind) {
    size_t n = random_below(r, 12);
    switch (kind) {
    case RANDOM_NUMBER:
        (void)fprintf(to, "%d", (int)n * 5 - 20);
        return;
    case RANDOM_FRACTION:
        (void)fprintf(to, "%d.%zu", (int)n - 6, random_below(r, 100));
        return;
    case RANDOM_STRING:
        (void)fprintf(to, "\"%s\"", words[random_below(r, WORDS)]);
        return;
    case RANDOM_DATE:
        (void)fprintf(to, "date(\"2026-0%zu-%02zu\")", 1 + n % 3, 1 + random_below(r, 4));
        return;
    case RANDOM_BOOLEAN:
        (void)fprintf(to, "%s", n % 2 == 0 ? "true" : "false");
        return;
    case RANDOM_MONTHS:
        (void)fprintf(to, "duration(\"P%zuM\")", n);
        return;
    case RANDOM_TIME:
        (void)fprintf(to, "time(\"0%zu:00:00%s\")", n % 10, n == 11 ? "Z" : "");
        return;
    case RANDOM_UNTYPED:
    case RANDOM_KINDS:
        break;
    }
    constant(r, to, (random_kind)random_below(r, RANDOM_UNTYPED));
}

static void interval(random_source *r, FILE *to, random_kind kind) {
    if (kind == RANDOM_UNTYPED)
        kind = (random_kind)random_below(r, RANDOM_BOOLEAN);
    (void)fputc("[(]"[random_below(r, 3)], to);
    constant(r, to, kind);
    (void)fputs(" .. ", to);
    constant(r, to, kind);
    (void)fputc("])["[random_below(r, 3)], to);
}

static void test(random_source *r, FILE *to, random_kind kind) {
    static const char *const signs[] = {"&lt; ", "&lt;= ", "&gt; ", "&gt;= ", "= ", "!= "};
    switch (random_below(r, kind == RANDOM_BOOLEAN ? 3 : 8)) {
    case 0:
    case 1:
    case 2:
        constant(r, to, kind);
        return;
    case 3:
    case 4:
        (void)fputs(signs[random_below(r, 6)], to);
        constant(r, to, kind);
        return;
    case 5:
        interval(r, to, kind);
        return;
    case 6:
        (void)fputs("[", to);
        constant(r, to, kind);
        (void)fputs(", ", to);
        constant(r, to, kind);
        (void)fputs("]", to);
        return;
    default:
        (void)fputs("null", to);
        return;
    }
}

static void cell(random_source *r, FILE *to, random_kind kind, size_t columns) {
    size_t form = random_below(r, 20);
    if (form < 6) {
        (void)fputs("-", to);
    } else if (form < 14) {
        test(r, to, kind);
    } else if (form < 16) {
        test(r, to, kind);
        (void)fputs(", ", to);
        test(r, to, kind);
    } else if (form < 18) {
        (void)fputs("not(", to);
        test(r, to, kind);
        (void)fputs(form == 17 ? ", " : "", to);
        if (form == 17)
            test(r, to, kind);
        (void)fputs(")", to);
    } else if (form == 18) { /* what the index cannot see into: the value itself in an expression */
        (void)fputs("? = ", to);
        constant(r, to, kind);
    } else { /* another column's input */
        (void)fprintf(to, "%c", 'a' + (char)random_below(r, columns));
    }
}

static void inputs(FILE *to, const random_shape *s) {
    for (size_t c = 0; c < s->columns; c++)
        (void)fprintf(to, "<inputData id=\"i%zu\" name=\"%c\"/>", c, 'a' + (int)c);
}

static void head(FILE *to, const random_shape *s) {
    static const char *const policies[RANDOM_POLICIES] = {"UNIQUE",
                                                          "ANY",
                                                          "PRIORITY",
                                                          "FIRST",
                                                          "RULE ORDER",
                                                          "OUTPUT ORDER",
                                                          "COLLECT",
                                                          "COLLECT\" aggregation=\"SUM",
                                                          "COLLECT\" aggregation=\"MIN",
                                                          "COLLECT\" aggregation=\"MAX",
                                                          "COLLECT\" aggregation=\"COUNT"};
    (void)fprintf(to, "<decision id=\"x\" name=\"result\">");
    for (size_t c = 0; c < s->columns; c++)
        (void)fprintf(to, "<informationRequirement><requiredInput href=\"#i%zu\"/></informationRequirement>",
                      c);
    (void)fprintf(to, "<decisionTable hitPolicy=\"%s\">", policies[s->policy]);
    for (size_t c = 0; c < s->columns; c++)
        (void)fprintf(to, "<input><inputExpression><text>%c</text></inputExpression></input>", 'a' + (int)c);
    (void)fprintf(to, "<output><outputValues><text>3, 1, 2, 0</text></outputValues>%s</output>",
                  s->rules % 3 == 0 ? "<defaultOutputEntry><text>0</text></defaultOutputEntry>" : "");
}

void random_model(random_source *r, FILE *to, random_shape *s) {
    s->columns = 1 + random_below(r, RANDOM_COLUMNS);
    s->rules = 2 + random_below(r, random_below(r, 4) == 0 ? 140 : 12);
    s->policy = random_below(r, RANDOM_POLICIES);
    for (size_t c = 0; c < s->columns; c++)
        s->kinds[c] = (random_kind)random_below(r, RANDOM_KINDS);
    (void)fputs("<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"m\">", to);
    inputs(to, s);
    head(to, s);
    for (size_t i = 0; i < s->rules; i++) {
        (void)fputs("<rule>", to);
        for (size_t c = 0; c < s->columns; c++) {
            (void)fputs("<inputEntry><text>", to);
            cell(r, to, s->kinds[c], s->columns);
            (void)fputs("</text></inputEntry>", to);
        }
        (void)fprintf(to, "<outputEntry><text>%zu</text></outputEntry></rule>", random_below(r, 4));
    }
    (void)fputs("</decisionTable></decision></definitions>", to);
}

static cx_value temporal(cx_kind kind, const char *text) {
    cx_value v = cx_value_null();
    (void)cx_value_temporal_parse(kind, cx_view_of(text), &v);
    return v;
}

cx_value random_input(random_source *r, random_kind kind) {
    char text[64];
    size_t n = random_below(r, 14);
    cx_value v = cx_value_null();
    if (random_below(r, 30) == 0)
        return v;
    if (kind == RANDOM_UNTYPED || random_below(r, 40) == 0)
        kind = (random_kind)random_below(r, RANDOM_UNTYPED);
    switch (kind) {
    case RANDOM_NUMBER:
        return cx_value_int((int64_t)random_below(r, 70) - 25);
    case RANDOM_FRACTION:
        (void)snprintf(text, sizeof text, "%d.%0*zu", (int)n - 7, 2 + (int)random_below(r, 3),
                       random_below(r, 100));
        (void)cx_value_number_parse(cx_view_of(text), &v);
        return v;
    case RANDOM_STRING:
        return cx_value_string(cx_view_of(n == 13 ? "elsewhere" : words[random_below(r, WORDS)]));
    case RANDOM_DATE:
        (void)snprintf(text, sizeof text, "2026-0%zu-%02zu", 1 + n % 3, 1 + random_below(r, 6));
        return temporal(CX_KIND_DATE, text);
    case RANDOM_BOOLEAN:
        return cx_value_bool(n % 2 == 0);
    case RANDOM_MONTHS:
        return cx_value_months((int64_t)n);
    case RANDOM_TIME:
        (void)snprintf(text, sizeof text, "0%zu:%s0:00%s", n % 10, n % 2 == 0 ? "0" : "3",
                       n == 12 ? "Z" : "");
        return temporal(CX_KIND_TIME, text);
    case RANDOM_UNTYPED:
    case RANDOM_KINDS:
        break;
    }
    return v;
}
