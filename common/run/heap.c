#include "common/run/heap.h"

#include <stdlib.h>

int cx_heap_order(cx_time a_due, cx_view a_key, cx_time b_due, cx_view b_key) {
    if (a_due != b_due)
        return a_due < b_due ? -1 : 1;
    return cx_view_cmp(a_key, b_key);
}

static bool before(const cx_heap_entry *a, const cx_heap_entry *b) {
    return cx_heap_order(a->due, cx_row_key(a->row), b->due, cx_row_key(b->row)) < 0;
}

static void swap(cx_heap *heap, size_t i, size_t j) {
    cx_heap_entry e = heap->entries[i];
    heap->entries[i] = heap->entries[j];
    heap->entries[j] = e;
}

cx_rc cx_heap_push(cx_heap *heap, cx_time due, cx_row *row) {
    if (heap->n == heap->room) {
        size_t room = heap->room == 0 ? 64 : heap->room * 2;
        cx_heap_entry *more = realloc(heap->entries, room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        heap->entries = more;
        heap->room = room;
    }
    size_t i = heap->n++;
    heap->entries[i] = (cx_heap_entry){due, row};
    row->in_heap++;
    while (i > 0 && before(&heap->entries[i], &heap->entries[(i - 1) / 2])) {
        swap(heap, i, (i - 1) / 2);
        i = (i - 1) / 2;
    }
    return CX_OK;
}

cx_heap_entry cx_heap_pop(cx_heap *heap) {
    CX_ASSERT(heap->n > 0);
    cx_heap_entry first = heap->entries[0];
    heap->entries[0] = heap->entries[--heap->n];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap->n; child++)
            if (before(&heap->entries[child], &heap->entries[least]))
                least = child;
        if (least == i)
            break;
        swap(heap, i, least);
        i = least;
    }
    CX_ASSERT(first.row->in_heap > 0);
    first.row->in_heap--;
    return first;
}
