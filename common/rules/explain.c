/* Why a table answered as it did: its rules cell by cell, and the nearest rule that did not match. */
#include "common/rules/table.h"

/* Fills a rule's cells; the number of those that matched. */
static size_t note_rule(const cx_match *m, uint32_t rule, cx_cell_note *cells) {
    const cx_table *t = m->table;
    size_t matched = 0;
    for (size_t c = 0; c < t->input_count; c++) {
        cells[c] = (cx_cell_note){t->cells[rule * t->input_count + c], cx_cell_matches(m, rule, c)};
        matched += cells[c].matched ? 1 : 0;
    }
    return matched;
}

static bool is_hit(const cx_match *m, uint32_t rule) {
    for (size_t i = 0; i < m->n; i++)
        if (m->rules[i] == rule)
            return true;
    return false;
}

static bool new_note(cx_match *m, uint32_t rule, cx_rule_note *note) {
    cx_cell_note *cells = cx_eval_alloc(m->e, m->table->input_count, sizeof *cells);
    if (cells == NULL)
        return false;
    (void)note_rule(m, rule, cells);
    *note = (cx_rule_note){rule, cells};
    return true;
}

/* Most cells matched, the first of those; a rule that matches wholly and still gave nothing (it came too
 * late under the hit policy) counts as nearest of all. */
static void find_nearest(cx_match *m, cx_explanation *x) {
    cx_cell_note *cells = cx_eval_alloc(m->e, m->table->input_count, sizeof *cells);
    size_t best = 0;
    for (size_t r = 0; cells != NULL && r < m->table->rule_count && cx_eval_step(m->e); r++) {
        if (is_hit(m, (uint32_t)r))
            continue;
        size_t matched = note_rule(m, (uint32_t)r, cells);
        if (!x->has_nearest || matched > best) {
            x->has_nearest = true;
            x->nearest.rule = (uint32_t)r;
            best = matched;
        }
    }
    if (x->has_nearest && !new_note(m, x->nearest.rule, &x->nearest))
        x->has_nearest = false;
}

void cx_explain(cx_match *m, cx_value result) {
    cx_eval *e = m->e;
    bool quiet = e->quiet;
    unsigned flags = e->flags;
    cx_hit *last_hit = e->last_hit;
    cx_explanation *x = cx_eval_alloc(e, 1, sizeof *x);
    cx_rule_note *rules = cx_eval_alloc(e, m->n, sizeof *rules);
    if (x == NULL || rules == NULL)
        return;
    e->quiet = true; /* what is evaluated again does not count again */
    e->flags &= ~(unsigned)CX_EVAL_EXPLAIN;
    *x = (cx_explanation){.decision = e->decision_name,
                          .table = m->table,
                          .inputs = m->inputs,
                          .rules = rules,
                          .result = result};
    for (size_t i = 0; i < m->n && new_note(m, m->rules[i], &rules[i]); i++)
        x->n++;
    find_nearest(m, x);
    e->quiet = quiet;
    e->flags = flags;
    e->last_hit = last_hit;
    last_hit->next = NULL; /* the table's own hit is there already */
    if (e->last_explanation != NULL)
        e->last_explanation->next = x;
    else
        e->first_explanation = x;
    e->last_explanation = x;
}
