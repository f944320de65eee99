#include "services/intake/seal.h"

#include <stdlib.h>
#include <time.h>

#include "common/law/facts.h"
#include "common/vault/pseudonym.h"
#include "common/vault/seal.h"
#include "common/wire/encode.h"
#include "services/intake/decide.h"

struct context {
    cx_key *pseudonym, *reference;
    cx_sealer *sealer;
    cx_buffer buffer;
};

static void close_context(void **context) {
    struct context *c = *context;
    if (c == NULL)
        return;
    cx_key_destroy(&c->pseudonym);
    cx_key_destroy(&c->reference);
    cx_sealer_destroy(&c->sealer);
    cx_buffer_free(&c->buffer);
    free(c);
    *context = NULL;
}

static cx_rc open_context(const cx_config *config, void **context, cx_err *err) {
    const char *dir = cx_config_text(config, "vault.dir");
    struct context *c = calloc(1, sizeof *c);
    cx_key *vault = NULL;
    *context = c;
    if (c == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = cx_vault_init(err);
    if (rc == CX_OK)
        rc = cx_key_read(dir, "pseudonym.key", &c->pseudonym, err);
    if (rc == CX_OK)
        rc = cx_key_read(dir, "reference.key", &c->reference, err);
    if (rc == CX_OK)
        rc = cx_key_read(dir, "vault.pub", &vault, err);
    if (rc == CX_OK && (c->sealer = cx_sealer_new(vault)) == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_key_destroy(&vault);
    if (rc != CX_OK)
        close_context(context);
    return rc;
}

/* --- subjects
 * ------------------------------------------------------------------------------------------------------ */

static void check_subject(const struct context *c, const cx_subject *subject, cx_view department,
                          cx_date today, cx_intake_subject *out) {
    *out =
        (cx_intake_subject){.rc = CX_OK, .identifier = {.type = subject->id_type, .birth_date = CX_NO_DATE}};
    if (subject->id_type == CX_ID_TYPE_REFERENCE) {
        bool ours = cx_reference_open(c->reference, department, subject->id, out->pseudonym);
        out->rc = ours ? CX_OK : CX_REFERENCE_UNKNOWN;
        return;
    }
    cx_date born = subject->has_birth_date ? subject->birth_date : CX_NO_DATE;
    out->rc =
        cx_identifier_check(subject->type, subject->id_type, subject->id, born, today, &out->identifier);
    if (out->rc == CX_OK)
        cx_pseudonym(c->pseudonym, cx_view_of(cx_id_type_name(out->identifier.type)),
                     (cx_view){out->identifier.id, out->identifier.n}, out->pseudonym);
}

static cx_rc check_subjects(const struct context *c, const cx_step *step, cx_intake_prepared *prepared) {
    const cx_credit_event *event = step->event;
    cx_date today = cx_date_of_time(event->issued_at);
    cx_intake_subject *all = cx_arena_calloc(step->arena, event->others.n + 1, sizeof *all);
    if (all == NULL)
        return CX_OUT_OF_MEMORY;
    if (event->subject != NULL) {
        check_subject(c, event->subject, step->department, today, &all[0]);
        prepared->subject = &all[0];
    }
    for (size_t i = 0; i < event->others.n; i++)
        check_subject(c, &event->others.items[i], step->department, today, &all[i + 1]);
    prepared->others = &all[1];
    return CX_OK;
}

/* --- sealing
 * ---------------------------------------------------------------------------------------------------------
 */

/* Seals `plain` into the next row, to be kept under `key`. */
static cx_rc seal_row(struct context *c, cx_arena *arena, const cx_plain_identity *plain, cx_view key,
                      cx_intake_sealed *out, cx_err *err) {
    cx_identity *row = cx_arena_calloc(arena, 1, sizeof *row);
    if (row == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    c->buffer.n = 0;
    CX_TRY(cx_encode(&cx_plain_identity_type, plain, &c->buffer, err));
    cx_view hour_key;
    CX_TRY(cx_seal(c->sealer, key, cx_buffer_view(&c->buffer, 0), arena, &hour_key, &row->sealed));
    row->state = CX_IDENTITY_STATE_SEALED;
    row->hour_key = cx_arena_copy(arena, hour_key);
    *out = (cx_intake_sealed){key, row};
    return row->hour_key.p != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_view pseudonym_key(const cx_intake_subject *subject) {
    return (cx_view){(const char *)subject->pseudonym, sizeof subject->pseudonym};
}

/* pseudonym, department, NUL, event id: where an event's free text and consented facts lie. */
static cx_view event_key(const cx_step *step, const cx_intake_subject *subject) {
    const cx_credit_event *event = step->event;
    size_t n = CX_PSEUDONYM + step->department.n + 1 + event->event_id.n;
    char *key = cx_arena_alloc(step->arena, n);
    if (key == NULL)
        return (cx_view){NULL, 0};
    (void)memcpy(key, subject->pseudonym, CX_PSEUDONYM);
    (void)memcpy(key + CX_PSEUDONYM, step->department.p, step->department.n);
    key[CX_PSEUDONYM + step->department.n] = '\0';
    if (event->event_id.n > 0)
        (void)memcpy(key + CX_PSEUDONYM + step->department.n + 1, event->event_id.p, event->event_id.n);
    return (cx_view){key, n};
}

/* The record's facts that need consent; they are sealed and never coded. */
static cx_rc consented_facts(const cx_step *step, cx_fact_array *out) {
    const cx_credit_event *event = step->event;
    *out = (cx_fact_array){NULL, 0};
    if (event->body_kind != CX_CREDIT_EVENT_BODY_RECORD || event->consent == NULL)
        return CX_OK;
    const cx_fact_array *facts = &event->body.record->facts;
    out->items = cx_arena_alloc(step->arena, (facts->n + 1) * sizeof *out->items);
    if (out->items == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < facts->n; i++)
        if (cx_fact_sensitivity(facts->items[i].name) == CX_FACT_SENSITIVE)
            out->items[out->n++] = facts->items[i];
    return CX_OK;
}

static cx_rc seal_text(struct context *c, cx_step *step, const cx_intake_prepared *prepared,
                       cx_intake_sealed *rows, size_t *n, cx_err *err) {
    const cx_credit_event *event = step->event;
    cx_plain_identity plain = {.id = CX_VIEW(""), .name = CX_VIEW(""), .text = event->text};
    if (consented_facts(step, &plain.facts) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (event->text.n == 0 && plain.facts.n == 0)
        return CX_OK;
    cx_view key = event_key(step, prepared->subject);
    if (key.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return seal_row(c, step->arena, &plain, key, &rows[(*n)++], err);
}

static cx_rc seal_all(struct context *c, cx_step *step, cx_intake_prepared *prepared, cx_err *err) {
    const cx_credit_event *event = step->event;
    cx_intake_sealed *rows = cx_arena_calloc(step->arena, event->others.n + 2, sizeof *rows);
    if (rows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    size_t n = 0;
    for (size_t i = 0; i <= event->others.n; i++) {
        const cx_subject *subject = i == 0 ? event->subject : &event->others.items[i - 1];
        const cx_intake_subject *checked = i == 0 ? prepared->subject : &prepared->others[i - 1];
        if (subject == NULL || checked->rc != CX_OK || subject->id_type == CX_ID_TYPE_REFERENCE)
            continue;
        cx_plain_identity plain = {.id_type = subject->id_type, .id = subject->id, .name = subject->name};
        CX_TRY(seal_row(c, step->arena, &plain, pseudonym_key(checked), &rows[n++], err));
    }
    if (prepared->subject != NULL && prepared->subject->rc == CX_OK)
        CX_TRY(seal_text(c, step, prepared, rows, &n, err));
    prepared->sealed = rows;
    prepared->sealed_n = n;
    return CX_OK;
}

static cx_rc prepare(void *context, cx_step *step, cx_err *err) {
    struct context *c = context;
    cx_intake_prepared *prepared = cx_arena_calloc(step->arena, 1, sizeof *prepared);
    if (prepared == NULL || check_subjects(c, step, prepared) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    c->buffer.n = 0;
    CX_TRY(cx_encode(&cx_credit_event_type, step->event, &c->buffer, err));
    cx_keyed_hash128(cx_key_bytes(c->pseudonym), (cx_view[]){CX_VIEW("event"), cx_buffer_view(&c->buffer, 0)},
                     2, prepared->content);
    CX_TRY(cx_sealer_turn(c->sealer, (int64_t)time(NULL) / 3600, err));
    CX_TRY(seal_all(c, step, prepared, err));
    step->prepared = prepared;
    return CX_OK;
}

/* --- erasure
 * ----------------------------------------------------------------------------------------------------- */

bool cx_intake_erasures(cx_view key) {
    return key.n == CX_PSEUDONYM;
}

static cx_rc is_erased(const cx_step *step, const cx_side *side, cx_view key, bool *yes, cx_err *err) {
    const void *row = NULL;
    CX_TRY(cx_side_find(side, (cx_view){key.p, CX_PSEUDONYM}, &row, err));
    const cx_act *act = row;
    *yes = act != NULL && act->kind == CX_ACT_KIND_ERASE && step->received_at <= act->at;
    return CX_OK;
}

/* A message that came before its subject was erased brings back nothing, when it is redriven or was late. */
static cx_rc screen(void *context, cx_step *step, const cx_side *side, cx_err *err) {
    static const cx_identity erased = {
        .state = CX_IDENTITY_STATE_ERASED, .hour_key = CX_VIEW(""), .sealed = CX_VIEW("")};
    const cx_intake_prepared *before = step->prepared;
    cx_intake_prepared *prepared = cx_arena_alloc(step->arena, sizeof *prepared);
    cx_intake_sealed *rows = cx_arena_calloc(step->arena, before->sealed_n + 1, sizeof *rows);
    (void)context;
    if (prepared == NULL || rows == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < before->sealed_n; i++) {
        bool gone = false;
        CX_TRY(is_erased(step, side, before->sealed[i].key, &gone, err));
        rows[i] = (cx_intake_sealed){before->sealed[i].key, gone ? &erased : before->sealed[i].row};
    }
    *prepared = *before;
    prepared->sealed = rows;
    step->prepared = prepared;
    return CX_OK;
}

const cx_hooks cx_intake_hooks = {
    .open = open_context, .close = close_context, .prepare = prepare, .screen = screen};
