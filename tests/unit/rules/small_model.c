#include "tests/unit/rules/small_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static void put_escaped(FILE *f, const char *text, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (text[i] == '<')
            (void)fputs("&lt;", f);
        else if (text[i] == '&')
            (void)fputs("&amp;", f);
        else
            (void)fputc(text[i], f);
}

char *small_expression(const char *text) {
    char *xml = NULL;
    size_t n;
    FILE *f = open_memstream(&xml, &n);
    assert_non_null(f);
    (void)fputs(
        SMALL_HEAD
        "<inputData id=\"x\" name=\"x\"/><inputData id=\"y\" name=\"y\"/><decision id=\"i\" name=\"d\">"
        "<informationRequirement><requiredInput href=\"#x\"/></informationRequirement>"
        "<informationRequirement><requiredInput href=\"#y\"/></informationRequirement>"
        "<literalExpression><text>",
        f);
    put_escaped(f, text, strlen(text));
    (void)fputs("</text></literalExpression></decision>" SMALL_TAIL, f);
    assert_int_equal(fclose(f), 0);
    return xml;
}

static void put_column(FILE *f, const char *column, char name) {
    const char *bar = strchr(column, '|');
    size_t n = bar != NULL ? (size_t)(bar - column) : strlen(column);
    (void)fprintf(f, "<input><inputExpression");
    if (n > 0)
        (void)fprintf(f, " typeRef=\"%.*s\"", (int)n, column);
    (void)fprintf(f, "><text>%c</text></inputExpression>", name);
    if (bar != NULL) {
        (void)fputs("<inputValues><text>", f);
        put_escaped(f, bar + 1, strlen(bar + 1));
        (void)fputs("</text></inputValues>", f);
    }
    (void)fputs("</input>", f);
}

static void put_row(FILE *f, const char *row, size_t columns, size_t number) {
    (void)fprintf(f, "<rule id=\"r%zu\">", number);
    for (size_t c = 0; c <= columns; c++) {
        const char *end = strchr(row, ';');
        size_t n = end != NULL ? (size_t)(end - row) : strlen(row);
        (void)fputs(c < columns ? "<inputEntry><text>" : "<outputEntry><text>", f);
        put_escaped(f, row, n);
        (void)fputs(c < columns ? "</text></inputEntry>" : "</text></outputEntry>", f);
        row += n + (end != NULL ? 1 : 0);
    }
    (void)fputs("</rule>", f);
}

char *small_table(const char *policy, const char *const *columns, const char *const *rows,
                  const char *output) {
    char *xml = NULL;
    size_t n, count = 0;
    FILE *f = open_memstream(&xml, &n);
    assert_non_null(f);
    (void)fputs(SMALL_HEAD, f);
    for (; columns[count] != NULL; count++)
        (void)fprintf(f, "<inputData id=\"i%zu\" name=\"%c\"/>", count, 'a' + (int)count);
    (void)fputs("<decision id=\"i\" name=\"d\">", f);
    for (size_t c = 0; c < count; c++)
        (void)fprintf(f, "<informationRequirement><requiredInput href=\"#i%zu\"/></informationRequirement>",
                      c);
    (void)fprintf(f, "<decisionTable hitPolicy=\"%s\">", policy);
    for (size_t c = 0; c < count; c++)
        put_column(f, columns[c], (char)('a' + c));
    (void)fprintf(f, "<output>%s</output>", output);
    for (size_t i = 0; rows[i] != NULL; i++)
        put_row(f, rows[i], count, i + 1);
    (void)fputs("</decisionTable></decision>" SMALL_TAIL, f);
    assert_int_equal(fclose(f), 0);
    return xml;
}

cx_model *small_load(char *text) {
    cx_model *model = NULL;
    cx_err err = {0};
    if (cx_model_load(cx_view_of(text), "small.dmn", &model, &err) != CX_OK)
        fail_msg("%s\n%s", err.text, text);
    free(text);
    return model;
}
