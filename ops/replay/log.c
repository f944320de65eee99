#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/vault/hash.h"
#include "ops/cli/table_read.h"
#include "ops/replay/log_inside.h"
#include "services/policies.h"

enum { POLL_MS = 200, IDLE_POLLS = 100, NAMES = CX_REPLAY_TOPICS, HASH_DIGITS = 8 };

static const char *const names[NAMES] = {"credit.classified", "credit.decided", "credit.notices",
                                         "credit.notices", "credit.records"};

typedef struct cx_log_column column;
typedef struct cx_log_pack compiled;

/* --- packs and schemas -------------------------------------------------------------------------------- */
static cx_rc take_schema(void *context, const cx_message *m, cx_err *err) {
    cx_replay_log *log = context;
    bool is_new = false;
    cx_err why = {0};
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(log->codec, m->value, &is_new, &why);
    if (rc == CX_OUT_OF_MEMORY || rc == CX_CONFIG)
        return cx_fail(err, rc, "%s", why.text);
    return CX_OK; /* one that cannot be read matters when a message names it */
}

static cx_rc compile(cx_replay_log *log, const cx_message *m, cx_arena *arena, cx_err *err) {
    const void *published = NULL;
    compiled made = {.pack = NULL};
    cx_err why = {0};
    compiled *more = realloc(log->packs, (log->pack_n + 1) * sizeof *more);
    if (more == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    log->packs = more;
    (void)memcpy(made.hash, m->key.p, sizeof made.hash);
    cx_rc rc = cx_codec_decode(log->codec, &cx_policy_pack_type, m->value, arena, &published, &why);
    if (rc == CX_OK)
        rc = cx_law_policy_ops.compile(published, &made.pack, &why);
    if (rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, rc, NULL);
    if (rc == CX_OK) /* one that cannot be compiled was never activated */
        log->packs[log->pack_n++] = made;
    return CX_OK;
}

static const cx_pack *find_pack(void *context, const uint8_t hash[CX_PACK_HASH]) {
    const cx_replay_log *log = context;
    for (size_t i = 0; i < log->pack_n; i++)
        if (memcmp(log->packs[i].hash, hash, CX_PACK_HASH) == 0)
            return log->packs[i].pack;
    return NULL;
}

static cx_rc take_pack(void *context, const cx_message *m, cx_err *err) {
    cx_replay_log *log = context;
    if (m->value.p == NULL || m->key.n != CX_PACK_HASH || find_pack(log, (const uint8_t *)m->key.p) != NULL)
        return CX_OK;
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : compile(log, m, arena, err);
    cx_arena_destroy(&arena);
    return rc;
}

/* --- the source --------------------------------------------------------------------------------------- */
struct every {
    cx_replay_visit visit;
    void *to;
};

static cx_rc visit_record(void *context, const cx_message *m, cx_err *err) {
    const struct every *e = context;
    cx_replay_message message = {m->partition, m->offset, m->key, m->value};
    return e->visit(e->to, &message, err);
}

static cx_rc each_record(void *context, cx_replay_visit visit, void *to, cx_err *err) {
    cx_replay_log *log = context;
    struct every every = {visit, to};
    return cx_topic_read(log->config, names[CX_REPLAY_RECORDS], visit_record, &every, err);
}

static cx_rc begin(void *context, int32_t partition, const int64_t *from, cx_err *err) {
    cx_replay_log *log = context;
    (void)err;
    for (int i = 0; i < NAMES; i++) {
        column *c = &log->columns[i];
        int64_t low = c->ranges[partition].low;
        cx_message_release(&c->message);
        c->partition = partition;
        c->from = from != NULL && from[i] > low ? from[i] : low;
        c->at_end = c->from >= c->ranges[partition].high;
        c->assigned = false;
    }
    return CX_OK;
}

/* When it is asked for: some topics never are. */
static cx_rc assign(cx_replay_log *log, cx_replay_topic topic, cx_err *err) {
    column *c = &log->columns[topic];
    cx_place place = {.topic = names[topic], .partition = c->partition, .offset = c->from};
    c->assigned = true;
    if (c->reader == NULL)
        CX_TRY(cx_reader_new(log->config, &c->reader, err));
    return cx_reader_assign(c->reader, &place, 1, err);
}

/* Takes what the poll brought: a message before the end, or the end. */
static void take(column *c, cx_read *read) {
    if (read->kind == CX_READ_NOTHING || read->message.partition != c->partition) {
        if (read->kind == CX_READ_MESSAGE)
            cx_message_release(&read->message);
    } else if (read->kind == CX_READ_END) {
        c->at_end = true;
    } else if (read->message.offset >= c->ranges[c->partition].high) {
        cx_message_release(&read->message);
        c->at_end = true;
    } else {
        c->message = read->message;
    }
}

static cx_rc next(void *context, cx_replay_topic topic, cx_replay_message *out, cx_err *err) {
    cx_replay_log *log = context;
    column *c = &log->columns[topic];
    cx_message_release(&c->message);
    if (!c->at_end && !c->assigned)
        CX_TRY(assign(log, topic, err));
    for (int idle = 0; !c->at_end && c->message.handle == NULL;) {
        cx_read read;
        CX_TRY(cx_reader_poll(c->reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", names[topic]);
        take(c, &read);
    }
    *out = (cx_replay_message){c->partition, c->message.offset, c->message.key, c->message.value};
    if (c->message.handle != NULL && c->message.value.p == NULL)
        return cx_fail(err, CX_NOT_DECODED, "%s partition %d offset %lld is empty", names[topic],
                       (int)c->partition, (long long)c->message.offset);
    return CX_OK;
}

static void range(void *context, cx_replay_topic topic, int64_t *low, int64_t *high) {
    const cx_replay_log *log = context;
    const column *c = &log->columns[topic];
    *low = c->ranges[c->partition].low;
    *high = c->ranges[c->partition].high;
}

/* --- life --------------------------------------------------------------------------------------------- */
static cx_rc make_ranges(cx_replay_log *log, cx_err *err) {
    for (int i = 0; i < NAMES; i++) {
        column *c = &log->columns[i];
        c->ranges = calloc((size_t)log->source.partitions, sizeof *c->ranges);
        if (c->ranges == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    return CX_OK;
}

static cx_rc find_ends(cx_replay_log *log, cx_admin *admin, cx_err *err) {
    CX_TRY(cx_admin_partitions(admin, names[CX_REPLAY_RECORDS], &log->source.partitions, err));
    CX_TRY(make_ranges(log, err));
    for (int i = 0; i < NAMES; i++) { /* credit.records is the last */
        column *c = &log->columns[i];
        int32_t n = 0;
        CX_TRY(cx_admin_partitions(admin, names[i], &n, err));
        if (n != log->source.partitions)
            return cx_fail(err, CX_TOPIC_PARTITIONS, "%s has %d partitions, credit.records has %d", names[i],
                           (int)n, (int)log->source.partitions);
        for (int32_t p = 0; p < n; p++)
            CX_TRY(cx_admin_ends(admin, names[i], p, &c->ranges[p].low, &c->ranges[p].high, err));
    }
    return CX_OK;
}

static cx_rc copy_ends(cx_replay_log *log, const cx_replay_log *from, cx_err *err) {
    CX_TRY(make_ranges(log, err));
    for (int i = 0; i < NAMES; i++)
        (void)memcpy(log->columns[i].ranges, from->columns[i].ranges,
                     (size_t)log->source.partitions * sizeof *log->columns[i].ranges);
    return CX_OK;
}

static cx_rc ask_ends(cx_replay_log *log, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(log->config, &admin, err));
    cx_rc rc = find_ends(log, admin, err);
    cx_admin_destroy(&admin);
    return rc;
}

static cx_rc read_tables(cx_replay_log *log, cx_err *err) {
    static const cx_type *const types[] = {
        &cx_event_type,         &cx_classified_type,    &cx_decided_type,       &cx_dispatch_type,
        &cx_policy_pack_type,   &cx_checkpoint_type,    &cx_subject_state_type, &cx_seen_event_type,
        &cx_breaker_state_type, &cx_measure_state_type, &cx_points_state_type,  NULL};
    if ((log->codec = cx_codec_new()) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; types[i] != NULL; i++)
        CX_TRY(cx_codec_add(log->codec, types[i], err));
    CX_TRY(cx_topic_read(log->config, "credit.schemas", take_schema, log, err));
    return cx_topic_read(log->config, "credit.policies", take_pack, log, err);
}

/* other: has the ends already, and the place to begin at; NULL: nobody has. */
static cx_rc open_log(const cx_config *config, const cx_replay_log *other, cx_replay_log **out, cx_err *err) {
    cx_replay_log *log = *out = calloc(1, sizeof *log);
    if (log == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    log->config = config;
    log->source.partitions = other != NULL ? other->source.partitions : 0;
    cx_rc rc = other != NULL ? copy_ends(log, other, err) : ask_ends(log, err);
    if (rc == CX_OK)
        rc = read_tables(log, err);
    if (rc == CX_OK)
        rc = other != NULL ? cx_log_copy_splits(log, other, err) : cx_log_read_splits(log, err);
    if (rc == CX_OK && other != NULL)
        rc = cx_log_copy_begin(log, other, err);
    log->source = (cx_replay_source){.context = log,
                                     .partitions = log->source.partitions,
                                     .splits = &log->splits,
                                     .codec = log->codec,
                                     .pack = find_pack,
                                     .each_record = each_record,
                                     .restore = cx_log_restore,
                                     .begin = begin,
                                     .next = next,
                                     .range = range};
    if (rc != CX_OK)
        cx_replay_log_close(out);
    return rc;
}

cx_rc cx_replay_log_open(const cx_config *config, cx_replay_log **out, cx_err *err) {
    return open_log(config, NULL, out, err);
}

cx_rc cx_replay_log_again(const cx_replay_log *log, cx_replay_log **out, cx_err *err) {
    return open_log(log->config, log, out, err);
}

void cx_replay_log_close(cx_replay_log **out) {
    cx_replay_log *log = *out;
    if (log == NULL)
        return;
    for (int i = 0; i < NAMES; i++) {
        cx_message_release(&log->columns[i].message);
        cx_reader_destroy(&log->columns[i].reader);
        free(log->columns[i].ranges);
    }
    for (size_t i = 0; i < log->pack_n; i++)
        cx_law_policy_ops.destroy(&log->packs[i].pack);
    free(log->packs);
    cx_log_forget_begin(log);
    cx_log_forget_splits(log);
    cx_codec_destroy(&log->codec);
    free(log);
    *out = NULL;
}

const cx_replay_source *cx_replay_log_source(const cx_replay_log *log) {
    return &log->source;
}

static bool is_named(const compiled *pack, const char *name) {
    char hex[2 * CX_PACK_HASH + 1], title[128];
    cx_view first = cx_pack_name(pack->pack), version = cx_pack_version(pack->pack);
    (void)snprintf(title, sizeof title, "%.*s/%.*s", CX_VIEW_ARGS(first), CX_VIEW_ARGS(version));
    size_t n = strlen(name);
    return strcmp(title, name) == 0 ||
           (n >= HASH_DIGITS && strncmp(cx_hex(pack->hash, CX_PACK_HASH, hex), name, n) == 0);
}

const cx_pack *cx_replay_log_pack(const cx_replay_log *log, const char *name) {
    for (size_t i = log->pack_n; i > 0; i--)
        if (is_named(&log->packs[i - 1], name))
            return log->packs[i - 1].pack;
    return NULL;
}

int64_t *cx_replay_log_end(cx_replay_log *log, cx_replay_topic topic, int32_t partition) {
    return &log->columns[topic].ranges[partition].high;
}

int64_t cx_replay_log_removed(const cx_replay_log *log, cx_replay_topic topic) {
    int64_t most = 0;
    for (int32_t p = 0; p < log->source.partitions; p++)
        if (log->columns[topic].ranges[p].low > most)
            most = log->columns[topic].ranges[p].low;
    return most;
}
