/* The handlers that change where a plan reads, writes or goes on: unions, pointers, arrays, defaults.
 * Internal to decode.c. */
#ifndef CX_WIRE_DECODE_FLOW_H
#define CX_WIRE_DECODE_FLOW_H

#include "common/wire/decode_ops.h"

/* --- unions --- */

CX_HANDLER do_nullable(machine *m, const cx_op *o) {
    uint32_t branch;
    CX_NEED(read_choice(m, 2, CX_BAD_UNION, &branch));
    if (branch == o->a)
        m->pc = m->plan->ops + o->c;
    return CX_OK;
}

CX_HANDLER do_switch(machine *m, const cx_op *o) {
    uint32_t branch;
    CX_NEED(read_choice(m, o->b, CX_BAD_UNION, &branch));
    m->pc = m->plan->ops + m->plan->tables[o->c + branch];
    return CX_OK;
}

CX_HANDLER do_set_flag(machine *m, const cx_op *o) {
    *(bool *)(m->dst + o->offset) = true;
    return CX_OK;
}

CX_HANDLER do_set_tag(machine *m, const cx_op *o) {
    *(uint32_t *)(void *)(m->dst + o->offset) = o->b;
    return CX_OK;
}

CX_HANDLER do_jump(machine *m, const cx_op *o) {
    m->pc = m->plan->ops + o->c;
    return CX_OK;
}

CX_HANDLER do_fail(machine *m, const cx_op *o) {
    (void)m;
    return (cx_rc)o->b;
}

/* --- structs behind pointers --- */

static inline cx_rc zeroed(machine *m, size_t count, size_t size, void **out) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > m->store->memory_left)
        return CX_OVERSIZED;
    m->store->memory_left -= bytes;
    *out = cx_arena_calloc(m->store->arena, count, size);
    return *out == NULL ? CX_OUT_OF_MEMORY : CX_OK;
}

static cx_rc do_new(machine *m, const cx_op *o) {
    void *p;
    CX_NEED(zeroed(m, 1, o->b, &p));
    *(void **)(void *)(m->dst + o->offset) = p;
    (++m->store->top)->dst = m->dst;
    m->dst = p;
    return CX_OK;
}

static cx_rc do_leave(machine *m, const cx_op *o) {
    (void)o;
    m->dst = (m->store->top--)->dst;
    return CX_OK;
}

/* --- defaults --- */

static cx_rc do_feed(machine *m, const cx_op *o) {
    cx_view bytes = m->plan->feeds[o->c];
    frame *f = ++m->store->top;
    f->p = m->p;
    f->end = m->end;
    m->p = (const uint8_t *)bytes.p;
    m->end = m->p + bytes.n;
    return CX_OK;
}

static cx_rc do_unfeed(machine *m, const cx_op *o) {
    (void)o;
    CX_ASSERT(m->p == m->end);
    m->p = m->store->top->p;
    m->end = (m->store->top--)->end;
    return CX_OK;
}

/* --- arrays and maps: blocks of items, a block of none ends them --- */

/* The head of the next block: how many items, 0 at the end. A negative count is followed by the block's size.
 */
static inline cx_rc read_block(machine *m, uint32_t least) {
    int64_t count, size;
    frame *f = m->store->top;
    f->end = NULL;
    CX_NEED(read_long(m, &count));
    if (CX_UNLIKELY(count < 0)) {
        CX_NEED(read_long(m, &size));
        if (count == INT64_MIN || size < 0)
            return CX_BAD_COUNT;
        if (size > m->end - m->p)
            return CX_TRUNCATED;
        count = -count;
        f->end = m->p + size;
    }
    if (CX_UNLIKELY((uint64_t)count > m->store->items_left))
        return CX_OVERSIZED;
    if (CX_UNLIKELY((uint64_t)count * least > (uint64_t)(m->end - m->p)))
        return CX_TRUNCATED;
    m->store->items_left -= (size_t)count;
    f->left = (uint64_t)count;
    return CX_OK;
}

/* Room for `more` items behind those that are there: what one block wants, else at least twice as much. */
static inline cx_rc make_room(machine *m, size_t more, size_t size) {
    frame *f = m->store->top;
    size_t n = f->array->n + more;
    if (n <= f->room)
        return CX_OK;
    size_t room = 2 * f->room > n ? 2 * f->room : n;
    void *items;
    CX_NEED(zeroed(m, room, size, &items));
    if (f->array->n > 0)
        memcpy(items, f->array->items, f->array->n * size);
    f->array->items = items;
    f->room = room;
    return CX_OK;
}

/* Begins a block, or closes the array and goes on at `behind`. */
static inline cx_rc next_block(machine *m, const cx_op *o, const cx_op *item, const cx_op *behind) {
    frame *f = m->store->top;
    CX_NEED(read_block(m, item[-1].a));
    if (f->left == 0) {
        m->dst = f->dst;
        m->store->top--;
        m->pc = behind;
        return CX_OK;
    }
    size_t first = f->array->n;
    CX_NEED(make_room(m, (size_t)f->left, o->b));
    f->array->n += (size_t)f->left;
    m->dst = (char *)(uintptr_t)f->array->items + first * o->b;
    m->pc = item;
    return CX_OK;
}

static cx_rc do_array(machine *m, const cx_op *o) {
    frame *f = ++m->store->top;
    f->dst = m->dst;
    f->array = (cx_items *)(void *)(m->dst + o->offset);
    f->room = 0;
    return next_block(m, o, o + 1, m->plan->ops + o->c);
}

/* A block whose size was told must end where its items do. */
static inline bool block_ends(const machine *m) {
    return m->store->top->end == NULL || m->store->top->end == m->p;
}

static cx_rc do_next(machine *m, const cx_op *o) {
    const cx_op *item = m->plan->ops + o->c;
    if (--m->store->top->left > 0) {
        m->dst += o->b;
        m->pc = item;
        return CX_OK;
    }
    return block_ends(m) ? next_block(m, o, item, m->pc) : CX_BAD_COUNT;
}

static inline cx_rc next_skipped(machine *m, const cx_op *item, const cx_op *behind) {
    CX_NEED(read_block(m, item[-1].a));
    bool done = m->store->top->left == 0;
    m->store->top -= done ? 1 : 0;
    m->pc = done ? behind : item;
    return CX_OK;
}

static cx_rc do_loop(machine *m, const cx_op *o) {
    m->store->top++;
    return next_skipped(m, o + 1, m->plan->ops + o->c);
}

static cx_rc do_again(machine *m, const cx_op *o) {
    const cx_op *item = m->plan->ops + o->c;
    if (--m->store->top->left > 0) {
        m->pc = item;
        return CX_OK;
    }
    return block_ends(m) ? next_skipped(m, item, m->pc) : CX_BAD_COUNT;
}

#endif
