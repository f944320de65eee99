/* Characters, words, numbers and quoted text of FEEL. */
#include "common/rules/feel_parser.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/rules/decimal.h"

const cx_node *cx_parse_error(cx_parser *p, size_t at, const char *format, ...) {
    if (p->rc != CX_OK)
        return NULL;
    char what[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < p->n; i++) {
        bool next = p->text[i] == '\n';
        line += next ? 1 : 0;
        column = next ? 1 : column + (((unsigned char)p->text[i] & 0xC0) != 0x80 ? 1 : 0);
    }
    size_t left = at < p->n ? p->n - at : 0;
    size_t shown = left < 24 ? left : 24;
    while (shown > 0 && shown < left && ((unsigned char)p->text[at + shown] & 0xC0) == 0x80)
        shown--;
    if (shown == 0)
        p->rc =
            cx_fail(p->err, CX_FEEL_SYNTAX, "at line %zu, character %zu (the end): %s", line, column, what);
    else
        p->rc = cx_fail(p->err, CX_FEEL_SYNTAX, "at line %zu, character %zu (\"%.*s\"): %s", line, column,
                        (int)shown, p->text + at, what);
    return NULL;
}

const cx_node *cx_parse_no_memory(cx_parser *p) {
    if (p->rc == CX_OK)
        p->rc = cx_fail(p->err, CX_OUT_OF_MEMORY, NULL);
    return NULL;
}

/* Bytes of the blank at p->at: ASCII, NEL, no-break, the U+2000 block's, ideographic; 0 when it is none. */
static size_t blank_length(const cx_parser *p, size_t at) {
    const unsigned char *s = (const unsigned char *)p->text + at;
    size_t left = p->n - at;
    if (left == 0)
        return 0;
    if (s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r'))
        return 1;
    if (left >= 2 && s[0] == 0xC2 && (s[1] == 0x85 || s[1] == 0xA0))
        return 2;
    if (left >= 3 && s[0] == 0xE2 && s[1] == 0x80 &&
        (s[2] <= 0x8B || s[2] == 0xA8 || s[2] == 0xA9 || s[2] == 0xAF))
        return 3;
    if (left >= 3 && s[0] == 0xE3 && s[1] == 0x80 && s[2] == 0x80)
        return 3;
    return left >= 3 && s[0] == 0xEF && s[1] == 0xBB && s[2] == 0xBF ? 3 : 0;
}

/* Past a comment that begins at p->at; false when none does. */
static bool skip_comment(cx_parser *p) {
    if (p->n - p->at < 2 || p->text[p->at] != '/')
        return false;
    const char *from = p->text + p->at + 2;
    size_t left = p->n - p->at - 2;
    const char *end;
    if (p->text[p->at + 1] == '/') {
        end = left > 0 ? memchr(from, '\n', left) : NULL;
        p->at = end != NULL ? (size_t)(end - p->text) + 1 : p->n;
        return true;
    }
    if (p->text[p->at + 1] != '*')
        return false;
    end = left > 0 ? memmem(from, left, "*/", 2) : NULL;
    if (end == NULL) {
        (void)cx_parse_error(p, p->at, "the comment does not end");
        p->at = p->n;
    } else {
        p->at = (size_t)(end - p->text) + 2;
    }
    return true;
}

void cx_skip_blanks(cx_parser *p) {
    for (;;) {
        size_t n = blank_length(p, p->at);
        p->at += n;
        if (n == 0 && !skip_comment(p))
            return;
    }
}

bool cx_at_end(cx_parser *p) {
    cx_skip_blanks(p);
    return p->at >= p->n;
}

bool cx_see_sign(cx_parser *p, const char *sign) {
    cx_skip_blanks(p);
    size_t n = strlen(sign);
    if (p->n - p->at < n || memcmp(p->text + p->at, sign, n) != 0)
        return false;
    char next = p->at + n < p->n ? p->text[p->at + n] : '\0';
    if (n == 1 && (*sign == '<' || *sign == '>' || *sign == '!') && next == '=')
        return false;
    if (n == 1 && ((*sign == '*' && next == '*') || (*sign == '.' && next == '.')))
        return false;
    return true;
}

bool cx_take_sign(cx_parser *p, const char *sign) {
    if (!cx_see_sign(p, sign))
        return false;
    p->at += strlen(sign);
    return true;
}

bool cx_is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

size_t cx_word_length(const cx_parser *p, size_t at) {
    size_t n = 0;
    if (at < p->n && p->text[at] >= '0' && p->text[at] <= '9')
        return 0;
    while (at + n < p->n && cx_is_name_byte(p->text[at + n]) && blank_length(p, at + n) == 0)
        n++;
    return n;
}

bool cx_see_word(cx_parser *p, const char *word) {
    cx_skip_blanks(p);
    size_t n = strlen(word);
    return cx_word_length(p, p->at) == n && memcmp(p->text + p->at, word, n) == 0;
}

bool cx_take_word(cx_parser *p, const char *word) {
    if (!cx_see_word(p, word))
        return false;
    p->at += strlen(word);
    return true;
}

static size_t blanks_at(const cx_parser *p, size_t at) {
    size_t from = at, n;
    while ((n = blank_length(p, at)) > 0)
        at += n;
    return at - from;
}

/* A name is a run of tokens: blanks part two words, and may stand on both sides of a sign in it. */
size_t cx_match_name(const cx_parser *p, cx_view name) {
    size_t at = p->at;
    bool parted = false, word = false; /* the name's last byte was a blank; before that, one of a word */
    if (name.n == 0)
        return 0;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == ' ') {
            parted = true;
            continue;
        }
        bool next = cx_is_name_byte(name.p[i]), words = word && next;
        size_t blanks = i > 0 && (parted || !words) ? blanks_at(p, at) : 0;
        if (words && parted && blanks == 0)
            return 0;
        at += blanks;
        if (at >= p->n || p->text[at] != name.p[i])
            return 0;
        at++;
        parted = false;
        word = next;
    }
    bool cut = word && at < p->n && cx_is_name_byte(p->text[at]) && blank_length(p, at) == 0;
    return cut ? 0 : at - p->at;
}

static bool is_digit_at(const cx_parser *p, size_t at) {
    return at < p->n && p->text[at] >= '0' && p->text[at] <= '9';
}

const cx_node *cx_parse_number(cx_parser *p) {
    size_t from = p->at;
    while (is_digit_at(p, p->at))
        p->at++;
    if (p->at < p->n && p->text[p->at] == '.' && is_digit_at(p, p->at + 1))
        do
            p->at++;
        while (is_digit_at(p, p->at));
    if (p->at < p->n && (p->text[p->at] == 'e' || p->text[p->at] == 'E')) {
        size_t sign = p->at + 1 < p->n && (p->text[p->at + 1] == '-' || p->text[p->at + 1] == '+') ? 1 : 0;
        if (is_digit_at(p, p->at + 1 + sign)) {
            p->at += 1 + sign;
            while (is_digit_at(p, p->at))
                p->at++;
        }
    }
    if (p->at < p->n && cx_word_length(p, p->at) > 0)
        return cx_parse_error(p, from, "a number runs into a word");
    cx_decimal d;
    if (!cx_decimal_parse((cx_view){p->text + from, p->at - from}, &d))
        return cx_parse_error(p, from, "the number is larger than decimal128 holds");
    cx_node *node = cx_parse_node(p, CX_OP_CONST);
    if (node != NULL)
        node->u.value = cx_value_decimal(d);
    return node;
}
