#include "tests/simulate/broker.h"

#include <stdlib.h>

enum { TXNS = 16384 };

typedef struct partition_log {
    cx_broker_message items[CX_BROKER_MESSAGES];
    size_t n;
} partition_log;

typedef struct txn {
    cx_broker_txn state;
    int group, slot, epoch;
    bool touched[CX_BROKER_TOPICS][CX_BROKER_PARTITIONS], moved[CX_BROKER_PARTITIONS];
    cx_broker_position positions[CX_BROKER_PARTITIONS];
} txn;

struct cx_broker {
    cx_arena *arena;
    partition_log logs[CX_BROKER_TOPICS][CX_BROKER_PARTITIONS];
    txn txns[TXNS];
    int txn_n;
    int epochs[CX_BROKER_GROUPS][CX_BROKER_SLOTS];
    int generations[CX_BROKER_GROUPS];
    cx_broker_position positions[CX_BROKER_GROUPS][CX_BROKER_PARTITIONS];
};

cx_broker *cx_broker_new(void) {
    cx_broker *b = calloc(1, sizeof *b);
    if (b == NULL)
        return NULL;
    b->arena = cx_arena_new(0);
    if (b->arena == NULL)
        cx_broker_destroy(&b);
    else
        cx_broker_reset(b);
    return b;
}

void cx_broker_destroy(cx_broker **b) {
    if (*b != NULL)
        cx_arena_destroy(&(*b)->arena);
    free(*b);
    *b = NULL;
}

void cx_broker_reset(cx_broker *b) {
    cx_arena_reset(b->arena);
    for (int t = 0; t < CX_BROKER_TOPICS; t++)
        for (int p = 0; p < CX_BROKER_PARTITIONS; p++)
            b->logs[t][p].n = 0;
    b->txn_n = 0;
    (void)memset(b->epochs, 0, sizeof b->epochs);
    (void)memset(b->generations, 0, sizeof b->generations);
    for (int g = 0; g < CX_BROKER_GROUPS; g++)
        for (int p = 0; p < CX_BROKER_PARTITIONS; p++)
            b->positions[g][p] = (cx_broker_position){.tick = CX_NO_TIME};
}

static void append(cx_broker *b, cx_broker_topic topic, int32_t partition, const cx_broker_message *m) {
    partition_log *log = &b->logs[topic][partition];
    CX_ASSERT(log->n < CX_BROKER_MESSAGES);
    log->items[log->n] = *m;
    if (m->key.p != NULL)
        log->items[log->n].key = cx_arena_copy(b->arena, m->key);
    if (m->bytes.p != NULL)
        log->items[log->n].bytes = cx_arena_copy(b->arena, m->bytes);
    log->n++;
}

/* --- producers ---------------------------------------------------------------------------------------- */
static void end(cx_broker *b, int t, cx_broker_txn state) {
    txn *x = &b->txns[t];
    const cx_broker_message marker = {.txn = t, .marker = true};
    if (x->state != CX_TXN_OPEN)
        return;
    x->state = state;
    for (int topic = 0; topic < CX_BROKER_TOPICS; topic++)
        for (int p = 0; p < CX_BROKER_PARTITIONS; p++)
            if (x->touched[topic][p])
                append(b, (cx_broker_topic)topic, p, &marker);
    for (int p = 0; p < CX_BROKER_PARTITIONS && state == CX_TXN_COMMITTED; p++)
        if (x->moved[p])
            b->positions[x->group][p] = x->positions[p];
}

int cx_broker_init(cx_broker *b, int group, int slot) {
    for (int t = 0; t < b->txn_n; t++)
        if (b->txns[t].group == group && b->txns[t].slot == slot)
            end(b, t, CX_TXN_ABORTED);
    return ++b->epochs[group][slot];
}

int cx_broker_begin(cx_broker *b, int group, int slot, int epoch) {
    if (b->epochs[group][slot] != epoch)
        return -1;
    CX_ASSERT(b->txn_n < TXNS);
    b->txns[b->txn_n] = (txn){.state = CX_TXN_OPEN, .group = group, .slot = slot, .epoch = epoch};
    return b->txn_n++;
}

static bool is_fenced(const cx_broker *b, int t, int epoch) {
    const txn *x = &b->txns[t];
    return x->state != CX_TXN_OPEN || x->epoch != epoch || b->epochs[x->group][x->slot] != epoch;
}

bool cx_broker_send(cx_broker *b, int t, int epoch, cx_broker_topic topic, int32_t partition, cx_view key,
                    cx_view bytes) {
    if (is_fenced(b, t, epoch))
        return false;
    append(b, topic, partition, &(cx_broker_message){.key = key, .bytes = bytes, .txn = t});
    b->txns[t].touched[topic][partition] = true;
    return true;
}

bool cx_broker_send_position(cx_broker *b, int t, int epoch, int generation, int32_t partition,
                             const cx_broker_position *position) {
    txn *x = &b->txns[t];
    if (is_fenced(b, t, epoch) || b->generations[x->group] != generation)
        return false;
    x->moved[partition] = true;
    x->positions[partition] = *position;
    return true;
}

bool cx_broker_commit(cx_broker *b, int t, int epoch) {
    if (is_fenced(b, t, epoch))
        return false;
    end(b, t, CX_TXN_COMMITTED);
    return true;
}

void cx_broker_abort(cx_broker *b, int t, int epoch) {
    if (!is_fenced(b, t, epoch))
        end(b, t, CX_TXN_ABORTED);
}

void cx_broker_publish(cx_broker *b, cx_broker_topic topic, int32_t partition, cx_view key, cx_view bytes) {
    append(b, topic, partition, &(cx_broker_message){.key = key, .bytes = bytes, .txn = -1});
}

void cx_broker_commit_position(cx_broker *b, int group, int32_t partition,
                               const cx_broker_position *position) {
    b->positions[group][partition] = *position;
}

void cx_broker_time_out(cx_broker *b) {
    for (int t = 0; t < b->txn_n; t++)
        end(b, t, CX_TXN_ABORTED);
}

/* --- groups and readers ------------------------------------------------------------------------------- */
int cx_broker_rebalance(cx_broker *b, int group) {
    return ++b->generations[group];
}

int cx_broker_generation(const cx_broker *b, int group) {
    return b->generations[group];
}

const cx_broker_position *cx_broker_position_of(const cx_broker *b, int group, int32_t partition) {
    return &b->positions[group][partition];
}

bool cx_broker_is_pending(const cx_broker *b, int group, int32_t partition) {
    for (int t = 0; t < b->txn_n; t++)
        if (b->txns[t].state == CX_TXN_OPEN && b->txns[t].group == group && b->txns[t].moved[partition])
            return true;
    return false;
}

bool cx_broker_is_stable(const cx_broker *b, cx_broker_topic topic, int32_t partition) {
    const partition_log *log = &b->logs[topic][partition];
    for (size_t i = 0; i < log->n; i++)
        if (log->items[i].txn >= 0 && b->txns[log->items[i].txn].state == CX_TXN_OPEN)
            return false;
    return true;
}

const cx_broker_message *cx_broker_read(const cx_broker *b, cx_broker_topic topic, int32_t partition,
                                        int64_t from, bool dirty, int64_t *at) {
    const partition_log *log = &b->logs[topic][partition];
    for (size_t i = (size_t)from; i < log->n; i++) {
        const cx_broker_message *m = &log->items[i];
        cx_broker_txn state = m->txn >= 0 ? b->txns[m->txn].state : CX_TXN_COMMITTED;
        if (state == CX_TXN_OPEN && !dirty)
            return NULL; /* the last stable offset */
        if (m->marker || (state == CX_TXN_ABORTED && !dirty))
            continue;
        *at = (int64_t)i;
        return m;
    }
    return NULL;
}
