/* Passing over what the reader does not want: every byte is validated all the same. */
#include "common/wire/plan.h"

enum { DEEPEST = 64, MOST_STEPS = 1 << 20 };

static void emit(cx_builder *b, cx_op_code code, uint32_t n) {
    (void)cx_plan_emit(b, (cx_op){.code = (uint16_t)code, .b = n});
}

static void skip_union(cx_builder *b, const cx_type *type) {
    uint32_t table = cx_plan_table(b, type->branches_n, 0);
    (void)cx_plan_emit(b, (cx_op){.code = CX_OP_SWITCH, .b = type->branches_n, .c = table});
    uint32_t last = 0; /* jumps to the end are a chain, through c, until the end is known */
    for (uint32_t i = 0; i < type->branches_n && b->rc == CX_OK; i++) {
        b->plan->tables[table + i] = cx_plan_here(b);
        cx_plan_skip(b, type->branches[i]);
        last = cx_plan_emit(b, (cx_op){.code = CX_OP_JUMP, .c = last});
    }
    while (b->rc == CX_OK && last != 0) {
        uint32_t before = b->plan->ops[last].c;
        cx_plan_land(b, last);
        last = before;
    }
}

static void skip_items(cx_builder *b, const cx_type *type) {
    uint32_t before = cx_plan_enter(b, "[]");
    uint16_t least = cx_plan_least(b, type->item);
    bool map = type->kind == CX_AVRO_MAP;
    cx_plan_frame(b, 1);
    uint32_t loop = cx_plan_emit(b, (cx_op){.code = CX_OP_LOOP, .a = map && least < 1 ? 1 : least});
    if (map)
        emit(b, CX_OP_SKIP_STRING, 0);
    cx_plan_skip(b, type->item);
    (void)cx_plan_emit(b, (cx_op){.code = CX_OP_AGAIN, .c = loop + 1});
    cx_plan_land(b, loop);
    cx_plan_frame(b, -1);
    b->node = before;
}

static void skip_value(cx_builder *b, const cx_type *type) {
    switch (type->kind) {
    case CX_AVRO_NULL:
        break;
    case CX_AVRO_BOOLEAN:
        emit(b, CX_OP_SKIP_BOOLEAN, 0);
        break;
    case CX_AVRO_INT:
        emit(b, CX_OP_SKIP_INT, 0);
        break;
    case CX_AVRO_LONG:
        emit(b, CX_OP_SKIP_LONG, 0);
        break;
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_FIXED:
        emit(b, CX_OP_SKIP_FIXED, type->size);
        break;
    case CX_AVRO_BYTES:
        emit(b, CX_OP_SKIP_BYTES, 0);
        break;
    case CX_AVRO_STRING:
        emit(b, CX_OP_SKIP_STRING, 0);
        break;
    case CX_AVRO_ENUM:
        emit(b, CX_OP_SKIP_ENUM, type->symbols_n);
        break;
    case CX_AVRO_ARRAY:
    case CX_AVRO_MAP:
        skip_items(b, type);
        break;
    case CX_AVRO_RECORD:
        for (uint32_t i = 0; i < type->fields_n && b->rc == CX_OK; i++) {
            uint32_t before = cx_plan_enter(b, type->fields[i].name);
            cx_plan_skip(b, type->fields[i].type);
            b->node = before;
        }
        break;
    case CX_AVRO_UNION:
        skip_union(b, type);
        break;
    }
}

void cx_plan_skip(cx_builder *b, const cx_type *type) {
    if (++b->depth > DEEPEST)
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the schema nests deeper than allowed");
    if (b->rc == CX_OK)
        skip_value(b, type);
    b->depth--;
}

static uint32_t least(cx_builder *b, const cx_type *type, int depth);

static uint32_t least_of_record(cx_builder *b, const cx_type *type, int depth) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < type->fields_n && sum < UINT16_MAX; i++)
        sum += least(b, type->fields[i].type, depth);
    return sum;
}

static uint32_t least_of_union(cx_builder *b, const cx_type *type, int depth) {
    uint32_t best = UINT16_MAX;
    for (uint32_t i = 0; i < type->branches_n; i++) {
        uint32_t one = least(b, type->branches[i], depth);
        best = one < best ? one : best;
    }
    return 1 + best;
}

/* 0 is always right; it is the answer where counting would take too long. */
static uint32_t least(cx_builder *b, const cx_type *type, int depth) {
    if (depth > DEEPEST || ++b->steps > MOST_STEPS)
        return 0;
    switch (type->kind) {
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_FIXED:
        return type->size < UINT16_MAX ? type->size : UINT16_MAX;
    case CX_AVRO_RECORD:
        return least_of_record(b, type, depth + 1);
    case CX_AVRO_UNION:
        return least_of_union(b, type, depth + 1);
    case CX_AVRO_NULL:
        return 0;
    case CX_AVRO_BOOLEAN:
    case CX_AVRO_INT:
    case CX_AVRO_LONG:
    case CX_AVRO_BYTES:
    case CX_AVRO_STRING:
    case CX_AVRO_ENUM:
    case CX_AVRO_ARRAY:
    case CX_AVRO_MAP:
        break;
    }
    return 1;
}

uint16_t cx_plan_least(cx_builder *b, const cx_type *type) {
    uint32_t n = least(b, type, 0);
    return n < UINT16_MAX ? (uint16_t)n : UINT16_MAX;
}
