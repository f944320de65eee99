#include "common/wire/plan.h"

#include <stdlib.h>

#include "common/wire/path.h"

/* The list with room for `more` elements of `size` bytes behind n; NULL (and an error in b) when out of
 * memory. */
static void *grown(cx_builder *b, void *list, uint32_t n, uint32_t more, uint32_t *room, size_t size) {
    if (b->rc != CX_OK || (list != NULL && n + more <= *room))
        return b->rc != CX_OK ? NULL : list;
    uint32_t wanted = *room < 64 ? 64 : *room;
    while (wanted < n + more)
        wanted *= 2;
    void *p = realloc(list, wanted * size);
    if (p == NULL)
        cx_plan_refuse(b, CX_OUT_OF_MEMORY, cx_rc_text(CX_OUT_OF_MEMORY));
    else
        *room = wanted;
    return p;
}

uint32_t cx_plan_emit(cx_builder *b, cx_op op) {
    cx_plan *plan = b->plan;
    if (plan->ops_n >= CX_PLAN_LARGEST)
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the schema holds too many fields");
    uint32_t room = plan->ops_room; /* both lists are of the same length */
    uint32_t *nodes = grown(b, plan->op_nodes, plan->ops_n, 1, &room, sizeof *nodes);
    if (nodes == NULL)
        return 0;
    plan->op_nodes = nodes;
    cx_op *ops = grown(b, plan->ops, plan->ops_n, 1, &plan->ops_room, sizeof *ops);
    if (ops == NULL)
        return 0;
    plan->ops = ops;
    nodes[plan->ops_n] = b->node;
    ops[plan->ops_n] = op;
    return plan->ops_n++;
}

void cx_plan_land(cx_builder *b, uint32_t at) {
    if (b->rc == CX_OK)
        b->plan->ops[at].c = b->plan->ops_n;
}

uint32_t cx_plan_table(cx_builder *b, uint32_t n, uint32_t value) {
    cx_plan *plan = b->plan;
    if (n > CX_PLAN_LARGEST || plan->tables_n > CX_PLAN_LARGEST)
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the schema holds too many symbols or branches");
    uint32_t *tables = grown(b, plan->tables, plan->tables_n, n, &plan->tables_room, sizeof *tables);
    if (tables == NULL)
        return 0;
    plan->tables = tables;
    for (uint32_t i = 0; i < n; i++)
        tables[plan->tables_n + i] = value;
    plan->tables_n += n;
    return plan->tables_n - n;
}

uint32_t cx_plan_feed(cx_builder *b, cx_view bytes) {
    cx_plan *plan = b->plan;
    cx_view *feeds = grown(b, plan->feeds, plan->feeds_n, 1, &plan->feeds_room, sizeof *feeds);
    if (feeds == NULL)
        return 0;
    plan->feeds = feeds;
    feeds[plan->feeds_n] = bytes;
    return plan->feeds_n++;
}

uint32_t cx_plan_enter(cx_builder *b, const char *name) {
    cx_plan *plan = b->plan;
    uint32_t before = b->node;
    if (plan->nodes_n >= CX_PLAN_LARGEST)
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the schema holds too many fields");
    cx_plan_node *nodes = grown(b, plan->nodes, plan->nodes_n, 1, &plan->nodes_room, sizeof *nodes);
    if (nodes == NULL)
        return before;
    plan->nodes = nodes;
    nodes[plan->nodes_n] = (cx_plan_node){before, name};
    b->node = plan->nodes_n++;
    return before;
}

size_t cx_plan_path(const cx_plan *plan, uint32_t node, char *out, size_t room) {
    cx_path path = {.from = CX_PATH};
    for (; node != 0; node = plan->nodes[node].parent)
        cx_path_join(&path, plan->nodes[node].name);
    size_t n = CX_PATH - path.from < room - 1 ? CX_PATH - path.from : room - 1;
    memcpy(out, path.text + path.from, n);
    out[n] = '\0';
    return n;
}

void cx_plan_refuse(cx_builder *b, cx_rc rc, const char *what) {
    if (b->rc != CX_OK)
        return;
    char path[CX_PATH];
    (void)cx_plan_path(b->plan, b->node, path, sizeof path);
    b->rc = cx_fail(b->err, rc, "%s: %s", path, what);
}

void cx_plan_frame(cx_builder *b, int change) {
    b->frames += change;
    if (b->frames > CX_PLAN_DEPTH)
        cx_plan_refuse(b, CX_SCHEMA_INVALID, "the schema nests deeper than allowed");
}
