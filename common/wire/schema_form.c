/* Names, Parsing Canonical Form and its fingerprint (Avro specification, "Names", "Parsing Canonical Form").
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/wire/schema_parts.h"

/* [A-Za-z_][A-Za-z0-9_]*, and dots between such where allowed. */
bool cx_schema_is_name(const char *name, bool dots) {
    bool begins = true;
    for (; *name != '\0'; name++) {
        bool letter = (*name >= 'A' && *name <= 'Z') || (*name >= 'a' && *name <= 'z') || *name == '_';
        bool digit = *name >= '0' && *name <= '9';
        bool dot = *name == '.' && dots && !begins;
        if (!letter && !dot && (begins || !digit))
            return false;
        begins = dot;
    }
    return !begins;
}

/* The form in the making, and the named types that it holds already. */
typedef struct form {
    cx_buffer text;
    const char **seen;
    size_t seen_n;
    bool good;
} form;

static void add(form *f, const char *text) {
    f->good = f->good && cx_buffer_append(&f->text, text, strlen(text)) == CX_OK;
}

static void add_name(form *f, const char *before, const char *name, const char *after) {
    add(f, before);
    add(f, "\"");
    add(f, name); /* names hold letters, digits, _ and . only: nothing to escape */
    add(f, "\"");
    add(f, after);
}

/* Whether the type was written before; remembers it where not. */
static bool seen(form *f, const char *name) {
    for (size_t i = 0; i < f->seen_n; i++)
        if (strcmp(f->seen[i], name) == 0)
            return true;
    const char **more = realloc(f->seen, (f->seen_n + 1) * sizeof *more);
    f->good = f->good && more != NULL;
    if (more != NULL) {
        f->seen = more;
        f->seen[f->seen_n++] = name;
    }
    return false;
}

static void write_form(form *f, const cx_type *type);

static void write_named(form *f, const cx_type *type) {
    static const char *const kinds[] = {
        [CX_AVRO_RECORD] = "record", [CX_AVRO_ENUM] = "enum", [CX_AVRO_FIXED] = "fixed"};
    if (seen(f, type->name)) {
        add_name(f, "", type->name, "");
        return;
    }
    add_name(f, "{\"name\":", type->name, "");
    add_name(f, ",\"type\":", kinds[type->kind], "");
    if (type->kind == CX_AVRO_RECORD) {
        add(f, ",\"fields\":[");
        for (uint32_t i = 0; i < type->fields_n; i++) {
            add_name(f, i > 0 ? ",{\"name\":" : "{\"name\":", type->fields[i].name, ",\"type\":");
            write_form(f, type->fields[i].type);
            add(f, "}");
        }
        add(f, "]}");
    } else if (type->kind == CX_AVRO_ENUM) {
        add(f, ",\"symbols\":[");
        for (uint32_t i = 0; i < type->symbols_n; i++)
            add_name(f, i > 0 ? "," : "", type->symbols[i], "");
        add(f, "]}");
    } else {
        char size[32];
        (void)snprintf(size, sizeof size, ",\"size\":%u}", type->size);
        add(f, size);
    }
}

static void write_form(form *f, const cx_type *type) {
    switch (type->kind) {
    case CX_AVRO_RECORD:
    case CX_AVRO_ENUM:
    case CX_AVRO_FIXED:
        write_named(f, type);
        break;
    case CX_AVRO_UNION:
        add(f, "[");
        for (uint32_t i = 0; i < type->branches_n; i++) {
            add(f, i > 0 ? "," : "");
            write_form(f, type->branches[i]);
        }
        add(f, "]");
        break;
    case CX_AVRO_ARRAY:
    case CX_AVRO_MAP:
        add(f,
            type->kind == CX_AVRO_ARRAY ? "{\"type\":\"array\",\"items\":" : "{\"type\":\"map\",\"values\":");
        write_form(f, type->item);
        add(f, "}");
        break;
    case CX_AVRO_NULL:
    case CX_AVRO_BOOLEAN:
    case CX_AVRO_INT:
    case CX_AVRO_LONG:
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
    case CX_AVRO_BYTES:
    case CX_AVRO_STRING:
        add_name(f, "", type->name, "");
        break;
    }
}

cx_view cx_schema_canonical(const cx_type *type, cx_arena *arena) {
    form f = {.good = true};
    write_form(&f, type);
    cx_view copy = f.good ? cx_arena_copy(arena, cx_buffer_view(&f.text, 0)) : (cx_view){NULL, 0};
    cx_buffer_free(&f.text);
    free(f.seen);
    return copy;
}

uint64_t cx_schema_crc64(cx_view bytes) {
    const uint64_t empty = UINT64_C(0xC15D213AA4D7A795);
    uint64_t crc = empty;
    for (size_t i = 0; i < bytes.n; i++) {
        crc ^= (uint8_t)bytes.p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (empty & (0 - (crc & 1)));
    }
    return crc;
}
