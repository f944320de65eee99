#include "tests/model/chain.h"

#include <stdlib.h>

#include "tests/model/chain_inside.h"

/* --- the wire ----------------------------------------------------------------------------------------- */
static cx_rc plan_of(cx_chain *c, const cx_type *type, const cx_plan **out, cx_err *err) {
    size_t i = 0;
    while (i < CHAIN_TYPES && c->types[i] != NULL && c->types[i] != type)
        i++;
    CX_ASSERT(i < CHAIN_TYPES);
    if (c->types[i] == NULL) {
        CX_TRY(cx_plan_compile((cx_view){NULL, 0}, type, &c->plans[i], err));
        c->types[i] = type;
    }
    *out = c->plans[i];
    return CX_OK;
}

/* The value as its reader sees it, and its bytes. */
cx_rc cx_chain_pass(cx_chain *c, const cx_type *type, const void *value, const void **out, cx_view *bytes,
                    cx_err *err) {
    const cx_plan *plan;
    CX_TRY(plan_of(c, type, &plan, err));
    c->buffer.n = 0;
    CX_TRY(cx_encode(type, value, &c->buffer, err));
    *bytes = cx_arena_copy(c->arena, (cx_view){(const char *)c->buffer.p, c->buffer.n});
    void *struct_ = cx_arena_calloc(c->arena, 1, type->size);
    if (bytes->p == NULL || struct_ == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *out = struct_;
    return cx_plan_decode(plan, *bytes, c->arena, struct_, err);
}

cx_rc cx_chain_append(cx_chain *c, cx_chain_topic topic, int32_t partition, cx_view key, const cx_type *type,
                      const void *value, const void **out, cx_err *err) {
    chain_room *t = &c->topics[topic];
    if (t->log.n == t->room) {
        size_t room = t->room == 0 ? 64 : 2 * t->room;
        cx_chain_message *more = cx_arena_calloc(c->arena, room, sizeof *more);
        if (more == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        if (t->log.n > 0)
            (void)memcpy(more, t->log.items, t->log.n * sizeof *more);
        t->log.items = more;
        t->room = room;
    }
    cx_chain_message *m = &t->log.items[t->log.n];
    *m = (cx_chain_message){.partition = partition, .key = cx_arena_copy(c->arena, key)};
    CX_TRY(cx_chain_pass(c, type, value, &m->value, &m->bytes, err));
    t->log.n++;
    if (out != NULL)
        *out = m->value;
    if (topic == CX_CHAIN_RECORDS)
        c->next_offset[partition]++;
    return CX_OK;
}

/* --- life --------------------------------------------------------------------------------------------- */
cx_chain *cx_chain_new(int32_t partitions) {
    CX_ASSERT(partitions > 0 && partitions <= CX_CHAIN_PARTITIONS);
    cx_chain *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    c->partitions = partitions;
    c->arena = cx_arena_new(0);
    cx_chain_describe(c);
    cx_chain_reset(c);
    return c;
}

static void free_policies(cx_chain *c) {
    for (int s = 0; s < STAGES; s++)
        for (int p = 0; p < CX_CHAIN_PARTITIONS; p++)
            cx_policies_destroy(&c->stages[s].parts[p].policies);
}

void cx_chain_destroy(cx_chain **chain) {
    if (*chain == NULL)
        return;
    free_policies(*chain);
    for (int i = 0; i < CHAIN_TYPES; i++)
        cx_plan_destroy(&(*chain)->plans[i]);
    cx_buffer_free(&(*chain)->buffer);
    cx_arena_destroy(&(*chain)->arena);
    free(*chain);
    *chain = NULL;
}

void cx_chain_reset(cx_chain *c) {
    free_policies(c);
    cx_arena_reset(c->arena);
    cx_chain_describe(c);
    for (int s = 0; s < STAGES; s++)
        for (int p = 0; p < c->partitions; p++) {
            c->stages[s].parts[p] = (chain_part){.policies = cx_policies_new(), .tick = CX_NO_TIME};
            CX_ASSERT(c->stages[s].parts[p].policies != NULL);
        }
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
    return cx_chain_append(c, CX_CHAIN_RECORDS, cx_chain_partition(c, event->subject), key, &cx_event_type,
                           event, NULL, NULL);
}

static cx_rc to_all(cx_chain *c, const cx_event *event) {
    for (int32_t p = 0; p < c->partitions; p++)
        CX_TRY(
            cx_chain_append(c, CX_CHAIN_RECORDS, p, (cx_view){NULL, 0}, &cx_event_type, event, NULL, NULL));
    return CX_OK;
}

cx_rc cx_chain_tick(cx_chain *c, cx_time time) {
    cx_tick tick = {.time = time, .received_to = time, .virtual = true};
    cx_event event = {.body_kind = CX_EVENT_BODY_TICK, .body = {.tick = &tick}};
    return to_all(c, &event);
}

cx_rc cx_chain_activate(cx_chain *c, const cx_pack *pack) {
    CX_ASSERT(c->pack_n < CHAIN_PACKS);
    c->packs[c->pack_n++] = pack;
    cx_activation a = {.id = CX_VIEW("a"),
                       .jurisdiction = cx_pack_jurisdiction(pack),
                       .state = CX_ACTIVATION_STATE_ACTIVATED};
    (void)memcpy(a.pack, cx_pack_hash(pack), CX_PACK_HASH);
    cx_event event = {.body_kind = CX_EVENT_BODY_ACTIVATION, .body = {.activation = &a}};
    return to_all(c, &event);
}

/* --- the log of records ------------------------------------------------------------------------------- */
static cx_rc read_one(cx_chain *c, int32_t p, cx_err *err) {
    const cx_chain_log *log = &c->topics[CX_CHAIN_RECORDS].log;
    while (log->items[c->scan[p]].partition != p)
        c->scan[p]++;
    const cx_chain_message *r = &log->items[c->scan[p]++];
    chain_input m = {.partition = p,
                     .key = r->key,
                     .value = r->value,
                     .origin = {p, c->read_to[p]++},
                     .now = CX_NO_TIME,
                     .event = r->value};
    return cx_chain_deliver(c, CLASSIFIER, &m, err);
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
    return cx_rows_get(&c->stages[REGISTRAR].parts[cx_chain_partition(c, subject)].rows,
                       (cx_view){key, sizeof key});
}

const cx_measure_state *cx_chain_measures(const cx_chain *c, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    return cx_rows_get(&c->stages[SANCTIONER].parts[cx_chain_partition(c, subject)].rows,
                       (cx_view){(const char *)subject, CX_CHAIN_SUBJECT});
}

const cx_status *cx_chain_status(const cx_chain *c, const uint8_t subject[CX_CHAIN_SUBJECT]) {
    const cx_chain_log *log = &c->topics[CX_CHAIN_STATUS].log;
    for (size_t i = log->n; i-- > 0;)
        if (log->items[i].key.n == CX_CHAIN_SUBJECT &&
            memcmp(log->items[i].key.p, subject, CX_CHAIN_SUBJECT) == 0)
            return log->items[i].value;
    return NULL;
}

size_t cx_chain_rows(const cx_chain *c, char kind) {
    size_t n = 0;
    for (int32_t p = 0; p < c->partitions; p++) {
        const cx_rows *rows = &c->stages[REGISTRAR].parts[p].rows;
        for (size_t i = 0; i < rows->room; i++)
            n += rows->items[i].key.p != NULL && rows->items[i].value != NULL &&
                 rows->items[i].key.p[0] == kind;
    }
    return n;
}
