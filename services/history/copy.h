/* PostgreSQL's binary COPY format (manual, "COPY", Binary Format): a row is the number of its fields, then
 * each field as its length (-1: null) and its bytes, integers most significant byte first. Dates and times
 * outside the years 1 to 9999 become PostgreSQL's infinity. Appends to a buffer; CX_OUT_OF_MEMORY only.
 */
#ifndef SERVICES_HISTORY_COPY_H
#define SERVICES_HISTORY_COPY_H

#include "common/base/time.h"
#include "common/wire/buffer.h"
#include "schemas/types.h"

cx_rc cx_copy_row(cx_buffer *out, int fields) CX_MUST_CHECK;
cx_rc cx_copy_null(cx_buffer *out) CX_MUST_CHECK;
cx_rc cx_copy_boolean(cx_buffer *out, bool value) CX_MUST_CHECK;
cx_rc cx_copy_int(cx_buffer *out, int32_t value) CX_MUST_CHECK;
cx_rc cx_copy_long(cx_buffer *out, int64_t value) CX_MUST_CHECK;
cx_rc cx_copy_date(cx_buffer *out, cx_date value) CX_MUST_CHECK;
cx_rc cx_copy_time(cx_buffer *out, cx_time value) CX_MUST_CHECK;
/* text, bytea, json. */
cx_rc cx_copy_bytes(cx_buffer *out, cx_view value) CX_MUST_CHECK;
/* text[]. */
cx_rc cx_copy_texts(cx_buffer *out, cx_view_array value) CX_MUST_CHECK;
/* A field whose bytes the caller appends between the two. */
cx_rc cx_copy_begin(cx_buffer *out, size_t *at) CX_MUST_CHECK;
void cx_copy_end(cx_buffer *out, size_t at);

#endif
