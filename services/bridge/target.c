#include "services/bridge/target.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/bus/admin.h"
#include "common/bus/producer.h"
#include "common/bus/reader.h"
#include "common/run/metrics.h"

static const char exchange[] = "credit.exchange", decided[] = "credit.decided";
enum { KEY = 64, VALUE = 48, POLL_MS = 100, READ_MS = 60000, IDLE_COMMIT_MS = 30000, PARTITIONS = 1024 };

struct cx_target {
    cx_config *config;
    char id[64];
    int from, generation;
    cx_producer *producer;
    int64_t next[PARTITIONS]; /* of our partitions; 0: none known */
    bool moved[PARTITIONS];   /* since the last commit */
    bool sent;
    uint64_t committed_at; /* ns */
};

cx_rc cx_target_open(const cx_config *config, cx_target **out, cx_err *err) {
    const char *file = cx_config_text(config, "bridge.target");
    cx_target *t = calloc(1, sizeof *t);
    *out = t;
    if (t == NULL || (t->config = cx_config_new()) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    t->from = (int)cx_config_integer(config, "bridge.from");
    t->generation = (int)cx_config_integer(config, "log.generation");
    (void)snprintf(t->id, sizeof t->id, "credit.bridge-%d", t->from);
    if (file[0] == '\0')
        return cx_fail(err, CX_CONFIG,
                       "bridge.target names no file: say how the other installation is reached");
    return cx_config_read_file(t->config, file, err);
}

void cx_target_close(cx_target **target) {
    cx_target *t = *target;
    if (t == NULL)
        return;
    cx_producer_destroy(&t->producer);
    cx_config_destroy(&t->config);
    free(t);
    *target = NULL;
}

const cx_config *cx_target_config(const cx_target *t) {
    return t->config;
}

void cx_target_drop(cx_target *t) {
    cx_producer_destroy(&t->producer); /* the next one's epoch settles what was open */
    (void)memset(t->next, 0, sizeof t->next);
    (void)memset(t->moved, 0, sizeof t->moved);
    t->sent = false;
}

/* --- where we stand --------------------------------------------------------------------------------------
 */

static cx_view key_of(const cx_target *t, int32_t partition, char out[KEY]) {
    return (cx_view){out, (size_t)snprintf(out, KEY, "%d/%s/%" PRId32, t->from, decided, partition)};
}

/* A row of ours, and of this log: another generation begins anew. */
static void take(cx_target *t, const cx_message *m) {
    char prefix[KEY];
    size_t n = (size_t)snprintf(prefix, sizeof prefix, "%d/%s/", t->from, decided);
    int64_t partition = -1, generation = 0, next = 0;
    if (m->value.p == NULL || m->key.n <= n || memcmp(m->key.p, prefix, n) != 0)
        return;
    cx_view rest, first = cx_view_split(m->value, ' ', &rest);
    if (cx_view_to_int64((cx_view){m->key.p + n, m->key.n - n}, &partition) && partition >= 0 &&
        partition < PARTITIONS && cx_view_to_int64(first, &generation) && cx_view_to_int64(rest, &next))
        t->next[partition] = generation == t->generation ? next : 0;
}

/* To the true end: what another installation's bridge has open there would hide rows of ours behind it. */
static cx_rc read_rows(cx_target *t, cx_reader *reader, int64_t end, cx_err *err) {
    for (uint64_t began = cx_metrics_now();;) {
        cx_read read;
        CX_TRY(cx_reader_poll(reader, POLL_MS, &read, err));
        if (read.kind == CX_READ_END && read.message.offset >= end)
            return CX_OK;
        if (read.kind == CX_READ_MESSAGE) {
            take(t, &read.message);
            cx_message_release(&read.message);
        }
        if (cx_metrics_now() - began > READ_MS * 1000000ull)
            return cx_fail(err, CX_BUS_AWAY, "the other installation's %s cannot be read to its end",
                           exchange);
    }
}

static cx_rc true_end(const cx_target *t, int64_t *end, cx_err *err) {
    cx_admin *admin = NULL;
    int64_t low = 0;
    CX_TRY(cx_admin_new(t->config, &admin, err));
    cx_rc rc = cx_admin_ends(admin, exchange, 0, &low, end, err);
    cx_admin_destroy(&admin);
    return rc;
}

static cx_rc read_places(cx_target *t, cx_err *err) {
    cx_reader *reader = NULL;
    const cx_place place = {exchange, 0, CX_POSITION_BEGINNING, ""};
    int64_t end = 0;
    CX_TRY(true_end(t, &end, err));
    cx_rc rc = cx_reader_new(t->config, &reader, err);
    if (rc == CX_OK)
        rc = cx_reader_assign(reader, &place, 1, err);
    if (rc == CX_OK)
        rc = read_rows(t, reader, end, err);
    cx_reader_destroy(&reader);
    return rc;
}

cx_rc cx_target_place(cx_target *t, cx_place *places, size_t n, cx_err *err) {
    cx_target_drop(t);
    CX_TRY(cx_producer_new(t->config, t->id, &t->producer, err));
    CX_TRY(read_places(t, err));
    for (size_t i = 0; i < n; i++) {
        if (places[i].partition >= PARTITIONS)
            return cx_fail(err, CX_TOPIC_PARTITIONS, "%s has more than %d partitions", decided, PARTITIONS);
        int64_t next = t->next[places[i].partition];
        places[i].offset = next == 0 ? CX_POSITION_BEGINNING : next;
        cx_log_info("%s partition %d: from offset %" PRId64, decided, (int)places[i].partition, next);
    }
    t->committed_at = cx_metrics_now();
    return CX_OK;
}

/* --- sending ---------------------------------------------------------------------------------------------
 */

static cx_rc send(cx_target *t, const char *topic, cx_view key, cx_view value, cx_time at, cx_err *err) {
    cx_outgoing m = {.partition = -1, .key = key, .value = value, .timestamp = at};
    if (t->producer == NULL)
        return cx_fail(err, CX_BUS_AWAY, "the other installation is not reached");
    if (!cx_producer_is_open(t->producer))
        CX_TRY(cx_producer_begin(t->producer, err));
    CX_TRY(cx_producer_topic(t->producer, topic, &m.topic, err));
    return cx_producer_send(t->producer, &m, err);
}

cx_rc cx_target_send(cx_target *t, const char *topic, cx_view key, cx_view value, cx_time at, cx_err *err) {
    t->sent = true;
    return send(t, topic, key, value, at, err);
}

void cx_target_advance(cx_target *t, int32_t partition, int64_t next) {
    t->next[partition] = next;
    t->moved[partition] = true;
}

static cx_rc send_places(cx_target *t, cx_err *err) {
    for (int32_t p = 0; p < PARTITIONS; p++) {
        char key[KEY], value[VALUE];
        int n = snprintf(value, sizeof value, "%d %" PRId64, t->generation, t->next[p]);
        if (t->moved[p])
            CX_TRY(send(t, exchange, key_of(t, p, key), (cx_view){value, (size_t)n}, 1, err));
    }
    return CX_OK;
}

cx_rc cx_target_commit(cx_target *t, cx_err *err) {
    if (!t->sent && cx_metrics_now() - t->committed_at < IDLE_COMMIT_MS * 1000000ull) {
        if (t->producer != NULL)
            cx_producer_poll(t->producer);
        return CX_OK;
    }
    CX_TRY(send_places(t, err));
    if (t->producer != NULL && cx_producer_is_open(t->producer))
        CX_TRY(cx_producer_commit(t->producer, NULL, 0, NULL, err));
    (void)memset(t->moved, 0, sizeof t->moved);
    t->sent = false;
    t->committed_at = cx_metrics_now();
    return CX_OK;
}
