/* Values as text: FEEL's string(), and literals for messages and explanations. */
#include "common/rules/decimal.h"
#include "common/rules/temporal.h"
#include "common/rules/value.h"

enum { DEEPEST = 100 };

/* A text that grows in the arena by doubling; `failed` once the arena is exhausted. */
struct text {
    cx_arena *arena;
    char *p;
    size_t n;
    size_t room;
    bool failed;
};

static void put(struct text *t, cx_view v) {
    if (t->failed || v.n == 0)
        return;
    if (v.n > t->room - t->n) {
        size_t room = (t->room + v.n) * 2 + 64;
        char *p = cx_arena_alloc(t->arena, room);
        if (p == NULL) {
            t->failed = true;
            return;
        }
        if (t->n > 0)
            (void)memcpy(p, t->p, t->n);
        t->p = p;
        t->room = room;
    }
    (void)memcpy(t->p + t->n, v.p, v.n);
    t->n += v.n;
}

static void put_quoted(struct text *t, cx_view v) {
    if (v.n == 0) { /* its p may be NULL, to which nothing is added */
        put(t, CX_VIEW("\"\""));
        return;
    }
    put(t, CX_VIEW("\""));
    size_t from = 0;
    for (size_t i = 0; i < v.n; i++) {
        char c = v.p[i];
        if (c != '"' && c != '\\' && c != '\n')
            continue;
        put(t, (cx_view){v.p + from, i - from});
        put(t, c == '"' ? CX_VIEW("\\\"") : c == '\\' ? CX_VIEW("\\\\") : CX_VIEW("\\n"));
        from = i + 1;
    }
    put(t, (cx_view){v.p + from, v.n - from});
    put(t, CX_VIEW("\""));
}

static void put_value(struct text *t, cx_value v, bool literal, int depth);

static void put_list(struct text *t, cx_value v, int depth) {
    put(t, CX_VIEW("["));
    for (size_t i = 0; i < v.u.list.n && !t->failed; i++) {
        put(t, i > 0 ? CX_VIEW(", ") : CX_VIEW(""));
        put_value(t, v.u.list.items[i], true, depth + 1);
    }
    put(t, CX_VIEW("]"));
}

static void put_context(struct text *t, cx_value v, int depth) {
    put(t, CX_VIEW("{"));
    for (size_t i = 0; i < v.u.context.n && !t->failed; i++) {
        put(t, i > 0 ? CX_VIEW(", ") : CX_VIEW(""));
        put(t, v.u.context.entries[i].key);
        put(t, CX_VIEW(": "));
        put_value(t, v.u.context.entries[i].value, true, depth + 1);
    }
    put(t, CX_VIEW("}"));
}

static void put_range(struct text *t, const cx_range *r, int depth) {
    if (cx_value_is_null(r->low) || cx_value_is_null(r->high)) {
        bool low = !cx_value_is_null(r->low);
        bool closed = low ? r->low_closed : r->high_closed;
        put(t, low ? CX_VIEW(">") : CX_VIEW("<"));
        put(t, closed ? CX_VIEW("= ") : CX_VIEW(" "));
        put_value(t, low ? r->low : r->high, true, depth + 1);
        return;
    }
    put(t, r->low_closed ? CX_VIEW("[") : CX_VIEW("("));
    put_value(t, r->low, true, depth + 1);
    put(t, CX_VIEW(".."));
    put_value(t, r->high, true, depth + 1);
    put(t, r->high_closed ? CX_VIEW("]") : CX_VIEW(")"));
}

static void put_temporal(struct text *t, cx_value v, bool literal) {
    char buffer[CX_TEMPORAL_TEXT];
    size_t n = cx_temporal_text(v, buffer);
    put(t, literal ? CX_VIEW("@\"") : CX_VIEW(""));
    put(t, (cx_view){buffer, n});
    put(t, literal ? CX_VIEW("\"") : CX_VIEW(""));
}

static void put_number(struct text *t, cx_decimal d) {
    cx_view text = cx_decimal_text(d, t->arena);
    t->failed = t->failed || text.p == NULL;
    put(t, text);
}

static void put_value(struct text *t, cx_value v, bool literal, int depth) {
    if (depth > DEEPEST) {
        put(t, CX_VIEW("..."));
        return;
    }
    switch ((cx_kind)v.kind) {
    case CX_KIND_BOOLEAN:
        put(t, v.u.boolean ? CX_VIEW("true") : CX_VIEW("false"));
        return;
    case CX_KIND_NUMBER:
        put_number(t, v.u.number);
        return;
    case CX_KIND_STRING:
        if (literal)
            put_quoted(t, v.u.string);
        else
            put(t, v.u.string);
        return;
    case CX_KIND_DATE:
    case CX_KIND_TIME:
    case CX_KIND_DATE_TIME:
    case CX_KIND_DAYS_TIME:
    case CX_KIND_YEARS_MONTHS:
        put_temporal(t, v, literal);
        return;
    case CX_KIND_LIST:
        put_list(t, v, depth);
        return;
    case CX_KIND_CONTEXT:
        put_context(t, v, depth);
        return;
    case CX_KIND_RANGE:
        put_range(t, v.u.range, depth);
        return;
    case CX_KIND_FUNCTION:
        put(t, CX_VIEW("function"));
        return;
    case CX_KIND_NULL:
    case CX_KIND_COUNT:
        break;
    }
    put(t, CX_VIEW("null"));
}

static cx_view shown(cx_value v, bool literal, cx_arena *arena) {
    struct text t = {.arena = arena};
    put_value(&t, v, literal, 0);
    if (t.failed)
        return (cx_view){NULL, 0};
    return t.p != NULL ? (cx_view){t.p, t.n} : (cx_view){"", 0};
}

cx_view cx_value_text(cx_value v, cx_arena *arena) {
    return v.kind == CX_KIND_STRING ? v.u.string : shown(v, false, arena);
}

cx_view cx_value_literal(cx_value v, cx_arena *arena) {
    return shown(v, true, arena);
}
