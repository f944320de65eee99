#include "ops/cli/lag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const cx_lag_stage cx_lag_stages[] = {
    {"credit.intake", "credit.in.", true},
    {"credit.classifier", "credit.records", false},
    {"credit.registrar", "credit.classified", false},
    {"credit.sanctioner", "credit.decided", false},
    {"credit.courier", "credit.notices", false},
};
const size_t cx_lag_stage_count = sizeof cx_lag_stages / sizeof cx_lag_stages[0];

struct reading {
    cx_admin *admin;
    const cx_lag_stage *stage;
    cx_lag_row *rows;
    size_t *n;
    cx_err *err;
};

static cx_rc read_topic(void *context, const char *topic, int32_t partitions) {
    struct reading *r = context;
    if (!r->stage->by_department && strcmp(topic, r->stage->topic) != 0)
        return CX_OK; /* "credit.notices" is a prefix of the departments' own */
    size_t first = *r->n;
    cx_place *places = calloc((size_t)partitions, sizeof *places);
    cx_rc rc = places == NULL ? cx_fail(r->err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (int32_t p = 0; rc == CX_OK && p < partitions && *r->n < CX_LAG_MOST; p++) {
        cx_lag_row *row = &r->rows[(*r->n)++];
        int64_t low;
        *row = (cx_lag_row){.group = r->stage->group, .partition = p};
        (void)snprintf(row->topic, sizeof row->topic, "%s", topic);
        places[p] = (cx_place){.topic = row->topic, .partition = p};
        rc = cx_admin_ends(r->admin, topic, p, &low, &row->end, r->err);
    }
    if (rc == CX_OK)
        rc = cx_admin_committed(r->admin, r->stage->group, places, *r->n - first, NULL, r->err);
    for (size_t i = first; rc == CX_OK && i < *r->n; i++) {
        r->rows[i].position = places[i - first].offset;
        r->rows[i].messages = r->rows[i].end - (r->rows[i].position < 0 ? 0 : r->rows[i].position);
    }
    free(places);
    return rc;
}

cx_rc cx_lag_read(cx_admin *admin, const cx_lag_stage *stage, cx_lag_row *rows, size_t *n, cx_err *err) {
    struct reading r = {admin, stage, rows, n, err};
    return cx_admin_topics(admin, stage->topic, read_topic, &r, err);
}
