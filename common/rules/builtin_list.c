/* Lists: membership, joining, cutting, ordering. Numbers of lists are in builtin_sum.c. */
#include "common/rules/builtin_list.h"

cx_value cx_args_list(const cx_value *args, size_t n) {
    if (n == 1 && args[0].kind == CX_KIND_LIST)
        return args[0];
    return cx_value_list(args, n);
}

/* A single value counts as a list of one. */
static cx_value list_at(const cx_value *args, size_t i) {
    return args[i].kind == CX_KIND_LIST ? args[i]
                                        : cx_value_list(&args[i], cx_value_is_null(args[i]) ? 0 : 1);
}

static cx_value *copy_of(cx_eval *e, cx_value list, size_t more) {
    cx_value *items = cx_eval_alloc(e, list.u.list.n + more, sizeof *items);
    if (items != NULL && list.u.list.n > 0)
        (void)memcpy(items, list.u.list.items, list.u.list.n * sizeof *items);
    return items;
}

static bool holds(cx_eval *e, const cx_value *items, size_t n, cx_value v) {
    for (size_t i = 0; i < n && cx_eval_step(e); i++)
        if (cx_value_equal(items[i], v) == CX_TRI_TRUE)
            return true;
    return false;
}

static cx_value fn_contains(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    if (args[0].kind != CX_KIND_LIST)
        return cx_eval_warn(e, "list contains() needs a list");
    return cx_value_bool(holds(e, args[0].u.list.items, args[0].u.list.n, args[1]));
}

static cx_value fn_count(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    (void)e;
    return cx_value_int((int64_t)list_at(args, 0).u.list.n);
}

/* The place of a 1-based, perhaps negative position in a list of n; false when outside. */
static bool place(cx_value position, size_t n, size_t *out) {
    int64_t i;
    if (!cx_value_to_int64(position, &i) || i == 0)
        return false;
    if (i < 0)
        i += (int64_t)n + 1;
    *out = (size_t)(i - 1);
    return i >= 1 && (uint64_t)i <= n;
}

static cx_value fn_sublist(cx_eval *e, const cx_value *args, size_t n) {
    cx_value list = list_at(args, 0);
    size_t from;
    if (!place(args[1], list.u.list.n, &from))
        return cx_eval_warn(e, "sublist(): the position is outside the list");
    int64_t length = (int64_t)(list.u.list.n - from);
    if (n > 2 && !cx_value_is_null(args[2]) && !cx_value_to_int64(args[2], &length))
        return cx_eval_warn(e, "sublist() needs a whole number as its length");
    if (length < 1 || (uint64_t)length > list.u.list.n - from)
        return cx_eval_warn(e, "sublist(): the length is outside the list");
    cx_value *items = copy_of(e, cx_value_list(list.u.list.items + from, (size_t)length), 0);
    return cx_eval_list(e, items, (size_t)length);
}

static cx_value fn_append(cx_eval *e, const cx_value *args, size_t n) {
    cx_value list = list_at(args, 0);
    cx_value *items = copy_of(e, list, n - 1);
    for (size_t i = 1; items != NULL && i < n; i++)
        items[list.u.list.n + i - 1] = args[i];
    return cx_eval_list(e, items, list.u.list.n + n - 1);
}

static cx_value fn_concatenate(cx_eval *e, const cx_value *args, size_t n) {
    size_t total = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        total += list_at(args, i).u.list.n;
    cx_value *items = cx_eval_alloc(e, total, sizeof *items);
    for (size_t i = 0; items != NULL && i < n; i++) {
        cx_value list = list_at(args, i);
        if (list.u.list.n > 0)
            (void)memcpy(items + at, list.u.list.items, list.u.list.n * sizeof *items);
        at += list.u.list.n;
    }
    return cx_eval_list(e, items, total);
}

static cx_value fn_insert(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_value list = list_at(args, 0);
    size_t at;
    if (!place(args[1], list.u.list.n, &at))
        return cx_eval_warn(e, "insert before(): the position is outside the list");
    cx_value *items = copy_of(e, list, 1);
    if (items == NULL)
        return cx_value_null();
    (void)memmove(items + at + 1, items + at, (list.u.list.n - at) * sizeof *items);
    items[at] = args[2];
    return cx_value_list(items, list.u.list.n + 1);
}

static cx_value fn_remove(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_value list = list_at(args, 0);
    size_t at;
    if (!place(args[1], list.u.list.n, &at))
        return cx_eval_warn(e, "remove(): the position is outside the list");
    cx_value *items = copy_of(e, list, 0);
    if (items == NULL)
        return cx_value_null();
    (void)memmove(items + at, items + at + 1, (list.u.list.n - at - 1) * sizeof *items);
    return cx_value_list(items, list.u.list.n - 1);
}

static cx_value fn_reverse(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_value list = list_at(args, 0);
    cx_value *items = cx_eval_alloc(e, list.u.list.n, sizeof *items);
    for (size_t i = 0; items != NULL && i < list.u.list.n; i++)
        items[i] = list.u.list.items[list.u.list.n - 1 - i];
    return cx_eval_list(e, items, list.u.list.n);
}

static cx_value fn_index_of(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    if (args[0].kind != CX_KIND_LIST)
        return cx_eval_warn(e, "index of() needs a list");
    cx_value *items = cx_eval_alloc(e, args[0].u.list.n, sizeof *items);
    size_t found = 0;
    for (size_t i = 0; items != NULL && i < args[0].u.list.n && cx_eval_step(e); i++)
        if (cx_value_equal(args[0].u.list.items[i], args[1]) == CX_TRI_TRUE)
            items[found++] = cx_value_int((int64_t)i + 1);
    return cx_eval_list(e, items, found);
}

static cx_value distinct(cx_eval *e, cx_value list) {
    cx_value *items = cx_eval_alloc(e, list.u.list.n, sizeof *items);
    size_t kept = 0;
    for (size_t i = 0; items != NULL && i < list.u.list.n && e->rc == CX_OK; i++)
        if (!holds(e, items, kept, list.u.list.items[i]))
            items[kept++] = list.u.list.items[i];
    return cx_eval_list(e, items, kept);
}

static cx_value fn_distinct(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    return distinct(e, list_at(args, 0));
}

static cx_value fn_union(cx_eval *e, const cx_value *args, size_t n) {
    cx_value all = fn_concatenate(e, args, n);
    return all.kind == CX_KIND_LIST ? distinct(e, all) : all;
}

/* Counts (to == NULL) or writes the items of nested lists. */
static size_t flat(cx_eval *e, cx_value list, cx_value *to, int depth) {
    size_t n = 0;
    for (size_t i = 0; i < list.u.list.n && cx_eval_step(e); i++) {
        cx_value item = list.u.list.items[i];
        if (item.kind == CX_KIND_LIST && depth < 200) {
            n += flat(e, item, to != NULL ? to + n : NULL, depth + 1);
        } else {
            if (to != NULL)
                to[n] = item;
            n++;
        }
    }
    return n;
}

static cx_value fn_flatten(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_value list = list_at(args, 0);
    size_t total = flat(e, list, NULL, 0);
    cx_value *items = cx_eval_alloc(e, total, sizeof *items);
    if (items != NULL)
        (void)flat(e, list, items, 0);
    return cx_eval_list(e, items, total);
}

static cx_value call2(cx_eval *e, cx_value fn, cx_value a, cx_value b) {
    const cx_value pair[2] = {a, b};
    return cx_eval_call(e, fn.u.function, pair, 2, NULL);
}

/* By position, or by a function(item, newItem) that says which to replace. */
static cx_value fn_replace(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_value list = list_at(args, 0);
    cx_value *items = copy_of(e, list, 0);
    size_t at;
    if (items == NULL)
        return cx_value_null();
    if (args[1].kind == CX_KIND_FUNCTION) {
        for (size_t i = 0; i < list.u.list.n && e->rc == CX_OK; i++) {
            cx_value v = call2(e, args[1], items[i], args[2]);
            if (v.kind != CX_KIND_BOOLEAN)
                return cx_eval_warn(e, "list replace(): the function gives no boolean");
            items[i] = v.u.boolean ? args[2] : items[i];
        }
        return cx_eval_list(e, items, list.u.list.n);
    }
    if (!place(args[1], list.u.list.n, &at))
        return cx_eval_warn(e, "list replace(): the position is outside the list");
    items[at] = args[2];
    return cx_value_list(items, list.u.list.n);
}

static bool precedes(cx_eval *e, cx_value fn, cx_value a, cx_value b, bool *failed) {
    int order;
    if (fn.kind == CX_KIND_FUNCTION) {
        cx_value v = call2(e, fn, a, b);
        *failed = *failed || v.kind != CX_KIND_BOOLEAN;
        return cx_value_is_true(v);
    }
    if (!cx_value_compare(a, b, &order))
        *failed = true;
    else
        return order < 0;
    return false;
}

/* Merge sort, bottom up: stable, and no recursion. */
static cx_value fn_sort(cx_eval *e, const cx_value *args, size_t n) {
    cx_value list = list_at(args, 0), fn = n > 1 ? args[1] : cx_value_null();
    size_t count = list.u.list.n;
    cx_value *from = copy_of(e, list, 0), *to = cx_eval_alloc(e, count, sizeof *to);
    bool failed = false;
    if (from == NULL || to == NULL)
        return cx_value_null();
    for (size_t width = 1; width < count && !failed; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t mid = low + width < count ? low + width : count;
            size_t high = mid + width < count ? mid + width : count;
            for (size_t i = low, j = mid, k = low; k < high && e->rc == CX_OK; k++) {
                bool second = i >= mid || (j < high && precedes(e, fn, from[j], from[i], &failed));
                to[k] = second ? from[j++] : from[i++];
            }
        }
        cx_value *swap = from;
        from = to;
        to = swap;
    }
    return failed ? cx_eval_warn(e, "sort(): the items cannot be ordered") : cx_eval_list(e, from, count);
}

const cx_builtin cx_builtins_list[] = {
    {"list contains", "list,element", 2, 2, false, fn_contains},
    {"count", "list", 1, 1, false, fn_count},
    {"sublist", "list,start position,length", 2, 3, false, fn_sublist},
    {"append", "list,item", 1, CX_BUILTIN_MANY, false, fn_append},
    {"concatenate", "list", 0, CX_BUILTIN_MANY, false, fn_concatenate},
    {"insert before", "list,position,newItem", 3, 3, false, fn_insert},
    {"remove", "list,position", 2, 2, false, fn_remove},
    {"reverse", "list", 1, 1, false, fn_reverse},
    {"index of", "list,match", 2, 2, false, fn_index_of},
    {"union", "list", 0, CX_BUILTIN_MANY, false, fn_union},
    {"distinct values", "list", 1, 1, false, fn_distinct},
    {"flatten", "list", 1, 1, false, fn_flatten},
    {"list replace", "list,position,newItem|list,match,newItem", 3, 3, false, fn_replace},
    {"sort", "list,precedes", 1, 2, false, fn_sort},
    {"min", "list", 1, CX_BUILTIN_MANY, false, cx_fn_min},
    {"max", "list", 1, CX_BUILTIN_MANY, false, cx_fn_max},
    {"sum", "list", 1, CX_BUILTIN_MANY, false, cx_fn_sum},
    {"mean", "list", 1, CX_BUILTIN_MANY, false, cx_fn_mean},
    {"product", "list", 1, CX_BUILTIN_MANY, false, cx_fn_product},
    {"median", "list", 1, CX_BUILTIN_MANY, false, cx_fn_median},
    {"stddev", "list", 1, CX_BUILTIN_MANY, false, cx_fn_stddev},
    {"mode", "list", 1, CX_BUILTIN_MANY, false, cx_fn_mode},
    {"all", "list", 1, CX_BUILTIN_MANY, false, cx_fn_all},
    {"any", "list", 1, CX_BUILTIN_MANY, false, cx_fn_any},
};
const size_t cx_builtins_list_count = sizeof cx_builtins_list / sizeof cx_builtins_list[0];
