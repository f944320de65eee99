#include "ops/cli/verify_heads.h"

#include <stdlib.h>
#include <string.h>

#include "common/vault/hash_chain.h"
#include "common/wire/visit.h"
#include "ops/cli/table_read.h"
#include "services/history/checkpoint.h"

struct cx_heads {
    cx_verify *verify;
    cx_arena *arena;
    const cx_checkpoint **items;
    size_t n, room;
};

/* --- reading ------------------------------------------------------------------------------------------ */
static cx_rc keep(cx_heads *h, const cx_checkpoint *c, cx_err *err) {
    if (h->n == h->room) {
        size_t room = h->room == 0 ? 256 : 2 * h->room;
        const cx_checkpoint **more = realloc(h->items, room * sizeof *more);
        if (more == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        h->items = more;
        h->room = room;
    }
    const cx_checkpoint *copy = cx_struct_copy(&cx_checkpoint_type, c, h->arena);
    if (copy == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    h->items[h->n++] = copy;
    return CX_OK;
}

static json_t *about(const cx_checkpoint *c, const char *where, const char *what) {
    char tick[CX_TIME_TEXT];
    const cx_chain_head *head = c->body.chain_head;
    return json_pack("{s:s, s:s, s:s%, s:i, s:s, s:I, s:I}", "where", where, "what", what, "topic",
                     head->topic.p != NULL ? head->topic.p : "", head->topic.n, "partition",
                     (int)c->partition, "tick", cx_time_format(c->tick, tick), "from", (json_int_t)head->from,
                     "n", (json_int_t)head->n);
}

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    cx_heads *h = context;
    const void *value = NULL;
    cx_arena *arena = m->value.p == NULL ? NULL : cx_arena_new(0);
    if (arena == NULL)
        return m->value.p == NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = cx_codec_decode(h->verify->codec, &cx_checkpoint_type, m->value, arena, &value, err);
    const cx_checkpoint *c = value;
    if (rc == CX_OK && c->body_kind == CX_CHECKPOINT_BODY_CHAIN_HEAD &&
        c->generation == h->verify->generation) {
        if (cx_checkpoint_holds(c, h->verify->key))
            rc = keep(h, c, err);
        else
            cx_verify_tell(h->verify, about(c, "checkpoint", "NOT_SIGNED"));
    }
    cx_arena_destroy(&arena);
    return rc == CX_OK ? CX_OK : cx_fail_in(err, "credit.checkpoints offset %lld", (long long)m->offset);
}

static int place(const cx_checkpoint *a, const cx_checkpoint *b) {
    int c = cx_view_cmp(a->body.chain_head->topic, b->body.chain_head->topic);
    return c != 0 ? c : (a->partition > b->partition) - (a->partition < b->partition);
}

static int by_place(const void *x, const void *y) {
    const cx_checkpoint *a = *(const cx_checkpoint *const *)x, *b = *(const cx_checkpoint *const *)y;
    int64_t m = a->body.chain_head->n, n = b->body.chain_head->n;
    int c = place(a, b);
    c = c != 0 ? c : (m > n) - (m < n);
    return c != 0 ? c : (a->tick > b->tick) - (a->tick < b->tick);
}

/* What was published twice stands once. */
static void sort_out(cx_heads *h) {
    size_t kept = 0;
    if (h->n > 0)
        qsort(h->items, h->n, sizeof *h->items, by_place);
    for (size_t i = 0; i < h->n; i++)
        if (kept == 0 || !cx_struct_same(&cx_checkpoint_type, h->items[kept - 1], h->items[i], NULL))
            h->items[kept++] = h->items[i];
    h->n = kept;
}

cx_rc cx_heads_read(cx_verify *verify, cx_heads **out, cx_err *err) {
    cx_heads *h = *out = calloc(1, sizeof *h);
    if (h == NULL || (h->arena = cx_arena_new(0)) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    h->verify = verify;
    CX_TRY(cx_topic_read(verify->config, "credit.checkpoints", take, h, err));
    sort_out(h);
    cx_verify_count(verify, "postgres", "checkpoints", h->n);
    return CX_OK;
}

void cx_heads_destroy(cx_heads **heads) {
    if (*heads == NULL)
        return;
    cx_arena_destroy(&(*heads)->arena);
    free((void *)(uintptr_t)(*heads)->items);
    free(*heads);
    *heads = NULL;
}

const cx_checkpoint *const *cx_heads_all(const cx_heads *heads, size_t *n) {
    *n = heads->n;
    return heads->items;
}

const cx_checkpoint *const *cx_heads_of(const cx_heads *h, cx_view topic, int32_t partition, size_t *n) {
    size_t first = 0;
    *n = 0;
    while (first < h->n && (h->items[first]->partition != partition ||
                            !cx_view_eq(h->items[first]->body.chain_head->topic, topic)))
        first++;
    while (first + *n < h->n && place(h->items[first], h->items[first + *n]) == 0)
        ++*n;
    return *n > 0 ? h->items + first : NULL;
}

/* --- passing by --------------------------------------------------------------------------------------- */
static void compare(cx_heads_walk *w, const cx_checkpoint *c) {
    const cx_chain_head *head = c->body.chain_head;
    cx_chain_hash root;
    cx_chain_root(&w->chain, root);
    bool reached = memcmp(w->chain.head, head->head, CX_CHAIN_HASH) == 0;
    bool same = reached || w->off;
    bool whole = w->chain.from == head->from && !w->torn;
    bool tree = !whole || memcmp(root, head->root, CX_CHAIN_HASH) == 0;
    if (!same || !tree)
        cx_verify_tell(w->verify, about(c, w->where, "HEAD_DIFFERS"));
    else if (head->from > w->chain.from) /* one that begins earlier covers some messages twice */
        cx_verify_tell(w->verify, about(c, w->where, "CHECKPOINT_MISSING"));
    w->off = !reached; /* no later head can be right: their trees tell */
    cx_chain_cut(&w->chain);
    w->torn = false;
}

void cx_heads_pass(cx_heads_walk *w) {
    for (; w->at < w->n && w->heads[w->at]->body.chain_head->n <= w->chain.n; w->at++)
        if (w->heads[w->at]->body.chain_head->n == w->chain.n)
            compare(w, w->heads[w->at]);
}

void cx_heads_end(cx_heads_walk *w) {
    cx_heads_pass(w);
    if (w->at < w->n) {
        json_t *difference = about(w->heads[w->n - 1], w->where, "END_REMOVED");
        (void)json_object_set_new(difference, "there", json_integer((json_int_t)w->chain.n));
        cx_verify_tell(w->verify, difference);
    }
}
