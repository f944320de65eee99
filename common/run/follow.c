#include "common/run/follow.h"

#include <stdlib.h>

#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "common/run/metrics.h"

enum { START_MS = 60000, POLL_MS = 100 };

struct cx_follow {
    const cx_config *config;
    cx_follow_take take;
    void *context;
    const char *const *topics;
    int32_t *partitions; /* by topic */
    cx_reader *reader;
    cx_place *places;
    bool *ended; /* by place */
    size_t n;
};

static cx_rc count(cx_follow *f, const cx_config *config, size_t topics, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < topics; i++) {
        rc = cx_admin_partitions(admin, f->topics[i], &f->partitions[i], err);
        f->n += rc == CX_OK ? (size_t)f->partitions[i] : 0;
    }
    cx_admin_destroy(&admin);
    return rc;
}

static cx_rc assign(cx_follow *f, const cx_config *config, size_t topics, cx_err *err) {
    f->partitions = calloc(topics, sizeof *f->partitions);
    if (f->partitions == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(count(f, config, topics, err));
    f->places = calloc(f->n, sizeof *f->places);
    f->ended = calloc(f->n, sizeof *f->ended);
    if (f->places == NULL || f->ended == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0, at = 0; i < topics; i++)
        for (int32_t p = 0; p < f->partitions[i]; p++)
            f->places[at++] = (cx_place){f->topics[i], p, CX_POSITION_BEGINNING, ""};
    CX_TRY(cx_reader_new(config, &f->reader, err));
    return cx_reader_assign(f->reader, f->places, f->n, err);
}

cx_rc cx_follow_open(const cx_config *config, const char *const *topics, size_t n, cx_follow_take take,
                     void *context, cx_follow **out, cx_err *err) {
    cx_follow *f = *out = calloc(1, sizeof *f);
    if (f == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *f = (cx_follow){.config = config, .take = take, .context = context, .topics = topics};
    cx_rc rc = assign(f, config, n, err);
    if (rc != CX_OK)
        cx_follow_close(out);
    return rc;
}

void cx_follow_close(cx_follow **follow) {
    cx_follow *f = *follow;
    if (f == NULL)
        return;
    cx_reader_destroy(&f->reader);
    free(f->partitions);
    free(f->places);
    free(f->ended);
    free(f);
    *follow = NULL;
}

int32_t cx_follow_partitions(const cx_follow *f, size_t i) {
    return f->partitions[i];
}

static void meet_end(cx_follow *f, const cx_message *at) {
    for (size_t i = 0; i < f->n; i++)
        if (f->places[i].partition == at->partition && cx_view_is(at->topic, f->places[i].topic))
            f->ended[i] = true;
}

static cx_rc read_on(cx_follow *f, int timeout_ms, cx_err *err) {
    for (;;) {
        cx_read read;
        cx_rc rc = CX_OK;
        CX_TRY(cx_reader_poll(f->reader, timeout_ms, &read, err));
        switch (read.kind) {
        case CX_READ_NOTHING:
            return CX_OK;
        case CX_READ_END:
            meet_end(f, &read.message);
            break;
        case CX_READ_MESSAGE:
            rc = f->take(f->context, &read.message, err);
            cx_message_release(&read.message);
            break;
        }
        CX_TRY(rc);
        timeout_ms = 0;
    }
}

static bool all_ended(const cx_follow *f) {
    for (size_t i = 0; i < f->n; i++)
        if (!f->ended[i])
            return false;
    return true;
}

cx_rc cx_follow_to_ends(cx_follow *f, cx_err *err) {
    for (uint64_t began = cx_metrics_now(); !all_ended(f);) {
        CX_TRY(read_on(f, POLL_MS, err));
        if (cx_metrics_now() - began > START_MS * 1000000ull)
            return cx_fail(err, CX_BUS_AWAY, "%s cannot be read to its end", f->topics[0]);
    }
    return cx_reader_follow(f->reader, f->config, err);
}

cx_rc cx_follow_poll(cx_follow *f, cx_err *err) {
    return read_on(f, 0, err);
}
