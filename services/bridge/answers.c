#include "services/bridge/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/bus/admin.h"
#include "common/bus/producer.h"
#include "common/bus/reader.h"
#include "common/run/announce.h"
#include "common/run/metrics.h"
#include "schemas/types.h"

static const char rejected[] = "credit.rejected.", refused[] = "credit.exchange.refused";
enum { MOST = 64, TOPIC = 96, EVERY_MS = 500, AT_A_TIME = 500 };

struct cx_answers {
    const cx_config *config, *there;
    cx_codec *codec;
    int peer;
    char id[64];
    char topics[MOST][TOPIC];
    size_t n;
    cx_reader *reader; /* NULL: to be opened anew, from the beginning */
    cx_producer *producer;
    uint64_t looked_at; /* ns */
};

cx_rc cx_answers_open(const cx_config *config, const cx_config *there, cx_codec *codec, cx_answers **out,
                      cx_err *err) {
    cx_answers *a = calloc(1, sizeof *a);
    *out = a;
    if (a == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    a->config = config;
    a->there = there;
    a->codec = codec;
    a->peer = (int)cx_config_integer(config, "bridge.peer");
    (void)snprintf(a->id, sizeof a->id, "credit.bridge-%d-answers", a->peer);
    return cx_codec_add(codec, &cx_rejection_type, err);
}

void cx_answers_close(cx_answers **answers) {
    cx_answers *a = *answers;
    if (a == NULL)
        return;
    cx_reader_destroy(&a->reader);
    cx_producer_destroy(&a->producer);
    free(a);
    *answers = NULL;
}

cx_rc cx_answers_of(cx_answers *a, cx_view as, cx_err *err) {
    char topic[TOPIC];
    int n = snprintf(topic, sizeof topic, "%s%.*s", rejected, CX_VIEW_ARGS(as));
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->topics[i], topic) == 0)
            return CX_OK;
    if (n >= TOPIC || a->n == MOST)
        return cx_fail(err, CX_CONFIG, "more than %d departments cross", MOST);
    (void)memcpy(a->topics[a->n++], topic, sizeof topic);
    cx_reader_destroy(&a->reader);
    return CX_OK;
}

/* All partitions of the departments' topics. */
static cx_rc places_of(const cx_answers *a, cx_place **out, size_t *n, cx_err *err) {
    enum { PARTITIONS = 16 };
    cx_admin *admin = NULL;
    cx_place *places = calloc(a->n * PARTITIONS + 1, sizeof *places);
    *out = places;
    *n = 0;
    if (places == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_admin_new(a->there, &admin, err));
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < a->n; i++) {
        int32_t partitions = 0;
        rc = cx_admin_partitions(admin, a->topics[i], &partitions, err);
        for (int32_t p = 0; rc == CX_OK && p < partitions && p < PARTITIONS; p++)
            places[(*n)++] = (cx_place){a->topics[i], p, CX_POSITION_BEGINNING, ""};
        if (rc == CX_TOPIC_MISSING) /* over there it is no department (yet): what is sent to it waits */
            rc = CX_OK;
    }
    cx_admin_destroy(&admin);
    return rc;
}

static cx_rc open_reader(cx_answers *a, cx_err *err) {
    cx_place *places = NULL;
    size_t n = 0;
    cx_rc rc = places_of(a, &places, &n, err);
    if (rc == CX_OK && n > 0)
        rc = cx_reader_new_following(a->there, &a->reader, err);
    if (rc == CX_OK && n > 0)
        rc = cx_reader_assign(a->reader, places, n, err);
    free(places);
    return rc;
}

static cx_rc begin(cx_answers *a, cx_err *err) {
    if (a->producer != NULL && cx_producer_is_open(a->producer))
        return CX_OK;
    bool first = a->producer == NULL;
    if (first)
        CX_TRY(cx_producer_new(a->config, a->id, &a->producer, err));
    CX_TRY(cx_producer_begin(a->producer, err));
    return first ? cx_announce(a->producer, &cx_rejection_type, 1, err) : CX_OK;
}

/* Event ids and reasons are codes: they may be said. What was sent may not. */
static cx_rc bring(cx_answers *a, const cx_message *m, cx_arena *arena, cx_err *err) {
    const void *value = NULL;
    cx_err why = {0};
    if (m->value.p == NULL ||
        cx_codec_decode(a->codec, &cx_rejection_type, m->value, arena, &value, &why) != CX_OK) {
        cx_log_failure(CX_LOG_WARN, "a refusal of the other installation cannot be read", &why);
        return CX_OK;
    }
    cx_rejection bare = *(const cx_rejection *)value;
    cx_view as = {m->topic.p + sizeof rejected - 1, m->topic.n - (sizeof rejected - 1)}, bytes;
    bare.body = (cx_view){NULL, 0};
    cx_view key =
        cx_arena_printf(arena, "%d/%.*s/%.*s", a->peer, CX_VIEW_ARGS(as), CX_VIEW_ARGS(bare.event_id));
    CX_TRY(begin(a, err));
    CX_TRY(cx_codec_encode(a->codec, &cx_rejection_type, &bare, &bytes, err));
    cx_outgoing out = {
        .partition = -1, .key = key, .value = bytes, .timestamp = m->timestamp > 0 ? m->timestamp : 1};
    CX_TRY(cx_producer_topic(a->producer, refused, &out.topic, err));
    cx_log_info("refused by %.*s: %.*s", CX_VIEW_ARGS(key), CX_VIEW_ARGS(bare.reason));
    return key.p == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : cx_producer_send(a->producer, &out, err);
}

static cx_rc read_on(cx_answers *a, cx_arena *arena, cx_err *err) {
    for (int i = 0; i < AT_A_TIME; i++) {
        cx_read read;
        CX_TRY(cx_reader_poll(a->reader, 0, &read, err));
        if (read.kind == CX_READ_NOTHING)
            break;
        if (read.kind == CX_READ_MESSAGE) {
            cx_rc rc = bring(a, &read.message, arena, err);
            cx_message_release(&read.message);
            CX_TRY(rc);
        }
    }
    bool open = a->producer != NULL && cx_producer_is_open(a->producer);
    return open ? cx_producer_commit(a->producer, NULL, 0, NULL, err) : CX_OK;
}

cx_rc cx_answers_poll(cx_answers *a, cx_arena *arena, cx_err *err) {
    uint64_t now = cx_metrics_now();
    if (now - a->looked_at < EVERY_MS * 1000000ull)
        return CX_OK;
    a->looked_at = now;
    cx_rc rc = a->reader == NULL && a->n > 0 ? open_reader(a, err) : CX_OK;
    if (rc == CX_OK && a->reader != NULL)
        rc = read_on(a, arena, err);
    if (rc != CX_OK) { /* from the beginning, by and by */
        cx_reader_destroy(&a->reader);
        cx_producer_destroy(&a->producer);
    }
    return rc;
}
