#include "services/packs.h"

#include <stdlib.h>
#include <string.h>

#include "common/run/state.h"
#include "schemas/types.h"
#include "services/policies.h"

typedef struct compiled {
    uint8_t hash[CX_PACK_HASH];
    cx_pack *pack;
    struct compiled *next;
} compiled;

struct cx_packs {
    cx_codec *codec;
    cx_state *published; /* hash -> encoded */
    compiled *all;
};

cx_packs *cx_packs_new(cx_codec *codec) {
    cx_packs *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    *p = (cx_packs){codec, cx_state_new(), NULL};
    if (p->published == NULL)
        cx_packs_destroy(&p);
    return p;
}

void cx_packs_destroy(cx_packs **packs) {
    cx_packs *p = *packs;
    if (p == NULL)
        return;
    while (p->all != NULL) {
        compiled *one = p->all;
        p->all = one->next;
        cx_pack_destroy(&one->pack);
        free(one);
    }
    cx_state_destroy(&p->published);
    free(p);
    *packs = NULL;
}

cx_rc cx_packs_take(cx_packs *p, cx_view key, cx_view value, cx_err *err) {
    cx_rc rc = key.n == CX_PACK_HASH ? cx_state_load(p->published, key, value) : CX_OK;
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc compile(cx_packs *p, const uint8_t hash[CX_PACK_HASH], cx_view bytes, cx_err *err) {
    const void *published = NULL;
    void *pack = NULL;
    cx_arena *arena = cx_arena_new(0);
    compiled *one = calloc(1, sizeof *one);
    cx_rc rc = arena == NULL || one == NULL
                   ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                   : cx_codec_decode(p->codec, &cx_policy_pack_type, bytes, arena, &published, err);
    if (rc == CX_OK)
        rc = cx_law_policy_ops.compile(published, &pack, err);
    if (rc == CX_OK) {
        *one = (compiled){.pack = pack, .next = p->all};
        (void)memcpy(one->hash, hash, CX_PACK_HASH);
        p->all = one;
    } else {
        free(one);
    }
    cx_arena_destroy(&arena);
    return rc;
}

static const cx_pack *known(const cx_packs *p, const uint8_t hash[CX_PACK_HASH]) {
    const compiled *one = p->all;
    while (one != NULL && memcmp(one->hash, hash, CX_PACK_HASH) != 0)
        one = one->next;
    return one != NULL ? one->pack : NULL;
}

cx_rc cx_packs_find(cx_packs *p, const uint8_t hash[CX_PACK_HASH], const cx_pack **out, cx_err *err) {
    *out = known(p, hash);
    if (*out != NULL)
        return CX_OK;
    cx_view bytes = cx_state_get(p->published, (cx_view){(const char *)hash, CX_PACK_HASH});
    if (bytes.p == NULL)
        return cx_fail(err, CX_ROW_NOT_YET, "a pack that was in force has not been read yet");
    CX_TRY(compile(p, hash, bytes, err));
    *out = known(p, hash);
    return CX_OK;
}

typedef struct visiting {
    cx_packs *packs;
    cx_packs_visit visit;
    void *context;
    cx_err *err;
    cx_rc rc;
} visiting;

static bool visit_one(void *context, cx_view key, cx_view value) {
    visiting *v = context;
    const cx_pack *pack = NULL;
    (void)value;
    v->rc = cx_packs_find(v->packs, (const uint8_t *)key.p, &pack, v->err);
    if (v->rc == CX_OK)
        v->rc = v->visit(v->context, pack, v->err);
    return v->rc == CX_OK;
}

cx_rc cx_packs_each(cx_packs *p, cx_packs_visit visit, void *context, cx_err *err) {
    visiting v = {p, visit, context, err, CX_OK};
    (void)cx_state_each(p->published, visit_one, &v);
    return v.rc;
}
