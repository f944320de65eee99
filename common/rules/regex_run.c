/* Running a program: all its threads walk over the text together, in order of preference; a thread that comes
 * to an instruction where a better one has been at the same place ends. */
#include "common/rules/builtin.h"
#include "common/rules/regex_program.h"

/* A place of the program to go to, or (slot >= 0) a captured place to put back. */
struct pending {
    int at;
    int slot;
    size_t old;
};

struct threads {
    int *at; /* in order of preference */
    size_t *saved;
    int n;
};

struct run {
    const cx_regex *re;
    cx_view text;
    size_t place;
    size_t slots;
    struct threads now, then;
    struct pending *stack;
    uint32_t *seen; /* by instruction: the round in which it was last reached */
    uint32_t round;
    size_t *captured;
    int64_t *steps;
};

static bool at_start(const struct run *r) {
    if (r->place == 0)
        return true;
    return r->re->multi_line && r->text.p[r->place - 1] == '\n' && r->place < r->text.n;
}

static bool at_end(const struct run *r) {
    if (r->place == r->text.n)
        return true;
    return r->re->multi_line && r->text.p[r->place] == '\n';
}

static void keep(struct run *r, int at) {
    r->then.at[r->then.n] = at;
    (void)memcpy(r->then.saved + (size_t)r->then.n * r->slots, r->captured, r->slots * sizeof *r->captured);
    r->then.n++;
}

/* One instruction that reads no character; returns where to go on, or -1. */
static int pass(struct run *r, int at, size_t *depth) {
    const cx_regex_step *s = &r->re->steps[at];
    switch (s->op) {
    case CX_REGEX_OP_JUMP:
        return s->x;
    case CX_REGEX_OP_SPLIT:
        r->stack[(*depth)++] = (struct pending){s->y, -1, 0};
        return s->x;
    case CX_REGEX_OP_SAVE:
        r->stack[(*depth)++] = (struct pending){0, (int)s->c, r->captured[s->c]};
        r->captured[s->c] = r->place;
        return at + 1;
    case CX_REGEX_OP_START:
        return at_start(r) ? at + 1 : -1;
    case CX_REGEX_OP_END:
        return at_end(r) ? at + 1 : -1;
    case CX_REGEX_OP_CHAR:
    case CX_REGEX_OP_ANY:
    case CX_REGEX_OP_SET:
    case CX_REGEX_OP_MATCH:
        keep(r, at);
        return -1;
    }
    return -1;
}

/* Adds the threads that `at` leads to without reading a character. */
static void spread(struct run *r, int at) {
    size_t depth = 0;
    for (;;) {
        while (at >= 0 && r->seen[at] != r->round) {
            r->seen[at] = r->round;
            --*r->steps;
            at = pass(r, at, &depth);
        }
        at = -1;
        while (depth > 0 && at < 0) {
            struct pending p = r->stack[--depth];
            if (p.slot >= 0)
                r->captured[p.slot] = p.old;
            else
                at = p.at;
        }
        if (at < 0)
            return;
    }
}

static bool reads(const cx_regex *re, const cx_regex_step *s, uint32_t c) {
    if (s->op == CX_REGEX_OP_ANY)
        return re->dot_all || c != '\n';
    if (s->op == CX_REGEX_OP_SET)
        return cx_regex_set_has(s->set, c, re->ignore_case);
    if (s->op != CX_REGEX_OP_CHAR)
        return false;
    return s->c == c || (re->ignore_case && cx_case_mapped(s->c, false) == cx_case_mapped(c, false));
}

static void begin_round(struct run *r) {
    struct threads swap = r->now;
    r->now = r->then;
    r->then = swap;
    r->then.n = 0;
    r->round++;
}

/* Lets every thread read c; those that come to the end of the program are the match, and end the worse ones.
 */
static bool step(struct run *r, bool more, uint32_t c, size_t *best) {
    for (int i = 0; i < r->now.n; i++) {
        const cx_regex_step *s = &r->re->steps[r->now.at[i]];
        const size_t *saved = r->now.saved + (size_t)i * r->slots;
        if (s->op == CX_REGEX_OP_MATCH) {
            (void)memcpy(best, saved, r->slots * sizeof *best);
            return true;
        }
        if (more && reads(r->re, s, c)) {
            (void)memcpy(r->captured, saved, r->slots * sizeof *r->captured);
            spread(r, r->now.at[i] + 1);
        }
    }
    return false;
}

static void start_thread(struct run *r) {
    for (size_t i = 0; i < r->slots; i++)
        r->captured[i] = CX_REGEX_NOWHERE;
    r->captured[0] = r->place;
    spread(r, 0);
}

/* A match's end is where its thread came to the end of the program: the place of that round. */
static bool search(struct run *r, size_t from, size_t *best) {
    bool matched = false;
    r->place = from;
    start_thread(r);
    while (*r->steps >= 0) {
        size_t here = r->place;
        bool more = here < r->text.n;
        uint32_t c = more ? cx_regex_point(r->text, &r->place) : 0;
        begin_round(r);
        if (step(r, more, c, best)) {
            best[1] = here;
            matched = true;
        }
        if (!more || (matched && r->then.n == 0))
            return matched;
        if (!matched)
            start_thread(r);
    }
    return false;
}

static bool prepare(struct run *r, cx_arena *arena) {
    size_t n = (size_t)r->re->count;
    r->now.at = cx_arena_calloc(arena, n, sizeof *r->now.at);
    r->then.at = cx_arena_calloc(arena, n, sizeof *r->then.at);
    r->now.saved = cx_arena_calloc(arena, n * r->slots, sizeof *r->now.saved);
    r->then.saved = cx_arena_calloc(arena, n * r->slots, sizeof *r->then.saved);
    r->stack = cx_arena_calloc(arena, 2 * n, sizeof *r->stack);
    r->seen = cx_arena_calloc(arena, n, sizeof *r->seen);
    r->captured = cx_arena_calloc(arena, r->slots, sizeof *r->captured);
    r->round = 1;
    return r->now.at != NULL && r->then.at != NULL && r->now.saved != NULL && r->then.saved != NULL &&
           r->stack != NULL && r->seen != NULL && r->captured != NULL;
}

bool cx_regex_find(const cx_regex *re, cx_view text, size_t from, cx_arena *arena, int64_t *steps,
                   cx_regex_match *out, bool *failed) {
    struct run r = {.re = re, .text = text, .slots = 2 * (size_t)(re->groups + 1), .steps = steps};
    size_t best[2 * CX_REGEX_GROUPS];
    cx_arena_mark mark = cx_arena_mark_now(arena);
    *failed = !prepare(&r, arena);
    bool found = !*failed && search(&r, from, best);
    *failed = *failed || *steps < 0;
    cx_arena_rewind(arena, mark);
    for (size_t g = 0; g < CX_REGEX_GROUPS; g++) {
        bool known = found && 2 * g < r.slots;
        out->start[g] = known ? best[2 * g] : CX_REGEX_NOWHERE;
        out->end[g] = known ? best[2 * g + 1] : CX_REGEX_NOWHERE;
    }
    return found && !*failed;
}
