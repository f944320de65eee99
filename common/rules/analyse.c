/* Findings about one table. */
#include "common/rules/analyse.h"

#include "common/rules/analyse_cover.h"
#include "common/rules/analyse_list.h"

enum { MOST_PAIRS = 60 * 1000 * 1000, LARGEST_BOXED = 3000 };

static bool single_hit(const cx_table *t) {
    return t->policy <= CX_POLICY_FIRST;
}

static bool clear(const struct analysis *a, uint32_t rule) {
    return (a->cover.clear[rule / 64] >> rule % 64 & 1) != 0;
}

/* --- cells and columns -------------------------------------------------------------------------------- */

static void check_columns(struct analysis *a) {
    for (size_t c = 0; c < a->table->input_count; c++) {
        bool tested = false;
        if (a->table->inputs[c].allowed_varies)
            analysis_add(
                a, CX_FINDING_UNDECIDED, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE,
                "the values that the input \"%.*s\" may have depend on other inputs: all are taken to occur",
                CX_VIEW_ARGS(a->table->inputs[c].text));
        for (size_t r = 0; r < a->table->rule_count; r++)
            tested = tested || cx_table_test(a->table, r, c) != NULL;
        if (!tested)
            analysis_add(a, CX_FINDING_UNUSED, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE,
                         "no rule tests the input \"%.*s\"", CX_VIEW_ARGS(a->table->inputs[c].text));
    }
}

/* Whether one test of a plain cell, taken alone, can hold. Null is no value of the axis: it always may. */
static bool test_can_hold(struct analysis *a, const cx_node *tests, size_t i, size_t column) {
    const cx_domain *d = &a->domains[column];
    cx_node one = *tests;
    cx_spans spans = {0};
    one.op = CX_OP_TESTS;
    one.u.many.items = tests->u.many.items + i;
    one.u.many.n = 1;
    if (cx_value_is_null(one.u.many.items[0]->u.kids.a->u.value))
        return true;
    bool can = !cx_cell_spans(&one, d->axis, &spans);
    for (size_t k = 0; k < spans.n; k++)
        can = can || cx_domain_meets(d, spans.at[k].low, spans.at[k].high);
    free(spans.at);
    return can;
}

static void check_cells(struct analysis *a, uint32_t r) {
    for (size_t c = 0; c < a->table->input_count; c++) {
        const cx_node *tests = cx_domain_opaque(&a->domains[c], r) ? NULL : cx_table_test(a->table, r, c);
        for (size_t i = 0; tests != NULL && i < tests->u.many.n; i++)
            if (!test_can_hold(a, tests, i, c)) {
                cx_view cell = cx_table_cell(a->table, r, c);
                analysis_add(a, CX_FINDING_IMPOSSIBLE, r, CX_FINDING_NO_RULE,
                             "test %zu of \"%.*s\" can never hold for the input \"%.*s\"", i + 1,
                             CX_VIEW_ARGS(cell), CX_VIEW_ARGS(a->table->inputs[c].text));
            }
    }
}

static bool can_match(const struct analysis *a, uint32_t r) {
    for (size_t c = 0; c < a->table->input_count; c++)
        if (!cx_domain_opaque(&a->domains[c], r) && cx_domain_empty(&a->domains[c], r))
            return false;
    return true;
}

/* --- gaps --------------------------------------------------------------------------------------------- */

static bool on_gap(cx_cover *cover, size_t known, bool perhaps) {
    struct analysis *a = cover->ctx;
    char text[300];
    size_t n = 0;
    if (perhaps) {
        a->unsure_gap = true;
        return true;
    }
    const cx_value *example = analysis_example(a, cover->at, known);
    if (example == NULL)
        return false;
    text[0] = '\0';
    for (size_t c = 0; c < known && n < sizeof text; c++) {
        cx_view v = cx_value_literal(example[c], a->arena);
        if (a->domains[c].kind_count > 1)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s = %.*s", n > 0 ? ", " : "",
                                  CX_VIEW_ARGS(a->table->inputs[c].text), CX_VIEW_ARGS(v));
    }
    analysis_add(a, CX_FINDING_GAP, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE, "no rule matches %s",
                 n > 0 ? text : "any input");
    analysis_last(a)->example = example;
    return a->count[CX_FINDING_GAP] < ANALYSIS_MOST;
}

static void find_gaps(struct analysis *a) {
    uint64_t *all = cx_arena_calloc(a->arena, a->cover.words, sizeof *all);
    if (all == NULL || !single_hit(a->table) || a->table->has_fallback)
        return;
    (void)memset(all, 0xFF, a->cover.words * sizeof *all);
    if (a->table->rule_count % 64 != 0)
        all[a->cover.words - 1] = ((uint64_t)1 << a->table->rule_count % 64) - 1;
    a->cover.uncovered = on_gap;
    cx_cover_walk(&a->cover, all, CX_FINDING_NO_RULE);
    if (a->unsure_gap)
        analysis_add(a, CX_FINDING_UNDECIDED, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE,
                     "whether the rules leave a gap depends on cells that are not constants");
    if (a->cover.gave_up)
        analysis_add(a, CX_FINDING_UNDECIDED, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE,
                     "there are too many cases to find all gaps");
}

/* --- pairs of rules ----------------------------------------------------------------------------------- */

static cx_tri same_outputs(const cx_table *t, uint32_t x, uint32_t y) {
    for (size_t c = 0; c < t->output_count; c++) {
        const cx_node *a = cx_table_result(t, x, c), *b = cx_table_result(t, y, c);
        if (a == NULL && b == NULL)
            continue;
        if (a == NULL || b == NULL || a->op != CX_OP_CONST || b->op != CX_OP_CONST)
            return CX_TRI_NULL;
        if (!cx_value_same(a->u.value, b->u.value))
            return CX_TRI_FALSE;
    }
    return CX_TRI_TRUE;
}

static bool overlap(const struct analysis *a, uint32_t x, uint32_t y, uint32_t *at) {
    for (size_t c = 0; c < a->table->input_count; c++)
        if (!cx_domain_common(&a->domains[c], x, y, &at[c]))
            return false;
    return true;
}

/* Everything that x matches, y matches too. */
static bool within(const struct analysis *a, uint32_t x, uint32_t y) {
    for (size_t c = 0; c < a->table->input_count; c++)
        if (!cx_domain_within(&a->domains[c], x, y))
            return false;
    return clear(a, x) && clear(a, y);
}

static void add_pair(struct analysis *a, cx_finding_kind kind, uint32_t x, uint32_t y, const char *text) {
    if (a->count[kind] >= ANALYSIS_MOST)
        return;
    const cx_value *example = analysis_example(a, a->cover.at, a->table->input_count);
    analysis_add(a, kind, x, y, "%s", text);
    if (a->rc == CX_OK)
        analysis_last(a)->example = example;
}

static void judge_subsumed(struct analysis *a, uint32_t x, uint32_t y) {
    bool x_in_y = within(a, x, y), y_in_x = within(a, y, x);
    if (x_in_y || y_in_x) {
        uint32_t inner = y_in_x ? y : x, outer = y_in_x ? x : y;
        if (a->table->policy == CX_POLICY_FIRST && inner == y)
            return; /* it is never reached, which is said elsewhere */
        if (same_outputs(a->table, x, y) == CX_TRI_TRUE && a->table->policy != CX_POLICY_UNIQUE)
            analysis_add(a, CX_FINDING_SUBSUMED, inner, outer,
                         "everything that the first matches, the second matches too, with the same outputs");
    } else if (a->table->policy == CX_POLICY_FIRST || a->table->policy == CX_POLICY_PRIORITY) {
        if (same_outputs(a->table, x, y) != CX_TRI_TRUE)
            add_pair(a, CX_FINDING_OVERLAP, x, y, "both match the same inputs; the hit policy chooses");
    }
}

static void judge_pair(struct analysis *a, uint32_t x, uint32_t y) {
    cx_policy policy = a->table->policy;
    cx_tri same = policy == CX_POLICY_ANY ? same_outputs(a->table, x, y) : CX_TRI_FALSE;
    bool sure = clear(a, x) && clear(a, y);
    if (policy == CX_POLICY_UNIQUE || (policy == CX_POLICY_ANY && same != CX_TRI_TRUE)) {
        if (sure && same == CX_TRI_FALSE)
            add_pair(a, CX_FINDING_CONTRADICTION, x, y,
                     policy == CX_POLICY_UNIQUE
                         ? "both match the same inputs, and the hit policy is UNIQUE"
                         : "both match with different outputs, and the hit policy is ANY");
        else
            analysis_add(a, CX_FINDING_UNDECIDED, x, y,
                         "whether both match the same inputs depends on cells that are not constants");
    }
    if (sure)
        judge_subsumed(a, x, y);
}

static void find_pairs(struct analysis *a) {
    uint32_t n = (uint32_t)a->table->rule_count;
    if ((uint64_t)n * n / 2 > MOST_PAIRS) {
        analysis_add(a, CX_FINDING_UNDECIDED, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE,
                     "there are too many rules to compare each with each");
        return;
    }
    for (uint32_t x = 0; x < n && a->rc == CX_OK; x++)
        for (uint32_t y = x + 1; y < n; y++)
            if (overlap(a, x, y, a->cover.at))
                judge_pair(a, x, y);
}

/* --- rules never reached ------------------------------------------------------------------------------ */

static bool on_reached(cx_cover *cover, size_t known, bool perhaps) {
    struct analysis *a = cover->ctx;
    (void)known;
    a->reached = a->reached || !perhaps;
    a->unsure_reach = a->unsure_reach || perhaps;
    return perhaps; /* one place is enough */
}

static bool comes_before(const cx_table *t, uint32_t x, uint32_t y) {
    if (t->policy == CX_POLICY_FIRST)
        return x < y;
    for (size_t c = 0; c < t->output_count; c++) {
        const cx_output_column *o = &t->outputs[c];
        size_t rank[2] = {o->order_count, o->order_count};
        const uint32_t rules[2] = {x, y};
        for (int k = 0; k < 2 && o->order_count > 0; k++) {
            const cx_node *node = cx_table_result(t, rules[k], c);
            if (node == NULL || node->op != CX_OP_CONST)
                return false;
            for (rank[k] = 0; rank[k] < o->order_count && !cx_value_same(o->order[rank[k]], node->u.value);)
                rank[k]++;
        }
        if (rank[0] != rank[1])
            return rank[0] < rank[1];
    }
    return x < y;
}

static void find_unreached(struct analysis *a) {
    const cx_table *t = a->table;
    uint64_t *earlier = cx_arena_calloc(a->arena, a->cover.words, sizeof *earlier);
    if (earlier == NULL || (t->policy != CX_POLICY_FIRST && t->policy != CX_POLICY_PRIORITY))
        return;
    a->cover.uncovered = on_reached;
    for (uint32_t r = 0; r < t->rule_count && a->rc == CX_OK && t->rule_count <= LARGEST_BOXED; r++) {
        (void)memset(earlier, 0, a->cover.words * sizeof *earlier);
        for (uint32_t k = 0; k < t->rule_count; k++)
            if (k != r && clear(a, k) && comes_before(t, k, r))
                earlier[k / 64] |= (uint64_t)1 << k % 64;
        a->reached = a->unsure_reach = a->cover.gave_up = false;
        cx_cover_walk(&a->cover, earlier, r);
        if (!a->reached && !a->cover.gave_up && can_match(a, r))
            analysis_add(a, CX_FINDING_UNREACHABLE, r, CX_FINDING_NO_RULE,
                         "other rules come before it wherever it matches");
    }
    if (t->rule_count > LARGEST_BOXED || a->cover.gave_up)
        analysis_add(a, CX_FINDING_UNDECIDED, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE,
                     "there are too many cases to tell which rules are never reached");
}

/* --- the whole ---------------------------------------------------------------------------------------- */

static bool is_exact(const struct analysis *a) {
    for (size_t c = 0; c < a->table->input_count; c++)
        if (!a->table->index->axes[c].exact)
            return false;
    return true;
}

/* The same table, with an index that is exact unless it is larger than CX_INDEX_EXACT_BYTES. */
static bool make_exact(struct analysis *a) {
    cx_table *own = cx_arena_alloc(a->arena, sizeof *own);
    if (own == NULL)
        return false;
    *own = *a->table;
    cx_rc rc = cx_index_build(a->arena, own, CX_INDEX_EXACT_BYTES, NULL);
    a->table = own;
    return rc == CX_OK;
}

static bool begin(struct analysis *a) {
    if (!is_exact(a) && !make_exact(a))
        return false;
    a->domains = cx_arena_calloc(a->arena, a->table->input_count, sizeof *a->domains);
    for (size_t c = 0; a->domains != NULL && c < a->table->input_count; c++)
        if (!cx_domain_of(a->arena, a->table, c, &a->domains[c]))
            return false;
    return a->domains != NULL && cx_cover_new(a->arena, a->table, a->domains, &a->cover);
}

void analysis_table(struct analysis *a) {
    if (a->table->input_count == 0 || a->table->index == NULL)
        return; /* a table without inputs: its first rule always matches */
    if (!begin(a)) {
        a->rc = CX_OUT_OF_MEMORY;
        return;
    }
    a->cover.ctx = a;
    check_columns(a);
    for (uint32_t r = 0; r < a->table->rule_count && a->rc == CX_OK; r++)
        check_cells(a, r);
    find_pairs(a);
    if (!is_exact(a)) {
        analysis_add(a, CX_FINDING_UNDECIDED, CX_FINDING_NO_RULE, CX_FINDING_NO_RULE,
                     "the table is too large to find gaps and rules never reached");
        return;
    }
    find_gaps(a);
    find_unreached(a);
}
