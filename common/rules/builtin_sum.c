/* One value of a list: min, max, sum, mean, product, median, stddev, mode, all, any. */
#include "common/rules/builtin_list.h"
#include "common/rules/decimal.h"

static cx_value extreme(cx_eval *e, const char *name, cx_value list, int wanted) {
    if (list.u.list.n == 0)
        return cx_value_null();
    cx_value best = list.u.list.items[0];
    int order;
    if (!cx_value_compare(best, best, &order))
        return cx_eval_warn(e, "%s(): a %s has no order", name, cx_kind_name(best.kind));
    for (size_t i = 1; i < list.u.list.n && cx_eval_step(e); i++) {
        if (!cx_value_compare(list.u.list.items[i], best, &order))
            return cx_eval_warn(e, "%s(): the items cannot be compared", name);
        if ((order > 0) == (wanted > 0) && order != 0)
            best = list.u.list.items[i];
    }
    return best;
}

cx_value cx_fn_min(cx_eval *e, const cx_value *args, size_t n) {
    return extreme(e, "min", cx_args_list(args, n), -1);
}
cx_value cx_fn_max(cx_eval *e, const cx_value *args, size_t n) {
    return extreme(e, "max", cx_args_list(args, n), 1);
}

/* Folds the items with an operator; null for an empty list. */
static cx_value folded(cx_eval *e, cx_value list, cx_op op) {
    cx_node node = {.op = (uint8_t)op};
    if (list.u.list.n == 0)
        return cx_value_null();
    cx_value sum = list.u.list.items[0];
    bool fine =
        sum.kind == CX_KIND_NUMBER || sum.kind == CX_KIND_DAYS_TIME || sum.kind == CX_KIND_YEARS_MONTHS;
    for (size_t i = 1; fine && i < list.u.list.n && cx_eval_step(e); i++) {
        fine = list.u.list.items[i].kind == sum.kind;
        sum = fine ? cx_eval_arithmetic(e, &node, sum, list.u.list.items[i]) : sum;
    }
    return fine ? sum : cx_eval_warn(e, "the list holds something that is no number");
}

cx_value cx_fn_sum(cx_eval *e, const cx_value *args, size_t n) {
    return folded(e, cx_args_list(args, n), CX_OP_ADD);
}

cx_value cx_fn_product(cx_eval *e, const cx_value *args, size_t n) {
    return folded(e, cx_args_list(args, n), CX_OP_MUL);
}

static cx_value divided(cx_eval *e, cx_value v, size_t by) {
    cx_node node = {.op = CX_OP_DIV};
    return cx_eval_arithmetic(e, &node, v, cx_value_int((int64_t)by));
}

cx_value cx_fn_mean(cx_eval *e, const cx_value *args, size_t n) {
    cx_value list = cx_args_list(args, n);
    cx_value sum = folded(e, list, CX_OP_ADD);
    return cx_value_is_null(sum) ? sum : divided(e, sum, list.u.list.n);
}

static bool all_numbers(cx_eval *e, cx_value list) {
    for (size_t i = 0; i < list.u.list.n; i++)
        if (list.u.list.items[i].kind != CX_KIND_NUMBER) {
            (void)cx_eval_warn(e, "the list holds something that is no number");
            return false;
        }
    return true;
}

/* The numbers in ascending order: a shell sort, in the arena. */
static cx_value *sorted(cx_eval *e, cx_value list) {
    size_t n = list.u.list.n;
    cx_value *items = cx_eval_alloc(e, n, sizeof *items);
    if (items == NULL)
        return NULL;
    if (n > 0)
        (void)memcpy(items, list.u.list.items, n * sizeof *items);
    for (size_t gap = n / 2; gap > 0; gap /= 2)
        for (size_t i = gap; i < n && cx_eval_step(e); i++) {
            cx_value v = items[i];
            size_t j = i;
            for (; j >= gap && cx_decimal_cmp(items[j - gap].u.number, v.u.number) > 0; j -= gap)
                items[j] = items[j - gap];
            items[j] = v;
        }
    return e->rc == CX_OK ? items : NULL;
}

cx_value cx_fn_median(cx_eval *e, const cx_value *args, size_t n) {
    cx_value list = cx_args_list(args, n);
    size_t count = list.u.list.n;
    if (count == 0 || !all_numbers(e, list))
        return cx_value_null();
    cx_value *items = sorted(e, list);
    if (items == NULL)
        return cx_value_null();
    if (count % 2 == 1)
        return items[count / 2];
    cx_node add = {.op = CX_OP_ADD};
    return divided(e, cx_eval_arithmetic(e, &add, items[count / 2 - 1], items[count / 2]), 2);
}

/* Of a sample: the sum of squares is divided by n - 1. */
cx_value cx_fn_stddev(cx_eval *e, const cx_value *args, size_t n) {
    cx_value list = cx_args_list(args, n);
    size_t count = list.u.list.n;
    if (!all_numbers(e, list))
        return cx_value_null();
    if (count < 2)
        return cx_eval_warn(e, "stddev() needs two numbers at least");
    cx_value mean = divided(e, folded(e, list, CX_OP_ADD), count);
    cx_decimal sum = cx_value_int(0).u.number, d;
    for (size_t i = 0; i < count && mean.kind == CX_KIND_NUMBER; i++)
        if (!cx_decimal_sub(list.u.list.items[i].u.number, mean.u.number, &d) || !cx_decimal_mul(d, d, &d) ||
            !cx_decimal_add(sum, d, &sum))
            return cx_eval_warn(e, "stddev(): the numbers are too large");
    if (mean.kind != CX_KIND_NUMBER ||
        !cx_decimal_div(sum, cx_value_int((int64_t)count - 1).u.number, &sum) || !cx_decimal_sqrt(sum, &sum))
        return cx_value_null();
    return cx_value_decimal(sum);
}

/* All of the most frequent numbers, ascending. */
cx_value cx_fn_mode(cx_eval *e, const cx_value *args, size_t n) {
    cx_value list = cx_args_list(args, n);
    size_t count = list.u.list.n, best = 0, kept = 0;
    if (!all_numbers(e, list))
        return cx_value_null();
    cx_value *items = sorted(e, list), *modes = cx_eval_alloc(e, count, sizeof *modes);
    for (size_t i = 0; items != NULL && modes != NULL && i < count;) {
        size_t run = 1;
        while (i + run < count && cx_decimal_cmp(items[i].u.number, items[i + run].u.number) == 0)
            run++;
        if (run > best)
            kept = 0;
        best = run > best ? run : best;
        if (run == best)
            modes[kept++] = items[i];
        i += run;
    }
    return cx_eval_list(e, modes, kept);
}

static cx_value logical(cx_value list, bool decisive) {
    bool unknown = false;
    for (size_t i = 0; i < list.u.list.n; i++) {
        cx_value v = list.u.list.items[i];
        if (v.kind != CX_KIND_BOOLEAN)
            unknown = true;
        else if (v.u.boolean == decisive)
            return v;
    }
    return unknown ? cx_value_null() : cx_value_bool(!decisive);
}

cx_value cx_fn_all(cx_eval *e, const cx_value *args, size_t n) {
    (void)e;
    return logical(cx_args_list(args, n), false);
}
cx_value cx_fn_any(cx_eval *e, const cx_value *args, size_t n) {
    (void)e;
    return logical(cx_args_list(args, n), true);
}
