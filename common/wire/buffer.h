/* Bytes that grow: where encoded messages and printed texts go. Kept and reused, it allocates nothing per
 * event.
 *
 * The owner sets n to 0 to begin anew. Pointers into it end with the next append: keep offsets. Not
 * thread-safe.
 */
#ifndef CX_WIRE_BUFFER_H
#define CX_WIRE_BUFFER_H

#include "common/base/error.h"
#include "common/base/view.h"

/* An empty one is {0}. */
typedef struct cx_buffer {
    uint8_t *p;
    size_t n;    /* bytes written */
    size_t room; /* bytes allocated */
} cx_buffer;

/* Frees the bytes and leaves an empty buffer. */
void cx_buffer_free(cx_buffer *buffer);
/* What cx_buffer_reserve does where there is no room yet. */
cx_rc cx_buffer_grow(cx_buffer *buffer, size_t more) CX_MUST_CHECK;
/* Makes room for `more` bytes behind n. CX_OUT_OF_MEMORY leaves it as it was. */
static inline CX_MUST_CHECK cx_rc cx_buffer_reserve(cx_buffer *buffer, size_t more) {
    return buffer->room - buffer->n >= more && buffer->p != NULL ? CX_OK : cx_buffer_grow(buffer, more);
}
cx_rc cx_buffer_append(cx_buffer *buffer, const void *bytes, size_t n) CX_MUST_CHECK;

/* What was written from `from` on. */
static inline cx_view cx_buffer_view(const cx_buffer *buffer, size_t from) {
    return (cx_view){buffer->p == NULL ? NULL : (const char *)buffer->p + from, buffer->n - from};
}

#endif
