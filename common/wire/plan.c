#include "common/wire/plan.h"

#include <stdlib.h>

#include "common/wire/schema.h"
#include "common/wire/visit.h"

enum { NODES_ARENA = 0 /* no limit: bounded by the schema's size */ };

static cx_rc read_writer(cx_plan *plan, cx_view json, cx_err *err) {
    plan->writer = plan->reader;
    if (json.p != NULL)
        CX_TRY(cx_schema_parse(json, plan->arena, &plan->writer, err));
    cx_view canonical = cx_schema_canonical(plan->writer, plan->arena);
    if (canonical.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    plan->fingerprint = cx_schema_crc64(canonical);
    return CX_OK;
}

static cx_rc compile(cx_plan *plan, uint32_t head, cx_err *err) {
    cx_builder b = {.plan = plan, .err = err, .rc = CX_OK, .head = head};
    uint32_t root = cx_plan_enter(&b, ""); /* node 0: the message as a whole */
    b.node = root;
    if (plan->reader->kind != CX_AVRO_RECORD || plan->writer->kind != CX_AVRO_RECORD)
        cx_plan_refuse(&b, CX_SCHEMA_INCOMPATIBLE, "a message is a record");
    if (b.rc == CX_OK)
        cx_plan_resolve(&b, plan->writer, plan->reader);
    (void)cx_plan_emit(&b, (cx_op){.code = CX_OP_END});
    return b.rc;
}

cx_rc cx_plan_compile_head(cx_view writer_json, const cx_type *reader, uint32_t head, cx_plan **out,
                           cx_err *err) {
    cx_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL || (plan->arena = cx_arena_new(NODES_ARENA)) == NULL) {
        free(plan);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    plan->reader = reader;
    plan->limits = cx_limits_default;
    cx_rc rc = read_writer(plan, writer_json, err);
    if (rc == CX_OK)
        rc = compile(plan, head, err);
    if (rc != CX_OK)
        cx_plan_destroy(&plan);
    *out = plan;
    return rc;
}

cx_rc cx_plan_compile(cx_view writer_json, const cx_type *reader, cx_plan **out, cx_err *err) {
    return cx_plan_compile_head(writer_json, reader, UINT32_MAX, out, err);
}

void cx_plan_destroy(cx_plan **plan) {
    cx_plan *p = *plan;
    if (p == NULL)
        return;
    free(p->ops);
    free(p->op_nodes);
    free(p->nodes);
    free(p->tables);
    free(p->feeds);
    cx_arena_destroy(&p->arena);
    free(p);
    *plan = NULL;
}

void cx_plan_limit(cx_plan *plan, cx_limits limits) {
    plan->limits = (cx_limits){.message = limits.message != 0 ? limits.message : cx_limits_default.message,
                               .string = limits.string != 0 ? limits.string : cx_limits_default.string,
                               .items = limits.items != 0 ? limits.items : cx_limits_default.items,
                               .memory = limits.memory != 0 ? limits.memory : cx_limits_default.memory};
}

uint64_t cx_plan_fingerprint(const cx_plan *plan) {
    return plan->fingerprint;
}

static bool lacks_symbol(const cx_plan *plan, const cx_op *o) {
    for (uint32_t i = 0; i < o->b; i++)
        if (plan->tables[o->c + i] == CX_PLAN_NO_SYMBOL)
            return true;
    return false;
}

bool cx_plan_is_total(const cx_plan *plan, cx_err *err) {
    for (uint32_t i = 0; i < plan->ops_n; i++) {
        const cx_op *o = &plan->ops[i];
        if (o->code != CX_OP_FAIL && (o->code != CX_OP_ENUM_MAP || !lacks_symbol(plan, o)))
            continue;
        char path[CX_PATH];
        (void)cx_plan_path(plan, plan->op_nodes[i], path, sizeof path);
        (void)cx_fail(err, CX_NO_VALUE, "%s: %s", path, cx_rc_text(CX_NO_VALUE));
        return false;
    }
    return true;
}
