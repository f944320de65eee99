#include "ops/cli/lag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAUSE_NS = 50 * 1000 * 1000 };

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

static int64_t now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether every position of `now` has reached the end that `then` saw. */
static bool has_passed(const cx_lag_row *then, size_t n, const cx_lag_row *now, size_t now_n) {
    for (size_t i = 0; i < n; i++) {
        bool passed = then[i].end == 0;
        for (size_t k = 0; k < now_n && !passed; k++)
            passed = now[k].partition == then[i].partition && strcmp(now[k].topic, then[i].topic) == 0 &&
                     now[k].position >= then[i].end;
        if (!passed)
            return false;
    }
    return true;
}

static cx_rc settle_stage(cx_admin *admin, const cx_lag_stage *stage, int64_t until, cx_lag_row *then,
                          cx_lag_row *now, bool *done, cx_err *err) {
    size_t n = 0;
    CX_TRY(cx_lag_read(admin, stage, then, &n, err));
    for (*done = false; !*done && now_ms() < until;) {
        size_t now_n = 0;
        CX_TRY(cx_lag_read(admin, stage, now, &now_n, err));
        *done = has_passed(then, n, now, now_n);
        if (!*done)
            (void)nanosleep(&(struct timespec){0, PAUSE_NS}, NULL);
    }
    return CX_OK;
}

cx_rc cx_lag_settle(cx_admin *admin, int seconds, bool *done, cx_err *err) {
    int64_t until = now_ms() + (int64_t)seconds * 1000;
    cx_lag_row *rows = calloc(2 * (size_t)CX_LAG_MOST, sizeof *rows);
    if (rows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *done = true;
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && *done && i < cx_lag_stage_count; i++)
        rc = settle_stage(admin, &cx_lag_stages[i], until, rows, rows + CX_LAG_MOST, done, err);
    free(rows);
    return rc;
}
