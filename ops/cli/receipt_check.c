/* A receipt checked by itself: every message leads to a root that was signed, and is about the subject. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/run/codec.h"
#include "common/vault/hash.h"
#include "ops/cli/receipt.h"
#include "services/history/checkpoint.h"

/* One event of the file, in bytes. */
struct proof {
    int64_t seq;
    cx_view message;
    cx_chain_hash path[CX_CHAIN_PEAKS];
    size_t depth;
    cx_chain_head head;
    cx_checkpoint checkpoint;
};

struct checking {
    cx_key *key;
    cx_codec *codec;
    cx_arena *arena;
    uint8_t subject[16];
    bool json;
    json_t *said;
};

/* --- reading
 * ------------------------------------------------------------------------------------------------ */
static bool hex_at(const json_t *object, const char *name, uint8_t *out, size_t n) {
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL && cx_unhex(cx_view_of(text), out, n);
}

static bool number_at(const json_t *object, const char *name, int64_t least, int64_t most, int64_t *out) {
    const json_t *v = json_object_get(object, name);
    *out = json_integer_value(v);
    return json_is_integer(v) && *out >= least && *out <= most;
}

static bool read_checkpoint(const json_t *c, struct proof *p) {
    int64_t generation = 0, partition = 0, tick = 0;
    const char *topic = json_string_value(json_object_get(c, "topic"));
    cx_chain_head *h = &p->head;
    bool whole =
        topic != NULL && strlen(topic) <= 249 && number_at(c, "generation", 1, INT32_MAX, &generation) &&
        number_at(c, "partition", 0, INT32_MAX, &partition) &&
        number_at(c, "tick", 0, INT64_C(253402300799999), &tick) &&
        number_at(c, "from", 0, INT64_MAX, &h->from) && number_at(c, "n", 0, INT64_MAX, &h->n) &&
        hex_at(c, "head", h->head, sizeof h->head) && hex_at(c, "root", h->root, sizeof h->root) &&
        hex_at(c, "key", h->key, sizeof h->key) && hex_at(c, "signature", h->signature, sizeof h->signature);
    h->topic = cx_view_of(topic != NULL ? topic : "");
    p->checkpoint = (cx_checkpoint){.generation = (int32_t)generation,
                                    .partition = (int32_t)partition,
                                    .tick = tick,
                                    .body_kind = CX_CHECKPOINT_BODY_CHAIN_HEAD,
                                    .body.chain_head = h};
    return whole;
}

static bool read_message(const json_t *event, cx_arena *arena, cx_view *out) {
    const char *text = json_string_value(json_object_get(event, "message"));
    size_t n = text != NULL ? strlen(text) / 2 : 0;
    uint8_t *bytes = n > 0 ? cx_arena_alloc(arena, n) : NULL;
    *out = (cx_view){(const char *)bytes, n};
    return bytes != NULL && cx_unhex(cx_view_of(text), bytes, n);
}

static bool read_proof(const json_t *event, cx_arena *arena, struct proof *p) {
    const json_t *path = json_object_get(event, "path"), *hash;
    size_t i;
    *p = (struct proof){.depth = json_array_size(path)};
    if (!json_is_array(path) || p->depth > CX_CHAIN_PEAKS)
        return false;
    json_array_foreach((json_t *)(uintptr_t)path, i, hash) {
        const char *text = json_string_value(hash);
        if (text == NULL || !cx_unhex(cx_view_of(text), p->path[i], CX_CHAIN_HASH))
            return false;
    }
    return number_at(event, "seq", 1, INT64_MAX, &p->seq) && read_message(event, arena, &p->message) &&
           read_checkpoint(json_object_get(event, "checkpoint"), p);
}

/* --- judging
 * ------------------------------------------------------------------------------------------------ */
/* NULL: it holds. */
static const char *judge(const struct checking *c, const struct proof *p) {
    cx_chain_hash leaf;
    if (!cx_checkpoint_holds(&p->checkpoint, c->key))
        return "the checkpoint is not signed with this key";
    if (!cx_view_is(p->head.topic, "credit.decided"))
        return "the checkpoint is of another topic";
    if (p->seq <= p->head.from || p->seq > p->head.n)
        return "the checkpoint does not cover the message";
    cx_chain_leaf(p->message, leaf);
    if (!cx_chain_proves(leaf, (uint64_t)(p->seq - p->head.from - 1), (uint64_t)(p->head.n - p->head.from),
                         p->path, p->depth, p->head.root))
        return "the message does not lead to the signed root";
    return NULL;
}

static void say_event(struct checking *c, const struct proof *p, const cx_decided *d, const char *wrong) {
    char tick[CX_TIME_TEXT], covered[CX_TIME_TEXT];
    cx_view department = {NULL, 0}, id = {NULL, 0};
    size_t proof_bytes =
        (p->depth + 2) * CX_CHAIN_HASH + sizeof p->head.signature; /* path, head, root, signature */
    if (d != NULL && d->classified.event.header != NULL) {
        department = d->classified.event.header->department;
        id = d->classified.event.header->event_id;
    }
    json_t *said = json_pack(
        "{s:i, s:I, s:b, s:s, s:I, s:s, s:s%, s:s%, s:s%}", "partition", (int)p->checkpoint.partition, "seq",
        (json_int_t)p->seq, "holds", (int)(wrong == NULL), "signed",
        cx_time_format(p->checkpoint.tick, covered), "proof_bytes", (json_int_t)proof_bytes, "known_at",
        d != NULL ? cx_time_format(d->classified.now, tick) : "", "department",
        department.p != NULL ? department.p : "", department.n, "event_id", id.p != NULL ? id.p : "", id.n,
        "verdict", d != NULL && d->verdict.p != NULL ? d->verdict.p : "", d != NULL ? d->verdict.n : 0);
    if (wrong != NULL)
        (void)json_object_set_new(said, "wrong", json_string(wrong));
    if (c->json) {
        (void)json_array_append_new(c->said, said);
        return;
    }
    json_decref(said);
    (void)printf("%s  partition %d, message %" PRId64 ", signed %s: %.*s%s%.*s %.*s%s%s\n",
                 wrong == NULL ? "holds" : "WRONG", (int)p->checkpoint.partition, p->seq, covered,
                 CX_VIEW_ARGS(department), id.n > 0 ? "/" : "", CX_VIEW_ARGS(id),
                 d != NULL ? (int)d->verdict.n : 0, d != NULL && d->verdict.p != NULL ? d->verdict.p : "",
                 wrong != NULL ? "; " : "", wrong != NULL ? wrong : "");
}

static cx_rc check_event(struct checking *c, const json_t *event, bool *holds, cx_err *err) {
    struct proof p;
    const void *value = NULL;
    cx_err why = {0};
    cx_arena_reset(c->arena);
    if (!read_proof(event, c->arena, &p))
        return cx_fail(err, CX_JSON, "an event of the receipt is not as chengxin receipt make writes it");
    const char *wrong = judge(c, &p);
    cx_rc rc = cx_codec_decode(c->codec, &cx_decided_type, p.message, c->arena, &value, &why);
    const cx_decided *d = rc == CX_OK ? value : NULL;
    if (rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, rc, NULL);
    if (wrong == NULL && d == NULL)
        wrong = rc == CX_UNKNOWN_SCHEMA ? "the message is of a schema that this build does not know"
                                        : "the message cannot be read";
    if (wrong == NULL && memcmp(d->subject, c->subject, sizeof c->subject) != 0)
        wrong = "the message is about another subject";
    say_event(c, &p, d, wrong);
    *holds = *holds && wrong == NULL;
    return CX_OK;
}

static cx_rc check(struct checking *c, const json_t *receipt, bool *holds, cx_err *err) {
    const char *format = json_string_value(json_object_get(receipt, "format"));
    const json_t *events = json_object_get(receipt, "events"), *event;
    size_t i;
    if (format == NULL || strcmp(format, cx_receipt_format) != 0 ||
        !hex_at(receipt, "subject", c->subject, sizeof c->subject) || json_array_size(events) == 0)
        return cx_fail(err, CX_JSON, "the file is no receipt");
    CX_TRY(cx_codec_add(c->codec, &cx_decided_type, err));
    *holds = true;
    json_array_foreach((json_t *)(uintptr_t)events, i, event) CX_TRY(check_event(c, event, holds, err));
    if (c->json) {
        json_t *all = json_pack("{s:b, s:O}", "holds", (int)*holds, "events", c->said);
        (void)(json_dumpf(all, stdout, JSON_COMPACT | JSON_SORT_KEYS) == 0 && putchar('\n'));
        json_decref(all);
    } else {
        (void)printf(*holds ? "the receipt holds: %zu events\n"
                            : "the receipt does NOT hold: see above (%zu events)\n",
                     json_array_size(events));
    }
    return CX_OK;
}

cx_rc cx_receipt_check(const char *file, const char *key_file, bool json, bool *holds, cx_err *err) {
    struct checking c = {.json = json};
    json_error_t where;
    *holds = false;
    CX_TRY(cx_vault_init(err));
    CX_TRY(cx_key_read_file(key_file, &c.key, err));
    json_t *receipt = json_load_file(file, JSON_REJECT_DUPLICATES, &where);
    c.codec = cx_codec_new();
    c.arena = cx_arena_new(0);
    c.said = json_array();
    cx_rc rc = receipt == NULL ? cx_fail(err, CX_FILE, "%s: not a file of JSON", file)
               : c.codec == NULL || c.arena == NULL || c.said == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                                                                      : check(&c, receipt, holds, err);
    json_decref(receipt);
    json_decref(c.said);
    cx_codec_destroy(&c.codec);
    cx_arena_destroy(&c.arena);
    cx_key_destroy(&c.key);
    return rc;
}
