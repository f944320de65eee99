#include "tests/unit/ops/replay/memory.h"

#include "common/wire/encode.h"

static const cx_chain_topic logs[CX_REPLAY_TOPICS] = {[CX_REPLAY_CLASSIFIED] = CX_CHAIN_CLASSIFIED,
                                                      [CX_REPLAY_DECIDED] = CX_CHAIN_DECIDED,
                                                      [CX_REPLAY_NOTICES] = CX_CHAIN_NOTICES,
                                                      [CX_REPLAY_INCENTIVES] = CX_CHAIN_INCENTIVES,
                                                      [CX_REPLAY_RECORDS] = CX_CHAIN_RECORDS};

static const cx_pack *pack_of(void *context, const uint8_t hash[CX_PACK_HASH]) {
    const memory *m = context;
    for (int i = 0; i < 2; i++)
        if (memcmp(cx_pack_hash(m->packs[i]), hash, CX_PACK_HASH) == 0)
            return m->instead != NULL ? m->instead : m->packs[i];
    return NULL;
}

const cx_chain_log *memory_log(const memory *m, cx_replay_topic topic) {
    return cx_chain_log_of(m->chain, logs[topic]);
}

static bool is_there(const memory *m, cx_replay_topic topic, size_t i) {
    bool here = m->mistake != NONE && m->topic == topic;
    return !(here && m->mistake == REMOVED && i == m->at) && !(here && m->mistake == CUT && i >= m->at);
}

static cx_replay_message message_of(const memory *m, cx_replay_topic topic, size_t i) {
    const cx_chain_message *from = &memory_log(m, topic)->items[i];
    bool here = m->mistake != NONE && m->topic == topic && i == m->at;
    cx_replay_message out = {.partition = from->partition, .key = from->key, .value = from->bytes};
    if (here && m->mistake == CHANGED)
        out.value = cx_buffer_view(&m->changed, 0);
    if (here && m->mistake == OTHER_KEY)
        out.key = CX_VIEW("another subject!");
    return out;
}

static cx_rc each_record(void *context, cx_replay_visit visit, void *to, cx_err *err) {
    const memory *m = context;
    int64_t offsets[CX_CHAIN_PARTITIONS] = {0};
    for (size_t i = 0; i < memory_log(m, CX_REPLAY_RECORDS)->n; i++) {
        cx_replay_message message = message_of(m, CX_REPLAY_RECORDS, i);
        message.offset = offsets[message.partition]++;
        if (is_there(m, CX_REPLAY_RECORDS, i))
            CX_TRY(visit(to, &message, err));
    }
    return CX_OK;
}

static cx_rc begin(void *context, int32_t partition, const int64_t *from, cx_err *err) {
    memory *m = context;
    (void)err;

    m->partition = partition;
    for (int t = 0; t < CX_REPLAY_TOPICS; t++) {
        m->place[t] = 0;
        m->offset[t] = 0;
        m->from[t] = from != NULL ? from[t] : CX_REPLAY_FIRST;
    }
    return CX_OK;
}

static cx_rc next(void *context, cx_replay_topic topic, cx_replay_message *out, cx_err *err) {
    memory *m = context;
    const cx_chain_log *log = memory_log(m, topic);
    (void)err;
    for (size_t *i = &m->place[topic]; *i < log->n; (*i)++) {
        if (log->items[*i].partition != m->partition)
            continue;
        if (!is_there(m, topic, *i)) {
            m->offset[topic]++; /* what is behind it keeps its place */
            continue;
        }
        *out = message_of(m, topic, *i);
        out->offset = m->offset[topic]++;
        bool again = m->mistake == DOUBLED && m->topic == topic && *i == m->at && !m->doubled;
        m->doubled = m->doubled || again;
        *i += again ? 0 : 1;
        if ((topic == CX_REPLAY_RECORDS || out->offset >= m->low) && out->offset >= m->from[topic])
            return CX_OK;
        (*i)--;
    }
    *out = (cx_replay_message){.partition = m->partition};
    return CX_OK;
}

static void range(void *context, cx_replay_topic topic, int64_t *low, int64_t *high) {
    const memory *m = context;
    *low = topic == CX_REPLAY_RECORDS ? 0 : m->low;
    *high = (int64_t)memory_log(m, topic)->n;
}

cx_replay_source memory_source(memory *m, int32_t partitions) {
    return (cx_replay_source){.context = m,
                              .partitions = partitions,
                              .codec = m->codec,
                              .pack = pack_of,
                              .each_record = each_record,
                              .restore = m->restore,
                              .begin = begin,
                              .next = next,
                              .range = range};
}

/* --- the mistakes ------------------------------------------------------------------------------------- */
static bool is_accepted(const void *value) {
    const cx_decided *d = value;
    return d->classified.event.header != NULL && d->changes.n > 0;
}
static bool is_classified(const void *value) {
    return ((const cx_classified *)value)->classification != NULL;
}
static bool is_notice(const void *value) {
    return ((const cx_dispatch *)value)->notice != NULL;
}

size_t memory_find(const memory *m, cx_replay_topic topic) {
    static bool (*const fits[])(const void *) = {is_classified, is_accepted, is_notice};
    const cx_chain_log *log = memory_log(m, topic);
    for (size_t i = log->n / 3; i < log->n; i++) {
        size_t behind = 0;
        for (size_t k = i + 1; k < log->n; k++)
            behind += log->items[k].partition == log->items[i].partition;
        if (behind > 10 && fits[topic](log->items[i].value))
            return i;
    }
    CX_ASSERT(false && "no such message in the history");
    return 0;
}

void memory_change(memory *m, cx_replay_topic topic, cx_arena *arena) {
    const void *value = memory_log(m, topic)->items[m->at].value;
    m->changed.n = 0;
    cx_rc rc = CX_USAGE;
    if (topic == CX_REPLAY_CLASSIFIED) {
        cx_classified c = *(const cx_classified *)value;
        cx_classification judged = *c.classification;
        judged.rule = CX_VIEW("another rule");
        c.classification = &judged;
        rc = cx_encode_single(&cx_classified_type, &c, &m->changed, NULL);
    } else if (topic == CX_REPLAY_DECIDED) {
        cx_decided d = *(const cx_decided *)value;
        cx_change first = d.changes.items[0];
        first.cause = CX_VIEW("A FAVOUR");
        d.changes.items = cx_arena_calloc(arena, d.changes.n, sizeof first);
        (void)memcpy(d.changes.items, ((const cx_decided *)value)->changes.items, d.changes.n * sizeof first);
        d.changes.items[0] = first;
        rc = cx_encode_single(&cx_decided_type, &d, &m->changed, NULL);
    } else {
        cx_dispatch d = *(const cx_dispatch *)value;
        cx_notice notice = *d.notice;
        notice.basis = CX_VIEW("no law");
        d.notice = &notice;
        rc = cx_encode_single(&cx_dispatch_type, &d, &m->changed, NULL);
    }
    CX_ASSERT(rc == CX_OK);
}
