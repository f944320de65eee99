#include "tests/bench/rules/bench_models.h"

#include <stdio.h>
#include <stdlib.h>

enum { ITEMS = 400, TYPES = 4 };
static char items[ITEMS][16];
static const char *const types[TYPES] = {"person", "enterprise", "institution", "association"};

static uint64_t mix(uint64_t z) {
    z = (z + 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    return z ^ z >> 31;
}

static const char *item(size_t i) {
    if (items[0][0] == '\0')
        for (size_t k = 0; k < ITEMS; k++)
            (void)snprintf(items[k], sizeof items[k], "CX-%05zu", k * 17);
    return items[i % ITEMS];
}

static void head(FILE *f) {
    (void)fputs(
        "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"bench\">"
        "<inputData id=\"i0\" name=\"item\"><variable name=\"item\" typeRef=\"string\"/></inputData>"
        "<inputData id=\"i1\" name=\"amount\"><variable name=\"amount\" typeRef=\"number\"/></inputData>"
        "<inputData id=\"i2\" name=\"day\"><variable name=\"day\" typeRef=\"date\"/></inputData>"
        "<inputData id=\"i3\" name=\"type\"><variable name=\"type\" typeRef=\"string\"/></inputData>"
        "<inputData id=\"i4\" name=\"count\"><variable name=\"count\" typeRef=\"number\"/></inputData>",
        f);
}

static void columns(FILE *f) {
    static const char *const names[] = {"item", "amount", "day", "type", "count"};
    static const char *const kinds[] = {"string", "number", "date", "string", "number"};
    for (int c = 0; c < 5; c++)
        (void)fprintf(f, "<input><inputExpression typeRef=\"%s\"><text>%s</text></inputExpression></input>",
                      kinds[c], names[c]);
    (void)fputs("<output typeRef=\"string\"/>", f);
}

static void entry(FILE *f, const char *text) {
    (void)fprintf(f, "<inputEntry><text>%s</text></inputEntry>", text);
}

static void rule(FILE *f, size_t r) {
    char text[128];
    uint64_t h = mix(r);
    (void)fprintf(f, "<rule id=\"r%zu\">", r);
    (void)snprintf(text, sizeof text, "\"%s\", \"%s\"", item(h), item(h >> 20));
    entry(f, text);
    (void)snprintf(text, sizeof text, "[%llu..%llu)", (unsigned long long)(h >> 8) % 90000,
                   (unsigned long long)((h >> 8) % 90000 + 20000));
    entry(f, text);
    (void)snprintf(text, sizeof text, "&gt;= date(\"20%02llu-0%llu-1%llu\")",
                   (unsigned long long)(10 + (h >> 30) % 15), (unsigned long long)(1 + (h >> 35) % 9),
                   (unsigned long long)((h >> 40) % 10));
    entry(f, r % 3 == 0 ? "-" : text);
    (void)snprintf(text, sizeof text, "not(\"%s\")", types[(h >> 45) % TYPES]);
    entry(f, text);
    (void)snprintf(text, sizeof text, "&lt; %llu.5", (unsigned long long)(2 + (h >> 50) % 40));
    entry(f, text);
    (void)fprintf(f, "<outputEntry><text>\"grade-%zu\"</text></outputEntry></rule>", r % 7);
}

char *bench_table_model(size_t rules, size_t *n) {
    char *text = NULL;
    FILE *f = open_memstream(&text, n);
    CX_ASSERT(f != NULL);
    head(f);
    (void)fputs("<decision id=\"d\" name=\"grade\">", f);
    for (int c = 0; c < 5; c++)
        (void)fprintf(f, "<informationRequirement><requiredInput href=\"#i%d\"/></informationRequirement>",
                      c);
    (void)fputs("<decisionTable hitPolicy=\"FIRST\">", f);
    columns(f);
    for (size_t r = 0; r + 1 < rules; r++)
        rule(f, r);
    (void)fputs("<rule id=\"last\">", f);
    for (int c = 0; c < 5; c++)
        entry(f, "-");
    (void)fputs(
        "<outputEntry><text>\"none\"</text></outputEntry></rule></decisionTable></decision></definitions>",
        f);
    CX_ASSERT(fclose(f) == 0);
    return text;
}

char *bench_chain_model(size_t *n) {
    char *text = NULL;
    FILE *f = open_memstream(&text, n);
    CX_ASSERT(f != NULL);
    head(f);
    for (int d = 0; d < 5; d++) {
        (void)fprintf(f,
                      "<decision id=\"d%d\" name=\"step %d\"><variable name=\"step %d\" typeRef=\"number\"/>",
                      d, d, d);
        (void)fprintf(f, "<informationRequirement><required%s href=\"#%s%d\"/></informationRequirement>",
                      d == 0 ? "Input" : "Decision", d == 0 ? "i" : "d", d == 0 ? 1 : d - 1);
        (void)fprintf(f,
                      "<informationRequirement><requiredInput href=\"#i0\"/></informationRequirement>"
                      "<decisionTable hitPolicy=\"FIRST\"><input><inputExpression typeRef=\"number\"><text>");
        (void)fprintf(f, d == 0 ? "amount" : "step %d", d - 1);
        (void)fputs(
            "</text></inputExpression></input><input><inputExpression typeRef=\"string\"><text>item</text>"
            "</inputExpression></input><output typeRef=\"number\"/>",
            f);
        for (int r = 0; r < 40; r++)
            (void)fprintf(f,
                          "<rule><inputEntry><text>&lt; %d</text></inputEntry><inputEntry><text>%s%s%s</text>"
                          "</inputEntry><outputEntry><text>%d</text></outputEntry></rule>",
                          r == 39 ? 1000000 : (r + 1) * 2500, r % 5 == 3 ? "not(\"" : "",
                          r % 5 == 3 ? item((size_t)r) : "-", r % 5 == 3 ? "\")" : "",
                          (r * 7919 + d) % 100000);
        (void)fputs("</decisionTable></decision>", f);
    }
    (void)fputs("</definitions>", f);
    CX_ASSERT(fclose(f) == 0);
    return text;
}

void bench_inputs(const cx_decision *d, size_t rules, size_t i, cx_value *inputs) {
    uint64_t h = mix(i + rules);
    const struct {
        const char *name;
        cx_value value;
    } all[] = {{"item", cx_value_string(cx_view_of(item(h)))},
               {"amount", cx_value_int((int64_t)((h >> 8) % 110000))},
               {"day", cx_value_date((cx_date)(14610 + (h >> 30) % 6000))},
               {"type", cx_value_string(cx_view_of(types[(h >> 45) % TYPES]))},
               {"count", cx_value_int((int64_t)((h >> 50) % 45))}};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        int slot = cx_decision_input(d, cx_view_of(all[k].name));
        if (slot >= 0)
            inputs[slot] = all[k].value;
    }
}
