#include "services/bridge/bridge.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/base/log.h"
#include "common/vault/hash.h"
#include "schemas/types.h"
#include "services/bridge/answers.h"
#include "services/bridge/decide.h"
#include "services/bridge/side.h"
#include "services/bridge/target.h"

enum { TOPIC = 96, KEY = 8 };

typedef struct cx_bridge {
    cx_bridge_law law;
    cx_bridge_side *side;
    cx_target *target;
    cx_answers *answers;
} cx_bridge;

/* --- opening ---------------------------------------------------------------------------------------------
 */

static cx_rc pack_of(void *context, const uint8_t hash[CX_PACK_HASH], const cx_pack **out, cx_err *err) {
    cx_bridge *b = context;
    return cx_packs_find(cx_bridge_side_packs(b->side), hash, out, err);
}

static cx_rc note_departments(void *context, const cx_pack *pack, cx_err *err) {
    cx_bridge *b = context;
    size_t n;
    const cx_exchange *rows = cx_pack_exchanges(pack, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].peer == b->law.peer)
            CX_TRY(cx_answers_of(b->answers, rows[i].as, err));
    return CX_OK;
}

static cx_rc follow_packs(cx_bridge *b, bool changed, cx_err *err) {
    return changed ? cx_packs_each(cx_bridge_side_packs(b->side), note_departments, b, err) : CX_OK;
}

static void close_bridge(cx_sink_run *run) {
    cx_bridge *b = run->context;
    cx_answers_close(&b->answers);
    cx_target_close(&b->target);
    cx_bridge_side_close(&b->side);
    free(b);
    run->context = NULL;
}

static cx_rc open_bridge(cx_sink_run *run, cx_err *err) {
    cx_bridge *b = calloc(1, sizeof *b);
    bool changed = false;
    if (b == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    run->context = b;
    b->law = (cx_bridge_law){.peer = (int32_t)cx_config_integer(run->config, "bridge.peer"),
                             .generation = (int32_t)cx_config_integer(run->config, "log.generation"),
                             .pack_of = pack_of,
                             .context = b};
    if (b->law.peer < CX_NATIONAL || cx_config_integer(run->config, "bridge.from") < CX_NATIONAL)
        return cx_fail(err, CX_CONFIG, "bridge.peer and bridge.from are the jurisdictions at the two ends");
    if (cx_config_integer(run->config, "slot") != 0)
        return cx_fail(err, CX_CONFIG, "a bridge has one slot, 0: a second one would fence the first");
    CX_TRY(cx_target_open(run->config, &b->target, err));
    CX_TRY(cx_bridge_side_open(run->config, run->codec, &b->side, err));
    CX_TRY(cx_answers_open(run->config, cx_target_config(b->target), run->codec, &b->answers, err));
    CX_TRY(cx_bridge_side_poll(b->side, &changed, err));
    return follow_packs(b, changed, err);
}

static cx_rc place_bridge(cx_sink_run *run, cx_place *places, size_t n, cx_err *err) {
    cx_bridge *b = run->context;
    return cx_target_place(b->target, places, n, err);
}

static void lose_bridge(cx_sink_run *run) {
    cx_bridge *b = run->context;
    cx_target_drop(b->target);
}

/* --- crossing --------------------------------------------------------------------------------------------
 */

/* *whole: everybody in it can still be named. */
static cx_rc put_identities(cx_sink_run *run, const cx_decided *d, const cx_crossing *c, cx_credit_event *out,
                            bool *whole, cx_err *err) {
    cx_bridge *b = run->context;
    const cx_header *h = d->classified.event.header;
    size_t n = c->with_others && h != NULL ? h->others.n : 0;
    cx_subject *subject = cx_arena_calloc(run->arena, 1, sizeof *subject);
    cx_subject *others = cx_arena_calloc(run->arena, n + 1, sizeof *others);
    bool erased = false;
    if (subject == NULL || others == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_bridge_side_identity(b->side, d->subject, run->arena, subject, &erased, err));
    *whole = !erased;
    for (size_t i = 0; i < n; i++) {
        CX_TRY(cx_bridge_side_identity(b->side, h->others.items[i].subject, run->arena, &others[i], &erased,
                                       err));
        others[i].type = h->others.items[i].type;
        *whole = *whole && !erased;
    }
    subject->type = c->subject_type;
    subject->verified = h != NULL && h->verified;
    out->subject = subject;
    out->others = (cx_subject_array){others, n};
    return CX_OK;
}

static cx_rc send_one(cx_sink_run *run, const cx_decided *d, const cx_crossing *c, cx_err *err) {
    cx_bridge *b = run->context;
    cx_credit_event event = *c->event;
    char topic[TOPIC];
    bool whole = false;
    CX_TRY(put_identities(run, d, c, &event, &whole, err));
    if (!whole) {
        cx_log_info("%.*s/%.*s does not cross: its subject was erased", CX_VIEW_ARGS(c->as),
                    CX_VIEW_ARGS(event.event_id));
        return CX_OK;
    }
    uint8_t
        key[CX_HASH256]; /* spreads subjects where the topic has several partitions; holds no identifier */
    cx_hash256((cx_view[]){event.subject->id}, 1, key);
    cx_view bytes;
    CX_TRY(cx_codec_encode(run->codec, &cx_credit_event_type, &event, &bytes, err));
    if ((size_t)snprintf(topic, sizeof topic, "credit.in.%.*s", CX_VIEW_ARGS(c->as)) >= sizeof topic)
        return cx_fail(err, CX_PACK_INVALID, "a department's code is too long");
    return cx_target_send(b->target, topic, (cx_view){(const char *)key, KEY}, bytes,
                          event.issued_at > 0 ? event.issued_at : 1, err);
}

static cx_rc take_bridge(cx_sink_run *run, const cx_message *m, bool *full, cx_err *err) {
    cx_bridge *b = run->context;
    const void *value = NULL;
    cx_crossing_array crossings;
    bool changed = false;
    *full = false;
    CX_TRY(cx_bridge_side_poll(b->side, &changed, err));
    CX_TRY(follow_packs(b, changed, err));
    CX_TRY(cx_sink_decode(run, &cx_decided_type, m, &value, err));
    CX_TRY(cx_bridge_decide(&b->law, value, run->arena, &crossings, err));
    for (size_t i = 0; i < crossings.n; i++)
        CX_TRY(send_one(run, value, &crossings.items[i], err));
    cx_target_advance(b->target, m->partition, m->offset + 1);
    return CX_OK;
}

static cx_rc write_bridge(cx_sink_run *run, cx_err *err) {
    cx_bridge *b = run->context;
    CX_TRY(cx_target_commit(b->target, err));
    return cx_answers_poll(b->answers, run->arena, err);
}

static const char *const topics[] = {"credit.decided"};
static const cx_type *const types[] = {&cx_decided_type, NULL};
static const char *const writes[] = {"credit.in.<department>, credit.exchange of the other installation",
                                     "credit.exchange.refused", NULL};

const cx_sink cx_bridge_sink = {
    .name = "bridge",
    .number = 10,
    .does = "carries what the law lets cross to another installation, with what undoes it, and brings home "
            "what that one "
            "refuses",
    .writes = writes,
    .topics = topics,
    .topic_count = 1,
    .types = types,
    .group_setting = "bridge.peer",
    .open = open_bridge,
    .close = close_bridge,
    .place = place_bridge,
    .take = take_bridge,
    .write = write_bridge,
    .lose = lose_bridge,
};
