/* Deep copies: first the struct's own bytes, then everything that it points to. */
#include "common/wire/visit.h"

static bool own(const cx_type *type, void *value, cx_arena *arena);

/* n bytes of the arena with the same content; zero bytes get an address too, since NULL would mean null. */
static void *copied(const void *from, size_t n, cx_arena *arena) {
    void *p = cx_arena_alloc(arena, n);
    if (p != NULL && n > 0)
        (void)memcpy(p, from, n);
    return p;
}

static bool own_view(cx_view *view, cx_arena *arena) {
    if (view->p == NULL)
        return true;
    *view = cx_arena_copy(arena, *view);
    return view->p != NULL;
}

static bool own_array(const cx_type *item, cx_items *array, cx_arena *arena) {
    if (array->n == 0) {
        array->items = NULL;
        return true;
    }
    char *items = copied(array->items, array->n * item->size, arena);
    array->items = items;
    for (size_t i = 0; items != NULL && i < array->n; i++)
        if (!own(item, items + i * item->size, arena))
            return false;
    return items != NULL;
}

static bool own_field(const cx_field *field, char *record, cx_arena *arena) {
    cx_slot slot = cx_field_slot(field, record);
    if (slot.value == NULL)
        return true;
    bool by_pointer = field->form == CX_FORM_POINTER ||
                      (field->form == CX_FORM_TAG &&
                       (slot.type->kind == CX_AVRO_RECORD || slot.type->kind == CX_AVRO_FIXED));
    if (!by_pointer)
        return own(slot.type, record + field->offset, arena);
    void *copy = copied(slot.value, slot.type->size, arena);
    memcpy(record + field->offset, &copy, sizeof copy);
    return copy != NULL && own(slot.type, copy, arena);
}

/* Replaces what the value points to by copies. */
static bool own(const cx_type *type, void *value, cx_arena *arena) {
    if (type->kind == CX_AVRO_STRING || type->kind == CX_AVRO_BYTES)
        return own_view(value, arena);
    if (type->kind == CX_AVRO_ARRAY)
        return own_array(type->item, value, arena);
    if (type->kind == CX_AVRO_RECORD)
        for (uint32_t i = 0; i < type->fields_n; i++)
            if (!own_field(&type->fields[i], value, arena))
                return false;
    return true;
}

void *cx_struct_copy(const cx_type *type, const void *value, cx_arena *arena) {
    void *copy = copied(value, type->size, arena);
    return copy != NULL && own(type, copy, arena) ? copy : NULL;
}
