/* Which of the writer's types can be which of the reader's (Avro specification, "Schema Resolution": "to
 * match"). */
#include "common/wire/plan.h"

/* How well two types fit; a larger number is preferred in a union. */
typedef enum fit { FIT_NONE, FIT_PROMOTED, FIT_SAME, FIT_SAME_NAME } fit;

static const char *short_name(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot == NULL ? name : dot + 1;
}

/* Named types fit by full name, else by the part behind the last dot, of the reader's name or one of its
 * aliases. */
static fit fit_names(const cx_type *writer, const cx_type *reader) {
    if (strcmp(writer->name, reader->name) == 0)
        return FIT_SAME_NAME;
    if (strcmp(short_name(writer->name), short_name(reader->name)) == 0)
        return FIT_SAME;
    for (const char *const *alias = reader->aliases; alias != NULL && *alias != NULL; alias++)
        if (strcmp(short_name(writer->name), short_name(*alias)) == 0)
            return FIT_SAME;
    return FIT_NONE;
}

static bool promotes(cx_avro_kind from, cx_avro_kind to) {
    bool number = from == CX_AVRO_INT || from == CX_AVRO_LONG || from == CX_AVRO_FLOAT;
    if (number)
        return to > from && to <= CX_AVRO_DOUBLE; /* the kinds stand in this order: int long float double */
    return (from == CX_AVRO_STRING && to == CX_AVRO_BYTES) || (from == CX_AVRO_BYTES && to == CX_AVRO_STRING);
}

/* Neither is a union of the other's field: whether a writer's value can be the reader's at all. */
static fit fits(const cx_type *writer, const cx_type *reader) {
    if (writer->kind != reader->kind)
        return promotes(writer->kind, reader->kind) ? FIT_PROMOTED : FIT_NONE;
    if (writer->kind == CX_AVRO_RECORD || writer->kind == CX_AVRO_ENUM)
        return fit_names(writer, reader);
    if (writer->kind == CX_AVRO_FIXED)
        return writer->size == reader->size ? fit_names(writer, reader) : FIT_NONE;
    if (writer->kind == CX_AVRO_ARRAY && writer->item->kind != CX_AVRO_UNION)
        return fits(writer->item, reader->item);
    return FIT_SAME;
}

const cx_type *cx_plan_best_branch(const cx_type *writer, const cx_type *reader, uint32_t *at) {
    fit best = FIT_NONE;
    for (uint32_t i = 0; i < reader->branches_n; i++) {
        fit one = fits(writer, reader->branches[i]);
        if (one > best) {
            best = one;
            *at = i;
        }
    }
    return best == FIT_NONE ? NULL : reader->branches[*at];
}

bool cx_plan_fits(const cx_type *writer, const cx_type *reader) {
    uint32_t at;
    if (reader->kind == CX_AVRO_UNION)
        return cx_plan_best_branch(writer, reader, &at) != NULL;
    return fits(writer, reader) != FIT_NONE;
}
