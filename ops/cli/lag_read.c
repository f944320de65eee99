#include "ops/cli/lag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/reader.h"

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

enum { POLL_MS = 200, IDLE_POLLS = 25 };

/* The row of a topic and partition that still waits for an answer. */
static cx_lag_row *row_of(cx_lag_row *rows, const bool *waits, size_t n, cx_view topic, int32_t partition) {
    for (size_t i = 0; i < n; i++)
        if (waits[i] && rows[i].partition == partition && cx_view_is(topic, rows[i].topic))
            return &rows[i];
    return NULL;
}

static cx_rc look(cx_reader *reader, cx_lag_row *rows, bool *waits, size_t n, size_t left, cx_err *err) {
    for (int idle = 0; left > 0 && idle < IDLE_POLLS;) { /* what gives no answer stays as it was counted */
        cx_read read;
        CX_TRY(cx_reader_poll(reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (read.kind == CX_READ_NOTHING)
            continue;
        cx_lag_row *row = row_of(rows, waits, n, read.message.topic, read.message.partition);
        if (row != NULL) {
            bool behind = read.kind == CX_READ_MESSAGE && read.message.offset < row->end;
            row->messages = behind ? row->messages : 0;
            waits[row - rows] = false;
            left--;
        }
        if (read.kind == CX_READ_MESSAGE)
            cx_message_release(&read.message);
    }
    return CX_OK;
}

cx_rc cx_lag_look(const cx_config *config, cx_lag_row *rows, size_t n, cx_err *err) {
    cx_place *places = calloc(n + 1, sizeof *places);
    bool *waits = calloc(n + 1, sizeof *waits);
    cx_reader *reader = NULL;
    size_t left = 0;
    cx_rc rc = places == NULL || waits == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n; i++) {
        waits[i] = rows[i].messages > 0 && rows[i].position >= 0;
        if (waits[i])
            places[left++] = (cx_place){
                .topic = rows[i].topic, .partition = rows[i].partition, .offset = rows[i].position};
    }
    if (rc == CX_OK && left > 0)
        rc = cx_reader_new(config, &reader, err);
    if (rc == CX_OK && left > 0)
        rc = cx_reader_assign(reader, places, left, err);
    if (rc == CX_OK && left > 0)
        rc = look(reader, rows, waits, n, left, err);
    cx_reader_destroy(&reader);
    free(places);
    free(waits);
    return rc;
}
