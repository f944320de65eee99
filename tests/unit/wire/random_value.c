#include "tests/unit/wire/random_value.h"

#include <string.h>

#include "common/wire/visit.h"

uint64_t rng_next(rng *r) {
    r->state += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
    uint64_t z = r->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

uint32_t rng_below(rng *r, uint32_t n) {
    return (uint32_t)(rng_next(r) % n);
}

/* Every length of a number is as likely. */
static int64_t random_long(rng *r, unsigned bits) {
    uint64_t n = rng_next(r) >> (64 - 1 - rng_below(r, bits - 1));
    uint32_t pick = rng_below(r, 40);
    int64_t limit = bits == 32 ? INT32_MAX : INT64_MAX;
    if (pick == 0)
        return limit;
    if (pick == 1)
        return -limit - 1;
    return rng_below(r, 2) == 0 ? (int64_t)n : -(int64_t)n;
}

static cx_view random_text(rng *r, cx_arena *arena) {
    static const char *const pieces[] = {"a", "Z",  "0",  "_",        "-",
                                         "é", "信", "诚", "〔2026〕", "\xF0\x9F\x80\x80"};
    size_t characters = rng_below(r, 8) == 0 ? rng_below(r, 40) : rng_below(r, 9), n = 0;
    char *text = cx_arena_alloc(arena, characters * 12 + 1);
    for (size_t i = 0; i < characters; i++) {
        const char *piece = pieces[rng_below(r, rng_below(r, 3) == 0 ? 10 : 5)];
        memcpy(text + n, piece, strlen(piece));
        n += strlen(piece);
    }
    return (cx_view){text, n};
}

static void random_bytes(rng *r, void *out, size_t n) {
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)out)[i] = (uint8_t)rng_next(r);
}

static void random_any(rng *r, const cx_type *type, cx_arena *arena, void *out);

static void random_array(rng *r, const cx_type *item, cx_arena *arena, cx_items *out) {
    uint32_t n = rng_below(r, 6) == 0 ? rng_below(r, 5) : rng_below(r, 2); /* 3 in 4 on average */
    char *items = cx_arena_calloc(arena, n, item->size);
    for (uint32_t i = 0; i < n; i++)
        random_any(r, item, arena, items + i * item->size);
    *out = (cx_items){n > 0 ? items : NULL, n};
}

static void random_behind_pointer(rng *r, const cx_type *type, cx_arena *arena, void *at) {
    void *p = cx_arena_calloc(arena, 1, type->size);
    random_any(r, type, arena, p);
    memcpy(at, &p, sizeof p);
}

static void random_field(rng *r, const cx_field *f, cx_arena *arena, char *record) {
    const cx_type *type = f->type;
    uint32_t branch = 0;
    if (f->form != CX_FORM_PLAIN) {
        branch = rng_below(r, type->branches_n);
        type = type->branches[branch];
    }
    if (f->form == CX_FORM_TAG)
        memcpy(record + f->tag, &branch, sizeof branch);
    if (f->form == CX_FORM_FLAG)
        *(bool *)(record + f->tag) = type->kind != CX_AVRO_NULL;
    if (type->kind == CX_AVRO_NULL)
        return;
    bool pointer = type->kind == CX_AVRO_RECORD || type->kind == CX_AVRO_FIXED;
    if (f->form != CX_FORM_PLAIN && pointer)
        random_behind_pointer(r, type, arena, record + f->offset);
    else
        random_any(r, type, arena, record + f->offset);
}

static void random_any(rng *r, const cx_type *type, cx_arena *arena, void *out) {
    switch (type->kind) {
    case CX_AVRO_BOOLEAN:
        *(bool *)out = rng_below(r, 2) == 1;
        break;
    case CX_AVRO_INT:
        *(int32_t *)out = (int32_t)random_long(r, 32);
        break;
    case CX_AVRO_LONG:
        *(int64_t *)out = random_long(r, 64);
        break;
    case CX_AVRO_FLOAT:
        *(float *)out = (float)random_long(r, 32) / 16;
        break;
    case CX_AVRO_DOUBLE:
        *(double *)out = (double)random_long(r, 64) / 1024;
        break;
    case CX_AVRO_STRING:
        *(cx_view *)out = random_text(r, arena);
        break;
    case CX_AVRO_BYTES: {
        size_t n = rng_below(r, 40);
        char *bytes = cx_arena_alloc(arena, n);
        random_bytes(r, bytes, n);
        *(cx_view *)out = (cx_view){bytes, n};
        break;
    }
    case CX_AVRO_FIXED:
        random_bytes(r, out, type->size);
        break;
    case CX_AVRO_ENUM:
        *(uint32_t *)out = rng_below(r, type->symbols_n);
        break;
    case CX_AVRO_ARRAY:
        random_array(r, type->item, arena, out);
        break;
    case CX_AVRO_RECORD:
        for (uint32_t i = 0; i < type->fields_n; i++)
            random_field(r, &type->fields[i], arena, out);
        break;
    case CX_AVRO_NULL:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
}

void random_value(rng *r, const cx_type *type, cx_arena *arena, void *out) {
    random_any(r, type, arena, out);
}

static bool change_field(rng *r, const cx_field *f, char *record) {
    cx_slot slot = cx_field_slot(f, record);
    if (slot.value != NULL)
        return random_change(r, slot.type, (void *)(uintptr_t)slot.value);
    if (f->form != CX_FORM_FLAG)
        return false;
    *(bool *)(record + f->tag) = true; /* a null becomes a zero */
    return true;
}

static bool change_view(cx_view *v) {
    if (v->n == 0)
        *v = CX_VIEW("x");
    else
        v->n--;
    return true;
}

bool random_change(rng *r, const cx_type *type, void *value) {
    cx_items *array = value;
    uint32_t *number = value;
    switch (type->kind) {
    case CX_AVRO_STRING:
    case CX_AVRO_BYTES:
        return change_view(value);
    case CX_AVRO_ENUM:
        *number = (*number + 1) % type->symbols_n;
        return type->symbols_n > 1;
    case CX_AVRO_ARRAY:
        if (array->n == 0 || rng_below(r, 2) == 0) {
            array->n -= array->n == 0 ? 0 : 1;
            return array->items != NULL;
        }
        return random_change(r, type->item,
                             (char *)(uintptr_t)array->items +
                                 rng_below(r, (uint32_t)array->n) * type->item->size);
    case CX_AVRO_RECORD:
        return type->fields_n > 0 && change_field(r, &type->fields[rng_below(r, type->fields_n)], value);
    case CX_AVRO_BOOLEAN:
        *(bool *)value = !*(bool *)value;
        return true;
    case CX_AVRO_INT:
    case CX_AVRO_LONG:
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_FIXED:
        ((uint8_t *)value)[rng_below(r, type->size)] ^= (uint8_t)(1u << rng_below(r, 8));
        return true;
    case CX_AVRO_NULL:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
    return false;
}

static size_t damage_once(rng *r, uint8_t *bytes, size_t n) {
    size_t at = n == 0 ? 0 : rng_below(r, (uint32_t)n), length = 1 + rng_below(r, 4);
    if (length > n - at)
        length = n - at;
    switch (n == 0 ? 5 : rng_below(r, 7)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << rng_below(r, 8));
        return n;
    case 1:
        bytes[at] = (uint8_t)rng_next(r);
        return n;
    case 2:
        memset(bytes + at, rng_below(r, 2) == 0 ? 0xFF : 0x00, length);
        return n;
    case 3: /* cut out */
        memmove(bytes + at, bytes + at + length, n - at - length);
        return n - length;
    case 4: /* doubled */
        memmove(bytes + at + length, bytes + at, n - at);
        return n + length;
    case 5: /* one more at the end */
        bytes[n] = (uint8_t)rng_next(r);
        return n + 1;
    default: /* cut off */
        return at;
    }
}

size_t random_damage(rng *r, uint8_t *bytes, size_t n) {
    for (uint32_t times = 1 + rng_below(r, rng_below(r, 2) == 0 ? 1 : 4); times > 0; times--)
        n = damage_once(r, bytes, n);
    return n;
}
