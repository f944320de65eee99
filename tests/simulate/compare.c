/* The log as it came to lie, decided without any disturbance: every message of every topic must be there,
 * once, in its place; and what the registrar derived must be what it derives. */
#include "common/run/codec.h"
#include "tests/simulate/inside.h"

enum { MOST = 8192 };

/* Walks the reference's outputs beside what the broker holds. */
typedef struct comparison {
    cx_sim *sim;
    int64_t next[CX_BROKER_TOPICS][CX_BROKER_PARTITIONS];
    size_t derived, passed;
    int32_t in; /* the partition that an end reads */
    int64_t passed_at[CX_BROKER_PARTITIONS][CX_BROKER_PARTITIONS];
    bool differs;
} comparison;

static cx_rc differ(comparison *c, const char *what, int topic, int32_t partition) {
    if (!c->differs)
        (void)cx_fail(c->sim->err, CX_USAGE, "%s in topic %d, partition %d", what, topic, partition);
    c->differs = true;
    return CX_OK;
}

static cx_rc expect(comparison *c, cx_broker_topic topic, int32_t partition, cx_view key, cx_view bytes) {
    int64_t at = 0;
    const cx_broker_message *m =
        cx_broker_read(c->sim->broker, topic, partition, c->next[topic][partition], false, &at);
    if (c->differs)
        return CX_OK;
    if (m == NULL)
        return differ(c, "a message is missing", (int)topic, partition);
    c->next[topic][partition] = at + 1;
    bool same =
        cx_view_eq(m->key, key) && cx_view_eq(m->bytes, bytes) && (m->bytes.p == NULL) == (bytes.p == NULL);
    return same ? CX_OK : differ(c, "a message differs", (int)topic, partition);
}

/* A derived event lies somewhere in credit.records, once. */
static cx_rc expect_derived(comparison *c, int32_t partition, cx_view bytes) {
    size_t found = 0;
    int64_t at = 0;
    const cx_broker_message *m;
    for (int64_t from = 0;
         (m = cx_broker_read(c->sim->broker, CX_TOPIC_RECORDS, partition, from, false, &at)) != NULL;
         from = at + 1)
        found += cx_view_eq(m->bytes, bytes);
    c->derived++;
    return found == 1 ? CX_OK
                      : differ(c, found == 0 ? "a derived event is missing" : "a derived event is doubled",
                               CX_TOPIC_RECORDS, partition);
}

static cx_rc take_output(void *context, const cx_stages_output *o, cx_err *err) {
    comparison *c = context;
    (void)err;
    if (o->topic == CX_STAGES_INCENTIVES)
        return CX_OK; /* points are not simulated */
    if (o->topic == CX_STAGES_DERIVED)
        return expect_derived(c, cx_sim_partition(c->sim, o), o->bytes);
    return expect(c, cx_sim_topic(o->topic), cx_sim_partition(c->sim, o), o->key, o->bytes);
}

static cx_rc take_row(void *context, cx_stages_name stage, int32_t partition, cx_view key, cx_view bytes,
                      cx_err *err) {
    (void)err;
    if (stage == CX_STAGES_POINTS)
        return CX_OK;
    return expect(context, stage == CX_STAGES_REGISTRAR ? CX_TOPIC_STATE : CX_TOPIC_MEASURES, partition, key,
                  bytes);
}

static const cx_pack *pack_of(void *context, const uint8_t hash[CX_PACK_HASH]) {
    return cx_sim_pack(((const comparison *)context)->sim, hash);
}

/* --- the ends ----------------------------------------------------------------------------------------- */
/* What intake passed on lies in credit.records once, in the order in which one department's partition had it.
 */
static cx_rc expect_passed(comparison *c, int32_t partition, cx_view bytes) {
    int64_t at = 0, *behind = &c->passed_at[c->in][partition];
    size_t found = 0;
    const cx_broker_message *m;
    for (int64_t from = 0;
         (m = cx_broker_read(c->sim->broker, CX_TOPIC_RECORDS, partition, from, false, &at)) != NULL;
         from = at + 1) {
        if (!cx_view_eq(m->bytes, bytes))
            continue;
        if (at < *behind)
            return differ(c, "what intake passed on is out of order", CX_TOPIC_RECORDS, partition);
        *behind = at;
        found++;
    }
    c->passed++;
    return found == 1
               ? CX_OK
               : differ(c,
                        found == 0 ? "what intake passed on is missing" : "what intake passed on is doubled",
                        CX_TOPIC_RECORDS, partition);
}

static cx_rc take_end(void *context, cx_broker_topic topic, int32_t partition, cx_view key, cx_view bytes) {
    return topic == CX_TOPIC_RECORDS ? expect_passed(context, partition, bytes)
                                     : expect(context, topic, partition, key, bytes);
}

static bool ends_again(comparison *c) {
    const cx_broker_message *m;
    int64_t at = 0;
    for (c->in = 0; c->in < CX_BROKER_PARTITIONS; c->in++) {
        for (int64_t from = 0;
             (m = cx_broker_read(c->sim->broker, CX_TOPIC_IN, c->in, from, false, &at)) != NULL;
             from = at + 1)
            if (cx_sim_intake(c->sim, c->in, m->bytes, take_end, c) != CX_OK)
                return false;
        for (int64_t from = 0;
             (m = cx_broker_read(c->sim->broker, CX_TOPIC_NOTICES, c->in, from, false, &at)) != NULL;
             from = at + 1)
            if (cx_sim_courier(c->sim, c->in, m->bytes, take_end, c) != CX_OK)
                return false;
    }
    return true;
}

/* Nothing lies behind what was expected. */
static void expect_no_more(comparison *c) {
    int64_t at;
    for (int t = CX_TOPIC_CLASSIFIED; t < CX_BROKER_TOPICS; t++)
        for (int32_t p = 0; p < CX_BROKER_PARTITIONS; p++)
            if (!c->differs &&
                cx_broker_read(c->sim->broker, (cx_broker_topic)t, p, c->next[t][p], false, &at) != NULL)
                (void)differ(c, "there is a message too many", t, p);
}

static bool decide_again(comparison *c, cx_stages *stages, cx_codec *codec, cx_arena *arena,
                         size_t recorded[2]) {
    const cx_broker_message *m;
    for (int32_t p = 0; p < CX_BROKER_PARTITIONS; p++) {
        int64_t at = 0;
        for (int64_t from = 0;
             (m = cx_broker_read(c->sim->broker, CX_TOPIC_RECORDS, p, from, false, &at)) != NULL;
             from = at + 1) {
            const void *event;
            if (cx_codec_decode(codec, &cx_event_type, m->bytes, arena, &event, c->sim->err) != CX_OK ||
                cx_stages_read(stages, (cx_position){p, at}, m->key, event, c->sim->err) != CX_OK)
                return false;
            const cx_event *e = event;
            recorded[e->cause != NULL] += e->cause != NULL || e->header != NULL;
        }
    }
    return true;
}

bool cx_sim_compare(cx_sim *sim) {
    comparison c = {.sim = sim};
    cx_stages_events events = {.context = &c, .pack = pack_of, .output = take_output, .row = take_row};
    cx_stages *stages = cx_stages_new(CX_BROKER_PARTITIONS, &events);
    cx_codec *codec = cx_codec_new();
    cx_arena *arena = cx_arena_new(0);
    size_t recorded[2] = {0};
    bool ok = stages != NULL && codec != NULL && arena != NULL &&
              cx_codec_add(codec, &cx_event_type, NULL) == CX_OK &&
              decide_again(&c, stages, codec, arena, recorded) && ends_again(&c);
    if (ok) {
        expect_no_more(&c);
        if (recorded[true] != c.derived)
            (void)differ(&c, "derived events are too many", CX_TOPIC_RECORDS, -1);
        if (recorded[false] != c.passed)
            (void)differ(&c, "what intake passed on is too much", CX_TOPIC_RECORDS, -1);
    }
    cx_stages_destroy(&stages);
    cx_codec_destroy(&codec);
    cx_arena_destroy(&arena);
    return ok && !c.differs;
}
