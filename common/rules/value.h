/* A FEEL value: tagged, immutable, 24 bytes, passed by value.
 *
 * What a value points to (text, items, entries) belongs to whoever made it and outlives the value: an
 * arena, a loaded model, or static data. Constructors copy nothing. Numbers are IEEE 754 decimal128 with
 * 34 digits, rounded half to even, never binary floating point. Texts are UTF-8; FEEL counts their code
 * points. Thread-safety: everything here is pure.
 *
 * Rules: DMN 1.5, 10.3.2.3 (types), 10.3.2.13 and tables 53 to 55 (equality, order).
 */
#ifndef CX_RULES_VALUE_H
#define CX_RULES_VALUE_H

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/base/time.h"
#include "common/base/view.h"

typedef enum cx_kind {
    CX_KIND_NULL,
    CX_KIND_BOOLEAN,
    CX_KIND_NUMBER,
    CX_KIND_STRING,
    CX_KIND_DATE,
    CX_KIND_TIME,
    CX_KIND_DATE_TIME,
    CX_KIND_DAYS_TIME,    /* days and time duration */
    CX_KIND_YEARS_MONTHS, /* years and months duration */
    CX_KIND_LIST,
    CX_KIND_CONTEXT,
    CX_KIND_RANGE,
    CX_KIND_FUNCTION,
    CX_KIND_COUNT
} cx_kind;

/* The bits of a decimal128, binary integer coding. Take it for opaque: common/rules/decimal.h. */
typedef struct cx_decimal {
    uint64_t w[2];
} cx_decimal;

typedef struct cx_value cx_value;
typedef struct cx_entry cx_entry;
typedef struct cx_range cx_range;
typedef struct cx_function cx_function;

struct cx_value {
    uint8_t kind;   /* cx_kind */
    uint8_t zoned;  /* TIME, DATE_TIME: 1 when `offset` is known, 0 for a local time */
    uint16_t zone;  /* TIME, DATE_TIME: the number of the zone that was named, 0 for none */
    int32_t offset; /* seconds east of UTC */
    union {
        bool boolean;
        cx_decimal number;
        cx_view string;
        /* DATE: days since 1970-01-01. TIME: nanoseconds since midnight. DATE_TIME: both, of the local
         * clock. DAYS_TIME: days (rounded down) and the nanoseconds over them, 0 <= nanos < 1 day. */
        struct {
            int64_t days;
            int64_t nanos;
        } at;
        int64_t months; /* YEARS_MONTHS */
        struct {
            const cx_value *items;
            size_t n;
        } list;
        struct {
            const cx_entry *entries; /* in the order in which they were written; keys are unique */
            size_t n;
        } context;
        const cx_range *range;
        const cx_function *function;
    } u;
};

struct cx_entry {
    cx_view key;
    cx_value value;
};

/* low or high is null where the range has no such end ("> 5" has no high end). */
struct cx_range {
    cx_value low;
    cx_value high;
    bool low_closed;
    bool high_closed;
};

/* FEEL's truth: a comparison of things that cannot be compared is unknown (null). */
typedef enum cx_tri { CX_TRI_FALSE, CX_TRI_TRUE, CX_TRI_NULL } cx_tri;

/* --- making ------------------------------------------------------------------------------------------- */
static inline cx_value cx_value_null(void) {
    return (cx_value){.kind = CX_KIND_NULL};
}
static inline cx_value cx_value_bool(bool b) {
    return (cx_value){.kind = CX_KIND_BOOLEAN, .u.boolean = b};
}
static inline cx_value cx_value_decimal(cx_decimal d) {
    return (cx_value){.kind = CX_KIND_NUMBER, .u.number = d};
}
/* Exact for every int64. */
static inline cx_value cx_value_int(int64_t n) {
    uint64_t magnitude = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n;
    uint64_t high = (uint64_t)6176 << 49 | (n < 0 ? (uint64_t)1 << 63 : 0);
    return (cx_value){.kind = CX_KIND_NUMBER, .u.number = {{magnitude, high}}};
}
/* text must be UTF-8 (cx_view_is_utf8). */
static inline cx_value cx_value_string(cx_view text) {
    return (cx_value){.kind = CX_KIND_STRING, .u.string = text};
}
/* null for CX_NO_DATE. */
static inline cx_value cx_value_date(cx_date d) {
    return d == CX_NO_DATE ? cx_value_null() : (cx_value){.kind = CX_KIND_DATE, .u.at = {d, 0}};
}
/* A date and time with China's offset, +08:00; null for CX_NO_TIME. */
cx_value cx_value_instant(cx_time t);
static inline cx_value cx_value_list(const cx_value *items, size_t n) {
    return (cx_value){.kind = CX_KIND_LIST, .u.list = {items, n}};
}
/* Keys must be unique. */
static inline cx_value cx_value_context(const cx_entry *entries, size_t n) {
    return (cx_value){.kind = CX_KIND_CONTEXT, .u.context = {entries, n}};
}
static inline cx_value cx_value_tri(cx_tri t) {
    return t == CX_TRI_NULL ? cx_value_null() : cx_value_bool(t == CX_TRI_TRUE);
}
static inline cx_value cx_value_months(int64_t months) {
    return (cx_value){.kind = CX_KIND_YEARS_MONTHS, .u.months = months};
}
/* "12.50", "-3", "1e3": false when it is no number that decimal128 holds. */
bool cx_value_number_parse(cx_view text, cx_value *out);
/* As the XML schema types do it ("2027-06-01", "08:30:00Z", "2027-06-01T08:30:00+08:00", "P1Y2M", "P3DT4H"):
 * false when text is no value of that kind. kind is DATE, TIME, DATE_TIME, DAYS_TIME or YEARS_MONTHS. */
bool cx_value_temporal_parse(cx_kind kind, cx_view text, cx_value *out);

/* --- looking ------------------------------------------------------------------------------------------ */
static inline bool cx_value_is_null(cx_value v) {
    return v.kind == CX_KIND_NULL;
}
static inline bool cx_value_is_true(cx_value v) {
    return v.kind == CX_KIND_BOOLEAN && v.u.boolean;
}
/* false, and *out untouched, when v has another kind, or the number is no whole number in range. */
bool cx_value_to_int64(cx_value v, int64_t *out);
bool cx_value_to_bool(cx_value v, bool *out);
bool cx_value_to_string(cx_value v, cx_view *out);
bool cx_value_to_date(cx_value v, cx_date *out);
/* The value of a context's entry, or NULL: also where v is no context. */
const cx_value *cx_value_entry(cx_value v, cx_view key);
/* "date and time", "number" ...: FEEL's name. Never NULL. */
const char *cx_kind_name(cx_kind kind);

/* --- comparing ---------------------------------------------------------------------------------------- */
/* FEEL's `=`. Null equals null alone and is otherwise unequal; other different kinds: unknown. */
cx_tri cx_value_equal(cx_value a, cx_value b);
/* The order of two values: false when they have none (different kinds, null, booleans, lists ...).
 * A local time takes the offset of a zoned one. *order becomes < 0, 0 or > 0. Strings go by code point. */
bool cx_value_compare(cx_value a, cx_value b, int *order);
/* Whether point lies in the range; unknown when it cannot be compared with an end. */
cx_tri cx_range_holds(const cx_range *range, cx_value point);
/* Equal in kind and content, null included: for tests and for "did anything change". */
bool cx_value_same(cx_value a, cx_value b);

/* --- showing ------------------------------------------------------------------------------------------ */
/* As FEEL's string(): a string as it is, everything else as a literal; null gives "null".
 * {NULL, 0} when the arena is exhausted. */
cx_view cx_value_text(cx_value v, cx_arena *arena);
/* As a FEEL literal: strings in quotes. {NULL, 0} when the arena is exhausted. */
cx_view cx_value_literal(cx_value v, cx_arena *arena);

#endif
