/* The parts of a regular expression: its tree, its sets of characters, its program. Internal to regex_*.c. */
#ifndef CX_RULES_REGEX_PROGRAM_H
#define CX_RULES_REGEX_PROGRAM_H

#include "common/rules/regex.h"

/* One member of a set: a span of code points, or a class by its letter (d D s S w W i I c C). */
typedef struct cx_regex_span {
    uint32_t low, high;
    char class; /* 0 for a span */
    struct cx_regex_span *next;
} cx_regex_span;

typedef struct cx_regex_set {
    cx_regex_span *spans;
    bool negated;
    struct cx_regex_set *without; /* what is subtracted, or NULL */
} cx_regex_set;

typedef enum cx_regex_kind {
    CX_REGEX_CHAR,
    CX_REGEX_ANY,
    CX_REGEX_SET,
    CX_REGEX_START,
    CX_REGEX_END,
    CX_REGEX_SEQUENCE, /* of `first` and its nexts */
    CX_REGEX_CHOICE,   /* one of them */
    CX_REGEX_REPEAT,   /* of `first`, least to most times */
    CX_REGEX_GROUP     /* `first`, kept as number `group` */
} cx_regex_kind;

typedef struct cx_regex_node {
    cx_regex_kind kind;
    uint32_t c;
    const cx_regex_set *set;
    struct cx_regex_node *first, *next;
    int least, most; /* most is -1 without an upper bound */
    bool greedy;
    int group;
} cx_regex_node;

typedef enum cx_regex_op {
    CX_REGEX_OP_CHAR,
    CX_REGEX_OP_ANY,
    CX_REGEX_OP_SET,
    CX_REGEX_OP_START,
    CX_REGEX_OP_END,
    CX_REGEX_OP_SAVE,  /* the place, into slot c */
    CX_REGEX_OP_SPLIT, /* go on at x; if that fails, at y */
    CX_REGEX_OP_JUMP,  /* to x */
    CX_REGEX_OP_MATCH
} cx_regex_op;

typedef struct cx_regex_step {
    cx_regex_op op;
    uint32_t c;
    const cx_regex_set *set;
    int x, y;
} cx_regex_step;

struct cx_regex {
    cx_regex_step *steps;
    int count;
    int groups;
    bool dot_all, multi_line, ignore_case, extended;
};

/* The tree of a pattern; NULL with *why as cx_regex_compile says. Sets re->groups. */
cx_regex_node *cx_regex_parse(cx_regex *re, cx_view pattern, cx_arena *arena, const char **why);
bool cx_regex_set_has(const cx_regex_set *set, uint32_t c, bool ignore_case);

/* The code point at text.p[*at], and *at moves behind it. The text is UTF-8 and *at < text.n. */
static inline uint32_t cx_regex_point(cx_view text, size_t *at) {
    const unsigned char *p = (const unsigned char *)text.p + *at;
    size_t n = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
    uint32_t c = n == 1 ? *p : *p & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n && *at + i < text.n; i++)
        c = c << 6 | (p[i] & 0x3F);
    *at = *at + n < text.n ? *at + n : text.n;
    return c;
}

#endif
