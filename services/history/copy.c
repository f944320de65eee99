#include "services/history/copy.h"

/* PostgreSQL counts days and microseconds from 2000-01-01. */
enum { EPOCH_DAYS = 10957, TEXT_OID = 25 };
static const int64_t EPOCH_MS = (int64_t)EPOCH_DAYS * 86400000;

/* A department may write any number where a time belongs. What lies outside the years 1 to 9999 becomes
 * PostgreSQL's infinity: its own range is larger, but not as large as the numbers. */
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 };

static void write_16(uint8_t *p, uint16_t v) {
    p[0] = (uint8_t)(v >> 8);
    p[1] = (uint8_t)v;
}

static void write_32(uint8_t *p, uint32_t v) {
    write_16(p, (uint16_t)(v >> 16));
    write_16(p + 2, (uint16_t)v);
}

static void write_64(uint8_t *p, uint64_t v) {
    write_32(p, (uint32_t)(v >> 32));
    write_32(p + 4, (uint32_t)v);
}

cx_rc cx_copy_row(cx_buffer *out, int fields) {
    uint8_t b[2];
    write_16(b, (uint16_t)fields);
    return cx_buffer_append(out, b, sizeof b);
}

cx_rc cx_copy_null(cx_buffer *out) {
    static const uint8_t minus_one[4] = {0xff, 0xff, 0xff, 0xff};
    return cx_buffer_append(out, minus_one, sizeof minus_one);
}

cx_rc cx_copy_boolean(cx_buffer *out, bool value) {
    uint8_t b[5] = {0, 0, 0, 1, value ? 1 : 0};
    return cx_buffer_append(out, b, sizeof b);
}

cx_rc cx_copy_int(cx_buffer *out, int32_t value) {
    uint8_t b[8] = {0, 0, 0, 4};
    write_32(b + 4, (uint32_t)value);
    return cx_buffer_append(out, b, sizeof b);
}

cx_rc cx_copy_long(cx_buffer *out, int64_t value) {
    uint8_t b[12] = {0, 0, 0, 8};
    write_64(b + 4, (uint64_t)value);
    return cx_buffer_append(out, b, sizeof b);
}

cx_rc cx_copy_date(cx_buffer *out, cx_date value) {
    if (value < FIRST_DAY || value > LAST_DAY)
        return cx_copy_int(out, value < 0 ? INT32_MIN : INT32_MAX);
    return cx_copy_int(out, value - EPOCH_DAYS);
}

cx_rc cx_copy_time(cx_buffer *out, cx_time value) {
    if (value < FIRST_DAY * CX_DAY || value >= (LAST_DAY + 1) * CX_DAY)
        return cx_copy_long(out, value < 0 ? INT64_MIN : INT64_MAX);
    return cx_copy_long(out, (value - EPOCH_MS) * 1000);
}

cx_rc cx_copy_bytes(cx_buffer *out, cx_view value) {
    CX_TRY(cx_buffer_reserve(out, 4 + value.n));
    write_32(out->p + out->n, (uint32_t)value.n);
    if (value.n > 0)
        (void)memcpy(out->p + out->n + 4, value.p, value.n);
    out->n += 4 + value.n;
    return CX_OK;
}

/* An array: dimensions, whether there are nulls, the elements' type; then size and lower bound; then the
 * elements. */
cx_rc cx_copy_texts(cx_buffer *out, cx_view_array value) {
    uint8_t head[20] = {0};
    size_t at;
    CX_TRY(cx_copy_begin(out, &at));
    write_32(head, value.n > 0 ? 1 : 0);
    write_32(head + 8, TEXT_OID);
    write_32(head + 12, (uint32_t)value.n);
    write_32(head + 16, 1);
    CX_TRY(cx_buffer_append(out, head, value.n > 0 ? sizeof head : 12));
    for (size_t i = 0; i < value.n; i++)
        CX_TRY(cx_copy_bytes(out, value.items[i]));
    cx_copy_end(out, at);
    return CX_OK;
}

cx_rc cx_copy_begin(cx_buffer *out, size_t *at) {
    static const uint8_t length[4] = {0};
    *at = out->n;
    return cx_buffer_append(out, length, sizeof length);
}

void cx_copy_end(cx_buffer *out, size_t at) {
    write_32(out->p + at, (uint32_t)(out->n - at - 4));
}
