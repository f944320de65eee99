/* The handlers of a plan's operations, each a few lines; decode.c runs them. Internal to decode.c. */
#ifndef CX_WIRE_DECODE_OPS_H
#define CX_WIRE_DECODE_OPS_H

#include "common/wire/plan.h"
#include "common/wire/text.h"
#include "common/wire/varint.h"
#include "common/wire/visit.h"

/* What is open: a struct behind a pointer, an array, a default. */
typedef struct frame {
    char *dst;              /* to go back to */
    const uint8_t *p, *end; /* FEED: the input to go back to; arrays: end is a sized block's, or NULL */
    cx_items *array;        /* ARRAY */
    size_t room;            /* ARRAY: items that memory is there for */
    uint64_t left;          /* items of the block that are still to come */
} frame;

/* What only the long operations need. */
typedef struct store {
    frame *top; /* the innermost frame that is open; one below the first where none is */
    cx_arena *arena;
    size_t items_left, memory_left;
} store;

typedef struct machine {
    const uint8_t *p, *end;
    char *dst;
    const cx_op *pc;
    const cx_plan *plan;
    store *store;
} machine;

#define CX_HANDLER static inline __attribute__((always_inline)) cx_rc

/* Like CX_TRY, for what hardly ever happens. */
#define CX_NEED(expr)                                                                                        \
    do {                                                                                                     \
        cx_rc need_rc = (expr);                                                                              \
        if (CX_UNLIKELY(need_rc != CX_OK))                                                                   \
            return need_rc;                                                                                  \
    } while (0)

CX_HANDLER read_long(machine *m, int64_t *out) {
    uint64_t n;
    const uint8_t *p = m->p;
    CX_NEED(cx_varint_read(&p, m->end, &n));
    m->p = p;
    *out = cx_zigzag(n);
    return CX_OK;
}

CX_HANDLER read_int(machine *m, int32_t *out) {
    uint64_t n;
    const uint8_t *p = m->p;
    CX_NEED(cx_varint_read(&p, m->end, &n));
    if (CX_UNLIKELY(n > UINT32_MAX || p - m->p > CX_VARINT_INT))
        return CX_BAD_VARINT;
    m->p = p;
    *out = (int32_t)cx_zigzag(n);
    return CX_OK;
}

CX_HANDLER take(machine *m, size_t n, const uint8_t **out) {
    if (CX_UNLIKELY((size_t)(m->end - m->p) < n))
        return CX_TRUNCATED;
    *out = m->p;
    m->p += n;
    return CX_OK;
}

CX_HANDLER read_bytes(machine *m, cx_view *out) {
    int64_t n;
    const uint8_t *p;
    CX_NEED(read_long(m, &n));
    if (CX_UNLIKELY((uint64_t)n > m->plan->limits.string))
        return n < 0 ? CX_BAD_COUNT : CX_OVERSIZED;
    CX_NEED(take(m, (size_t)n, &p));
    *out = (cx_view){(const char *)p, (size_t)n};
    return CX_OK;
}

CX_HANDLER read_string(machine *m, cx_view *out) {
    CX_NEED(read_bytes(m, out));
    return cx_text_check((const uint8_t *)out->p, out->n);
}

/* A small number below a bound: enums and unions. */
CX_HANDLER read_choice(machine *m, uint32_t bound, cx_rc wrong, uint32_t *out) {
    if (CX_LIKELY(m->p < m->end && *m->p < 0x80)) {
        uint32_t n = *m->p;
        if (CX_UNLIKELY((n & 1) != 0 || n >> 1 >= bound))
            return wrong;
        m->p++;
        *out = n >> 1;
        return CX_OK;
    }
    int64_t n;
    CX_NEED(read_long(m, &n));
    *out = (uint32_t)n;
    return n < 0 || n >= bound ? wrong : CX_OK;
}

CX_HANDLER read_boolean(machine *m, bool *out) {
    const uint8_t *p;
    CX_NEED(take(m, 1, &p));
    *out = *p == 1;
    return *p > 1 ? CX_BAD_BOOLEAN : CX_OK;
}

/* --- values --- */

CX_HANDLER do_boolean(machine *m, const cx_op *o) {
    return read_boolean(m, (bool *)(m->dst + o->offset));
}

CX_HANDLER do_int(machine *m, const cx_op *o) {
    return read_int(m, (int32_t *)(void *)(m->dst + o->offset));
}

CX_HANDLER do_long(machine *m, const cx_op *o) {
    return read_long(m, (int64_t *)(void *)(m->dst + o->offset));
}

CX_HANDLER do_string(machine *m, const cx_op *o) {
    return read_string(m, (cx_view *)(void *)(m->dst + o->offset));
}

CX_HANDLER do_bytes(machine *m, const cx_op *o) {
    return read_bytes(m, (cx_view *)(void *)(m->dst + o->offset));
}

CX_HANDLER do_fixed(machine *m, const cx_op *o) {
    const uint8_t *p;
    CX_NEED(take(m, o->b, &p));
    memcpy(m->dst + o->offset, p, o->b);
    return CX_OK;
}

CX_HANDLER do_fixed_ref(machine *m, const cx_op *o) {
    return take(m, o->b, (const uint8_t **)(void *)(m->dst + o->offset));
}

CX_HANDLER do_enum(machine *m, const cx_op *o) {
    return read_choice(m, o->b, CX_BAD_ENUM, (uint32_t *)(void *)(m->dst + o->offset));
}

CX_HANDLER do_enum_map(machine *m, const cx_op *o) {
    uint32_t n;
    CX_NEED(read_choice(m, o->b, CX_BAD_ENUM, &n));
    uint32_t symbol = m->plan->tables[o->c + n];
    *(uint32_t *)(void *)(m->dst + o->offset) = symbol;
    return symbol == CX_PLAN_NO_SYMBOL ? CX_NO_VALUE : CX_OK;
}

/* --- promotions --- */

#define CX_PROMOTION(name, read, from, to)                                                                   \
    CX_HANDLER name(machine *m, const cx_op *o) {                                                            \
        from n;                                                                                              \
        CX_NEED(read(m, &n));                                                                                \
        *(to *)(void *)(m->dst + o->offset) = (to)n;                                                         \
        return CX_OK;                                                                                        \
    }

CX_HANDLER read_float(machine *m, float *out) {
    const uint8_t *p;
    CX_NEED(take(m, sizeof *out, &p));
    memcpy(out, p, sizeof *out);
    return CX_OK;
}

CX_PROMOTION(do_int_to_long, read_int, int32_t, int64_t)
CX_PROMOTION(do_int_to_float, read_int, int32_t, float)
CX_PROMOTION(do_int_to_double, read_int, int32_t, double)
CX_PROMOTION(do_long_to_float, read_long, int64_t, float)
CX_PROMOTION(do_long_to_double, read_long, int64_t, double)
CX_PROMOTION(do_float_to_double, read_float, float, double)

/* --- what is passed over --- */

CX_HANDLER do_skip_boolean(machine *m, const cx_op *o) {
    bool b;
    (void)o;
    return read_boolean(m, &b);
}

CX_HANDLER do_skip_int(machine *m, const cx_op *o) {
    int32_t n;
    (void)o;
    return read_int(m, &n);
}

CX_HANDLER do_skip_long(machine *m, const cx_op *o) {
    int64_t n;
    (void)o;
    return read_long(m, &n);
}

CX_HANDLER do_skip_string(machine *m, const cx_op *o) {
    cx_view v;
    (void)o;
    return read_string(m, &v);
}

CX_HANDLER do_skip_bytes(machine *m, const cx_op *o) {
    cx_view v;
    (void)o;
    return read_bytes(m, &v);
}

CX_HANDLER do_skip_fixed(machine *m, const cx_op *o) {
    const uint8_t *p;
    return take(m, o->b, &p);
}

CX_HANDLER do_skip_enum(machine *m, const cx_op *o) {
    uint32_t n;
    return read_choice(m, o->b, CX_BAD_ENUM, &n);
}

#endif
