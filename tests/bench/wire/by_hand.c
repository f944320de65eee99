#include "tests/bench/wire/by_hand.h"

typedef struct input {
    const uint8_t *p, *end;
} input;

static inline cx_rc get_long(input *in, int64_t *out) {
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in->p == in->end)
            return CX_TRUNCATED;
        uint8_t b = *in->p++;
        n |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80) {
            *out = (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
            return shift == 63 && b > 1 ? CX_BAD_VARINT : CX_OK;
        }
    }
    return CX_BAD_VARINT;
}

static inline cx_rc get_int(input *in, int32_t *out) {
    int64_t n = 0;
    CX_TRY(get_long(in, &n));
    *out = (int32_t)n;
    return n < INT32_MIN || n > INT32_MAX ? CX_BAD_VARINT : CX_OK;
}

static inline cx_rc get_raw(input *in, void *out, size_t n) {
    if ((size_t)(in->end - in->p) < n)
        return CX_TRUNCATED;
    memcpy(out, in->p, n);
    in->p += n;
    return CX_OK;
}

/* ASCII eight at a time, else the base library's check: what one would write. */
static inline cx_rc check_text(const uint8_t *p, size_t n) {
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, p + i, 8);
        if ((w & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (i < n && p[i] < 0x80)
        i++;
    if (i < n && !cx_view_is_utf8((cx_view){(const char *)p, n}))
        return CX_BAD_UTF8;
    return memchr(p, 0, n) != NULL ? CX_NUL_IN_STRING : CX_OK;
}

static inline cx_rc get_string(input *in, cx_view *out) {
    int64_t n = 0;
    CX_TRY(get_long(in, &n));
    if (n < 0)
        return CX_BAD_COUNT;
    if (n > in->end - in->p)
        return CX_TRUNCATED;
    *out = (cx_view){(const char *)in->p, (size_t)n};
    in->p += n;
    return check_text((const uint8_t *)out->p, out->n);
}

static inline cx_rc get_choice(input *in, int64_t bound, cx_rc wrong, uint32_t *out) {
    int64_t n = 0;
    CX_TRY(get_long(in, &n));
    *out = (uint32_t)n;
    return n < 0 || n >= bound ? wrong : CX_OK;
}

static inline cx_rc get_boolean(input *in, bool *out) {
    uint8_t b = 0;
    CX_TRY(get_raw(in, &b, 1));
    *out = b == 1;
    return b > 1 ? CX_BAD_BOOLEAN : CX_OK;
}

cx_rc by_hand_decode(cx_view datum, bench_event *e) {
    input in = {(const uint8_t *)datum.p, (const uint8_t *)datum.p + datum.n};
    uint32_t branch = 0;
    CX_TRY(get_string(&in, &e->event_id));
    CX_TRY(get_int(&in, &e->jurisdiction));
    CX_TRY(get_long(&in, &e->issued_at));
    CX_TRY(get_int(&in, &e->happened_on));
    CX_TRY(get_string(&in, &e->number));
    CX_TRY(get_string(&in, &e->issuing_body));
    CX_TRY(get_string(&in, &e->legal_basis));
    CX_TRY(get_choice(&in, 2, CX_BAD_UNION, &branch));
    e->has_effective_on = branch == 1;
    e->effective_on = 0;
    if (branch == 1)
        CX_TRY(get_int(&in, &e->effective_on));
    CX_TRY(get_choice(&in, 4, CX_BAD_ENUM, &e->role));
    CX_TRY(get_string(&in, &e->official));
    CX_TRY(get_raw(&in, e->subject, sizeof e->subject));
    CX_TRY(get_boolean(&in, &e->verified));
    CX_TRY(get_string(&in, &e->item));
    CX_TRY(get_raw(&in, &e->amount, sizeof e->amount));
    CX_TRY(get_choice(&in, 2, CX_BAD_UNION, &branch));
    e->reason = (cx_view){NULL, 0};
    if (branch == 1)
        CX_TRY(get_string(&in, &e->reason));
    CX_TRY(get_string(&in, &e->note));
    return in.p == in.end ? CX_OK : CX_TRAILING_BYTES;
}

static inline void put_long(cx_buffer *out, int64_t value) {
    uint64_t n = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    for (; n > 0x7F; n >>= 7)
        out->p[out->n++] = (uint8_t)(n | 0x80);
    out->p[out->n++] = (uint8_t)n;
}

static inline void put_raw(cx_buffer *out, const void *p, size_t n) {
    memcpy(out->p + out->n, p, n);
    out->n += n;
}

static inline cx_rc put_string(cx_buffer *out, cx_view v) {
    put_long(out, (int64_t)v.n);
    put_raw(out, v.p, v.n);
    return check_text((const uint8_t *)v.p, v.n);
}

cx_rc by_hand_encode(const bench_event *e, cx_buffer *out) {
    size_t most = 200 + e->event_id.n + e->number.n + e->issuing_body.n + e->legal_basis.n + e->official.n +
                  e->item.n + e->reason.n + e->note.n;
    CX_TRY(cx_buffer_reserve(out, most));
    CX_TRY(put_string(out, e->event_id));
    put_long(out, e->jurisdiction);
    put_long(out, e->issued_at);
    put_long(out, e->happened_on);
    CX_TRY(put_string(out, e->number));
    CX_TRY(put_string(out, e->issuing_body));
    CX_TRY(put_string(out, e->legal_basis));
    put_long(out, e->has_effective_on ? 1 : 0);
    if (e->has_effective_on)
        put_long(out, e->effective_on);
    put_long(out, e->role);
    CX_TRY(put_string(out, e->official));
    put_raw(out, e->subject, sizeof e->subject);
    put_raw(out, e->verified ? "\1" : "\0", 1);
    CX_TRY(put_string(out, e->item));
    put_raw(out, &e->amount, sizeof e->amount);
    put_long(out, e->reason.p != NULL ? 1 : 0);
    if (e->reason.p != NULL)
        CX_TRY(put_string(out, e->reason));
    return put_string(out, e->note);
}
