/* The ends of the pipeline: intake, the courier, the access log. */
#include <stdio.h>

#include "common/law/inquiry.h"
#include "services/courier/decide.h"
#include "tests/property/play_inside.h"

cx_rc cx_play_over_wire(cx_play *p, const cx_type *type, const void *value, const void **out, cx_view *bytes,
                        cx_err *err) {
    cx_view encoded;
    CX_TRY(cx_codec_encode(p->codec, type, value, &encoded, err));
    *bytes = cx_arena_copy(p->arena, encoded);
    if (bytes->p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    return cx_codec_decode(p->codec, type, *bytes, p->arena, out, err);
}

static cx_rc post(cx_play *p, cx_view department, const uint8_t *subject, const cx_type *type,
                  const void *value, bool by_intake, cx_err *err) {
    const void *read;
    cx_view bytes;
    if (p->posted_n == CX_PLAY_POSTED) {
        p->ledger.full = true;
        return CX_OK;
    }
    CX_TRY(cx_play_over_wire(p, type, value, &read, &bytes, err));
    cx_posted *m = &p->posted[p->posted_n++];
    *m = (cx_posted){
        .department = cx_arena_copy(p->arena, department), .bytes = bytes, .by_intake = by_intake};
    if (type == &cx_notice_type)
        m->notice = read;
    else
        m->rejection = read;
    if (subject != NULL)
        (void)memcpy(m->subject, subject, CX_CHAIN_SUBJECT);
    return CX_OK;
}

/* --- intake ------------------------------------------------------------------------------------------- */
static bool is_young(const cx_subject *s, cx_date act) {
    return s->type == CX_SUBJECT_TYPE_PERSON && cx_credit_is_young(cx_credit_name(s)) &&
           cx_date_from_civil((cx_civil){2028, 1, 1}) > act;
}

static cx_sent *remember(cx_play *p, const cx_line *line, const cx_credit_event *event) {
    cx_ledger *l = &p->ledger;
    if (l->sent_n == CX_LEDGER_SENT)
        return NULL;
    cx_sent *s = &l->sent[l->sent_n++];
    *s = (cx_sent){.number = ++p->number,
                   .day = l->today,
                   .department = line->words[0],
                   .verdict = CX_VIEW(""),
                   .event = event,
                   .pack = l->pack};
    if (event->subject != NULL) {
        cx_line_subject(cx_credit_name(event->subject), s->subject);
        s->young = is_young(event->subject, event->happened_on);
    }
    for (size_t i = 0; i < event->others.n; i++)
        s->young = s->young || is_young(&event->others.items[i], event->happened_on);
    return s;
}

cx_rc cx_play_send(cx_play *p, const cx_line *line, cx_err *err) {
    cx_credit_event event;
    const void *read;
    cx_view bytes;
    cx_intake_prepared prepared;
    if (!cx_credit_event_of(line, p->ledger.today, p->number + 1, p->arena, &event, err))
        return CX_USAGE;
    CX_TRY(cx_play_over_wire(p, &cx_credit_event_type, &event, &read, &bytes, err));
    const cx_sent *s = remember(p, line, read);
    if (s == NULL)
        return cx_fail(err, CX_USAGE, "a history has too many lines");
    CX_TRY(cx_credit_prepare(read, line, p->ledger.today, p->arena, &prepared));
    cx_step step = {.event = read,
                    .message = bytes,
                    .department = line->words[0],
                    .origin = {0, s->number},
                    .received_at = cx_time_of_date(p->ledger.today),
                    .now = CX_NO_TIME,
                    .prepared = &prepared,
                    .arena = p->arena};
    cx_rc rc = cx_intake_decide(&step);
    if (rc != CX_OK)
        return cx_fail(err, rc, "intake");
    for (const cx_effect *e = step.first; e != NULL; e = e->next) {
        if (e->output == CX_INTAKE_RECORDS)
            CX_TRY(cx_chain_publish(p->chain, e->value));
        if (e->output == CX_INTAKE_REJECTED)
            CX_TRY(post(p, e->department, NULL, &cx_rejection_type, e->value, true, err));
    }
    return CX_OK;
}

/* --- the courier -------------------------------------------------------------------------------------- */
static cx_rc carry(cx_play *p, const cx_dispatch *d, cx_err *err) {
    const cx_courier_prepared prepared = {.reference = CX_VIEW("ref"), .identity = {NULL, 0}};
    cx_step step = {.event = d, .prepared = d->notice != NULL ? &prepared : NULL, .arena = p->arena};
    cx_rc rc = cx_courier_decide(&step);
    if (rc != CX_OK)
        return cx_fail(err, rc, "courier");
    for (const cx_effect *e = step.first; e != NULL; e = e->next)
        CX_TRY(post(p, e->department, d->subject,
                    e->output == CX_COURIER_NOTICES ? &cx_notice_type : &cx_rejection_type, e->value, false,
                    err));
    return CX_OK;
}

cx_rc cx_play_courier(cx_play *p, cx_err *err) {
    const cx_chain_log *log = cx_chain_log_of(p->chain, CX_CHAIN_NOTICES);
    for (; p->read[CX_CHAIN_NOTICES] < log->n; p->read[CX_CHAIN_NOTICES]++)
        CX_TRY(carry(p, log->items[p->read[CX_CHAIN_NOTICES]].value, err));
    return CX_OK;
}

/* --- queries ------------------------------------------------------------------------------------------ */
/* One transaction of the access log. */
typedef struct transaction {
    cx_play *play;
    bool fails;
    cx_access_known rows[4];
    cx_view bytes[4];
    size_t n;
    cx_event *queried;
} transaction;

static cx_rc take_access(void *context, const cx_access *row, cx_view key, cx_err *err) {
    transaction *t = context;
    const void *read;
    (void)key;
    if (t->n == 4)
        return cx_fail(err, CX_USAGE, "too many rows");
    CX_TRY(cx_play_over_wire(t->play, &cx_access_type, row, &read, &t->bytes[t->n], err));
    const cx_access *a = read;
    t->rows[t->n] = (cx_access_known){.who = a->who, .purpose = a->purpose, .allowed = a->allowed};
    if (a->subject != NULL)
        (void)memcpy(t->rows[t->n].subject, a->subject, CX_CHAIN_SUBJECT);
    t->n++;
    return CX_OK;
}

static cx_rc take_queried(void *context, const cx_event *event, cx_err *err) {
    transaction *t = context;
    const void *read;
    cx_view bytes;
    CX_TRY(cx_play_over_wire(t->play, &cx_event_type, event, &read, &bytes, err));
    t->queried = cx_arena_alloc(t->play->arena, sizeof *t->queried);
    if (t->queried == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *t->queried = *(const cx_event *)read;
    return CX_OK;
}

static cx_rc commit(void *context, cx_err *err) {
    transaction *t = context;
    cx_ledger *l = &t->play->ledger;
    if (t->fails)
        return cx_fail(err, CX_BUS_AWAY, NULL);
    for (size_t i = 0; i < t->n && l->access_n < CX_LEDGER_ACCESS; i++) {
        l->access[l->access_n++] = t->rows[i];
        t->play->access[t->play->access_n++] = t->bytes[i];
    }
    return t->queried != NULL ? cx_chain_publish(t->play->chain, t->queried) : CX_OK;
}

static size_t queried_of(const cx_chain *chain, const uint8_t subject[CX_CHAIN_SUBJECT], cx_view who) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_RECORDS);
    size_t n = 0;
    for (size_t i = 0; i < log->n; i++) {
        const cx_event *e = log->items[i].value;
        n += e->body_kind == CX_EVENT_BODY_QUERIED && e->cause == NULL &&
             cx_view_eq(e->body.queried->who, who) && memcmp(e->subject, subject, CX_CHAIN_SUBJECT) == 0;
    }
    return n;
}

cx_rc cx_play_query(cx_play *p, const cx_line *line, cx_err *err) {
    cx_ledger *l = &p->ledger;
    transaction t = {.play = p, .fails = cx_line_value(line, "log").p != NULL};
    if (line->n < 4 || l->answer_n == CX_LEDGER_ANSWERS)
        return cx_fail(err, CX_USAGE, "query WHO PURPOSE of=NAME, and not too often");
    cx_inquiry q = {.purpose = cx_arena_copy(p->arena, line->words[2]).p,
                    .department = cx_arena_copy(p->arena, line->words[1]).p,
                    .question = CX_ACCESS_QUESTION_STATUS,
                    .target = CX_VIEW(""),
                    .n = 1};
    cx_line_subject(cx_line_value(line, "of"), q.subjects[0]);
    cx_inquired *a = &l->answers[l->answer_n++];
    *a = (cx_inquired){.who = line->words[1],
                       .purpose = line->words[2],
                       .day = l->today,
                       .log_failed = t.fails,
                       .rows_before = l->access_n,
                       .queried_before = queried_of(p->chain, q.subjects[0], line->words[1])};
    (void)memcpy(a->subject, q.subjects[0], CX_CHAIN_SUBJECT);
    cx_asked asked = {line->words[1], CX_VIEW("i-1"), cx_time_of_date(l->today), 0};
    cx_inquiry_log_to to = {&t, take_access, take_queried, commit};
    cx_rc rc = cx_inquiry_ask(&q, &asked, &to, &(cx_err){0});
    a->answered = rc == CX_OK;
    a->rows_after = l->access_n;
    a->queried_after = queried_of(p->chain, q.subjects[0], line->words[1]);
    a->shown = a->answered ? cx_chain_status(p->chain, q.subjects[0]) : NULL;
    return rc == CX_OUT_OF_MEMORY ? cx_fail(err, rc, NULL) : CX_OK;
}
