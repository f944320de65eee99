/* A string view: bytes that somebody else owns and that outlive the view. Not NUL-terminated. */
#ifndef CX_BASE_VIEW_H
#define CX_BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct cx_view {
    const char *p; /* may be NULL when n is 0 */
    size_t n;      /* bytes */
} cx_view;

/* For printf: printf("%.*s", CX_VIEW_ARGS(v)). */
#define CX_VIEW_ARGS(v) (int)(v).n, ((v).p != NULL ? (v).p : "")
/* A view of a string literal. */
#define CX_VIEW(literal) ((cx_view){"" literal, sizeof(literal) - 1})

static inline cx_view cx_view_of(const char *text) {
    return (cx_view){text, text != NULL ? strlen(text) : 0};
}

static inline bool cx_view_eq(cx_view a, cx_view b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool cx_view_is(cx_view a, const char *text) {
    return cx_view_eq(a, cx_view_of(text));
}

/* Byte order; a prefix comes before what it begins. <0, 0, >0 as memcmp. */
static inline int cx_view_cmp(cx_view a, cx_view b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* Whether the bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool cx_view_is_utf8(cx_view v);
/* How many of its first bytes are. */
size_t cx_view_utf8_length(cx_view v);
/* Whether every byte is one of A-Z a-z 0-9 _ . : - and there are 1 to max of them: what may stand
 * where the schemas ask for a code. */
bool cx_view_is_code(cx_view v, size_t max);
/* A decimal integer without blanks; false when it is not one, or does not fit. */
bool cx_view_to_int64(cx_view v, int64_t *out);
/* The other way, for where printf takes too long or might take a lock: digits and NUL into `out`, which is
 * returned at its end (the NUL). */
enum { CX_INT64_TEXT = 21 };
char *cx_int64_print(int64_t value, char out[CX_INT64_TEXT]);
/* The part before the first `sep`; *rest becomes what follows it (empty, p NULL, when there is none). */
cx_view cx_view_split(cx_view v, char sep, cx_view *rest);
/* Without blanks (space, tab, CR, LF) at both ends. */
cx_view cx_view_trim(cx_view v);

#endif
