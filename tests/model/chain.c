#include "tests/model/chain.h"

#include <stdlib.h>

#include "common/run/codec.h"
#include "ops/replay/stages.h"
#include "services/clock/plan.h"

enum { CHAIN_PACKS = 64 };

typedef struct chain_room {
    cx_chain_log log;
    size_t room;
} chain_room;

struct cx_chain {
    int32_t partitions;
    cx_arena *arena;
    cx_codec *codec;
    cx_stages *stages;
    chain_room topics[CX_CHAIN_TOPICS];
    int64_t next_offset[CX_CHAIN_PARTITIONS]; /* of credit.records */
    int64_t read_to[CX_CHAIN_PARTITIONS];
    size_t scan[CX_CHAIN_PARTITIONS]; /* where in the log of records a partition's next message is sought */
    const cx_pack *packs[CHAIN_PACKS];
    size_t pack_n;
    size_t (*pick)(void *context, size_t n);
    void *context;
};

/* --- the logs ----------------------------------------------------------------------------------------- */
static cx_rc grow(cx_chain *c, chain_room *t, cx_err *err) {
    size_t room = t->room == 0 ? 64 : 2 * t->room;
    if (t->log.n < t->room)
        return CX_OK;
    cx_chain_message *more = cx_arena_calloc(c->arena, room, sizeof *more);
    if (more == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (t->log.n > 0)
        (void)memcpy(more, t->log.items, t->log.n * sizeof *more);
    t->log.items = more;
    t->room = room;
    return CX_OK;
}

/* Appends to a topic the value as its reader sees it. */
static cx_rc append(cx_chain *c, cx_chain_topic topic, int32_t partition, cx_view key, const cx_type *type,
                    cx_view bytes, cx_err *err) {
    chain_room *t = &c->topics[topic];
    CX_TRY(grow(c, t, err));
    cx_chain_message *m = &t->log.items[t->log.n];
    *m = (cx_chain_message){
        .partition = partition, .key = cx_arena_copy(c->arena, key), .bytes = cx_arena_copy(c->arena, bytes)};
    if (m->bytes.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_codec_decode(c->codec, type, m->bytes, c->arena, &m->value, err));
    t->log.n++;
    if (topic == CX_CHAIN_RECORDS)
        c->next_offset[partition]++;
    return CX_OK;
}

static cx_rc append_event(cx_chain *c, int32_t partition, cx_view key, const cx_event *event) {
    cx_view bytes;
    CX_TRY(cx_codec_encode(c->codec, &cx_event_type, event, &bytes, NULL));
    return append(c, CX_CHAIN_RECORDS, partition, key, &cx_event_type, bytes, NULL);
}

static cx_rc take_output(void *context, const cx_stages_output *o, cx_err *err) {
    static const cx_chain_topic topics[CX_STAGES_TOPICS] = {
        [CX_STAGES_CLASSIFIED] = CX_CHAIN_CLASSIFIED, [CX_STAGES_DECIDED] = CX_CHAIN_DECIDED,
        [CX_STAGES_NOTICES] = CX_CHAIN_NOTICES,       [CX_STAGES_INCENTIVES] = CX_CHAIN_INCENTIVES,
        [CX_STAGES_STATUS] = CX_CHAIN_STATUS,         [CX_STAGES_DERIVED] = CX_CHAIN_RECORDS};
    cx_chain *c = context;
    int32_t p = o->partition;
    if (p < 0)
        p = cx_chain_partition(c, ((const cx_event *)o->value)->subject);
    return append(c, topics[o->topic], p, o->key, o->type, o->bytes, err);
}

static const cx_pack *pack_of(void *context, const uint8_t hash[CX_PACK_HASH]) {
    const cx_chain *c = context;
    for (size_t i = 0; i < c->pack_n; i++)
        if (memcmp(cx_pack_hash(c->packs[i]), hash, CX_PACK_HASH) == 0)
            return c->packs[i];
    return NULL;
}

/* --- life --------------------------------------------------------------------------------------------- */
static cx_codec *new_codec(void) {
    static const cx_type *const types[] = {&cx_event_type,  &cx_classified_type, &cx_decided_type,
                                           &cx_status_type, &cx_dispatch_type,   NULL};
    cx_codec *codec = cx_codec_new();
    for (size_t i = 0; codec != NULL && types[i] != NULL; i++)
        if (cx_codec_add(codec, types[i], NULL) != CX_OK)
            cx_codec_destroy(&codec);
    return codec;
}

cx_chain *cx_chain_new(int32_t partitions) {
    CX_ASSERT(partitions > 0 && partitions <= CX_CHAIN_PARTITIONS);
    cx_chain *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->partitions = partitions;
    c->arena = cx_arena_new(0);
    c->codec = new_codec();
    c->stages =
        cx_stages_new(partitions, &(cx_stages_events){.context = c, .pack = pack_of, .output = take_output});
    if (c->arena == NULL || c->codec == NULL || c->stages == NULL)
        cx_chain_destroy(&c);
    return c;
}

void cx_chain_destroy(cx_chain **chain) {
    if (*chain == NULL)
        return;
    cx_stages_destroy(&(*chain)->stages);
    cx_codec_destroy(&(*chain)->codec);
    cx_arena_destroy(&(*chain)->arena);
    free(*chain);
    *chain = NULL;
}

void cx_chain_reset(cx_chain *c) {
    cx_stages_reset(c->stages);
    cx_arena_reset(c->arena);
    for (int t = 0; t < CX_CHAIN_TOPICS; t++)
        c->topics[t] = (chain_room){0};
    for (int p = 0; p < CX_CHAIN_PARTITIONS; p++) {
        c->next_offset[p] = 0;
        c->read_to[p] = 0;
        c->scan[p] = 0;
    }
    c->pack_n = 0;
}

void cx_chain_order(cx_chain *c, size_t (*pick)(void *context, size_t n), void *context) {
    c->pick = pick;
    c->context = context;
}

/* --- publishing --------------------------------------------------------------------------------------- */
int32_t cx_chain_partition(const cx_chain *c, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    uint32_t h = 0;
    for (int i = 0; i < CX_CHAIN_SUBJECT; i++)
        h = h * 31 + subject[i];
    return (int32_t)(h % (uint32_t)c->partitions);
}

cx_rc cx_chain_publish(cx_chain *c, const cx_event *event) {
    cx_view key = {(const char *)event->subject, CX_CHAIN_SUBJECT};
    return append_event(c, cx_chain_partition(c, event->subject), key, event);
}

static cx_rc to_all(cx_chain *c, const cx_event *event) {
    for (int32_t p = 0; p < c->partitions; p++)
        CX_TRY(append_event(c, p, (cx_view){NULL, 0}, event));
    return CX_OK;
}

cx_rc cx_chain_tick(cx_chain *c, cx_time time) {
    cx_tick tick = {.time = time, .received_to = time, .virtual = true};
    cx_event event = {.body_kind = CX_EVENT_BODY_TICK, .body = {.tick = &tick}};
    return to_all(c, &event);
}

cx_rc cx_chain_publish_activation(cx_chain *c, const cx_pack *pack, const cx_activation *activation) {
    cx_activation a = *activation;
    cx_event event = {.body_kind = CX_EVENT_BODY_ACTIVATION, .body = {.activation = &a}};
    CX_ASSERT(c->pack_n < CHAIN_PACKS);
    if (pack_of(c, cx_pack_hash(pack)) == NULL)
        c->packs[c->pack_n++] = pack;
    return to_all(c, &event);
}

static cx_activation activation_of(const cx_pack *pack, cx_activation_state state) {
    cx_activation a = {
        .id = CX_VIEW("a"), .jurisdiction = cx_pack_jurisdiction(pack), .state = state, .who = CX_VIEW("")};
    (void)memcpy(a.pack, cx_pack_hash(pack), CX_PACK_HASH);
    return a;
}

cx_rc cx_chain_activate(cx_chain *c, const cx_pack *pack) {
    cx_activation a = activation_of(pack, CX_ACTIVATION_STATE_ACTIVATED);
    return cx_chain_publish_activation(c, pack, &a);
}

cx_rc cx_chain_propose(cx_chain *c, const cx_pack *pack, const char *who, cx_activation *outcome,
                       cx_err *err) {
    cx_activation *a = outcome;
    *a = activation_of(pack, CX_ACTIVATION_STATE_PROPOSED);
    a->who = cx_view_of(who);
    CX_TRY(cx_chain_publish_activation(c, pack, a));
    CX_TRY(cx_chain_run(c, err));
    for (int32_t p = 0; p < c->partitions; p++) {
        int64_t limit;
        a->listed += cx_stages_counted(c->stages, p, &limit);
        a->limit = limit > a->limit ? limit : a->limit;
    }
    a->state = cx_clock_judges(a->listed, a->limit);
    CX_TRY(cx_chain_publish_activation(c, pack, a));
    return cx_chain_run(c, err);
}

/* --- the log of records ------------------------------------------------------------------------------- */
static cx_rc read_one(cx_chain *c, int32_t p, cx_err *err) {
    const cx_chain_log *log = &c->topics[CX_CHAIN_RECORDS].log;
    while (log->items[c->scan[p]].partition != p)
        c->scan[p]++;
    const cx_chain_message *r = &log->items[c->scan[p]++];
    return cx_stages_read(c->stages, (cx_position){p, c->read_to[p]++}, r->key, r->value, err);
}

cx_rc cx_chain_run(cx_chain *c, cx_err *err) {
    for (;;) {
        int32_t waiting[CX_CHAIN_PARTITIONS];
        size_t n = 0;
        for (int32_t p = 0; p < c->partitions; p++)
            if (c->read_to[p] < c->next_offset[p])
                waiting[n++] = p;
        if (n == 0)
            return CX_OK;
        size_t i = c->pick != NULL ? c->pick(c->context, n) % n : 0;
        CX_TRY(read_one(c, waiting[i], err));
    }
}

/* --- looking ------------------------------------------------------------------------------------------ */
const cx_chain_log *cx_chain_log_of(const cx_chain *c, cx_chain_topic topic) {
    return &c->topics[topic].log;
}

const cx_subject_state *cx_chain_state(const cx_chain *c, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    char key[1 + CX_CHAIN_SUBJECT] = {'s'};
    (void)memcpy(key + 1, subject, CX_CHAIN_SUBJECT);
    return cx_stages_row(c->stages, CX_STAGES_REGISTRAR, cx_chain_partition(c, subject),
                         (cx_view){key, sizeof key}, c->arena);
}

const cx_measure_state *cx_chain_measures(const cx_chain *c, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    return cx_stages_row(c->stages, CX_STAGES_SANCTIONER, cx_chain_partition(c, subject),
                         (cx_view){(const char *)subject, CX_CHAIN_SUBJECT}, c->arena);
}

const cx_status *cx_chain_status(const cx_chain *c, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    const cx_chain_log *log = &c->topics[CX_CHAIN_STATUS].log;
    for (size_t i = log->n; i-- > 0;)
        if (log->items[i].key.n == CX_CHAIN_SUBJECT &&
            memcmp(log->items[i].key.p, subject, CX_CHAIN_SUBJECT) == 0)
            return log->items[i].value;
    return NULL;
}

static bool is_subject(cx_view key) {
    return key.p[0] == 's';
}
static bool is_seen(cx_view key) {
    return key.p[0] == 'i';
}
static bool is_breaker(cx_view key) {
    return key.p[0] == 'b';
}

size_t cx_chain_rows(const cx_chain *c, char kind) {
    bool (*const wanted)(cx_view) = kind == 's' ? is_subject : kind == 'i' ? is_seen : is_breaker;
    size_t n = 0;
    for (int32_t p = 0; p < c->partitions; p++)
        n += cx_stages_rows(c->stages, CX_STAGES_REGISTRAR, p, wanted);
    return n;
}
