/* The parser's own state and steps, shared by its files. Internal to common/rules. */
#ifndef CX_RULES_FEEL_PARSER_H
#define CX_RULES_FEEL_PARSER_H

#include "common/rules/builtin.h"
#include "common/rules/feel.h"
#include "common/rules/types.h"

enum {
    CX_FEEL_DEEPEST = 120,  /* nested constructs */
    CX_FEEL_WIDEST = 20000, /* items of one list, entries of one context, arguments */
    CX_FEEL_NAME = 512      /* bytes of a name */
};

typedef struct cx_parser {
    cx_feel *feel;
    const cx_scope *scope;
    const char *text;
    size_t n;
    size_t at;
    int depth;
    bool uses_input;  /* `?` was read */
    bool in_endpoint; /* reading the high end of a range: "[" may close it */
    cx_rc rc;
    cx_err *err;
} cx_parser;

/* Steps return NULL once p->rc is set; the first error stays. */
const cx_node *cx_parse_error(cx_parser *p, size_t at, const char *format, ...) CX_PRINTF(3, 4);
const cx_node *cx_parse_no_memory(cx_parser *p);
cx_node *cx_parse_node(cx_parser *p, cx_op op);

/* --- characters and words (feel_lex.c) */
void cx_skip_blanks(cx_parser *p);
bool cx_at_end(cx_parser *p);
/* Skips blanks, then takes the sign if it is there. "<" does not take the beginning of "<=". */
bool cx_take_sign(cx_parser *p, const char *sign);
bool cx_see_sign(cx_parser *p, const char *sign);
/* A whole word: "and" does not take the beginning of "android". */
bool cx_take_word(cx_parser *p, const char *word);
bool cx_see_word(cx_parser *p, const char *word);
bool cx_is_name_byte(char c);
/* Bytes of the simple word at p->at (letters, digits, _), 0 when none begins here. */
size_t cx_word_length(const cx_parser *p, size_t at);
/* Bytes that `name` takes at p->at when it stands there as a whole, else 0. */
size_t cx_match_name(const cx_parser *p, cx_view name);
const cx_node *cx_parse_number(cx_parser *p);
/* The text between quotes, unescaped; false with p->rc set. */
bool cx_parse_text(cx_parser *p, cx_view *out);
/* Raw text up to one of `stops` outside quotes, as a normal name; false with p->rc set. */
bool cx_parse_raw_name(cx_parser *p, const char *stops, cx_view *out);

/* --- grammar */
const cx_node *cx_parse_expression(cx_parser *p);
const cx_node *cx_parse_additive(cx_parser *p);
const cx_node *cx_parse_postfix(cx_parser *p);
const cx_node *cx_parse_primary(cx_parser *p);
const cx_node *cx_parse_name(cx_parser *p);
const cx_node *cx_parse_special(cx_parser *p, bool *was_special); /* for, some, every, if, function, { } */
const cx_node *cx_parse_arguments(cx_parser *p, const cx_node *callee, const cx_builtin *fn);
const cx_type *cx_parse_type(cx_parser *p);
/* One test (whole: any expression, else up to the arithmetic signs); a comma-separated run of them as
 * CX_OP_TESTS or CX_OP_TESTS_NOT. */
const cx_node *cx_parse_test(cx_parser *p, bool whole);
const cx_node *cx_parse_test_list(cx_parser *p, cx_op op);

/* A list of nodes under construction. */
typedef struct cx_node_list {
    const cx_node **at;
    cx_view *names;
    const cx_type **types;
    size_t n;
    size_t room;
} cx_node_list;
/* false with p->rc set when out of memory or over CX_FEEL_WIDEST. */
bool cx_node_list_add(cx_parser *p, cx_node_list *list, const cx_node *node, cx_view name,
                      const cx_type *type);

#endif
