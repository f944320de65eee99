/* A struct as JSON, for people and for the command line's --json. */
#include "common/wire/visit.h"

#include <math.h>
#include <stdio.h>

#include "common/base/time.h"

typedef struct printer {
    cx_buffer *out;
    int indent; /* spaces a level; 0: one line */
    int level;
} printer;

static cx_rc print(printer *p, const cx_type *type, const void *value);

static cx_rc text(printer *p, const char *s) {
    return cx_buffer_append(p->out, s, strlen(s));
}

static cx_rc line(printer *p) {
    if (p->indent == 0)
        return CX_OK;
    size_t blanks = (size_t)p->indent * (size_t)p->level;
    CX_TRY(text(p, "\n"));
    CX_TRY(cx_buffer_reserve(p->out, blanks));
    (void)memset(p->out->p + p->out->n, ' ', blanks);
    p->out->n += blanks;
    return CX_OK;
}

static bool is_plain(unsigned char c) {
    return c != '"' && c != '\\' && c >= 0x20 && c != 0x7F;
}

/* What needs no escape goes out in one piece. */
static cx_rc quoted(printer *p, cx_view v) {
    CX_TRY(text(p, "\""));
    for (size_t i = 0; i < v.n;) {
        size_t from = i;
        while (i < v.n && is_plain((unsigned char)v.p[i]))
            i++;
        if (i > from)
            CX_TRY(cx_buffer_append(p->out, v.p + from, i - from));
        if (i == v.n)
            break;
        unsigned char c = (unsigned char)v.p[i++];
        char escape[8];
        (void)snprintf(escape, sizeof escape, c == '"' || c == '\\' ? "\\%c" : "\\u%04x", c);
        CX_TRY(text(p, escape));
    }
    return text(p, "\"");
}

static cx_rc hexadecimal(printer *p, const void *bytes, size_t n) {
    static const char digits[] = "0123456789abcdef";
    CX_TRY(cx_buffer_reserve(p->out, 2 * n + 2));
    uint8_t *out = p->out->p + p->out->n;
    *out++ = '"';
    for (size_t i = 0; i < n; i++) {
        uint8_t b = ((const uint8_t *)bytes)[i];
        *out++ = (uint8_t)digits[b >> 4];
        *out++ = (uint8_t)digits[b & 0xF];
    }
    *out = '"';
    p->out->n += 2 * n + 2;
    return CX_OK;
}

static cx_rc number(printer *p, const cx_type *type, const void *value) {
    char out[64];
    if (type->kind == CX_AVRO_LONG)
        (void)cx_int64_print(*(const int64_t *)value, out);
    else if (type->kind == CX_AVRO_INT)
        (void)cx_int64_print(*(const int32_t *)value, out);
    else {
        double d = type->kind == CX_AVRO_FLOAT ? (double)*(const float *)value : *(const double *)value;
        if (!isfinite(d))
            return text(p, isnan(d) ? "\"NaN\"" : d > 0 ? "\"Infinity\"" : "\"-Infinity\"");
        (void)snprintf(out, sizeof out, type->kind == CX_AVRO_FLOAT ? "%.9g" : "%.17g", d);
    }
    return text(p, out);
}

/* Days and instants that the calendar has; others as numbers. */
static cx_rc temporal(printer *p, const cx_type *type, const void *value) {
    cx_time last = cx_time_of_date(cx_date_from_civil((cx_civil){9999, 12, 31}));
    cx_time first = cx_time_of_date(cx_date_from_civil((cx_civil){1, 1, 1}));
    bool date = type->logical == CX_LOGICAL_DATE;
    cx_time t = date ? *(const cx_date *)value * CX_DAY - CX_CHINA_OFFSET : *(const cx_time *)value;
    if (t < first || t > last)
        return number(p, type, value);
    char day[CX_DATE_TEXT], instant[CX_TIME_TEXT];
    const char *s = date ? cx_date_format(*(const cx_date *)value, day) : cx_time_format(t, instant);
    return quoted(p, cx_view_of(s));
}

static cx_rc array(printer *p, const cx_type *item, const cx_items *items) {
    CX_TRY(text(p, "["));
    p->level++;
    for (size_t i = 0; i < items->n; i++) {
        CX_TRY(text(p, i > 0 ? (p->indent == 0 ? ", " : ",") : ""));
        CX_TRY(line(p));
        CX_TRY(print(p, item, (const char *)items->items + i * item->size));
    }
    p->level--;
    if (items->n > 0)
        CX_TRY(line(p));
    return text(p, "]");
}

/* A record of a union stands under its name. */
static cx_rc field(printer *p, const cx_field *f, const void *record) {
    cx_slot slot = cx_field_slot(f, record);
    CX_TRY(quoted(p, cx_view_of(f->name)));
    CX_TRY(text(p, ": "));
    if (slot.value == NULL)
        return text(p, "null");
    bool named = f->form == CX_FORM_TAG && slot.type->kind == CX_AVRO_RECORD;
    if (named) {
        CX_TRY(text(p, "{"));
        CX_TRY(quoted(p, cx_view_of(cx_type_short_name(slot.type))));
        CX_TRY(text(p, ": "));
    }
    CX_TRY(print(p, slot.type, slot.value));
    return text(p, named ? "}" : "");
}

static cx_rc record(printer *p, const cx_type *type, const void *value) {
    CX_TRY(text(p, "{"));
    p->level++;
    for (uint32_t i = 0; i < type->fields_n; i++) {
        CX_TRY(text(p, i > 0 ? (p->indent == 0 ? ", " : ",") : ""));
        CX_TRY(line(p));
        CX_TRY(field(p, &type->fields[i], value));
    }
    p->level--;
    if (type->fields_n > 0)
        CX_TRY(line(p));
    return text(p, "}");
}

static cx_rc print(printer *p, const cx_type *type, const void *value) {
    switch (type->kind) {
    case CX_AVRO_BOOLEAN:
        return text(p, *(const bool *)value ? "true" : "false");
    case CX_AVRO_INT:
    case CX_AVRO_LONG:
        return type->logical != CX_LOGICAL_NONE ? temporal(p, type, value) : number(p, type, value);
    case CX_AVRO_FLOAT:
    case CX_AVRO_DOUBLE:
        return number(p, type, value);
    case CX_AVRO_STRING:
        return quoted(p, *(const cx_view *)value);
    case CX_AVRO_BYTES:
        return hexadecimal(p, ((const cx_view *)value)->p, ((const cx_view *)value)->n);
    case CX_AVRO_FIXED:
        return hexadecimal(p, value, type->size);
    case CX_AVRO_ENUM: {
        uint32_t n = *(const uint32_t *)value;
        return quoted(p, cx_view_of(n < type->symbols_n ? type->symbols[n] : "?"));
    }
    case CX_AVRO_ARRAY:
        return array(p, type->item, value);
    case CX_AVRO_RECORD:
        return record(p, type, value);
    case CX_AVRO_NULL:
    case CX_AVRO_UNION:
    case CX_AVRO_MAP:
        break;
    }
    return text(p, "null");
}

cx_rc cx_struct_print(const cx_type *type, const void *value, int indent, cx_buffer *out) {
    printer p = {.out = out, .indent = indent};
    return print(&p, type, value);
}
