#include "services/sink/writers.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "common/run/metrics.h"

static const char topic[] = "credit.schemas";
enum { START_MS = 60000, POLL_MS = 100 };

struct cx_writers {
    cx_codec *codec;
    cx_reader *reader;
    cx_place *places;
    size_t n;
    bool *ended; /* by place */
};

static cx_rc take(cx_writers *w, const cx_message *m, cx_err *err) {
    bool is_new = false;
    cx_err why = {0};
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(w->codec, m->value, &is_new, &why);
    if (rc == CX_OUT_OF_MEMORY || rc == CX_CONFIG)
        return cx_fail(err, rc, "%s", why.text);
    if (rc != CX_OK)
        cx_log_failure(CX_LOG_WARN, "a published schema cannot be read", &why);
    return CX_OK;
}

static cx_rc read_on(cx_writers *w, int timeout_ms, cx_err *err) {
    for (;;) {
        cx_read read;
        CX_TRY(cx_reader_poll(w->reader, timeout_ms, &read, err));
        if (read.kind == CX_READ_NOTHING)
            return CX_OK;
        for (size_t i = 0; read.kind == CX_READ_END && i < w->n; i++)
            w->ended[i] = w->ended[i] || w->places[i].partition == read.message.partition;
        if (read.kind == CX_READ_MESSAGE) {
            cx_rc rc = take(w, &read.message, err);
            cx_message_release(&read.message);
            CX_TRY(rc);
        }
        timeout_ms = 0;
    }
}

static bool all_ended(const cx_writers *w) {
    for (size_t i = 0; i < w->n; i++)
        if (!w->ended[i])
            return false;
    return true;
}

static cx_rc assign(cx_writers *w, const cx_config *config, cx_err *err) {
    cx_admin *admin = NULL;
    int32_t n = 0;
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = cx_admin_partitions(admin, topic, &n, err);
    cx_admin_destroy(&admin);
    CX_TRY(rc);
    w->n = (size_t)n;
    w->places = calloc(w->n, sizeof *w->places);
    w->ended = calloc(w->n, sizeof *w->ended);
    if (w->places == NULL || w->ended == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t p = 0; p < n; p++)
        w->places[p] = (cx_place){topic, p, CX_POSITION_BEGINNING, ""};
    CX_TRY(cx_reader_new(config, &w->reader, err));
    return cx_reader_assign(w->reader, w->places, w->n, err);
}

cx_rc cx_writers_open(const cx_config *config, cx_codec *codec, cx_writers **out, cx_err *err) {
    *out = NULL;
    cx_writers *w = calloc(1, sizeof *w);
    if (w == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    w->codec = codec;
    cx_rc rc = assign(w, config, err);
    uint64_t began = cx_metrics_now();
    while (rc == CX_OK && !all_ended(w)) {
        rc = read_on(w, POLL_MS, err);
        if (rc == CX_OK && cx_metrics_now() - began > START_MS * 1000000ull)
            rc = cx_fail(err, CX_BUS_AWAY, "%s cannot be read to its end", topic);
    }
    if (rc != CX_OK)
        cx_writers_close(&w);
    *out = w;
    return rc;
}

void cx_writers_close(cx_writers **writers) {
    cx_writers *w = *writers;
    if (w == NULL)
        return;
    cx_reader_destroy(&w->reader);
    free(w->places);
    free(w->ended);
    free(w);
    *writers = NULL;
}

cx_rc cx_writers_poll(cx_writers *w, cx_err *err) {
    return read_on(w, 0, err);
}
