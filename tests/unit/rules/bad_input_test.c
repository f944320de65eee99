/* Hostile and mistaken models: each is refused with its reason and its place, or gives null and a warning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/rules/small_model.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define DECISION(body) SMALL_HEAD "<decision id=\"i\" name=\"d\">" body "</decision>" SMALL_TAIL
#define LITERAL(text) DECISION("<literalExpression><text>" text "</text></literalExpression>")
#define TABLE(body) DECISION("<decisionTable id=\"t\">" body "</decisionTable>")
#define COLUMN "<input><inputExpression typeRef=\"number\"><text>1</text></inputExpression></input>"
#define RULE(in, out)                                                                                        \
    "<rule><inputEntry><text>" in "</text></inputEntry><outputEntry><text>" out "</text></outputEntry></"    \
    "rule>"

static void refused(const char *xml, size_t n, cx_rc rc, const char *const *words) {
    cx_model *model = (cx_model *)(uintptr_t)1;
    cx_err err = {0};
    cx_rc got = cx_model_load((cx_view){xml, n}, "bad.dmn", &model, &err);
    if (got != rc)
        fail_msg("%s instead of %s: %s", cx_rc_name(got), cx_rc_name(rc), err.text);
    assert_null(model);
    assert_int_equal(strncmp(err.text, "bad.dmn", 7), 0);
    for (; *words != NULL; words++)
        if (strstr(err.text, *words) == NULL)
            fail_msg("\"%s\" is not in: %s", *words, err.text);
}

/* --- mistakes that fit into a line: the text, the reason, and words that the message must have */
static const struct {
    const char *what;
    const char *xml;
    cx_rc rc;
    const char *words[5];
} cases[] = {
    {"empty", "", CX_MODEL_XML, {"empty"}},
    {"no XML", "{}", CX_MODEL_XML, {"bad.dmn:1", "well-formed"}},
    {"truncated", SMALL_HEAD "<decision id=\"i\" name=\"d\">", CX_MODEL_XML, {"bad.dmn:1", "well-formed"}},
    {"external entity",
     "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" LITERAL("&e;"),
     CX_MODEL_XML,
     {"document type"}},
    {"external subset",
     "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/x.dtd\">" LITERAL("1"),
     CX_MODEL_XML,
     {"document type"}},
    {"billion laughs",
     "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
     "\"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>" LITERAL("&d;"),
     CX_MODEL_XML,
     {"document type"}},
    {"another root", "<definition/>", CX_MODEL_INVALID, {"<definitions>"}},
    {"another version",
     "<definitions xmlns=\"http://www.omg.org/spec/DMN/20180521/MODEL/\" name=\"m\"/>",
     CX_MODEL_INVALID,
     {"1.3, 1.4 or 1.5"}},
    {"import", SMALL_HEAD "<import name=\"a\"/>" SMALL_TAIL, CX_MODEL_INVALID, {"imports"}},
    {"no logic", DECISION(""), CX_MODEL_INVALID, {"bad.dmn:1", "\"d\"", "no logic"}},
    {"no name", SMALL_HEAD "<decision id=\"i\"/>" SMALL_TAIL, CX_MODEL_INVALID, {"name"}},
    {"empty expression", LITERAL(""), CX_MODEL_INVALID, {"\"d\"", "empty"}},
    {"another language",
     DECISION("<literalExpression "
              "expressionLanguage=\"https://example.org/js\"><text>1</text></literalExpression>"),
     CX_MODEL_INVALID,
     {"not FEEL"}},
    {"syntax", LITERAL("1 +"), CX_FEEL_SYNTAX, {"bad.dmn:1", "\"d\"", "line 1, character 4"}},
    {"syntax further on", LITERAL("1 +\n (2 * "), CX_FEEL_SYNTAX, {"line 2"}},
    {"unknown name", LITERAL("age + 1"), CX_FEEL_SYNTAX, {"\"age\"", "requirement"}},
    {"unknown function", LITERAL("frobnicate(1)"), CX_FEEL_SYNTAX, {"\"frobnicate\""}},
    {"open text", LITERAL("\"abc"), CX_FEEL_SYNTAX, {"closing quote"}},
    {"open text after between", LITERAL("\"\" between \"w"), CX_FEEL_SYNTAX, {"closing quote"}},
    {"bad escape", LITERAL("\"a\\q\""), CX_FEEL_SYNTAX, {"escape"}},
    {"half a surrogate", LITERAL("\"\\uD83D\""), CX_FEEL_SYNTAX, {"escape"}},
    {"number too large", LITERAL("1e9999"), CX_FEEL_SYNTAX, {"decimal128"}},
    {"no date", LITERAL("@\"2026-02-30\""), CX_FEEL_SYNTAX, {"no date"}},
    {"unknown type",
     SMALL_HEAD "<inputData name=\"x\"><variable name=\"x\" typeRef=\"tNo\"/></inputData>" SMALL_TAIL,
     CX_MODEL_INVALID,
     {"\"tNo\""}},
    {"type of itself",
     SMALL_HEAD "<itemDefinition name=\"a\"><typeRef>b</typeRef></itemDefinition><itemDefinition name=\"b\">"
                "<typeRef>a</typeRef></itemDefinition>" SMALL_TAIL,
     CX_MODEL_INVALID,
     {"refers to itself"}},
    {"table without rules", TABLE(COLUMN "<output/>"), CX_MODEL_INVALID, {"\"d\"", "no rules"}},
    {"table without outputs", TABLE(COLUMN "<rule/>"), CX_MODEL_INVALID, {"no output"}},
    {"rule of another width",
     TABLE(COLUMN "<output/><rule><outputEntry><text>1</text></outputEntry></rule>"),
     CX_MODEL_INVALID,
     {"rule 1", "0 inputs"}},
    {"cell of another type",
     TABLE(COLUMN "<output/>" RULE("-", "1") RULE("\"x\"", "2")),
     CX_FEEL_TYPE,
     {"bad.dmn:1", "rule 2", "column \"1\"", "string"}},
    {"cell that cannot be read",
     TABLE(COLUMN "<output/>" RULE("[1..", "1")),
     CX_FEEL_SYNTAX,
     {"rule 1", "column \"1\"", "character"}},
    {"output of another type",
     TABLE(COLUMN "<output name=\"o\" typeRef=\"number\"/>" RULE("1", "\"x\"")),
     CX_FEEL_TYPE,
     {"rule 1", "column \"o\""}},
    {"output that is not allowed",
     TABLE(COLUMN
           "<output name=\"o\"><outputValues><text>1, 2</text></outputValues></output>" RULE("1", "3")),
     CX_FEEL_TYPE,
     {"rule 1", "allowed"}},
    {"unknown hit policy",
     DECISION("<decisionTable hitPolicy=\"BEST\"><output/><rule/></decisionTable>"),
     CX_MODEL_INVALID,
     {"\"BEST\""}},
    {"priority without values",
     DECISION("<decisionTable hitPolicy=\"PRIORITY\">" COLUMN "<output/>" RULE("1", "1") "</decisionTable>"),
     CX_MODEL_INVALID,
     {"PRIORITY", "allowed values"}},
    {"duplicate id",
     SMALL_HEAD
     "<inputData id=\"i\" name=\"x\"/><decision id=\"i\" name=\"d\"><literalExpression><text>1</text>"
     "</literalExpression></decision>" SMALL_TAIL,
     CX_MODEL_INVALID,
     {"bad.dmn:1", "\"i\"", "twice"}},
    {"duplicate id, two lines on",
     SMALL_HEAD "\n<inputData id=\"i\" name=\"x\"/>\n<inputData id=\"j\" name=\"y\"/>\n"
                "<inputData id=\"i\" name=\"z\"/>" SMALL_TAIL,
     CX_MODEL_INVALID,
     {"bad.dmn:4", "\"i\"", "first in line 2"}},
    {"duplicate name",
     SMALL_HEAD "<inputData id=\"a\" name=\"x\"/><inputData id=\"b\" name=\"x\"/>" SMALL_TAIL,
     CX_MODEL_INVALID,
     {"\"x\""}},
    {"requirement of nothing",
     DECISION("<informationRequirement><requiredInput href=\"#none\"/></informationRequirement>"
              "<literalExpression><text>1</text></literalExpression>"),
     CX_MODEL_INVALID,
     {"\"none\""}},
    {"requirement of itself",
     DECISION("<informationRequirement><requiredDecision href=\"#i\"/></informationRequirement>"
              "<literalExpression><text>1</text></literalExpression>"),
     CX_MODEL_CYCLE,
     {"bad.dmn:1", "\"d\""}},
    {"requirements in a circle",
     SMALL_HEAD
     "<decision id=\"a\" name=\"A\"><informationRequirement><requiredDecision href=\"#b\"/>"
     "</informationRequirement><literalExpression><text>B</text></literalExpression></decision>"
     "<decision id=\"b\" name=\"B\"><informationRequirement><requiredDecision href=\"#a\"/>"
     "</informationRequirement><literalExpression><text>A</text></literalExpression></decision>" SMALL_TAIL,
     CX_MODEL_CYCLE,
     {"requires itself"}},
    {"Java",
     SMALL_HEAD
     "<businessKnowledgeModel id=\"b\" name=\"b\"><encapsulatedLogic kind=\"Java\"><literalExpression>"
     "<text>1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>" SMALL_TAIL,
     CX_MODEL_INVALID,
     {"kind FEEL"}},
    {"external function", LITERAL("function(a) external {java: {}}"), CX_FEEL_SYNTAX, {"external"}},
};

static void mistakes(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("%s\n", cases[i].what);
        refused(cases[i].xml, strlen(cases[i].xml), cases[i].rc, cases[i].words);
    }
}

/* --- sizes -------------------------------------------------------------------------------------------- */

struct large {
    char *text;
    size_t n;
    FILE *f;
};

static void begin(struct large *l, const char *head) {
    l->f = open_memstream(&l->text, &l->n);
    assert_non_null(l->f);
    (void)fputs(head, l->f);
}

static void repeat(struct large *l, const char *what, size_t times) {
    for (size_t i = 0; i < times; i++)
        (void)fputs(what, l->f);
}

static void end_refused(struct large *l, const char *tail, cx_rc rc, const char *word) {
    const char *words[] = {word, NULL};
    (void)fputs(tail, l->f);
    assert_int_equal(fclose(l->f), 0);
    refused(l->text, l->n, rc, words);
    free(l->text);
}

#define LITERAL_HEAD SMALL_HEAD "<decision id=\"i\" name=\"d\"><literalExpression><text>"
#define LITERAL_TAIL "</text></literalExpression></decision>" SMALL_TAIL
#define TABLE_HEAD                                                                                           \
    SMALL_HEAD "<decision id=\"i\" name=\"d\"><decisionTable>" COLUMN                                        \
               "<output/>" RULE("1", "1") "<rule><inputEntry><text>"
#define TABLE_TAIL                                                                                           \
    "</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable></"                 \
    "decision>" SMALL_TAIL

static void sizes(void **state) {
    (void)state;
    struct large l;
    begin(&l, SMALL_HEAD);
    repeat(&l, "<description>", 10000);
    end_refused(&l, "", CX_MODEL_XML, "nested too deeply");
    begin(&l, LITERAL_HEAD);
    repeat(&l, "(", 10000);
    end_refused(&l, LITERAL_TAIL, CX_FEEL_SYNTAX, "nested too deeply");
    begin(&l, LITERAL_HEAD);
    repeat(&l, "1 in (", 5000);
    end_refused(&l, LITERAL_TAIL, CX_FEEL_SYNTAX, "nested too deeply");
    begin(&l, LITERAL_HEAD "\"");
    repeat(&l, "0123456789abcdef", 65536);
    end_refused(&l, "\"" LITERAL_TAIL, CX_MODEL_INVALID, "longer than");
    begin(&l, TABLE_HEAD "\"");
    repeat(&l, "0123456789abcdef", 65536);
    end_refused(&l, "\"" TABLE_TAIL, CX_MODEL_INVALID,
                "decision \"d\", rule 2, column \"1\": a text is longer than");
    begin(&l, SMALL_HEAD);
    repeat(&l, "\n", 69999);
    end_refused(&l, "<decision/>" SMALL_TAIL, CX_MODEL_INVALID, "bad.dmn:70000: ");
    begin(&l, SMALL_HEAD);
    repeat(&l, "<a/>", CX_MODEL_MAX_ELEMENTS);
    end_refused(&l, SMALL_TAIL, CX_MODEL_XML, "too many elements");
    begin(&l, LITERAL_HEAD "1");
    repeat(&l, "+1", 20000);
    end_refused(&l, LITERAL_TAIL, CX_FEEL_SYNTAX, "too long");
    begin(&l, LITERAL_HEAD);
    repeat(&l, "-", 20000);
    end_refused(&l, "1" LITERAL_TAIL, CX_FEEL_SYNTAX, "too many signs");
    begin(&l, LITERAL_HEAD "[1]");
    repeat(&l, "[1]", 20000);
    end_refused(&l, LITERAL_TAIL, CX_FEEL_SYNTAX, "too long");
    begin(&l, DECISION("<literalExpression><text>1</text></literalExpression>"));
    repeat(&l, " ", CX_MODEL_MAX_BYTES);
    end_refused(&l, "", CX_MODEL_XML, "larger than");
}

static void cut_anywhere(void **state) {
    (void)state;
    static const char whole[] =
        TABLE(COLUMN "<output name=\"o\"/>" RULE("[1..2], &gt; 3, not(\"a\")", "\"é失\""));
    for (size_t n = 0; n + 1 < sizeof whole - 1; n++) {
        cx_model *model = NULL;
        cx_err err = {0};
        char *part = malloc(n + 1); /* so that a byte read behind it is noticed */
        assert_non_null(part);
        (void)memcpy(part, whole, n);
        assert_int_not_equal(cx_model_load((cx_view){part, n}, "cut.dmn", &model, &err), CX_OK);
        assert_null(model);
        free(part);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(mistakes), cmocka_unit_test(sizes),
                                       cmocka_unit_test(cut_anywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
