#include "tests/model/replay.h"

static const cx_pack *find(const cx_pack *const *packs, size_t n, const uint8_t hash[CX_PACK_HASH]) {
    for (size_t i = 0; i < n; i++)
        if (packs[i] != NULL && memcmp(cx_pack_hash(packs[i]), hash, CX_PACK_HASH) == 0)
            return packs[i];
    return NULL;
}

/* What was written to every partition is taken up once, from the first. */
static cx_rc publish(const cx_chain_message *m, cx_chain *again, const cx_pack *const *packs, size_t n) {
    const cx_event *e = m->value;
    bool to_all = e->body_kind == CX_EVENT_BODY_TICK || e->body_kind == CX_EVENT_BODY_ACTIVATION;
    if (e->cause != NULL || (to_all && m->partition != 0))
        return CX_OK;
    if (e->body_kind == CX_EVENT_BODY_TICK)
        return cx_chain_tick(again, e->body.tick->time);
    if (e->body_kind != CX_EVENT_BODY_ACTIVATION)
        return cx_chain_publish(again, e);
    const cx_pack *pack = find(packs, n, e->body.activation->pack);
    return pack != NULL ? cx_chain_publish_activation(again, pack, e->body.activation) : CX_NOT_FOUND;
}

static const cx_chain_message *next_of(const cx_chain_log *log, int32_t partition, size_t *i) {
    while (*i < log->n && log->items[*i].partition != partition)
        (*i)++;
    return *i < log->n ? &log->items[(*i)++] : NULL;
}

static bool same_partition(const cx_chain_log *a, const cx_chain_log *b, int32_t partition) {
    size_t i = 0, k = 0;
    for (;;) {
        const cx_chain_message *x = next_of(a, partition, &i), *y = next_of(b, partition, &k);
        if (x == NULL || y == NULL)
            return x == NULL && y == NULL;
        if (!cx_view_eq(x->bytes, y->bytes) || !cx_view_eq(x->key, y->key))
            return false;
    }
}

bool cx_replay_is_same(const cx_chain *played, cx_chain *again, const cx_pack *const *packs, size_t n,
                       cx_err *err) {
    static const char *const names[] = {"records", "classified", "decided",
                                        "status",  "notices",    "notices of points"};
    const cx_chain_log *log = cx_chain_log_of(played, CX_CHAIN_RECORDS);
    cx_rc rc = CX_OK;
    cx_chain_reset(again);
    for (size_t i = 0; i < log->n && rc == CX_OK; i++) {
        rc = publish(&log->items[i], again, packs, n);
        if (rc == CX_OK)
            rc = cx_chain_run(again, err);
    }
    if (rc != CX_OK) {
        (void)cx_fail(err, rc, "the log cannot be decided again");
        return false;
    }
    for (int t = 0; t < CX_CHAIN_TOPICS; t++)
        for (int32_t p = 0; p < CX_CHAIN_PARTITIONS; p++)
            if (!same_partition(cx_chain_log_of(played, (cx_chain_topic)t),
                                cx_chain_log_of(again, (cx_chain_topic)t), p)) {
                (void)cx_fail(err, CX_USAGE, "decided again, credit.%s differs in partition %d", names[t], p);
                return false;
            }
    return true;
}
