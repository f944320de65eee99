#include "common/wire/decode.h"

#include "common/wire/decode_flow.h"

const cx_limits cx_limits_default = {
    .message = 16u << 20, .string = 8u << 20, .items = 1u << 20, .memory = 64u << 20};

/* Runs the plan to its end, or to the first operation that fails; m->pc is behind it then. Each operation
 * jumps to the next by itself, so that the processor learns what follows what. The registers are a copy of
 * the machine whose address nobody takes, so that the compiler keeps them in the processor's. */
static cx_rc run(machine *memory) {
#define CX_X(code, handler) [CX_OP_##code] = &&code_##code,
    /* cppcheck-suppress assignBoolToPointer ; addresses of labels, a GNU extension */
    static const void *const labels[] = {CX_PLAN_OPS(CX_X)[CX_OP_END] = &&code_end};
#undef CX_X
    machine registers = *memory, *const m = &registers;
    const cx_op *o = m->pc++;
    cx_rc rc = CX_OK;
    goto *labels[o->code];
#define CX_GO_ON                                                                                             \
    if (CX_UNLIKELY(rc != CX_OK))                                                                            \
        goto code_end;                                                                                       \
    o = m->pc++;                                                                                             \
    goto *labels[o->code];
#define CX_X(code, handler)                                                                                  \
    code_##code : rc = handler(m, o);                                                                        \
    CX_GO_ON
    CX_PLAN_SHORT_OPS(CX_X)
#undef CX_X
#define CX_X(code, handler)                                                                                  \
    code_##code : *memory = registers;                                                                       \
    rc = handler(memory, o);                                                                                 \
    registers = *memory;                                                                                     \
    CX_GO_ON
    CX_PLAN_LONG_OPS(CX_X)
#undef CX_X
code_end:
    *memory = registers;
    return rc;
}

static cx_rc describe(const machine *m, cx_rc rc, const uint8_t *start, cx_err *err) {
    if (err == NULL)
        return rc;
    char path[CX_PATH];
    size_t n = cx_plan_path(m->plan, m->plan->op_nodes[m->pc - 1 - m->plan->ops], path, sizeof path);
    return cx_fail(err, rc, "%.*s: %s (byte %zu)", (int)n, path, cx_rc_text(rc), (size_t)(m->p - start));
}

cx_rc cx_plan_decode_first(const cx_plan *plan, cx_view *data, cx_arena *arena, void *out, cx_err *err) {
    frame frames[CX_PLAN_DEPTH + 1];
    const uint8_t *start = (const uint8_t *)(data->p != NULL ? data->p : "");
    store s = {frames, arena, plan->limits.items, plan->limits.memory};
    machine m = {start, start + data->n, out, plan->ops, plan, &s};
    memset(out, 0, plan->reader->size);
    cx_rc rc = run(&m);
    if (CX_UNLIKELY(rc != CX_OK))
        return describe(&m, rc, start, err);
    *data = (cx_view){(const char *)m.p, (size_t)(m.end - m.p)};
    return CX_OK;
}

cx_rc cx_plan_decode(const cx_plan *plan, cx_view datum, cx_arena *arena, void *out, cx_err *err) {
    cx_view rest = datum;
    if (datum.n > plan->limits.message)
        return cx_fail(err, CX_OVERSIZED, ": %s", cx_rc_text(CX_OVERSIZED));
    CX_TRY(cx_plan_decode_first(plan, &rest, arena, out, err));
    if (CX_LIKELY(rest.n == 0))
        return CX_OK;
    return cx_fail(err, CX_TRAILING_BYTES, ": %s (byte %zu)", cx_rc_text(CX_TRAILING_BYTES),
                   datum.n - rest.n);
}

cx_view cx_err_field(const cx_err *err) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.[]";
    size_t n = strspn(err->text, letters);
    return (cx_view){err->text, strncmp(err->text + n, ": ", 2) == 0 ? n : 0};
}
