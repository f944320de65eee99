#include "common/bus/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/bus/stats.h"

struct pair {
    const char *key, *value;
};

static const struct pair common_pairs[] = {
    {"socket.keepalive.enable", "true"},
    {"socket.nagle.disable", "true"},
    {"reconnect.backoff.ms", "50"},
    {"reconnect.backoff.max.ms", "1000"},
    {"topic.metadata.refresh.interval.ms", "10000"}, /* a pattern sees a new topic after this */
    {"allow.auto.create.topics", "false"},
};

/* Of a member of a group. Positions are ours: nothing is committed or stored behind our back, and no
 * reset ever moves us silently. Messages are read in the foreground, at most ten minutes apart. */
static const struct pair consumer_pairs[] = {
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"auto.offset.reset", "error"},
    {"isolation.level", "read_committed"},
    {"check.crcs", "true"},
    {"session.timeout.ms", "12000"}, /* longer than a transaction may stay open */
    {"heartbeat.interval.ms", "1000"},
    {"max.poll.interval.ms", "600000"}, /* a restore of state happens between two polls */
    {"queued.min.messages", "10000000"},
    {"fetch.error.backoff.ms", "50"},
    {"fetch.wait.max.ms", "500"},
    {"fetch.max.bytes", "16777216"}, /* what comes over memory.queue.kb: one more answer */
};

static const struct pair reader_pairs[] = {
    {"group.id", "credit.reader"}, /* never joined, never committed to: the library wants a name */
    {"enable.partition.eof", "true"},
    {"fetch.wait.max.ms",
     "10"}, /* the end is known only when a fetch comes back empty, and somebody waits for it */
};

/* Nobody waits for an end: one fetch stays at the broker until something comes, instead of a hundred a
 * second. */
static const struct pair follower_pairs[] = {
    {"fetch.wait.max.ms", "500"},
};

/* A look at single messages: nothing is fetched ahead. */
static const struct pair peek_pairs[] = {
    {"queued.min.messages", "1"},
    {"fetch.message.max.bytes", "16384"}, /* a first message that is larger comes whole all the same */
    {"fetch.error.backoff.ms", "10"},
};

static const struct pair producer_pairs[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"},
    {"transaction.timeout.ms", "10000"},
    {"retry.backoff.ms", "2"}, /* else each transaction waits 100 ms for the one before it */
    {"linger.ms", "2"},
    {"queue.buffering.max.messages", "1000000"},
};

/* What exactly-once rests on is not for a settings file to change. */
static const char *const refused[] = {
    "group.id",
    "group.instance.id",
    "transactional.id",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "auto.offset.reset",
    "isolation.level",
    "partition.assignment.strategy",
    "enable.idempotence",
    "acks",
    "partitioner",
    "check.crcs",
    "enable.partition.eof",
};

static void on_log(const rd_kafka_t *rk, int level, const char *facility, const char *text) {
    (void)rk;
    if (strcmp(facility, "CONFWARN") == 0)
        return; /* a setting of the other kind of client, passed through on purpose */
    cx_log(level <= 3 ? CX_LOG_WARN : level <= 5 ? CX_LOG_INFO : CX_LOG_DEBUG, "bus: %s: %s", facility, text);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque) {
    (void)rk;
    (void)opaque;
    cx_log_warn("bus: %s: %s", rd_kafka_err2name((rd_kafka_resp_err_t)code), reason);
}

/* 0: the text stays the library's. */
static int on_stats(rd_kafka_t *rk, char *json, size_t n, void *opaque) {
    (void)opaque;
    cx_bus_stats_take(rd_kafka_type(rk) == RD_KAFKA_PRODUCER ? CX_BUS_PRODUCER : CX_BUS_CONSUMER, json, n);
    return 0;
}

/* Of a service's two clients; tools are gone before they would report. */
static cx_rc set_stats(rd_kafka_conf_t *conf, cx_conf_kind kind, cx_err *err) {
    char ms[16];
    if (kind != CX_CONF_CONSUMER && kind != CX_CONF_PRODUCER)
        return CX_OK;
    (void)snprintf(ms, sizeof ms, "%d", CX_BUS_STATS_MS);
    rd_kafka_conf_set_stats_cb(conf, on_stats);
    return cx_conf_set(conf, "statistics.interval.ms", ms, err);
}

cx_rc cx_conf_set(rd_kafka_conf_t *conf, const char *key, const char *value, cx_err *err) {
    char text[256];
    if (rd_kafka_conf_set(conf, key, value, text, sizeof text) == RD_KAFKA_CONF_OK)
        return CX_OK;
    return cx_fail(err, CX_CONFIG, "kafka.%s: %s", key, text);
}

static cx_rc set_all(rd_kafka_conf_t *conf, const struct pair *pairs, size_t n, cx_err *err) {
    for (size_t i = 0; i < n; i++)
        CX_TRY(cx_conf_set(conf, pairs[i].key, pairs[i].value, err));
    return CX_OK;
}

#define SET_ALL(conf, pairs, err) set_all(conf, pairs, sizeof(pairs) / sizeof(pairs)[0], err)

struct passing {
    rd_kafka_conf_t *conf;
    cx_err *err;
};

static cx_rc pass(void *context, const char *key, const char *value, const char *source) {
    struct passing *to = context;
    if (strncmp(key, "kafka.", 6) != 0)
        return CX_OK;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (strcmp(refused[i], key + 6) == 0)
            return cx_fail(to->err, CX_CONFIG, "%s cannot be set (by %s): exactly-once rests on it", key,
                           source);
    return cx_conf_set(to->conf, key + 6, value, to->err);
}

static cx_rc set_memory(rd_kafka_conf_t *conf, const cx_config *config, cx_conf_kind kind, cx_err *err) {
    char kb[32];
    (void)snprintf(kb, sizeof kb, "%lld", (long long)cx_config_integer(config, "memory.queue.kb"));
    return cx_conf_set(conf,
                       kind == CX_CONF_PRODUCER ? "queue.buffering.max.kbytes" : "queued.max.messages.kbytes",
                       kb, err);
}

/* A transaction must time out before its owner's session does: else the next owner of its partitions
 * would wait for it (pitfall 13b). */
static cx_rc check_times(const cx_config *config, cx_err *err) {
    const char *transaction = cx_config_text(config, "kafka.transaction.timeout.ms");
    const char *session = cx_config_text(config, "kafka.session.timeout.ms");
    long t = transaction[0] != '\0' ? strtol(transaction, NULL, 10) : 10000;
    long s = session[0] != '\0' ? strtol(session, NULL, 10) : 12000;
    if (t < s)
        return CX_OK;
    return cx_fail(err, CX_CONFIG,
                   "kafka.transaction.timeout.ms (%ld) must be below kafka.session.timeout.ms (%ld)", t, s);
}

static cx_rc fill(rd_kafka_conf_t *conf, const cx_config *config, cx_conf_kind kind, cx_err *err) {
    CX_TRY(check_times(config, err));
    CX_TRY(SET_ALL(conf, common_pairs, err));
    CX_TRY(set_memory(conf, config, kind, err));
    if (kind == CX_CONF_PRODUCER)
        CX_TRY(SET_ALL(conf, producer_pairs, err));
    else
        CX_TRY(SET_ALL(conf, consumer_pairs, err));
    if (kind != CX_CONF_PRODUCER && kind != CX_CONF_CONSUMER)
        CX_TRY(SET_ALL(conf, reader_pairs, err));
    if (kind == CX_CONF_FOLLOWER)
        CX_TRY(SET_ALL(conf, follower_pairs, err));
    CX_TRY(set_stats(conf, kind, err));
    struct passing to = {conf, err};
    CX_TRY(cx_config_each(config, false, pass, &to));
    if (kind == CX_CONF_PEEK || kind == CX_CONF_PEEK_ALL)
        CX_TRY(SET_ALL(conf, peek_pairs, err));
    if (kind == CX_CONF_ADMIN ||
        kind == CX_CONF_PEEK_ALL) /* sees the true end of a partition, past open transactions */
        CX_TRY(cx_conf_set(conf, "isolation.level", "read_uncommitted", err));
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_error_cb(conf, on_error);
    return CX_OK;
}

cx_rc cx_conf_new(const cx_config *config, cx_conf_kind kind, rd_kafka_conf_t **out, cx_err *err) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    cx_rc rc = conf == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : fill(conf, config, kind, err);
    if (rc != CX_OK && conf != NULL)
        rd_kafka_conf_destroy(conf);
    *out = rc == CX_OK ? conf : NULL;
    return rc;
}

cx_rc cx_conf_open(rd_kafka_conf_t **conf, rd_kafka_type_t type, rd_kafka_t **out, cx_err *err) {
    char text[256];
    *out = rd_kafka_new(type, *conf, text, sizeof text);
    if (*out == NULL)
        rd_kafka_conf_destroy(*conf);
    *conf = NULL;
    return *out == NULL ? cx_fail(err, CX_CONFIG, "the bus client cannot be made: %s", text) : CX_OK;
}

cx_rc cx_conf_class(rd_kafka_resp_err_t code) {
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR__FENCED:
    case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
    case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED:
        return CX_FENCED;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        return CX_POSITION_LOST;
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        return CX_TOPIC_MISSING;
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__STATE:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
    case RD_KAFKA_RESP_ERR_INVALID_TXN_STATE:
        return CX_BUS;
    default:
        return CX_BUS_AWAY;
    }
}

cx_rc cx_conf_fail(cx_err *err, const char *what, rd_kafka_resp_err_t code) {
    return cx_fail(err, cx_conf_class(code), "%s: %s (%s)", what, rd_kafka_err2str(code),
                   rd_kafka_err2name(code));
}

cx_rc cx_conf_fail_error(cx_err *err, const char *what, rd_kafka_error_t *error) {
    if (error == NULL)
        return CX_OK;
    cx_rc rc = cx_conf_class(rd_kafka_error_code(error));
    if (rd_kafka_error_is_fatal(error) && rc == CX_BUS_AWAY)
        rc = CX_BUS;
    rc = cx_fail(err, rc, "%s: %s (%s)", what, rd_kafka_error_string(error), rd_kafka_error_name(error));
    rd_kafka_error_destroy(error);
    return rc;
}

void cx_conf_message(rd_kafka_message_t *rkm, cx_message *message) {
    rd_kafka_timestamp_type_t type;
    int64_t at = rd_kafka_message_timestamp(rkm, &type);
    *message = (cx_message){
        .handle = rkm,
        .topic = cx_view_of(rd_kafka_topic_name(rkm->rkt)),
        .partition = rkm->partition,
        .offset = rkm->offset,
        .key = {rkm->key, rkm->key != NULL ? rkm->key_len : 0},
        .value = {rkm->payload, rkm->payload != NULL ? rkm->len : 0},
        .timestamp = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? CX_NO_TIME : at,
    };
}

void cx_message_release(cx_message *message) {
    if (message->handle != NULL)
        rd_kafka_message_destroy(message->handle);
    *message = (cx_message){0};
}
