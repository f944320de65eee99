/* Making one decision public, and taking it back: an event of the department, and the verdict on it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/law/identifier.h"
#include "common/vault/keys.h"
#include "ops/cli/command.h"
#include "ops/cli/disclose.h"
#include "ops/cli/print.h"
#include "ops/cli/publish_bus.h"

enum { LINE = 128, LONGEST_WAIT = 600, LOOK_EVERY_MS = 200, ORGANISATION_CODE = 10 };

/* The event in the making, and the subject's number, which is wiped. */
struct sending {
    const cx_disclose *d;
    bool withdraw;
    int64_t wait;
    char line[LINE];
    cx_identifier identifier;
    cx_subject subject;
    cx_disclosure disclosure;
    cx_withdrawal withdrawal;
    cx_credit_event event;
};

/* --- the event ---------------------------------------------------------------------------------------- */
static cx_view or_empty(const char *text) {
    return text != NULL ? cx_view_of(text) : CX_VIEW("");
}

/* ROLE:NUMBER. */
static cx_rc read_official(const char *text, cx_official *out, cx_err *err) {
    cx_view number, role = cx_view_split(cx_view_of(text), ':', &number);
    if (number.n == 0 || !cx_official_role_by_name(role, &out->role))
        return cx_fail(err, CX_USAGE, "an official is ROLE:NUMBER, such as HEAD:7");
    out->number = number;
    return CX_OK;
}

/* The log's own time: that of its last tick, as far as the history has read it. */
static cx_rc read_now(struct sending *s, cx_err *err) {
    json_t *now = NULL;
    CX_TRY(cx_disclose_ask(s->d->config, "SELECT (extract(epoch FROM history.last_tick()) * 1000)::bigint",
                           NULL, 0, &now, err));
    if (!json_is_integer(now))
        return cx_fail(err, CX_STORE_AWAY, "the history has read no tick yet");
    s->event.issued_at = json_integer_value(now);
    json_decref(now);
    return CX_OK;
}

/* The identifier, from a file or standard input: never an argument, where others can see it. */
static cx_rc read_subject(struct sending *s, cx_err *err) {
    const char *file = s->d->file;
    FILE *f = file != NULL ? fopen(file, "re") : stdin;
    bool got = f != NULL && fgets(s->line, LINE, f) != NULL;
    if (f != NULL && f != stdin)
        (void)fclose(f);
    if (!got)
        return cx_fail(err, CX_FILE, "%s: no identifier on its first line",
                       file != NULL ? file : "standard input");
    cx_view number = cx_view_trim(cx_view_of(s->line));
    cx_rc rc = cx_identifier_tell(number, or_empty(s->d->type), cx_date_of_time(s->event.issued_at),
                                  &s->identifier, &s->subject.type);
    if (rc != CX_OK)
        return cx_fail(err, rc, "%s", cx_rc_text(rc)); /* never the number itself */
    bool coded = s->identifier.type == CX_ID_TYPE_ORGANISATION_CODE && number.n > ORGANISATION_CODE;
    s->subject.id_type = coded ? CX_ID_TYPE_CREDIT_CODE : s->identifier.type;
    s->subject.id = number; /* a credit code is sent whole: by it, not by the older code within */
    s->subject.name = CX_VIEW("");
    return CX_OK;
}

static void set_body(struct sending *s) {
    s->disclosure = (cx_disclosure){.target = cx_view_of(s->d->target), .consent = or_empty(s->d->consent)};
    s->withdrawal = (cx_withdrawal){.target = cx_view_of(s->d->target), .reason = or_empty(s->d->reason)};
    if (s->withdraw) {
        s->event.body_kind = CX_CREDIT_EVENT_BODY_WITHDRAWAL;
        s->event.body.withdrawal = &s->withdrawal;
    } else {
        s->event.body_kind = CX_CREDIT_EVENT_BODY_DISCLOSURE;
        s->event.body.disclosure = &s->disclosure;
    }
}

static cx_rc make_event(struct sending *s, cx_err *err) {
    const cx_disclose *d = s->d;
    int64_t jurisdiction = 0;
    CX_TRY(read_now(s, err));
    cx_date today = cx_date_of_time(s->event.issued_at);
    s->event.event_id = cx_view_of(d->id);
    s->event.happened_on = today;
    s->event.document = (cx_document){.number = cx_view_of(d->document),
                                      .date = today,
                                      .issuing_body = cx_view_of(d->department),
                                      .legal_basis = cx_view_of(d->basis)};
    if (!cx_view_to_int64(cx_view_of(d->jurisdiction), &jurisdiction) || jurisdiction < 0 ||
        jurisdiction > 999999)
        return cx_fail(err, CX_USAGE, "a jurisdiction is a code such as 130100");
    s->event.jurisdiction = (int32_t)jurisdiction;
    CX_TRY(read_official(d->official, &s->event.official, err));
    CX_TRY(read_subject(s, err));
    s->event.subject = &s->subject;
    set_body(s);
    return CX_OK;
}

/* --- sending, and what came of it --------------------------------------------------------------------- */
static cx_rc send(const struct sending *s, cx_err *err) {
    cx_publisher *publisher = NULL;
    bool there = false;
    CX_TRY(cx_publisher_open(s->d->config, s->d->department, &publisher, err));
    cx_rc rc = cx_publisher_send(publisher, &s->event, &there, err);
    if (rc == CX_OK)
        rc = cx_publisher_flush(publisher, err);
    cx_publisher_close(&publisher);
    return rc;
}

static const char verdict_sql[] =
    "SELECT to_json(v.verdict) FROM (SELECT e.verdict, e.known_at FROM history.events e WHERE e.department = "
    "$1 "
    "AND e.event_id = $2 AND e.verdict <> 'DUPLICATE' AND e.generation = (SELECT max(generation) FROM "
    "history.offsets) UNION ALL SELECT l.reason, l.known_at FROM history.dead_letters l WHERE l.department = "
    "$1 "
    "AND l.event_id = $2 AND l.stage = 'intake' AND l.generation = (SELECT max(generation) FROM "
    "history.offsets)) v ORDER BY v.known_at DESC LIMIT 1";

/* The newest verdict on the event; *out NULL: none within the time. */
static cx_rc wait_for_verdict(const struct sending *s, json_t **out, cx_err *err) {
    const char *const values[] = {s->d->department, s->d->id};
    const struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000L};
    for (int64_t looks = s->wait * 1000 / LOOK_EVERY_MS; looks >= 0; looks--) {
        CX_TRY(cx_disclose_ask(s->d->config, verdict_sql, values, 2, out, err));
        if (*out != NULL)
            break;
        (void)nanosleep(&pause, NULL);
    }
    return CX_OK;
}

static int tell(const struct sending *s, const json_t *verdict) {
    const char *code = json_string_value(verdict);
    if (code == NULL) {
        (void)printf("%s/%s is sent; ask later what came of it: chengxin explain %s/%s\n", s->d->department,
                     s->d->id, s->d->department, s->d->id);
        return s->wait == 0 ? CX_EXIT_DONE : CX_EXIT_FAILED;
    }
    cx_rc rc = cx_rc_by_name(code, strlen(code));
    bool known = rc != CX_RC_COUNT;
    if (known && rc == CX_OK) {
        (void)printf("%s %s public, by %s/%s\n", s->d->decision, s->withdraw ? "is no longer" : "is",
                     s->d->department, s->d->id);
        return CX_EXIT_DONE;
    }
    const char *advice = known ? cx_rc_advice(rc) : "";
    (void)fprintf(stderr, "chengxin disclose: %s: %s%s%s (%s)\n", s->d->decision,
                  known ? cx_rc_text(rc) : "refused", advice[0] != '\0' ? "; " : "", advice, code);
    return CX_EXIT_NO;
}

int cx_disclose_send(const cx_disclose *d, bool withdraw) {
    cx_err err = {0};
    json_t *verdict = NULL;
    struct sending s = {.d = d, .withdraw = withdraw, .wait = 30};
    cx_rc rc = cx_vault_init(&err);
    bool good = d->wait == NULL ||
                (cx_view_to_int64(cx_view_of(d->wait), &s.wait) && s.wait >= 0 && s.wait <= LONGEST_WAIT);
    if (rc == CX_OK && !good)
        rc = cx_fail(&err, CX_USAGE, "--wait takes 0 to %d seconds", LONGEST_WAIT);
    if (rc == CX_OK)
        rc = make_event(&s, &err);
    if (rc == CX_OK)
        rc = send(&s, &err);
    explicit_bzero(s.line, sizeof s.line);
    explicit_bzero(&s.identifier, sizeof s.identifier);
    if (rc == CX_OK && s.wait > 0)
        rc = wait_for_verdict(&s, &verdict, &err);
    int code = rc == CX_OK ? tell(&s, verdict) : cx_print_error("disclose", &err);
    json_decref(verdict);
    return code;
}
