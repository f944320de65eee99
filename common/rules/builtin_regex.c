/* matches(), replace() and split(): regular expressions (DMN 1.5, table 74, note 2). */
#include "common/rules/interp.h"
#include "common/rules/regex.h"

/* Compiles args[1] with the flags of args[at], if there are any. NULL after a warning. */
static cx_regex *compile(cx_eval *e, const char *name, const cx_value *args, size_t n, size_t at) {
    cx_view pattern, flags = {"", 0};
    const char *why;
    if (!cx_value_to_string(args[1], &pattern) ||
        (n > at && !cx_value_is_null(args[at]) && !cx_value_to_string(args[at], &flags))) {
        (void)cx_eval_warn(e, "%s() needs strings", name);
        return NULL;
    }
    cx_regex *re = cx_regex_compile(pattern, flags, e->arena, &why);
    if (re == NULL && why != NULL)
        (void)cx_eval_warn(e, "%s(): the pattern is no regular expression: %s", name, why);
    else if (re == NULL)
        e->rc = CX_OUT_OF_MEMORY;
    return re;
}

/* The text to look at; one without bytes still has a place. */
static bool subject(cx_value v, cx_view *text) {
    if (!cx_value_to_string(v, text))
        return false;
    if (text->n == 0)
        *text = CX_VIEW("");
    return true;
}

static bool find(cx_eval *e, const cx_regex *re, cx_view text, size_t from, cx_regex_match *m) {
    bool failed;
    bool found = cx_regex_find(re, text, from, e->arena, &e->steps_left, m, &failed);
    if (failed && e->rc == CX_OK)
        e->rc = e->steps_left < 0 ? CX_EVAL_LIMIT : CX_OUT_OF_MEMORY;
    return found && e->rc == CX_OK;
}

/* replace() and split() are errors in XPath where the pattern matches the empty string: null here. */
static bool matches_nothing(cx_eval *e, const cx_regex *re, const char *name) {
    cx_regex_match m;
    if (!find(e, re, CX_VIEW(""), 0, &m))
        return e->rc != CX_OK;
    (void)cx_eval_warn(e, "%s(): the pattern matches the empty string", name);
    return true;
}

static cx_value fn_matches(cx_eval *e, const cx_value *args, size_t n) {
    cx_view text;
    cx_regex_match m;
    if (!subject(args[0], &text))
        return cx_eval_warn(e, "matches() needs strings");
    const cx_regex *re = compile(e, "matches", args, n, 2);
    if (re == NULL)
        return cx_value_null();
    bool found = find(e, re, text, 0, &m);
    return e->rc == CX_OK ? cx_value_bool(found) : cx_value_null();
}

/* A text that grows in the arena. */
struct text {
    cx_eval *e;
    char *p;
    size_t n, room;
};

static void append(struct text *t, const char *p, size_t n) {
    if (t->room - t->n < n) {
        size_t room = 2 * (t->n + n) + 64;
        char *grown = cx_eval_alloc(t->e, 1, room);
        if (grown == NULL)
            return;
        if (t->n > 0)
            (void)memcpy(grown, t->p, t->n);
        t->p = grown;
        t->room = room;
    }
    if (n > 0)
        (void)memcpy(t->p + t->n, p, n);
    t->n += n;
}

static void append_group(struct text *to, cx_view text, const cx_regex_match *m, int group) {
    if (group < CX_REGEX_GROUPS && m->start[group] != CX_REGEX_NOWHERE && m->end[group] != CX_REGEX_NOWHERE)
        append(to, text.p + m->start[group], m->end[group] - m->start[group]);
}

/* $N: as many digits as still name a group; what is left of them stands for itself. At the digit. */
static size_t reference(cx_view r, size_t at, int groups, int *group) {
    *group = r.p[at++] - '0';
    while (at < r.n && r.p[at] >= '0' && r.p[at] <= '9' && *group * 10 + (r.p[at] - '0') <= groups)
        *group = *group * 10 + (r.p[at++] - '0');
    return at;
}

static bool is_digit(cx_view r, size_t at) {
    return at < r.n && r.p[at] >= '0' && r.p[at] <= '9';
}

/* \ stands before $ or \ only, $ before a digit only. */
static bool good_replacement(cx_view r) {
    for (size_t i = 0; i < r.n; i++) {
        if (r.p[i] == '$' && !is_digit(r, i + 1))
            return false;
        if (r.p[i] == '\\' && (++i >= r.n || (r.p[i] != '$' && r.p[i] != '\\')))
            return false;
    }
    return true;
}

static void append_replacement(struct text *to, cx_view r, cx_view text, const cx_regex_match *m,
                               int groups) {
    for (size_t i = 0; i < r.n;) {
        int group;
        if (r.p[i] == '$') {
            i = reference(r, i + 1, groups, &group);
            append_group(to, text, m, group);
            continue;
        }
        i += r.p[i] == '\\' ? 1 : 0;
        append(to, r.p + i++, 1);
    }
}

static cx_value fn_replace(cx_eval *e, const cx_value *args, size_t n) {
    cx_view text, by;
    cx_regex_match m;
    if (!subject(args[0], &text) || !cx_value_to_string(args[2], &by))
        return cx_eval_warn(e, "replace() needs strings");
    const cx_regex *re = compile(e, "replace", args, n, 3);
    if (re == NULL || matches_nothing(e, re, "replace"))
        return cx_value_null();
    if (!good_replacement(by))
        return cx_eval_warn(e, "replace(): in the replacement $ stands before a digit, \\ before $ or \\");
    struct text to = {.e = e};
    size_t at = 0;
    while (at <= text.n && find(e, re, text, at, &m) && m.end[0] > at) {
        append(&to, text.p + at, m.start[0] - at);
        append_replacement(&to, by, text, &m, cx_regex_groups(re));
        at = m.end[0];
    }
    append(&to, text.p + at, text.n - at);
    return e->rc == CX_OK ? cx_value_string((cx_view){to.p, to.n}) : cx_value_null();
}

static cx_value fn_split(cx_eval *e, const cx_value *args, size_t n) {
    cx_view text;
    cx_regex_match m;
    if (!subject(args[0], &text))
        return cx_eval_warn(e, "split() needs strings");
    const cx_regex *re = compile(e, "split", args, n, 2);
    if (re == NULL || matches_nothing(e, re, "split"))
        return cx_value_null();
    size_t parts = 1, at = 0;
    while (find(e, re, text, at, &m) && m.end[0] > at) {
        parts++;
        at = m.end[0];
    }
    cx_value *items = e->rc == CX_OK ? cx_eval_alloc(e, parts, sizeof *items) : NULL;
    if (items == NULL)
        return cx_value_null();
    at = 0;
    for (size_t i = 0; i < parts; i++) {
        bool last = i + 1 == parts || !find(e, re, text, at, &m);
        items[i] = cx_value_string((cx_view){text.p + at, (last ? text.n : m.start[0]) - at});
        at = last ? text.n : m.end[0];
    }
    return e->rc == CX_OK ? cx_value_list(items, parts) : cx_value_null();
}

const cx_builtin cx_builtins_regex[] = {
    {"matches", "input,pattern,flags", 2, 3, false, fn_matches},
    {"replace", "input,pattern,replacement,flags", 3, 4, false, fn_replace},
    {"split", "string,delimiter", 2, 2, false, fn_split},
};
const size_t cx_builtins_regex_count = sizeof cx_builtins_regex / sizeof cx_builtins_regex[0];
