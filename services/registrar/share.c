#include "services/registrar/share.h"

/* Less than none, as after a release, is what may still come: its part is rounded up, too, to no more. */
static int32_t rounded_up(int32_t count, int32_t n) {
    return count > 0 ? (count + n - 1) / n : count / n;
}

static cx_rc copy(cx_arena *arena, cx_listing_count_array *counts) {
    cx_listing_count *items = cx_arena_calloc(arena, counts->n + 1, sizeof *items);
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < counts->n; i++)
        items[i] = counts->items[i];
    counts->items = items;
    return CX_OK;
}

cx_rc cx_breaker_share(cx_arena *arena, const cx_breaker_state *row, int32_t n, cx_breaker_state *out) {
    CX_ASSERT(n > 0);
    *out = *row;
    CX_TRY(copy(arena, &out->minutes));
    CX_TRY(copy(arena, &out->days));
    for (size_t i = 0; i < out->minutes.n; i++)
        out->minutes.items[i].n = rounded_up(out->minutes.items[i].n, n);
    for (size_t i = 0; i < out->days.n; i++)
        out->days.items[i].n /= n;
    return CX_OK;
}
