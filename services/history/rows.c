#include "services/history/rows.h"

#include "common/vault/hash_chain.h"
#include "schemas/types.h"

const char cx_history_decided[] = "credit.decided", cx_history_notices[] = "credit.notices",
           cx_history_access[] = "credit.access", cx_history_rejected[] = "credit.rejected.";

const cx_type *const cx_history_types[] = {&cx_decided_type, &cx_dispatch_type, &cx_rejection_type,
                                           &cx_access_type, NULL};

/* One message on its way into rows. */
struct taking {
    cx_history_rows *rows;
    const cx_message *message;
    cx_hash_chain *chain;
};

static cx_rc decode(const struct taking *t, const cx_type *type, const void **out, cx_err *err) {
    if (t->message->value.p == NULL)
        return cx_fail(err, CX_NOT_DECODED, "a tombstone where there is none");
    cx_rc rc = cx_codec_decode(t->rows->codec, type, t->message->value, t->rows->arena, out, err);
    if (rc == CX_OK || rc == CX_OUT_OF_MEMORY || rc == CX_UNKNOWN_SCHEMA)
        return rc;
    cx_err why = *err;
    return cx_fail(err, CX_NOT_DECODED, "%s: %s", cx_rc_name(rc), why.text);
}

/* The row that stands for the message in the chain. */
static cx_rc put_chained(const struct taking *t, cx_history_table table, cx_row *row, cx_view bytes,
                         cx_time known_at, cx_err *err) {
    cx_chain_add(t->chain, bytes);
    row->message = bytes;
    row->partition = t->message->partition;
    row->seq = t->chain->n;
    row->link = (cx_view){(const char *)t->chain->head, CX_CHAIN_HASH};
    return t->rows->put(t->rows->context, table, row, known_at, err);
}

static cx_rc take_changes(const struct taking *t, const cx_decided *d, cx_err *err) {
    cx_history_rows *r = t->rows;
    for (size_t i = 0; i < d->changes.n; i++) {
        const cx_change *c = &d->changes.items[i];
        cx_row row = {.roots = {d, c}, .number = (int32_t)i};
        if (c->entry != NULL)
            CX_TRY(r->put(r->context, CX_HISTORY_ENTRIES, &row, d->classified.now, err));
        if (c->record != NULL)
            CX_TRY(r->put(r->context, CX_HISTORY_RECORDS, &row, d->classified.now, err));
    }
    return CX_OK;
}

static cx_rc take_decided(const struct taking *t, cx_history_seen *seen, cx_err *err) {
    const void *value = NULL;
    CX_TRY(decode(t, &cx_decided_type, &value, err));
    const cx_decided *d = value;
    bool is_tick = d->classified.event.body_kind == CX_EVENT_BODY_TICK;
    seen->ticked = is_tick && d->index == 0;
    if (seen->ticked) {
        seen->tick = d->classified.event.body.tick->time;
        seen->received_to = d->classified.event.body.tick->received_to;
    }
    if (is_tick && d->changes.n + d->publications.n == 0)
        return CX_OK;
    cx_row row = {.roots = {d}};
    CX_TRY(put_chained(t, CX_HISTORY_EVENTS, &row, t->message->value, d->classified.now, err));
    return take_changes(t, d, err);
}

static cx_rc take_dispatch(const struct taking *t, cx_err *err) {
    const void *value = NULL;
    CX_TRY(decode(t, &cx_dispatch_type, &value, err));
    const cx_dispatch *d = value;
    cx_row row = {.roots = {d}};
    return d->notice == NULL ? CX_OK
                             : put_chained(t, CX_HISTORY_NOTICES, &row, t->message->value, d->now, err);
}

/* What a department sent is not kept: the refusal is written anew without it. */
static cx_rc take_rejection(const struct taking *t, cx_err *err) {
    const void *value = NULL;
    CX_TRY(decode(t, &cx_rejection_type, &value, err));
    cx_rejection bare = *(const cx_rejection *)value;
    bare.text = CX_VIEW("");
    bare.body = (cx_view){NULL, 0};
    t->rows->anew.n = 0;
    CX_TRY(cx_encode_single(&cx_rejection_type, &bare, &t->rows->anew, err));
    const cx_message *m = t->message;
    size_t prefix = sizeof cx_history_rejected - 1;
    cx_row row = {.roots = {value}, .time = m->timestamp, .text = {m->topic.p + prefix, m->topic.n - prefix}};
    return put_chained(t, CX_HISTORY_DEAD_LETTERS, &row, cx_buffer_view(&t->rows->anew, 0), m->timestamp,
                       err);
}

static cx_rc take_access(const struct taking *t, cx_err *err) {
    const void *value = NULL;
    CX_TRY(decode(t, &cx_access_type, &value, err));
    const cx_access *a = value;
    cx_row row = {.roots = {a}};
    return put_chained(t, CX_HISTORY_ACCESS, &row, t->message->value, a->at, err);
}

cx_history_table cx_history_table_of(cx_view topic) {
    return cx_view_is(topic, cx_history_decided)   ? CX_HISTORY_EVENTS
           : cx_view_is(topic, cx_history_notices) ? CX_HISTORY_NOTICES
           : cx_view_is(topic, cx_history_access)  ? CX_HISTORY_ACCESS
                                                   : CX_HISTORY_DEAD_LETTERS;
}

cx_rc cx_history_take_rows(cx_history_rows *rows, const cx_message *message, cx_hash_chain *chain,
                           cx_history_seen *seen, cx_err *err) {
    struct taking t = {rows, message, chain};
    *seen = (cx_history_seen){.tick = CX_NO_TIME, .received_to = CX_NO_TIME};
    switch (cx_history_table_of(message->topic)) {
    case CX_HISTORY_EVENTS:
        return take_decided(&t, seen, err);
    case CX_HISTORY_NOTICES:
        return take_dispatch(&t, err);
    case CX_HISTORY_ACCESS:
        return take_access(&t, err);
    case CX_HISTORY_DEAD_LETTERS:
        return take_rejection(&t, err);
    case CX_HISTORY_ENTRIES:
    case CX_HISTORY_RECORDS:
    case CX_HISTORY_TABLES:
        break;
    }
    return cx_fail(err, CX_BUS, "a topic that is not read");
}
