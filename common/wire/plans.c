#include <stdlib.h>

#include "common/wire/decode.h"

enum { NO_ID = -1 };

typedef struct known {
    uint64_t fingerprint;
    cx_plan *plan;
} known;

typedef struct registered {
    uint32_t id;
    const cx_plan *plan;
} registered;

/* Few writers: both lists are searched from their beginning, where the reader's own schema stands. */
struct cx_plans {
    const cx_type *reader;
    uint32_t head;
    cx_limits limits;
    known *known;
    size_t known_n;
    registered *ids;
    size_t ids_n;
};

static cx_rc keep_plan(cx_plans *plans, cx_plan *plan, cx_err *err) {
    known *more = realloc(plans->known, (plans->known_n + 1) * sizeof *more);
    if (more == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_plan_limit(plan, plans->limits);
    more[plans->known_n++] = (known){cx_plan_fingerprint(plan), plan};
    plans->known = more;
    return CX_OK;
}

static cx_rc keep_id(cx_plans *plans, uint32_t id, const cx_plan *plan, cx_err *err) {
    for (size_t i = 0; i < plans->ids_n; i++)
        if (plans->ids[i].id == id) {
            plans->ids[i].plan = plan;
            return CX_OK;
        }
    registered *more = realloc(plans->ids, (plans->ids_n + 1) * sizeof *more);
    if (more == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    more[plans->ids_n++] = (registered){id, plan};
    plans->ids = more;
    return CX_OK;
}

cx_rc cx_plans_add(cx_plans *plans, cx_view writer_json, int64_t schema_id, cx_err *err) {
    cx_plan *plan;
    CX_TRY(cx_plan_compile_head(writer_json, plans->reader, plans->head, &plan, err));
    const cx_plan *there = cx_plans_find(plans, cx_plan_fingerprint(plan));
    cx_rc rc = there != NULL ? CX_OK : keep_plan(plans, plan, err);
    if (there == NULL && rc == CX_OK)
        there = plan;
    else
        cx_plan_destroy(&plan);
    if (rc == CX_OK && schema_id != NO_ID)
        rc = keep_id(plans, (uint32_t)schema_id, there, err);
    return rc;
}

cx_plans *cx_plans_new_head(const cx_type *reader, uint32_t head, cx_limits limits) {
    CX_ASSERT(reader->json != NULL);
    cx_plans *plans = calloc(1, sizeof *plans);
    if (plans == NULL)
        return NULL;
    plans->reader = reader;
    plans->head = head;
    plans->limits = limits;
    if (cx_plans_add(plans, (cx_view){NULL, 0}, NO_ID, NULL) != CX_OK)
        cx_plans_destroy(&plans);
    return plans;
}

cx_plans *cx_plans_new(const cx_type *reader, cx_limits limits) {
    return cx_plans_new_head(reader, UINT32_MAX, limits);
}

void cx_plans_destroy(cx_plans **plans) {
    if (*plans == NULL)
        return;
    for (size_t i = 0; i < (*plans)->known_n; i++)
        cx_plan_destroy(&(*plans)->known[i].plan);
    free((*plans)->known);
    free((*plans)->ids);
    free(*plans);
    *plans = NULL;
}

const cx_plan *cx_plans_find(const cx_plans *plans, uint64_t fingerprint) {
    for (size_t i = 0; i < plans->known_n; i++)
        if (plans->known[i].fingerprint == fingerprint)
            return plans->known[i].plan;
    return NULL;
}

const cx_plan *cx_plans_find_id(const cx_plans *plans, uint32_t schema_id) {
    for (size_t i = 0; i < plans->ids_n; i++)
        if (plans->ids[i].id == schema_id)
            return plans->ids[i].plan;
    return NULL;
}
