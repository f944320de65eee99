/* for, some, every; filters; paths. */
#include "common/rules/interp.h"

#include "common/rules/decimal.h"
#include "common/rules/temporal.h"

/* A loop under way: its variables' environment, and the results of a `for`. */
struct loop {
    cx_eval *e;
    const cx_node *node;
    const cx_env *outer;
    cx_value *slots;
    cx_value *results;
    size_t n;
    size_t room;
    bool unknown; /* some, every: a condition was neither true nor false */
    bool decided; /* some: one was true; every: one was false */
};

static void keep_result(struct loop *l, cx_value v) {
    if (l->n == l->room) {
        size_t room = l->room * 2 + 8;
        cx_value *more = cx_eval_alloc(l->e, room, sizeof *more);
        if (more == NULL)
            return;
        if (l->n > 0)
            (void)memcpy(more, l->results, l->n * sizeof *more);
        l->results = more;
        l->room = room;
    }
    l->results[l->n++] = v;
}

/* A turn's own environment: a function made in the body keeps it and sees this turn's values. */
static cx_env *turn_env(struct loop *l) {
    size_t n = l->node->u.many.n + 1;
    cx_env *env = cx_eval_alloc(l->e, 1, sizeof *env);
    cx_value *slots = cx_eval_alloc(l->e, n, sizeof *slots);
    if (env == NULL || slots == NULL)
        return NULL;
    (void)memcpy(slots, l->slots, n * sizeof *slots);
    *env = (cx_env){l->outer, slots};
    return env;
}

static void body(struct loop *l) {
    const cx_node *node = l->node;
    l->slots[node->u.many.n] = cx_value_list(l->results, l->n); /* partial */
    cx_env *env = turn_env(l);
    if (env == NULL)
        return;
    cx_value v = cx_eval_node(l->e, node->u.many.body, env);
    if (node->op == CX_OP_FOR) {
        keep_result(l, v);
        return;
    }
    if (v.kind != CX_KIND_BOOLEAN)
        l->unknown = true;
    else if (v.u.boolean == (node->op == CX_OP_SOME))
        l->decided = true;
}

static void walk(struct loop *l, size_t level);

static void one_turn(struct loop *l, size_t level, cx_value v) {
    l->slots[level] = v;
    if (level + 1 < l->node->u.many.n)
        walk(l, level + 1);
    else
        body(l);
}

static bool goes_on(const struct loop *l) {
    return l->e->rc == CX_OK && !l->decided && cx_eval_step(l->e);
}

static void walk_numbers(struct loop *l, size_t level, int64_t from, int64_t to, bool days) {
    int64_t step = from <= to ? 1 : -1;
    for (int64_t i = from; goes_on(l); i += step) {
        cx_value v = cx_value_int(i);
        if (days)
            v = (cx_value){.kind = CX_KIND_DATE, .u.at = {i, 0}};
        one_turn(l, level, v);
        if (i == to)
            return;
    }
}

/* A range of whole numbers or of dates, upwards or downwards. */
static void walk_range(struct loop *l, size_t level, const cx_range *r) {
    int64_t from, to;
    bool days = r->low.kind == CX_KIND_DATE && r->high.kind == CX_KIND_DATE;
    if (days) {
        from = r->low.u.at.days;
        to = r->high.u.at.days;
    } else if (!cx_value_to_int64(r->low, &from) || !cx_value_to_int64(r->high, &to)) {
        (void)cx_eval_warn(l->e, "only whole numbers and dates can be counted through");
        l->unknown = true;
        return;
    }
    int64_t step = from <= to ? 1 : -1;
    if ((from == to && !(r->low_closed && r->high_closed)) ||
        (from != to && !r->low_closed && !r->high_closed && from + step == to))
        return;
    from += r->low_closed ? 0 : step;
    to -= r->high_closed ? 0 : step;
    walk_numbers(l, level, from, to, days);
}

static void walk(struct loop *l, size_t level) {
    cx_env *env = turn_env(l);
    if (env == NULL)
        return;
    cx_value domain = cx_eval_node(l->e, l->node->u.many.items[level], env);
    if (domain.kind == CX_KIND_RANGE) {
        walk_range(l, level, domain.u.range);
    } else if (domain.kind == CX_KIND_LIST) {
        for (size_t i = 0; i < domain.u.list.n && goes_on(l); i++)
            one_turn(l, level, domain.u.list.items[i]);
    } else if (cx_value_is_null(domain)) {
        l->unknown = true;
    } else {
        one_turn(l, level, domain);
    }
}

cx_value cx_eval_iteration(cx_eval *e, const cx_node *node, const cx_env *env) {
    size_t n = node->u.many.n;
    struct loop l = {.e = e, .node = node, .outer = env, .slots = cx_eval_alloc(e, n + 1, sizeof(cx_value))};
    if (l.slots == NULL)
        return cx_value_null();
    for (size_t i = 0; i <= n; i++)
        l.slots[i] = cx_value_null();
    walk(&l, 0);
    if (e->rc != CX_OK)
        return cx_value_null();
    if (node->op == CX_OP_FOR)
        return l.unknown ? cx_value_null() : cx_value_list(l.results, l.n);
    if (l.decided)
        return cx_value_bool(node->op == CX_OP_SOME);
    return l.unknown ? cx_value_null() : cx_value_bool(node->op == CX_OP_EVERY);
}

/* --- filters ------------------------------------------------------------------------------------------ */

static cx_value item_at(cx_value list, cx_value index) {
    int64_t i;
    size_t n = list.u.list.n;
    if (!cx_value_to_int64(index, &i) || i == 0)
        return cx_value_null();
    if (i < 0)
        i += (int64_t)n + 1;
    return i >= 1 && (uint64_t)i <= n ? list.u.list.items[i - 1] : cx_value_null();
}

cx_value cx_eval_filter(cx_eval *e, const cx_node *node, const cx_env *env) {
    cx_value list = cx_eval_node(e, node->u.kids.a, env);
    const cx_node *condition = node->u.kids.b;
    if (list.kind != CX_KIND_LIST) { /* a single value is a list of one, null an empty one */
        cx_value *one = cx_eval_alloc(e, 1, sizeof *one);
        if (one == NULL)
            return cx_value_null();
        *one = list;
        list = cx_value_list(one, cx_value_is_null(list) ? 0 : 1);
    }
    size_t n = list.u.list.n;
    cx_value *kept = cx_eval_alloc(e, n, sizeof *kept);
    if (kept == NULL)
        return cx_value_null();
    if (condition->op == CX_OP_CONST && condition->u.value.kind == CX_KIND_NUMBER)
        return item_at(list, condition->u.value);
    size_t found = 0;
    for (size_t i = 0; i < n && cx_eval_step(e); i++) {
        cx_value *slot = cx_eval_alloc(e, 1, sizeof *slot);
        cx_env *inner = cx_eval_alloc(e, 1, sizeof *inner);
        if (slot == NULL || inner == NULL)
            break;
        *slot = list.u.list.items[i];
        *inner = (cx_env){env, slot};
        cx_value v = cx_eval_node(e, condition, inner);
        if (i == 0 && v.kind == CX_KIND_NUMBER)
            return item_at(list, v);
        if (cx_value_is_true(v))
            kept[found++] = list.u.list.items[i];
    }
    return cx_eval_list(e, kept, found);
}

/* --- paths -------------------------------------------------------------------------------------------- */

static cx_value range_property(const cx_range *r, cx_view name) {
    if (cx_view_is(name, "start"))
        return r->low;
    if (cx_view_is(name, "end"))
        return r->high;
    if (cx_view_is(name, "start included"))
        return cx_value_bool(r->low_closed);
    if (cx_view_is(name, "end included"))
        return cx_value_bool(r->high_closed);
    return cx_value_null();
}

static cx_value path_of_one(cx_eval *e, cx_value of, cx_view name) {
    if (of.kind == CX_KIND_CONTEXT) {
        const cx_value *found = cx_value_entry(of, name);
        return found != NULL ? *found
                             : cx_eval_warn(e, "the context has no entry \"%.*s\"", CX_VIEW_ARGS(name));
    }
    if (of.kind >= CX_KIND_DATE && of.kind <= CX_KIND_YEARS_MONTHS)
        return cx_temporal_property(of, name);
    if (of.kind == CX_KIND_RANGE)
        return range_property(of.u.range, name);
    if (cx_value_is_null(of))
        return of;
    return cx_eval_warn(e, "a %s has no property \"%.*s\"", cx_kind_name(of.kind), CX_VIEW_ARGS(name));
}

cx_value cx_eval_path(cx_eval *e, cx_value of, cx_view name) {
    if (of.kind != CX_KIND_LIST)
        return path_of_one(e, of, name);
    cx_value *items = cx_eval_alloc(e, of.u.list.n, sizeof *items);
    for (size_t i = 0; items != NULL && i < of.u.list.n; i++)
        items[i] = path_of_one(e, of.u.list.items[i], name);
    return cx_eval_list(e, items, of.u.list.n);
}
