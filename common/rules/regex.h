/* Regular expressions of FEEL's matches(), replace() and split(). Internal to common/rules.
 *
 * A pattern becomes a program that is run over all its alternatives at once, so that no pattern takes more
 * than (its size x the length of the text): there is nothing to backtrack. Hence no back-references: a
 * pattern with one is refused, and so is one with \p{...}; what a \w is beyond Latin, Greek, Cyrillic and CJK
 * punctuation is close to Unicode's classes, not exactly them. Everything lies in the caller's arena.
 *
 * Rules: XQuery 1.0 and XPath 2.0 Functions and Operators, 7.6, on the regular expressions of XML Schema
 * Part 2, appendix F, with anchors, reluctant quantifiers and captured groups.
 */
#ifndef CX_RULES_REGEX_H
#define CX_RULES_REGEX_H

#include "common/base/arena.h"
#include "common/base/view.h"

enum {
    CX_REGEX_GROUPS = 20,    /* with the whole match, which is group 0 */
    CX_REGEX_PATTERN = 4096, /* most bytes of a pattern */
    CX_REGEX_PROGRAM = 4096, /* most instructions */
    CX_REGEX_DEPTH = 64,     /* of parentheses and brackets */
};
#define CX_REGEX_NOWHERE ((size_t)-1)

typedef struct cx_regex cx_regex;

/* Where each group was found: bytes [start, end) of the text, CX_REGEX_NOWHERE where it took no part. */
typedef struct cx_regex_match {
    size_t start[CX_REGEX_GROUPS];
    size_t end[CX_REGEX_GROUPS];
} cx_regex_match;

/* flags: any of "smix". NULL when pattern or flags are none (*why, a static text, says why) or the arena is
 * full (*why is NULL). The pattern must be UTF-8. */
cx_regex *cx_regex_compile(cx_view pattern, cx_view flags, cx_arena *arena, const char **why);
/* The number of groups in parentheses. */
int cx_regex_groups(const cx_regex *re);
/* The leftmost match that begins at byte `from` of the text or later. *steps is counted down; the search ends
 * when it is below 0, and so it does when the arena is full: then *failed is set. */
bool cx_regex_find(const cx_regex *re, cx_view text, size_t from, cx_arena *arena, int64_t *steps,
                   cx_regex_match *out, bool *failed);

#endif
