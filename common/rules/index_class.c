/* The bitsets of an axis: one for each class of positions where the same rules hold. */
#include "common/rules/index.h"

#include <stdlib.h>

/* Sweeps the positions in ascending order. At a position some rules begin to hold and some cease; the set
 * is kept up to date, and looked up among the sets seen before by the XOR of its rules' random words. */
struct sweep {
    const cx_axis *axis;
    size_t rules, words, positions;
    uint32_t *begin_at; /* by position: first entry in `begins`; then `ends` likewise */
    uint32_t *end_at;
    uint32_t *begins;
    uint32_t *ends;
    uint64_t *set;  /* the rules that hold here */
    uint64_t hash;  /* of the set */
    uint64_t *bits; /* classes so far */
    uint64_t *hashes;
    size_t classes, most;
    uint32_t *class_of;
};

/* A fixed random word for each rule (splitmix64). */
static uint64_t word_of(uint32_t rule) {
    uint64_t z = ((uint64_t)rule + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static void toggle(struct sweep *s, uint32_t rule) {
    s->set[rule / 64] ^= (uint64_t)1 << rule % 64;
    s->hash ^= word_of(rule);
}

/* Counting sort of rules by the position where a span begins, and by the one behind its end. */
static void sort_spans(struct sweep *s) {
    for (uint32_t r = 0; r < s->rules; r++)
        for (uint32_t i = s->axis->first[r]; i < s->axis->first[r + 1]; i++) {
            s->begin_at[s->axis->spans[i].low + 1]++;
            s->end_at[s->axis->spans[i].high + 2]++;
        }
    for (size_t p = 0; p < s->positions + 1; p++) {
        s->begin_at[p + 1] += s->begin_at[p];
        s->end_at[p + 1] += s->end_at[p];
    }
    /* Filling moves each start to the next position's: afterwards entry p is where p ends. */
    for (uint32_t r = 0; r < s->rules; r++)
        for (uint32_t i = s->axis->first[r]; i < s->axis->first[r + 1]; i++) {
            s->begins[s->begin_at[s->axis->spans[i].low]++] = r;
            s->ends[s->end_at[s->axis->spans[i].high + 1]++] = r;
        }
}

static void step(struct sweep *s, size_t p) {
    for (uint32_t i = p > 0 ? s->end_at[p - 1] : 0; i < s->end_at[p]; i++)
        toggle(s, s->ends[i]);
    for (uint32_t i = p > 0 ? s->begin_at[p - 1] : 0; i < s->begin_at[p]; i++)
        toggle(s, s->begins[i]);
}

/* The class of the present set: seen before, or new. classes == most + 1 says that there is no room. */
static uint32_t class_here(struct sweep *s, const uint32_t *table, size_t mask, size_t *slot) {
    *slot = s->hash & mask;
    for (; table[*slot] != 0; *slot = (*slot + 1) & mask) {
        uint32_t c = table[*slot] - 1;
        if (s->hashes[c] == s->hash && memcmp(s->bits + c * s->words, s->set, s->words * sizeof *s->set) == 0)
            return c;
    }
    return UINT32_MAX;
}

/* One bitset a class; false when there are more than s->most. */
static bool exact_classes(struct sweep *s, uint32_t *table, size_t mask) {
    for (size_t p = 0; p < s->positions; p++) {
        size_t slot;
        step(s, p);
        uint32_t c = class_here(s, table, mask, &slot);
        if (c == UINT32_MAX) {
            if (s->classes == s->most)
                return false;
            c = (uint32_t)s->classes++;
            table[slot] = c + 1;
            s->hashes[c] = s->hash;
            (void)memcpy(s->bits + c * s->words, s->set, s->words * sizeof *s->set);
        }
        s->class_of[p] = c;
    }
    return true;
}

/* Neighbouring positions share the union of their sets. */
static void shared_classes(struct sweep *s) {
    size_t each = (s->positions + s->most - 1) / s->most;
    (void)memset(s->set, 0, s->words * sizeof *s->set);
    (void)memset(s->bits, 0, s->most * s->words * sizeof *s->bits);
    for (size_t p = 0; p < s->positions; p++) {
        size_t c = p / each;
        step(s, p);
        for (size_t w = 0; w < s->words; w++)
            s->bits[c * s->words + w] |= s->set[w];
        s->class_of[p] = (uint32_t)c;
    }
    s->classes = (s->positions - 1) / each + 1;
}

static cx_rc sweep(cx_arena *arena, struct sweep *s, cx_axis *axis, size_t *bytes) {
    size_t slots = 16;
    while (slots < s->most * 2)
        slots *= 2;
    uint32_t *table = calloc(slots, sizeof *table);
    cx_rc rc = CX_OUT_OF_MEMORY;
    if (table != NULL) {
        sort_spans(s);
        axis->exact = exact_classes(s, table, slots - 1);
        if (!axis->exact)
            shared_classes(s);
        uint64_t *bits = cx_arena_alloc(arena, s->classes * s->words * sizeof *bits);
        if (bits != NULL) {
            (void)memcpy(bits, s->bits, s->classes * s->words * sizeof *bits);
            *bytes += s->classes * s->words * sizeof *bits;
            axis->bits = bits;
            axis->class_of = s->class_of;
            rc = CX_OK;
        }
    }
    free(table);
    return rc;
}

cx_rc cx_index_classes(cx_arena *arena, size_t rules, size_t words, size_t most, cx_axis *axis,
                       size_t *bytes) {
    struct sweep s = {.axis = axis, .rules = rules, .words = words, .positions = cx_axis_positions(axis)};
    size_t spans = axis->first[rules];
    s.most = most < s.positions ? most : s.positions;
    s.begin_at = calloc(s.positions + 3, sizeof *s.begin_at);
    s.end_at = calloc(s.positions + 3, sizeof *s.end_at);
    s.begins = calloc(spans + 1, sizeof *s.begins);
    s.ends = calloc(spans + 1, sizeof *s.ends);
    s.set = calloc(words, sizeof *s.set);
    s.bits = calloc(s.most * words, sizeof *s.bits);
    s.hashes = calloc(s.most, sizeof *s.hashes);
    s.class_of = cx_arena_calloc(arena, s.positions, sizeof *s.class_of);
    cx_rc rc = CX_OUT_OF_MEMORY;
    if (s.begin_at != NULL && s.end_at != NULL && s.begins != NULL && s.ends != NULL && s.set != NULL &&
        s.bits != NULL && s.hashes != NULL && s.class_of != NULL)
        rc = sweep(arena, &s, axis, bytes);
    free(s.begin_at);
    free(s.end_at);
    free(s.begins);
    free(s.ends);
    free(s.set);
    free(s.bits);
    free(s.hashes);
    return rc;
}
