#include "common/wire/buffer.h"

#include <stdlib.h>

enum { FIRST_ROOM = 1024 };

void cx_buffer_free(cx_buffer *buffer) {
    free(buffer->p);
    *buffer = (cx_buffer){0};
}

cx_rc cx_buffer_grow(cx_buffer *buffer, size_t more) {
    if (more > SIZE_MAX / 4 - buffer->n)
        return CX_OUT_OF_MEMORY;
    size_t room = buffer->room < FIRST_ROOM ? FIRST_ROOM : buffer->room;
    while (room - buffer->n < more)
        room *= 2;
    uint8_t *p = realloc(buffer->p, room);
    if (p == NULL)
        return CX_OUT_OF_MEMORY;
    buffer->p = p;
    buffer->room = room;
    return CX_OK;
}

cx_rc cx_buffer_append(cx_buffer *buffer, const void *bytes, size_t n) {
    CX_TRY(cx_buffer_reserve(buffer, n));
    if (n > 0)
        (void)memcpy(buffer->p + buffer->n, bytes, n);
    buffer->n += n;
    return CX_OK;
}
