/* A field's path, put together from its end on the way back from a nested value. Internal to common/wire. */
#ifndef CX_WIRE_PATH_H
#define CX_WIRE_PATH_H

#include <string.h>

#include "common/wire/visit.h"

typedef struct cx_path {
    char text[CX_PATH]; /* begins at `from`, ends at the array's end, without NUL */
    size_t from;        /* CX_PATH: empty */
} cx_path;

static inline void cx_path_prepend(cx_path *path, const char *text) {
    size_t n = strlen(text);
    size_t fits = n > path->from ? path->from : n; /* a path longer than CX_PATH loses its beginning */
    path->from -= fits;
    memcpy(path->text + path->from, text + (n - fits), fits);
}

/* Puts a field's, a branch's or an index's name before the path: "a" + "b" is "a.b", "a" + "[0]" is "a[0]".
 */
static inline void cx_path_join(cx_path *path, const char *name) {
    if (path->from < CX_PATH && path->text[path->from] != '[')
        cx_path_prepend(path, ".");
    cx_path_prepend(path, name);
}

#endif
