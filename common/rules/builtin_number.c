/* Numbers, booleans, conversion to number and string. */
#include "common/rules/decimal.h"
#include "common/rules/interp.h"

static bool number_at(const cx_value *args, size_t n, size_t i, cx_decimal *out) {
    if (i >= n || args[i].kind != CX_KIND_NUMBER)
        return false;
    *out = args[i].u.number;
    return true;
}

/* The optional digits behind the point; 0 when absent. */
static bool scale_at(const cx_value *args, size_t n, size_t i, int *out) {
    int64_t scale = 0;
    if (i < n && !cx_value_to_int64(args[i], &scale))
        return false;
    if (scale < -6111 || scale > 6176)
        return false;
    *out = (int)scale;
    return true;
}

static cx_value rounded(cx_eval *e, const char *name, const cx_value *args, size_t n, cx_rounding mode) {
    cx_decimal d;
    int scale;
    if (!number_at(args, n, 0, &d) || !scale_at(args, n, 1, &scale))
        return cx_eval_warn(e, "%s() needs a number and a scale", name);
    if (!cx_decimal_round(d, scale, mode, &d))
        return cx_eval_warn(e, "%s() cannot show the number at that scale", name);
    return cx_value_decimal(d);
}

/* The built-in functions differ in the mode alone. */
#define ROUNDING(id, name, mode)                                                                             \
    static cx_value fn_##id(cx_eval *e, const cx_value *args, size_t n) {                                    \
        return rounded(e, name, args, n, mode);                                                              \
    }
ROUNDING(decimal, "decimal", CX_ROUND_EVEN)
ROUNDING(floor, "floor", CX_ROUND_FLOOR)
ROUNDING(ceiling, "ceiling", CX_ROUND_CEILING)
ROUNDING(round_up, "round up", CX_ROUND_UP)
ROUNDING(round_down, "round down", CX_ROUND_DOWN)
ROUNDING(round_half_up, "round half up", CX_ROUND_HALF_UP)
ROUNDING(round_half_down, "round half down", CX_ROUND_HALF_DOWN)

static cx_value fn_abs(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    if (args[0].kind == CX_KIND_NUMBER)
        return cx_value_decimal(cx_decimal_abs(args[0].u.number));
    int order;
    cx_value zero = {.kind = args[0].kind, .u.at = {0, 0}};
    bool duration = args[0].kind == CX_KIND_DAYS_TIME || args[0].kind == CX_KIND_YEARS_MONTHS;
    if (!duration || !cx_value_compare(args[0], zero, &order))
        return cx_eval_warn(e, "abs() needs a number or a duration");
    cx_node negative = {.op = CX_OP_NEG};
    return order < 0 ? cx_eval_arithmetic(e, &negative, args[0], cx_value_null()) : args[0];
}

static cx_value fn_modulo(cx_eval *e, const cx_value *args, size_t n) {
    cx_decimal a, b, out;
    if (!number_at(args, n, 0, &a) || !number_at(args, n, 1, &b))
        return cx_eval_warn(e, "modulo() needs two numbers");
    if (!cx_decimal_modulo(a, b, &out))
        return cx_eval_warn(e, "modulo() has no result: is the divisor 0?");
    return cx_value_decimal(out);
}

static cx_value by(cx_eval *e, const char *name, const cx_value *args, size_t n,
                   bool (*f)(cx_decimal, cx_decimal *)) {
    cx_decimal a;
    if (!number_at(args, n, 0, &a))
        return cx_eval_warn(e, "%s() needs a number", name);
    if (!f(a, &a))
        return cx_eval_warn(e, "%s() has no result for this number", name);
    return cx_value_decimal(a);
}

#define OF_ONE_NUMBER(id)                                                                                    \
    static cx_value fn_##id(cx_eval *e, const cx_value *args, size_t n) {                                    \
        return by(e, #id, args, n, cx_decimal_##id);                                                         \
    }
OF_ONE_NUMBER(sqrt)
OF_ONE_NUMBER(log)
OF_ONE_NUMBER(exp)

static cx_value parity(cx_eval *e, const char *name, const cx_value *args, size_t n, bool odd) {
    cx_decimal a, rest;
    if (!number_at(args, n, 0, &a) || !cx_decimal_modulo(a, cx_value_int(2).u.number, &rest))
        return cx_eval_warn(e, "%s() needs a number", name);
    return cx_value_bool(cx_decimal_cmp(rest, cx_value_int(odd ? 1 : 0).u.number) == 0);
}

static cx_value fn_odd(cx_eval *e, const cx_value *args, size_t n) {
    return parity(e, "odd", args, n, true);
}
static cx_value fn_even(cx_eval *e, const cx_value *args, size_t n) {
    return parity(e, "even", args, n, false);
}

static cx_value fn_not(cx_eval *e, const cx_value *args, size_t n) {
    (void)e, (void)n;
    return args[0].kind == CX_KIND_BOOLEAN ? cx_value_bool(!args[0].u.boolean) : cx_value_null();
}

/* Same kind and same value; unlike `=`, different kinds and zones are simply different. */
static cx_value fn_is(cx_eval *e, const cx_value *args, size_t n) {
    (void)e, (void)n;
    if (args[0].kind != args[1].kind || args[0].zoned != args[1].zoned || args[0].offset != args[1].offset)
        return cx_value_bool(false);
    return cx_value_bool(cx_value_same(args[0], args[1]));
}

/* "1 000,5" with grouping " " and decimal ",": the signs must be known and differ. */
static bool plain_number(cx_view text, char grouping, char point, char *to, size_t room, size_t *n) {
    *n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (grouping != '\0' && c == grouping)
            continue;
        bool digit = c >= '0' && c <= '9', sign = c == '-' && *n == 0;
        bool dot = c == (point != '\0' ? point : '.');
        if (*n + 1 >= room || !(digit || sign || dot))
            return false;
        to[(*n)++] = dot ? '.' : c;
    }
    return true;
}

static bool sign_at(const cx_value *args, size_t n, size_t i, const char *allowed, char *out) {
    if (i >= n || cx_value_is_null(args[i]))
        return true;
    cx_view v;
    if (!cx_value_to_string(args[i], &v) || v.n != 1 || strchr(allowed, v.p[0]) == NULL)
        return false;
    *out = v.p[0];
    return true;
}

static cx_value fn_number(cx_eval *e, const cx_value *args, size_t n) {
    char grouping = '\0', point = '\0', plain[512];
    size_t length;
    cx_value v;
    if (args[0].kind == CX_KIND_NUMBER)
        return args[0];
    if (args[0].kind != CX_KIND_STRING || !sign_at(args, n, 1, " ,.", &grouping) ||
        !sign_at(args, n, 2, ".,", &point) || (grouping != '\0' && grouping == point))
        return cx_eval_warn(e, "number() needs a text, and grouping and decimal signs that differ");
    if (!plain_number(args[0].u.string, grouping, point, plain, sizeof plain, &length) ||
        !cx_value_number_parse((cx_view){plain, length}, &v))
        return cx_eval_warn(e, "number(): the text is no number");
    return v;
}

static cx_value fn_string(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    if (cx_value_is_null(args[0]))
        return args[0];
    cx_view text = cx_value_text(args[0], e->arena);
    if (text.p == NULL) {
        e->rc = CX_OUT_OF_MEMORY;
        return cx_value_null();
    }
    return cx_value_string(text);
}

const cx_builtin cx_builtins_number[] = {
    {"decimal", "n,scale", 2, 2, false, fn_decimal},
    {"floor", "n,scale", 1, 2, false, fn_floor},
    {"ceiling", "n,scale", 1, 2, false, fn_ceiling},
    {"round up", "n,scale", 2, 2, false, fn_round_up},
    {"round down", "n,scale", 2, 2, false, fn_round_down},
    {"round half up", "n,scale", 2, 2, false, fn_round_half_up},
    {"round half down", "n,scale", 2, 2, false, fn_round_half_down},
    {"abs", "n|number", 1, 1, false, fn_abs},
    {"modulo", "dividend,divisor", 2, 2, false, fn_modulo},
    {"sqrt", "number", 1, 1, false, fn_sqrt},
    {"log", "number", 1, 1, false, fn_log},
    {"exp", "number", 1, 1, false, fn_exp},
    {"odd", "number", 1, 1, false, fn_odd},
    {"even", "number", 1, 1, false, fn_even},
    {"not", "negand", 1, 1, false, fn_not},
    {"is", "value1,value2", 2, 2, false, fn_is},
    {"number", "from,grouping separator,decimal separator", 1, 3, true, fn_number},
    {"string", "from", 1, 1, false, fn_string},
};
const size_t cx_builtins_number_count = sizeof cx_builtins_number / sizeof cx_builtins_number[0];
