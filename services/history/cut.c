/* Hour ticks: the heads of the chains of the tick's partition, signed, as rows of the same batch. */
#include <inttypes.h>
#include <stdio.h>

#include "common/vault/hash_chain.h"
#include "services/history/checkpoint.h"
#include "services/history/copy.h"
#include "services/history/inside.h"

const char cx_history_cuts_columns[] =
    "checkpoints (generation, topic, partition, known_at, next_offset, chain_from, chain_n, head, message)";
enum { COLUMNS = 9 };

static cx_rc put_row(cx_buffer *out, const cx_checkpoint *c, cx_view message) {
    const cx_chain_head *head = c->body.chain_head;
    CX_TRY(cx_copy_row(out, COLUMNS));
    CX_TRY(cx_copy_int(out, c->generation));
    CX_TRY(cx_copy_bytes(out, head->topic));
    CX_TRY(cx_copy_int(out, c->partition));
    CX_TRY(cx_copy_time(out, c->tick));
    CX_TRY(cx_copy_long(out, head->next_offset));
    CX_TRY(cx_copy_long(out, head->from));
    CX_TRY(cx_copy_long(out, head->n));
    CX_TRY(cx_copy_bytes(out, (cx_view){(const char *)head->head, CX_CHAIN_HASH}));
    return cx_copy_bytes(out, message);
}

static cx_rc cut_one(cx_history *h, cx_claim *claim, cx_time tick, cx_err *err) {
    cx_chain_head head = {.topic = cx_view_of(claim->topic), .next_offset = claim->next};
    cx_checkpoint c = {.generation = h->claims.generation,
                       .partition = claim->partition,
                       .tick = tick,
                       .body_kind = CX_CHECKPOINT_BODY_CHAIN_HEAD,
                       .body.chain_head = &head};
    size_t before = h->cuts.n;
    cx_checkpoint_take(&head, &claim->chain);
    CX_TRY(cx_checkpoint_sign(&c, h->key, err));
    h->message.n = 0;
    CX_TRY(cx_encode_single(&cx_checkpoint_type, &c, &h->message, err));
    cx_rc rc = put_row(&h->cuts, &c, cx_buffer_view(&h->message, 0));
    if (rc != CX_OK) {
        h->cuts.n = before;
        return cx_fail(err, rc, NULL);
    }
    cx_chain_cut(&claim->chain);
    return CX_OK;
}

/* The chain that ticks is told at every hour, the others where they have grown. */
cx_rc cx_history_cut(cx_history *h, int32_t partition, cx_time tick, cx_err *err) {
    for (size_t i = 0; h->key != NULL && i < h->claims.n; i++) {
        cx_claim *c = &h->claims.items[i];
        bool ticks = cx_view_is(cx_view_of(c->topic), cx_history_decided);
        if (c->partition == partition && c->chain.n > 0 && (ticks || c->chain.n > c->chain.from))
            CX_TRY(cut_one(h, c, tick, err));
    }
    return CX_OK;
}
