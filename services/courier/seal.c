#include "services/courier/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <uthash.h>

#include "common/vault/pseudonym.h"
#include "common/vault/seal.h"
#include "schemas/types.h"
#include "services/courier/decide.h"

enum { NAME_ROOM = 80 };

/* Towards one department. */
struct department {
    UT_hash_handle hh;
    cx_sealer *sealer;
    char name[NAME_ROOM];
};

struct context {
    char dir[4096];
    cx_key *reference;
    cx_opener *opener;
    struct department *departments;
};

static void close_context(void **context) {
    struct context *c = *context;
    if (c == NULL)
        return;
    struct department *d = c->departments;
    HASH_CLEAR(hh, c->departments);
    while (d != NULL) {
        struct department *next = d->hh.next;
        cx_sealer_destroy(&d->sealer);
        free(d);
        d = next;
    }
    cx_key_destroy(&c->reference);
    cx_opener_destroy(&c->opener);
    free(c);
    *context = NULL;
}

static cx_rc open_context(const cx_config *config, void **context, cx_err *err) {
    struct context *c = calloc(1, sizeof *c);
    cx_key *vault = NULL;
    *context = c;
    if (c == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)snprintf(c->dir, sizeof c->dir, "%s", cx_config_text(config, "vault.dir"));
    cx_rc rc = cx_vault_init(err);
    if (rc == CX_OK)
        rc = cx_key_read(c->dir, "reference.key", &c->reference, err);
    if (rc == CX_OK)
        rc = cx_key_read(c->dir, "vault.sec", &vault, err);
    if (rc == CX_OK && (c->opener = cx_opener_new(vault)) == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_key_destroy(&vault);
    if (rc != CX_OK)
        close_context(context);
    return rc;
}

/* The department's sealer, made when it is first written to. */
static cx_rc sealer_for(struct context *c, cx_view name, cx_sealer **out, cx_err *err) {
    struct department *d = NULL;
    HASH_FIND(hh, c->departments, name.p, (unsigned)name.n, d);
    if (d == NULL) {
        char file[NAME_ROOM + 32];
        cx_key *key = NULL;
        if (name.n >= NAME_ROOM)
            return cx_fail(err, CX_NOT_DECODED, "a department's name is too long");
        (void)snprintf(file, sizeof file, "departments/%.*s.pub", CX_VIEW_ARGS(name));
        CX_TRY(cx_key_read(c->dir, file, &key, err));
        d = calloc(1, sizeof *d);
        if (d != NULL)
            d->sealer = cx_sealer_new(key);
        cx_key_destroy(&key);
        if (d == NULL || d->sealer == NULL) {
            free(d);
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        }
        (void)snprintf(d->name, sizeof d->name, "%.*s", CX_VIEW_ARGS(name));
        HASH_ADD_KEYPTR(hh, c->departments, d->name, (unsigned)name.n, d);
    }
    *out = d->sealer;
    return cx_sealer_turn(d->sealer, (int64_t)time(NULL) / 3600, err);
}

/* From the vault's seal to the department's. */
static cx_rc seal_again(struct context *c, cx_step *step, const cx_identity *row,
                        cx_courier_prepared *prepared, cx_err *err) {
    const cx_dispatch *d = step->event;
    cx_view plain, hour_key, sealed, place = {(const char *)d->subject, sizeof d->subject};
    cx_sealer *sealer;
    CX_TRY(cx_open(c->opener, row->hour_key, place, row->sealed, step->arena, &plain, err));
    CX_TRY(sealer_for(c, d->department, &sealer, err));
    CX_TRY(cx_seal(sealer, prepared->reference, plain, step->arena, &hour_key, &sealed));
    char *both = cx_arena_alloc(step->arena, hour_key.n + sealed.n);
    if (both == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)memcpy(both, hour_key.p, hour_key.n);
    (void)memcpy(both + hour_key.n, sealed.p, sealed.n);
    prepared->identity = (cx_view){both, hour_key.n + sealed.n};
    return CX_OK;
}

static cx_rc prepare(void *context, cx_step *step, cx_err *err) {
    struct context *c = context;
    const cx_dispatch *d = step->event;
    const cx_identity *row = step->rows[0];
    if (d->notice == NULL || row == NULL)
        return CX_OK; /* decide says that it waits for the row */
    cx_courier_prepared *prepared = cx_arena_calloc(step->arena, 1, sizeof *prepared);
    char text[CX_REFERENCE_TEXT];
    if (prepared == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_reference_make(c->reference, d->department, d->subject, text);
    prepared->reference = cx_arena_copy(step->arena, cx_view_of(text));
    if (prepared->reference.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (row->state == CX_IDENTITY_STATE_SEALED)
        CX_TRY(seal_again(c, step, row, prepared, err));
    step->prepared = prepared;
    return CX_OK;
}

cx_rc cx_courier_keys(const cx_step *step, cx_view keys[CX_STEP_KEYS], int *n) {
    const cx_dispatch *d = step->event;
    if (d->notice != NULL)
        keys[(*n)++] = (cx_view){(const char *)d->subject, sizeof d->subject};
    return CX_OK;
}

const cx_hooks cx_courier_hooks = {.open = open_context, .close = close_context, .prepare = prepare};
