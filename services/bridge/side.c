#include "services/bridge/side.h"

#include <stdlib.h>

#include "common/base/home.h"
#include "common/run/follow.h"
#include "common/run/state.h"
#include "common/vault/seal.h"
#include "common/wire/decode.h"
#include "schemas/types.h"

static const char *const topics[] = {"credit.identities", "credit.policies"};
enum { IDENTITIES, POLICIES, TOPICS, SUBJECT = 16 };

struct cx_bridge_side {
    cx_codec *codec;
    cx_packs *packs;
    cx_state *rows; /* pseudonym -> Identity, encoded */
    cx_opener *opener;
    cx_plan *plain;
    cx_follow *follow;
    bool news; /* a pack came */
};

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    cx_bridge_side *s = context;
    if (cx_view_is(m->topic, topics[POLICIES])) {
        s->news = true;
        return cx_packs_take(s->packs, m->key, m->value, err);
    }
    bool home = m->key.n == SUBJECT && cx_home(m->key, cx_follow_partitions(s->follow, IDENTITIES)) ==
                                           m->partition; /* common/run/tables.c */
    cx_rc rc = home ? cx_state_load(s->rows, m->key, m->value) : CX_OK;
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc open_keys(cx_bridge_side *s, const cx_config *config, cx_err *err) {
    cx_key *vault = NULL;
    CX_TRY(cx_vault_init(err));
    CX_TRY(cx_key_read(cx_config_text(config, "vault.dir"), "vault.sec", &vault, err));
    s->opener = cx_opener_new(vault);
    cx_key_destroy(&vault);
    if (s->opener == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return cx_plan_compile((cx_view){NULL, 0}, &cx_plain_identity_type, &s->plain, err);
}

cx_rc cx_bridge_side_open(const cx_config *config, cx_codec *codec, cx_bridge_side **out, cx_err *err) {
    cx_bridge_side *s = calloc(1, sizeof *s);
    *out = s;
    if (s == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *s = (cx_bridge_side){.codec = codec, .packs = cx_packs_new(codec), .rows = cx_state_new()};
    if (s->packs == NULL || s->rows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_codec_add(codec, &cx_policy_pack_type, err));
    CX_TRY(cx_codec_add(codec, &cx_identity_type, err));
    CX_TRY(open_keys(s, config, err));
    CX_TRY(cx_follow_open(config, topics, TOPICS, take, s, &s->follow, err));
    return cx_follow_to_ends(s->follow, err);
}

void cx_bridge_side_close(cx_bridge_side **side) {
    cx_bridge_side *s = *side;
    if (s == NULL)
        return;
    cx_follow_close(&s->follow);
    cx_plan_destroy(&s->plain);
    cx_opener_destroy(&s->opener);
    cx_state_destroy(&s->rows);
    cx_packs_destroy(&s->packs);
    free(s);
    *side = NULL;
}

cx_rc cx_bridge_side_poll(cx_bridge_side *s, bool *packs, cx_err *err) {
    cx_rc rc = cx_follow_poll(s->follow, err);
    *packs = s->news;
    s->news = false;
    return rc;
}

cx_packs *cx_bridge_side_packs(cx_bridge_side *s) {
    return s->packs;
}

static cx_rc open_row(cx_bridge_side *s, const cx_identity *row, cx_view place, cx_arena *arena,
                      cx_subject *out, cx_err *err) {
    cx_view bytes;
    cx_plain_identity *plain = cx_arena_alloc(arena, sizeof *plain);
    if (plain == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_open(s->opener, row->hour_key, place, row->sealed, arena, &bytes, err));
    CX_TRY(cx_plan_decode(s->plain, bytes, arena, plain, err));
    *out = (cx_subject){.id_type = plain->id_type, .id = plain->id, .name = plain->name};
    return CX_OK;
}

cx_rc cx_bridge_side_identity(cx_bridge_side *s, const uint8_t subject[16], cx_arena *arena, cx_subject *out,
                              bool *erased, cx_err *err) {
    cx_view place = {(const char *)subject, SUBJECT}, bytes = cx_state_get(s->rows, place);
    const void *value = NULL;
    *erased = false;
    if (bytes.p == NULL)
        return cx_fail(err, CX_ROW_NOT_YET, "an identity has not been read yet");
    CX_TRY(cx_codec_decode(s->codec, &cx_identity_type, bytes, arena, &value, err));
    const cx_identity *row = value;
    *erased = row->state == CX_IDENTITY_STATE_ERASED;
    *out = (cx_subject){.id = CX_VIEW(""), .name = CX_VIEW("")};
    return *erased ? CX_OK : open_row(s, row, place, arena, out, err);
}
