#include "common/rules/analyse_cover.h"

#include "common/rules/analyse.h"

/* The memo holds 64-bit fingerprints of (box, column, set): 2^16 entries. A false hit, at odds of about 1 to
 * 10^14 for a walk, would hide a gap; such odds are accepted. */
enum { MEMO = 1 << 16, MOST_STEPS = 4 * 1000 * 1000 };

bool cx_cover_new(cx_arena *arena, const cx_table *table, const cx_domain *domains, cx_cover *out) {
    size_t columns = table->input_count, words = table->index->words;
    uint64_t *full = cx_arena_calloc(arena, (columns + 1) * words, sizeof *full);
    uint64_t *clear = cx_arena_calloc(arena, words, sizeof *clear);
    *out = (cx_cover){.arena = arena,
                      .table = table,
                      .domains = domains,
                      .words = words,
                      .full_from = full,
                      .clear = clear,
                      .sets = cx_arena_calloc(arena, (columns + 1) * words, sizeof *out->sets),
                      .at = cx_arena_calloc(arena, columns, sizeof *out->at),
                      .steps_left = MOST_STEPS,
                      .memo = cx_arena_calloc(arena, MEMO, sizeof *out->memo),
                      .memo_mask = MEMO - 1};
    if (full == NULL || clear == NULL || out->sets == NULL || out->at == NULL || out->memo == NULL)
        return false;
    for (uint32_t r = 0; r < table->rule_count; r++) {
        uint64_t bit = (uint64_t)1 << r % 64;
        bool opaque = false;
        for (size_t c = 0; c < columns; c++)
            opaque = opaque || cx_domain_opaque(&domains[c], r);
        if (opaque)
            continue;
        clear[r / 64] |= bit;
        full[columns * words + r / 64] |= bit;
        for (size_t c = columns; c-- > 0 && cx_domain_full(&domains[c], r);)
            full[c * words + r / 64] |= bit;
    }
    return true;
}

static bool meets(const uint64_t *a, const uint64_t *b, size_t words) {
    uint64_t any = 0;
    for (size_t w = 0; w < words; w++)
        any |= a[w] & b[w];
    return any != 0;
}

static bool is_empty(const uint64_t *set, size_t words) {
    uint64_t any = 0;
    for (size_t w = 0; w < words; w++)
        any |= set[w];
    return any == 0;
}

static uint64_t fingerprint(const cx_cover *c, size_t column, const uint64_t *set) {
    /* Box and column are spread over all bits first: a box's number must not cancel a bit of the set. */
    uint64_t h = ((uint64_t)c->box << 32 | column) + 0x9E3779B97F4A7C15u;
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9u;
    h = (h ^ h >> 27) * 0x94D049BB133111EBu;
    for (size_t w = 0; w < c->words; w++) {
        h = (h ^ set[w]) * 0xFF51AFD7ED558CCDu;
        h ^= h >> 33;
    }
    return h | 1;
}

/* false when the walk is to end. */
static bool walk(cx_cover *c, size_t column) {
    const uint64_t *set = c->sets + column * c->words;
    size_t columns = c->table->input_count;
    if (meets(set, c->full_from + column * c->words, c->words))
        return true;
    if (is_empty(set, c->words) || column == columns)
        return c->uncovered(c, column, !is_empty(set, c->words));
    if (--c->steps_left < 0) {
        c->gave_up = true;
        return false;
    }
    uint64_t *memo = &c->memo[fingerprint(c, column, set) & c->memo_mask];
    if (*memo == fingerprint(c, column, set))
        return true; /* seen already: what it lacks has been said */
    *memo = fingerprint(c, column, set);
    const cx_domain *d = &c->domains[column];
    uint64_t *next = c->sets + (column + 1) * c->words;
    for (size_t i = 0; i < d->kind_count; i++) {
        const uint64_t *bits = d->axis->bits + d->axis->class_of[d->kinds[i]] * c->words;
        if (c->box != CX_FINDING_NO_RULE && !cx_axis_holds(d->axis, c->box, d->kinds[i]))
            continue;
        for (size_t w = 0; w < c->words; w++)
            next[w] = set[w] & bits[w];
        c->at[column] = d->kinds[i];
        if (!walk(c, column + 1))
            return false;
    }
    return true;
}

void cx_cover_walk(cx_cover *c, const uint64_t *rules, uint32_t box) {
    c->box = box;
    (void)memcpy(c->sets, rules, c->words * sizeof *rules);
    (void)walk(c, 0);
}
