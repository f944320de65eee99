#include "services/bridge/side.h"

#include <stdlib.h>

#include "common/base/home.h"
#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "common/run/metrics.h"
#include "common/run/state.h"
#include "common/vault/seal.h"
#include "common/wire/decode.h"
#include "schemas/types.h"

static const char identities[] = "credit.identities", policies[] = "credit.policies";
enum { START_MS = 60000, POLL_MS = 100, SUBJECT = 16 };

struct cx_bridge_side {
    cx_codec *codec;
    cx_packs *packs;
    cx_state *rows; /* pseudonym -> Identity, encoded */
    cx_opener *opener;
    cx_plan *plain;
    cx_reader *reader;
    cx_place *places;
    bool *ended; /* by place */
    size_t n;
    bool news; /* a pack came */
};

static cx_rc take(cx_bridge_side *s, const cx_message *m, cx_err *err) {
    if (cx_view_is(m->topic, policies)) {
        s->news = true;
        return cx_packs_take(s->packs, m->key, m->value, err);
    }
    bool home =
        m->key.n == SUBJECT && cx_home(m->key, (int32_t)s->n - 1) == m->partition; /* common/run/tables.c */
    cx_rc rc = home ? cx_state_load(s->rows, m->key, m->value) : CX_OK;
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc read_on(cx_bridge_side *s, int timeout_ms, cx_err *err) {
    for (;;) {
        cx_read read;
        CX_TRY(cx_reader_poll(s->reader, timeout_ms, &read, err));
        if (read.kind == CX_READ_NOTHING)
            return CX_OK;
        for (size_t i = 0; read.kind == CX_READ_END && i < s->n; i++)
            s->ended[i] |= s->places[i].partition == read.message.partition &&
                           cx_view_is(read.message.topic, s->places[i].topic);
        if (read.kind == CX_READ_MESSAGE) {
            cx_rc rc = take(s, &read.message, err);
            cx_message_release(&read.message);
            CX_TRY(rc);
        }
        timeout_ms = 0;
    }
}

static bool is_read(const cx_bridge_side *s) {
    for (size_t i = 0; i < s->n; i++)
        if (!s->ended[i])
            return false;
    return true;
}

static cx_rc read_to_ends(cx_bridge_side *s, cx_err *err) {
    for (uint64_t began = cx_metrics_now(); !is_read(s);) {
        CX_TRY(read_on(s, POLL_MS, err));
        if (cx_metrics_now() - began > START_MS * 1000000ull)
            return cx_fail(err, CX_BUS_AWAY, "%s and %s cannot be read to their ends", identities, policies);
    }
    return CX_OK;
}

static cx_rc open_reader(cx_bridge_side *s, const cx_config *config, cx_err *err) {
    cx_admin *admin = NULL;
    int32_t n = 0;
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = cx_admin_partitions(admin, identities, &n, err);
    cx_admin_destroy(&admin);
    CX_TRY(rc);
    s->n = (size_t)n + 1;
    s->places = calloc(s->n, sizeof *s->places);
    s->ended = calloc(s->n, sizeof *s->ended);
    if (s->places == NULL || s->ended == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t p = 0; p < n; p++)
        s->places[p] = (cx_place){identities, p, CX_POSITION_BEGINNING, ""};
    s->places[n] = (cx_place){policies, 0, CX_POSITION_BEGINNING, ""};
    CX_TRY(cx_reader_new(config, &s->reader, err));
    CX_TRY(cx_reader_assign(s->reader, s->places, s->n, err));
    return read_to_ends(s, err);
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
    return open_reader(s, config, err);
}

void cx_bridge_side_close(cx_bridge_side **side) {
    cx_bridge_side *s = *side;
    if (s == NULL)
        return;
    cx_reader_destroy(&s->reader);
    free(s->places);
    free(s->ended);
    cx_plan_destroy(&s->plain);
    cx_opener_destroy(&s->opener);
    cx_state_destroy(&s->rows);
    cx_packs_destroy(&s->packs);
    free(s);
    *side = NULL;
}

cx_rc cx_bridge_side_poll(cx_bridge_side *s, bool *packs, cx_err *err) {
    cx_rc rc = read_on(s, 0, err);
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
