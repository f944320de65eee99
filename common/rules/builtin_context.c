/* Contexts. */
#include "common/rules/interp.h"

static cx_value fn_get_value(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_view key;
    if (args[0].kind != CX_KIND_CONTEXT)
        return cx_eval_warn(e, "get value() needs a context");
    cx_value at = args[0];
    if (args[1].kind == CX_KIND_LIST) { /* a path of keys */
        for (size_t i = 0; i < args[1].u.list.n; i++) {
            if (!cx_value_to_string(args[1].u.list.items[i], &key))
                return cx_eval_warn(e, "get value() needs strings as keys");
            const cx_value *found = cx_value_entry(at, key);
            if (found == NULL)
                return cx_value_null();
            at = *found;
        }
        return at;
    }
    if (!cx_value_to_string(args[1], &key))
        return cx_eval_warn(e, "get value() needs a string as key");
    const cx_value *found = cx_value_entry(at, key);
    return found != NULL ? *found : cx_value_null();
}

static cx_value fn_get_entries(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    if (args[0].kind != CX_KIND_CONTEXT)
        return cx_eval_warn(e, "get entries() needs a context");
    size_t count = args[0].u.context.n;
    cx_value *items = cx_eval_alloc(e, count, sizeof *items);
    cx_entry *pairs = cx_eval_alloc(e, count * 2, sizeof *pairs);
    if (items == NULL || pairs == NULL)
        return cx_value_null();
    for (size_t i = 0; i < count; i++) {
        const cx_entry *entry = &args[0].u.context.entries[i];
        pairs[2 * i] = (cx_entry){CX_VIEW("key"), cx_value_string(entry->key)};
        pairs[2 * i + 1] = (cx_entry){CX_VIEW("value"), entry->value};
        items[i] = cx_value_context(&pairs[2 * i], 2);
    }
    return cx_value_list(items, count);
}

/* A copy of a context with one entry set. */
static cx_value with_entry(cx_eval *e, cx_value context, cx_view key, cx_value value) {
    size_t n = context.kind == CX_KIND_CONTEXT ? context.u.context.n : 0;
    cx_entry *entries = cx_eval_alloc(e, n + 1, sizeof *entries);
    if (entries == NULL)
        return cx_value_null();
    size_t at = n;
    for (size_t i = 0; i < n; i++) {
        entries[i] = context.u.context.entries[i];
        if (cx_view_eq(entries[i].key, key))
            at = i;
    }
    entries[at] = (cx_entry){key, value};
    return cx_value_context(entries, at == n ? n + 1 : n);
}

static cx_value put_path(cx_eval *e, cx_value context, const cx_value *keys, size_t n, cx_value value) {
    cx_view key;
    if (!cx_value_to_string(keys[0], &key))
        return cx_eval_warn(e, "context put() needs strings as keys");
    if (n > 1) {
        const cx_value *inner = cx_value_entry(context, key);
        if (inner == NULL || inner->kind != CX_KIND_CONTEXT || n > 64)
            return cx_eval_warn(e, "context put(): there is no context at this key");
        value = put_path(e, *inner, keys + 1, n - 1, value);
        if (cx_value_is_null(value))
            return value;
    }
    return with_entry(e, context, key, value);
}

static cx_value fn_put(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    if (args[0].kind != CX_KIND_CONTEXT)
        return cx_eval_warn(e, "context put() needs a context");
    if (args[1].kind == CX_KIND_LIST && args[1].u.list.n > 0)
        return put_path(e, args[0], args[1].u.list.items, args[1].u.list.n, args[2]);
    return put_path(e, args[0], &args[1], 1, args[2]);
}

/* The later of two contexts wins. */
static cx_value fn_merge(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    if (args[0].kind != CX_KIND_LIST)
        return cx_eval_warn(e, "context merge() needs a list of contexts");
    size_t room = 0, count = 0;
    for (size_t i = 0; i < args[0].u.list.n; i++) {
        if (args[0].u.list.items[i].kind != CX_KIND_CONTEXT)
            return cx_eval_warn(e, "context merge() needs a list of contexts");
        room += args[0].u.list.items[i].u.context.n;
    }
    cx_entry *entries = cx_eval_alloc(e, room, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < args[0].u.list.n; i++)
        for (size_t k = 0; k < args[0].u.list.items[i].u.context.n && cx_eval_step(e); k++) {
            cx_entry entry = args[0].u.list.items[i].u.context.entries[k];
            size_t at = 0;
            while (at < count && !cx_view_eq(entries[at].key, entry.key))
                at++;
            entries[at] = entry;
            count += at == count ? 1 : 0;
        }
    return entries != NULL && e->rc == CX_OK ? cx_value_context(entries, count) : cx_value_null();
}

static cx_value fn_context(cx_eval *e, const cx_value *args, size_t n) {
    (void)n;
    cx_value list = args[0].kind == CX_KIND_LIST ? args[0] : cx_value_list(args, 1);
    cx_entry *entries = cx_eval_alloc(e, list.u.list.n, sizeof *entries);
    for (size_t i = 0; entries != NULL && i < list.u.list.n; i++) {
        const cx_value *key = cx_value_entry(list.u.list.items[i], CX_VIEW("key"));
        const cx_value *value = cx_value_entry(list.u.list.items[i], CX_VIEW("value"));
        if (key == NULL || value == NULL || key->kind != CX_KIND_STRING)
            return cx_eval_warn(e, "context() needs contexts with a key and a value");
        for (size_t k = 0; k < i && cx_eval_step(e); k++)
            if (cx_view_eq(entries[k].key, key->u.string))
                return cx_eval_warn(e, "context(): a key is there twice");
        entries[i] = (cx_entry){key->u.string, *value};
    }
    return entries != NULL && e->rc == CX_OK ? cx_value_context(entries, list.u.list.n) : cx_value_null();
}

const cx_builtin cx_builtins_context[] = {
    {"get value", "m,key|context,key", 2, 2, false, fn_get_value},
    {"get entries", "m|context", 1, 1, false, fn_get_entries},
    {"context put", "context,key,value|context,keys,value", 3, 3, false, fn_put},
    {"context merge", "contexts", 1, 1, false, fn_merge},
    {"context", "entries", 1, 1, false, fn_context},
};
const size_t cx_builtins_context_count = sizeof cx_builtins_context / sizeof cx_builtins_context[0];
