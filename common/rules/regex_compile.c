/* From a pattern to a program. */
#include "common/rules/builtin.h"
#include "common/rules/regex_program.h"

/* --- the program ---------------------------------------------------------------------------------------- */

static int put(cx_regex *re, cx_regex_op op, uint32_t c, const cx_regex_set *set) {
    if (re->count >= CX_REGEX_PROGRAM)
        return CX_REGEX_PROGRAM - 1; /* too large: noticed at the end */
    re->steps[re->count] = (cx_regex_step){.op = op, .c = c, .set = set};
    return re->count++;
}

static void put_node(cx_regex *re, const cx_regex_node *node);

/* Both ways of a split, the preferred one first. */
static void aim(cx_regex *re, int split, int in, int out, bool greedy) {
    re->steps[split].x = greedy ? in : out;
    re->steps[split].y = greedy ? out : in;
}

static void put_repeat(cx_regex *re, const cx_regex_node *node) {
    for (int i = 0; i < node->least && re->count < CX_REGEX_PROGRAM; i++)
        put_node(re, node->first);
    if (node->most < 0) {
        int split = put(re, CX_REGEX_OP_SPLIT, 0, NULL);
        put_node(re, node->first);
        re->steps[put(re, CX_REGEX_OP_JUMP, 0, NULL)].x = split;
        aim(re, split, split + 1, re->count, node->greedy);
        return;
    }
    for (int i = node->least; i < node->most && re->count < CX_REGEX_PROGRAM; i++) {
        int split = put(re, CX_REGEX_OP_SPLIT, 0, NULL);
        put_node(re, node->first);
        aim(re, split, split + 1, re->count, node->greedy);
    }
}

/* Each way but the last: split, the way, a jump over the rest. The jumps are chained through x until the end
 * is known. */
static void put_choice(cx_regex *re, const cx_regex_node *node) {
    int chain = -1;
    const cx_regex_node *way = node->first;
    for (; way->next != NULL; way = way->next) {
        int split = put(re, CX_REGEX_OP_SPLIT, 0, NULL);
        put_node(re, way);
        int jump = put(re, CX_REGEX_OP_JUMP, 0, NULL);
        re->steps[jump].x = chain;
        chain = jump;
        aim(re, split, split + 1, re->count, true);
    }
    put_node(re, way);
    while (chain >= 0 && re->count < CX_REGEX_PROGRAM) {
        int before = re->steps[chain].x;
        re->steps[chain].x = re->count;
        chain = before;
    }
}

static void put_node(cx_regex *re, const cx_regex_node *node) {
    switch (node->kind) {
    case CX_REGEX_CHAR:
        (void)put(re, CX_REGEX_OP_CHAR, node->c, NULL);
        break;
    case CX_REGEX_ANY:
        (void)put(re, CX_REGEX_OP_ANY, 0, NULL);
        break;
    case CX_REGEX_SET:
        (void)put(re, CX_REGEX_OP_SET, 0, node->set);
        break;
    case CX_REGEX_START:
        (void)put(re, CX_REGEX_OP_START, 0, NULL);
        break;
    case CX_REGEX_END:
        (void)put(re, CX_REGEX_OP_END, 0, NULL);
        break;
    case CX_REGEX_REPEAT:
        put_repeat(re, node);
        break;
    case CX_REGEX_CHOICE:
        put_choice(re, node);
        break;
    case CX_REGEX_GROUP:
        (void)put(re, CX_REGEX_OP_SAVE, 2 * (uint32_t)node->group, NULL);
        put_node(re, node->first);
        (void)put(re, CX_REGEX_OP_SAVE, 2 * (uint32_t)node->group + 1, NULL);
        break;
    case CX_REGEX_SEQUENCE:
        for (const cx_regex_node *part = node->first; part != NULL; part = part->next)
            put_node(re, part);
        break;
    }
}

static bool take_flags(cx_regex *re, cx_view flags) {
    for (size_t i = 0; i < flags.n; i++) {
        bool *flag = flags.p[i] == 's'   ? &re->dot_all
                     : flags.p[i] == 'm' ? &re->multi_line
                     : flags.p[i] == 'i' ? &re->ignore_case
                     : flags.p[i] == 'x' ? &re->extended
                                         : NULL;
        if (flag == NULL)
            return false;
        *flag = true;
    }
    return true;
}

cx_regex *cx_regex_compile(cx_view pattern, cx_view flags, cx_arena *arena, const char **why) {
    cx_regex *re = cx_arena_calloc(arena, 1, sizeof *re);
    *why = NULL;
    if (re == NULL)
        return NULL;
    if (pattern.n > CX_REGEX_PATTERN || !take_flags(re, flags)) {
        *why = pattern.n > CX_REGEX_PATTERN ? "the pattern is too long" : "the flags are s, m, i and x";
        return NULL;
    }
    const cx_regex_node *tree = cx_regex_parse(re, pattern, arena, why);
    re->steps = tree != NULL ? cx_arena_calloc(arena, CX_REGEX_PROGRAM, sizeof *re->steps) : NULL;
    if (re->steps == NULL)
        return NULL;
    put_node(re, tree);
    (void)put(re, CX_REGEX_OP_MATCH, 0, NULL);
    if (re->count >= CX_REGEX_PROGRAM) {
        *why = "the pattern repeats too much";
        return NULL;
    }
    return re;
}

int cx_regex_groups(const cx_regex *re) {
    return re->groups;
}
