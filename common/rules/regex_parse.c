/* From a pattern to its tree: appendix F of XML Schema Part 2 with the additions of XPath. */
#include "common/rules/regex_program.h"

struct parser {
    cx_regex *re;
    cx_view text;
    size_t at;
    cx_arena *arena;
    const char *why;
    int depth;
    bool failed;
};

static void *room(struct parser *p, size_t size) {
    void *made = cx_arena_calloc(p->arena, 1, size);
    p->failed = p->failed || made == NULL;
    return made;
}

static void *fail(struct parser *p, const char *why) {
    if (!p->failed)
        p->why = why;
    p->failed = true;
    return NULL;
}

static cx_regex_node *node(struct parser *p, cx_regex_kind kind) {
    cx_regex_node *made = room(p, sizeof *made);
    if (made != NULL)
        made->kind = kind;
    return made;
}

static bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The next byte, 0 at the end; with the flag x, blanks outside of brackets are not there. */
static char peek(struct parser *p) {
    while (p->re->extended && p->at < p->text.n && blank(p->text.p[p->at]))
        p->at++;
    return p->at < p->text.n ? p->text.p[p->at] : 0;
}

static bool take(struct parser *p, char c) {
    if (peek(p) != c || p->at >= p->text.n)
        return false;
    p->at++;
    return true;
}

static bool add_span(struct parser *p, cx_regex_set *set, uint32_t low, uint32_t high, char class) {
    cx_regex_span *span = room(p, sizeof *span);
    if (span == NULL)
        return false;
    *span = (cx_regex_span){low, high, class, set->spans};
    set->spans = span;
    return true;
}

/* What follows a backslash: a class's letter in *class, or a character. */
static bool take_escape(struct parser *p, uint32_t *c, char *class) {
    static const char plain[] = "\\|.-^?*+{}()[]$", classes[] = "dDsSwWiIcC";
    char next = p->at < p->text.n ? p->text.p[p->at] : 0;
    *class = 0;
    if (next == 0)
        return fail(p, "the pattern ends in a backslash") != NULL;
    p->at++;
    if (strchr(classes, next) != NULL)
        *class = next;
    else if (strchr(plain, next) != NULL)
        *c = (unsigned char)next;
    else if (next == 'n' || next == 'r' || next == 't')
        *c = next == 'n' ? '\n' : next == 'r' ? '\r' : '\t';
    else if (next >= '1' && next <= '9')
        return fail(p, "back-references are refused") != NULL;
    else if (next == 'p' || next == 'P')
        return fail(p, "\\p and \\P are refused: write the characters in brackets") != NULL;
    else
        return fail(p, "there is no such escape") != NULL;
    return true;
}

/* One character of a set, or a class. */
static bool take_member(struct parser *p, uint32_t *c, char *class) {
    *class = 0;
    if (p->at >= p->text.n)
        return fail(p, "a bracket is not closed") != NULL;
    *c = cx_regex_point(p->text, &p->at);
    if (*c == '\\')
        return take_escape(p, c, class);
    return *c != '[' || fail(p, "a bracket within brackets is written \\[") != NULL;
}

static bool at_range(const struct parser *p) {
    const char *s = p->text.p + p->at;
    return p->at + 1 < p->text.n && s[0] == '-' && s[1] != ']' && s[1] != '[';
}

static bool take_range(struct parser *p, cx_regex_set *set) {
    uint32_t low = 0, high;
    char class;
    if (!take_member(p, &low, &class))
        return false;
    high = low;
    if (class == 0 && at_range(p)) {
        p->at++;
        if (!take_member(p, &high, &class))
            return false;
        if (class != 0 || high < low)
            return fail(p, "a range in brackets runs backwards") != NULL;
    }
    return add_span(p, set, low, high, class);
}

/* After the opening bracket. */
static cx_regex_set *take_set(struct parser *p) {
    cx_regex_set *set = room(p, sizeof *set);
    if (set == NULL || ++p->depth > CX_REGEX_DEPTH)
        return fail(p, "too deep");
    if (p->at < p->text.n && p->text.p[p->at] == '^') {
        set->negated = true;
        p->at++;
    }
    while (!p->failed && p->at < p->text.n && p->text.p[p->at] != ']') {
        if (p->text.p[p->at] == '-' && p->at + 1 < p->text.n && p->text.p[p->at + 1] == '[') {
            p->at += 2;
            set->without = take_set(p);
            break;
        }
        (void)take_range(p, set);
    }
    if (p->failed)
        return NULL;
    if (p->at >= p->text.n || p->text.p[p->at] != ']' || set->spans == NULL)
        return fail(p, set->spans == NULL ? "brackets without a character" : "a bracket is not closed");
    p->at++;
    p->depth--;
    return set;
}

static cx_regex_node *set_node(struct parser *p, cx_regex_set *set) {
    cx_regex_node *made = set == NULL ? NULL : node(p, CX_REGEX_SET);
    if (made != NULL)
        made->set = set;
    return made;
}

static cx_regex_node *escaped(struct parser *p) {
    uint32_t c = 0;
    char class;
    if (!take_escape(p, &c, &class))
        return NULL;
    if (class != 0) {
        cx_regex_set *set = room(p, sizeof *set);
        return set != NULL && add_span(p, set, 0, 0, class) ? set_node(p, set) : NULL;
    }
    cx_regex_node *made = node(p, CX_REGEX_CHAR);
    if (made != NULL)
        made->c = c;
    return made;
}

static cx_regex_node *take_choice(struct parser *p);

static cx_regex_node *group(struct parser *p) {
    cx_regex_node *made = node(p, CX_REGEX_GROUP);
    if (made == NULL)
        return NULL;
    if (++p->re->groups >= CX_REGEX_GROUPS || ++p->depth > CX_REGEX_DEPTH)
        return fail(p, "too many parentheses");
    made->group = p->re->groups;
    made->first = take_choice(p);
    if (!p->failed && !take(p, ')'))
        return fail(p, "a parenthesis is not closed");
    p->depth--;
    return made;
}

static cx_regex_node *take_atom(struct parser *p) {
    if (take(p, '('))
        return group(p);
    if (take(p, '['))
        return set_node(p, take_set(p));
    if (take(p, '\\'))
        return escaped(p);
    if (take(p, '.'))
        return node(p, CX_REGEX_ANY);
    if (take(p, '^'))
        return node(p, CX_REGEX_START);
    if (take(p, '$'))
        return node(p, CX_REGEX_END);
    if (strchr("?*+{}]", peek(p)) != NULL)
        return fail(p, "a sign stands where a character is expected: put a backslash before it");
    cx_regex_node *made = node(p, CX_REGEX_CHAR);
    if (made != NULL)
        made->c = cx_regex_point(p->text, &p->at);
    return made;
}

/* A number of repetitions; -1 where there is none. */
static int take_count(struct parser *p) {
    int n = -1;
    while (p->at < p->text.n && p->text.p[p->at] >= '0' && p->text.p[p->at] <= '9') {
        n = (n < 0 ? 0 : n) * 10 + (p->text.p[p->at++] - '0');
        if (n > CX_REGEX_PROGRAM) {
            (void)fail(p, "too many repetitions");
            return -1;
        }
    }
    return n;
}

/* {n}, {n,} or {n,m}, after the brace. */
static bool take_bounds(struct parser *p, int *least, int *most) {
    *least = *most = take_count(p);
    if (*least >= 0 && take(p, ','))
        *most = take_count(p);
    if (p->failed)
        return false;
    if (*least < 0 || !take(p, '}') || (*most >= 0 && *most < *least))
        return fail(p, "braces hold {n}, {n,} or {n,m}") != NULL;
    return true;
}

static bool take_quantifier(struct parser *p, int *least, int *most) {
    *least = *most = 1;
    if (take(p, '{'))
        return take_bounds(p, least, most);
    if (take(p, '?'))
        *least = 0;
    else if (take(p, '*'))
        *least = 0, *most = -1;
    else if (take(p, '+'))
        *most = -1;
    else
        return false;
    return true;
}

static cx_regex_node *take_piece(struct parser *p) {
    cx_regex_node *atom = take_atom(p);
    int least, most;
    if (atom == NULL || !take_quantifier(p, &least, &most))
        return p->failed ? NULL : atom;
    cx_regex_node *made = node(p, CX_REGEX_REPEAT);
    if (made == NULL)
        return NULL;
    made->first = atom;
    made->least = least;
    made->most = most;
    made->greedy = !take(p, '?');
    return made;
}

static cx_regex_node *take_sequence(struct parser *p) {
    cx_regex_node *made = node(p, CX_REGEX_SEQUENCE), **end = made != NULL ? &made->first : NULL;
    while (!p->failed && peek(p) != 0 && peek(p) != '|' && peek(p) != ')') {
        *end = take_piece(p);
        end = *end != NULL ? &(*end)->next : end;
    }
    return made;
}

static cx_regex_node *take_choice(struct parser *p) {
    cx_regex_node *made = node(p, CX_REGEX_CHOICE), **end = made != NULL ? &made->first : NULL;
    do {
        if (p->failed)
            return NULL;
        *end = take_sequence(p);
        end = *end != NULL ? &(*end)->next : end;
    } while (!p->failed && take(p, '|'));
    return made;
}

cx_regex_node *cx_regex_parse(cx_regex *re, cx_view pattern, cx_arena *arena, const char **why) {
    struct parser p = {.re = re, .text = pattern, .arena = arena};
    *why = NULL;
    cx_regex_node *tree = take_choice(&p);
    if (!p.failed && p.at < pattern.n)
        (void)fail(&p, "a parenthesis is closed that was not opened");
    *why = p.why;
    return p.failed ? NULL : tree;
}
