/* Finding positions, and the rules that match. */
#include "common/rules/decimal.h"
#include "common/rules/index.h"

uint64_t cx_text_hash(cx_view text) {
    uint64_t h = 0x9E3779B97F4A7C15u ^ text.n;
    size_t i = 0;
    for (; i + 8 <= text.n; i += 8) {
        uint64_t chunk;
        (void)memcpy(&chunk, text.p + i, sizeof chunk);
        h = (h ^ chunk) * 0xFF51AFD7ED558CCDu;
        h ^= h >> 32;
    }
    uint64_t rest = 0;
    if (text.n > i)
        (void)memcpy(&rest, text.p + i, text.n - i);
    h = (h ^ rest) * 0xC4CEB9FE1A85EC53u;
    return h ^ h >> 29;
}

/* Points below key, without branches that a predictor could miss. */
static size_t lower_bound(const int64_t *keys, size_t n, int64_t key) {
    const int64_t *base = keys;
    while (n > 1) {
        size_t half = n / 2;
        base += half & ((size_t)0 - (size_t)(base[half - 1] < key));
        n -= half;
    }
    return (size_t)(base - keys) + (n == 1 && *base < key ? 1 : 0);
}

static uint32_t position_by_value(const cx_axis *axis, cx_value v) {
    size_t low = 0, high = axis->point_count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = 0;
        (void)cx_value_compare(axis->points[mid], v, &order); /* one kind, one zone: comparable */
        if (order == 0)
            return (uint32_t)(2 * mid + 1);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return (uint32_t)(2 * low);
}

static uint32_t position_by_key(const cx_axis *axis, int64_t key) {
    size_t i = lower_bound(axis->keys, axis->point_count, key);
    return (uint32_t)(2 * i + (i < axis->point_count && axis->keys[i] == key ? 1 : 0));
}

static uint32_t number_position(const cx_axis *axis, cx_value v) {
    int64_t key;
    cx_decimal floor;
    if (cx_decimal_scaled(v.u.number, axis->scale, &key))
        return position_by_key(axis, key);
    /* Between two multiples of the scale: behind the lower one, which may be a point. */
    if (!cx_decimal_round(v.u.number, axis->scale, CX_ROUND_FLOOR, &floor) ||
        !cx_decimal_scaled(floor, axis->scale, &key))
        return position_by_value(axis, v);
    uint32_t p = position_by_key(axis, key);
    return p % 2 == 1 ? p + 1 : p;
}

static uint32_t text_position(const cx_axis *axis, cx_view text) {
    for (size_t i = cx_text_hash(text) & axis->slot_mask; axis->slots[i] != 0;
         i = (i + 1) & axis->slot_mask) {
        uint32_t point = axis->slots[i] - 1;
        if (cx_view_eq(axis->points[point].u.string, text))
            return 2 * point + 1;
    }
    return 0; /* any interval: on a plain axis they are all the same */
}

bool cx_axis_find(const cx_axis *axis, cx_value v, uint32_t *position) {
    if (v.kind != axis->kind || axis->kind == CX_KIND_NULL || v.zoned != axis->zoned)
        return false;
    if (axis->slots != NULL)
        *position = text_position(axis, v.u.string);
    else if (axis->keys == NULL)
        *position = position_by_value(axis, v);
    else if (axis->kind == CX_KIND_NUMBER)
        *position = number_position(axis, v);
    else if (axis->kind == CX_KIND_DATE)
        *position = position_by_key(axis, v.u.at.days);
    else
        *position = position_by_key(axis, axis->kind == CX_KIND_BOOLEAN ? v.u.boolean : v.u.months);
    return true;
}

bool cx_axis_holds(const cx_axis *axis, uint32_t rule, uint32_t position) {
    for (uint32_t i = axis->first[rule]; i < axis->first[rule + 1]; i++)
        if (position >= axis->spans[i].low && position <= axis->spans[i].high)
            return true;
    return false;
}

enum { FEW_COLUMNS = 16, UNKNOWN = UINT32_MAX, NULL_INPUT = UINT32_MAX - 1 };

/* What one evaluation knows of each column. */
struct look {
    const uint64_t *bits; /* NULL: the column says nothing */
    uint32_t position;
};

static void look_up(const cx_match *m, struct look *looks) {
    const struct cx_index *index = m->table->index;
    for (size_t c = 0; c < m->table->input_count; c++) {
        const cx_axis *axis = &index->axes[c];
        looks[c] = (struct look){NULL, UNKNOWN};
        if (cx_value_is_null(m->inputs[c]))
            looks[c] = (struct look){axis->null_bits, NULL_INPUT};
        else if (cx_axis_find(axis, m->inputs[c], &looks[c].position))
            looks[c].bits = axis->bits + axis->class_of[looks[c].position] * index->words;
    }
}

/* Checks what the bitsets could not tell: opaque cells, shared bitsets, columns outside their axis. */
static bool confirm(const cx_match *m, const struct look *looks, uint32_t rule) {
    for (size_t c = 0; c < m->table->input_count; c++) {
        const cx_axis *axis = &m->table->index->axes[c];
        bool opaque = axis->has_opaque && (axis->opaque[rule / 64] >> rule % 64 & 1) != 0;
        if (looks[c].position == UNKNOWN || opaque) {
            if (!cx_cell_matches(m, rule, c))
                return false;
        } else if (!axis->exact && looks[c].position != NULL_INPUT &&
                   !cx_axis_holds(axis, rule, looks[c].position)) {
            return false;
        }
    }
    return true;
}

static bool needs_confirmation(const cx_match *m, const struct look *looks) {
    for (size_t c = 0; c < m->table->input_count; c++) {
        const cx_axis *axis = &m->table->index->axes[c];
        if (looks[c].position == UNKNOWN || axis->has_opaque || !axis->exact)
            return true;
    }
    return false;
}

/* Only columns that say something are ANDed. */
static size_t told(const cx_match *m, const struct look *looks, const uint64_t **bits) {
    size_t n = 0;
    for (size_t c = 0; c < m->table->input_count; c++)
        if (looks[c].bits != NULL)
            bits[n++] = looks[c].bits;
    return n;
}

void cx_match_index(cx_match *m, bool first) {
    const struct cx_index *index = m->table->index;
    struct look few[FEW_COLUMNS], *looks = few;
    const uint64_t *few_bits[FEW_COLUMNS], **bits = few_bits;
    size_t columns = m->table->input_count, rules = m->table->rule_count;
    if (columns > FEW_COLUMNS) {
        looks = cx_eval_alloc(m->e, columns, sizeof *looks);
        bits = cx_eval_alloc(m->e, columns, sizeof *bits);
        if (looks == NULL || bits == NULL)
            return;
    }
    look_up(m, looks);
    bool confirms = needs_confirmation(m, looks);
    size_t n = told(m, looks, bits);
    for (size_t w = 0; w < index->words; w++) {
        uint64_t left =
            w + 1 < index->words || rules % 64 == 0 ? UINT64_MAX : ((uint64_t)1 << rules % 64) - 1;
        for (size_t c = 0; c < n; c++)
            left &= bits[c][w];
        for (; left != 0; left &= left - 1) {
            uint32_t rule = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
            if (confirms && !confirm(m, looks, rule))
                continue;
            m->rules[m->n++] = rule;
            if (first || m->e->rc != CX_OK)
                return;
        }
    }
}
