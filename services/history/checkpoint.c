#include "services/history/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/vault/hash_chain.h"
#include "common/vault/sign.h"

static void fingerprint_of(const cx_key *public_key, uint8_t out[8]) {
    uint8_t hash[CX_HASH256];
    cx_hash256(&(cx_view){(const char *)cx_key_bytes(public_key), CX_KEY}, 1, hash);
    (void)memcpy(out, hash, 8);
}

cx_view cx_checkpoint_text(const cx_checkpoint *c, char out[CX_CHECKPOINT_TEXT]) {
    const cx_chain_head *h = c->body.chain_head;
    char tick[CX_TIME_TEXT], head[2 * CX_CHAIN_HASH + 1], root[2 * CX_CHAIN_HASH + 1];
    CX_ASSERT(c->body_kind == CX_CHECKPOINT_BODY_CHAIN_HEAD);
    int n =
        snprintf(out, CX_CHECKPOINT_TEXT,
                 "chengxin checkpoint 1\ngeneration %" PRId32 "\ntopic %.*s\npartition %" PRId32
                 "\ntick %s\nfrom %" PRId64 "\nn %" PRId64 "\nhead %s\nroot %s\n",
                 c->generation, CX_VIEW_ARGS(h->topic), c->partition, cx_time_format(c->tick, tick), h->from,
                 h->n, cx_hex(h->head, CX_CHAIN_HASH, head), cx_hex(h->root, CX_CHAIN_HASH, root));
    CX_ASSERT(n > 0 && n < CX_CHECKPOINT_TEXT); /* a topic's name has at most 249 bytes */
    return (cx_view){out, (size_t)n};
}

cx_view cx_checkpoint_key(const cx_checkpoint *c, char out[CX_CHECKPOINT_KEY]) {
    char tick[CX_TIME_TEXT];
    bool chain = c->body_kind == CX_CHECKPOINT_BODY_CHAIN_HEAD;
    cx_view name = chain ? c->body.chain_head->topic : c->body.state_snapshot->stage;
    int n = snprintf(out, CX_CHECKPOINT_KEY, "%s/%" PRId32 "/%.*s/%" PRId32 "/%s", chain ? "chain" : "state",
                     c->generation, CX_VIEW_ARGS(name), c->partition, cx_time_format(c->tick, tick));
    CX_ASSERT(n > 0 && n < CX_CHECKPOINT_KEY);
    return (cx_view){out, (size_t)n};
}

void cx_checkpoint_take(cx_chain_head *head, const cx_hash_chain *chain) {
    head->from = chain->from;
    head->n = chain->n;
    (void)memcpy(head->head, chain->head, CX_CHAIN_HASH);
    cx_chain_root(chain, head->root);
}

cx_rc cx_checkpoint_sign(cx_checkpoint *c, const cx_key *secret, cx_err *err) {
    char text[CX_CHECKPOINT_TEXT];
    cx_key *public_key = cx_sign_public(secret);
    if (public_key == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    fingerprint_of(public_key, c->body.chain_head->key);
    cx_key_destroy(&public_key);
    cx_sign(secret, cx_checkpoint_text(c, text), c->body.chain_head->signature);
    return CX_OK;
}

bool cx_checkpoint_holds(const cx_checkpoint *c, const cx_key *public_key) {
    char text[CX_CHECKPOINT_TEXT];
    uint8_t fingerprint[8];
    if (c->body_kind != CX_CHECKPOINT_BODY_CHAIN_HEAD || c->body.chain_head->topic.n > 249)
        return false;
    fingerprint_of(public_key, fingerprint);
    return memcmp(fingerprint, c->body.chain_head->key, sizeof fingerprint) == 0 &&
           cx_sign_holds(public_key, cx_checkpoint_text(c, text), c->body.chain_head->signature);
}
