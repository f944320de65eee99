/* Strings: positions and lengths count Unicode code points. */
#include "common/rules/interp.h"

static bool is_start(char c) {
    return ((unsigned char)c & 0xC0) != 0x80;
}

static int64_t length_of(cx_view v) {
    int64_t n = 0;
    for (size_t i = 0; i < v.n; i++)
        n += is_start(v.p[i]) ? 1 : 0;
    return n;
}

/* The byte at which the code point of that number (from 0) begins; v.n for the end. */
static size_t byte_of(cx_view v, int64_t point) {
    size_t i = 0;
    for (; i < v.n; i++)
        if (is_start(v.p[i]) && point-- == 0)
            break;
    return i;
}

static bool strings(const cx_value *args, size_t n, cx_view *a, cx_view *b) {
    return n >= 2 && cx_value_to_string(args[0], a) && cx_value_to_string(args[1], b);
}

static cx_value no_strings(cx_eval *e, const char *name) {
    return cx_eval_warn(e, "%s() needs strings", name);
}

static cx_value fn_substring(cx_eval *e, const cx_value *args, size_t n) {
    cx_view v;
    int64_t start, length;
    if (!cx_value_to_string(args[0], &v) || !cx_value_to_int64(args[1], &start))
        return cx_eval_warn(e, "substring() needs a string and a position");
    int64_t all = length_of(v);
    bool given = n > 2 && !cx_value_is_null(args[2]);
    if (given && !cx_value_to_int64(args[2], &length))
        return cx_eval_warn(e, "substring() needs a whole number as its length");
    int64_t from = start > 0 ? start - 1 : all + start;
    if (!given)
        length = all - from;
    if (start == 0 || start > all || start < -all || length < 1 || length > all - from)
        return cx_eval_warn(e, "substring(): the position or the length is outside the string");
    size_t a = byte_of(v, from), b = byte_of(v, from + length);
    return cx_value_string((cx_view){v.p + a, b - a});
}

static cx_value fn_length(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_view v;
    return cx_value_to_string(args[0], &v) ? cx_value_int(length_of(v)) : no_strings(e, "string length");
}

/* Simple case mapping of ASCII, Latin-1, Greek and Cyrillic letters, one code point to one; other scripts are
 * left as they are. Two-byte sequences stay two bytes long. */
static uint32_t mapped(uint32_t c, bool upper) {
    static const struct {
        uint32_t low, high, distance; /* lower-case letters low to high; the upper case is `distance` below */
    } ranges[] = {{0xE0, 0xF6, 32},   {0xF8, 0xFE, 32},   {0x3B1, 0x3C1, 32},
                  {0x3C3, 0x3CB, 32}, {0x430, 0x44F, 32}, {0x450, 0x45F, 80}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (upper && c >= ranges[i].low && c <= ranges[i].high)
            return c - ranges[i].distance;
        if (!upper && c >= ranges[i].low - ranges[i].distance && c <= ranges[i].high - ranges[i].distance)
            return c + ranges[i].distance;
    }
    if (c >= 0x100 && c <= 0x137) /* Latin Extended-A: even upper, odd lower */
        return upper ? c & ~(uint32_t)1 : c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) /* the other way about */
        return upper == (c % 2 == 0) ? (upper ? c - 1 : c + 1) : c;
    if (c >= 0x14A && c <= 0x177)
        return upper ? c & ~(uint32_t)1 : c | 1;
    return c;
}

uint32_t cx_case_mapped(uint32_t c, bool upper) {
    if (c >= 0x80)
        return mapped(c, upper);
    bool change = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
    return change ? c ^ 0x20 : c;
}

static cx_value cased(cx_eval *e, cx_view v, bool upper) {
    char *to = cx_eval_alloc(e, 1, v.n + 1);
    if (to == NULL)
        return cx_value_null();
    for (size_t i = 0; i < v.n; i++) {
        char c = v.p[i];
        if ((unsigned char)c >= 0xC2 && (unsigned char)c <= 0xDF && i + 1 < v.n) {
            uint32_t p = mapped(((uint32_t)c & 0x1F) << 6 | ((uint32_t)v.p[i + 1] & 0x3F), upper);
            to[i] = (char)(0xC0 | p >> 6);
            to[i + 1] = (char)(0x80 | (p & 0x3F));
            i++;
        } else {
            to[i] = (unsigned char)c < 0x80 ? (char)cx_case_mapped((uint32_t)c, upper) : c;
        }
    }
    return cx_value_string((cx_view){to, v.n});
}

static cx_value fn_upper(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_view v;
    return cx_value_to_string(args[0], &v) ? cased(e, v, true) : no_strings(e, "upper case");
}
static cx_value fn_lower(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_view v;
    return cx_value_to_string(args[0], &v) ? cased(e, v, false) : no_strings(e, "lower case");
}

/* Where b begins in a; a.n + 1 when nowhere. */
static size_t found_at(cx_view a, cx_view b) {
    if (b.n == 0)
        return 0;
    const char *p = a.n >= b.n ? memmem(a.p, a.n, b.p, b.n) : NULL;
    return p != NULL ? (size_t)(p - a.p) : a.n + 1;
}

static cx_value fn_before(cx_eval *e, const cx_value *args, size_t n) {
    cx_view a, b;
    if (!strings(args, n, &a, &b))
        return no_strings(e, "substring before");
    size_t at = found_at(a, b);
    return cx_value_string((cx_view){a.p, at <= a.n ? at : 0});
}
static cx_value fn_after(cx_eval *e, const cx_value *args, size_t n) {
    cx_view a, b;
    if (!strings(args, n, &a, &b))
        return no_strings(e, "substring after");
    size_t at = found_at(a, b);
    return at > a.n ? cx_value_string(CX_VIEW(""))
                    : cx_value_string((cx_view){a.p + at + b.n, a.n - at - b.n});
}
static cx_value fn_contains(cx_eval *e, const cx_value *args, size_t n) {
    cx_view a, b;
    return strings(args, n, &a, &b) ? cx_value_bool(found_at(a, b) <= a.n) : no_strings(e, "contains");
}
static cx_value fn_starts(cx_eval *e, const cx_value *args, size_t n) {
    cx_view a, b;
    if (!strings(args, n, &a, &b))
        return no_strings(e, "starts with");
    return cx_value_bool(b.n == 0 || (b.n <= a.n && memcmp(a.p, b.p, b.n) == 0));
}
static cx_value fn_ends(cx_eval *e, const cx_value *args, size_t n) {
    cx_view a, b;
    if (!strings(args, n, &a, &b))
        return no_strings(e, "ends with");
    return cx_value_bool(b.n == 0 || (b.n <= a.n && memcmp(a.p + a.n - b.n, b.p, b.n) == 0));
}

static cx_value fn_join(cx_eval *e, const cx_value *args, size_t n) {
    cx_view between = {"", 0};
    if (args[0].kind != CX_KIND_LIST ||
        (n > 1 && !cx_value_is_null(args[1]) && !cx_value_to_string(args[1], &between)))
        return cx_eval_warn(e, "string join() needs a list of strings and a delimiter");
    size_t room = 1;
    for (size_t i = 0; i < args[0].u.list.n; i++) {
        cx_value item = args[0].u.list.items[i];
        if (item.kind != CX_KIND_STRING && !cx_value_is_null(item))
            return cx_eval_warn(e, "string join(): the list holds a %s", cx_kind_name(item.kind));
        room += between.n + (item.kind == CX_KIND_STRING ? item.u.string.n : 0);
    }
    char *to = cx_eval_alloc(e, 1, room);
    size_t at = 0;
    bool first = true;
    for (size_t i = 0; to != NULL && i < args[0].u.list.n; i++) {
        cx_view v;
        if (!cx_value_to_string(args[0].u.list.items[i], &v))
            continue; /* null is left out */
        if (!first && between.n > 0) {
            (void)memcpy(to + at, between.p, between.n);
            at += between.n;
        }
        if (v.n > 0)
            (void)memcpy(to + at, v.p, v.n);
        at += v.n;
        first = false;
    }
    return to != NULL ? cx_value_string((cx_view){to, at}) : cx_value_null();
}

const cx_builtin cx_builtins_string[] = {
    {"substring", "string,start position,length", 2, 3, false, fn_substring},
    {"string length", "string", 1, 1, false, fn_length},
    {"upper case", "string", 1, 1, false, fn_upper},
    {"lower case", "string", 1, 1, false, fn_lower},
    {"substring before", "string,match", 2, 2, false, fn_before},
    {"substring after", "string,match", 2, 2, false, fn_after},
    {"contains", "string,match", 2, 2, false, fn_contains},
    {"starts with", "string,match", 2, 2, false, fn_starts},
    {"ends with", "string,match", 2, 2, false, fn_ends},
    {"string join", "list,delimiter", 1, 2, false, fn_join},
};
const size_t cx_builtins_string_count = sizeof cx_builtins_string / sizeof cx_builtins_string[0];
