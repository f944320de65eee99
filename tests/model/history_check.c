#include "tests/model/history_check.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT = 400, MOST = 128 };

/* A text that grows up to its end, for messages. */
typedef struct text {
    char p[TEXT];
    size_t n;
} text;

static void put(text *t, const char *prefix, cx_view v) {
    int n = snprintf(t->p + t->n, sizeof t->p - t->n, "%s%.*s", prefix, CX_VIEW_ARGS(v));
    t->n += n > 0 && (size_t)n < sizeof t->p - t->n ? (size_t)n : 0;
}

static bool fail(cx_err *err, const char *what, const text *got) {
    (void)cx_fail(err, CX_USAGE, "%s: %s", what, got->n > 0 ? got->p : "nothing");
    return false;
}

static void subject_of(const cx_line *line, uint8_t out[16]) {
    cx_view of = cx_line_value(line, "of");
    cx_line_subject(of.p != NULL ? of : CX_VIEW("o1"), out);
}

cx_view cx_history_verdict(const cx_chain *chain, int64_t number) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_DECIDED);
    for (size_t i = log->n; i-- > 0;) {
        const cx_decided *d = log->items[i].value;
        const cx_event *e = &d->classified.event;
        bool derived = e->cause != NULL && (!e->cause->forwarded || e->body_kind >= CX_EVENT_BODY_BOUND);
        if (e->header != NULL && !derived && e->header->inbound_offset == number)
            return d->verdict;
    }
    return CX_VIEW("");
}

/* --- entries and records ------------------------------------------------------------------------------ */
static size_t open_marks(const cx_mark_array *marks) {
    size_t n = 0;
    for (size_t i = 0; i < marks->n; i++)
        n += marks->items[i].open;
    return n;
}

static bool same_words(cx_view wanted, const cx_view_array *have) {
    size_t n = 0;
    while (wanted.n > 0) {
        cx_view one = cx_view_split(wanted, ',', &wanted);
        bool found = false;
        for (size_t i = 0; i < have->n && !found; i++)
            found = cx_view_eq(have->items[i], one);
        if (!found)
            return false;
        n++;
    }
    return n == have->n;
}

/* Whether key=... is absent or as the number, date ("-" for none) or word says. */
static bool number_is(const cx_line *line, const char *key, int64_t have) {
    cx_view v = cx_line_value(line, key);
    int64_t n;
    return v.p == NULL || (cx_view_to_int64(v, &n) && n == have);
}

static bool date_is(const cx_line *line, const char *key, bool has, cx_date have) {
    cx_view v = cx_line_value(line, key);
    cx_date d;
    if (v.p == NULL)
        return true;
    return cx_view_is(v, "-") ? !has : has && cx_date_parse(v, &d) && d == have;
}

static bool word_is(const cx_line *line, const char *key, const char *have) {
    cx_view v = cx_line_value(line, key);
    return v.p == NULL || cx_view_is(v, have);
}

static void show_date(text *t, const char *name, bool has, cx_date d) {
    char out[CX_DATE_TEXT];
    put(t, name, cx_view_of(has ? cx_date_format(d, out) : "-"));
}

static bool check_entry(const cx_chain *chain, const cx_line *line, cx_err *err) {
    uint8_t subject[16];
    text got = {0};
    subject_of(line, subject);
    const cx_subject_state *s = cx_chain_state(chain, subject);
    for (size_t i = 0; s != NULL && i < s->entries.n; i++) {
        const cx_list_entry *e = &s->entries.items[i];
        if (!cx_view_eq(e->decision, line->words[1]) && !cx_view_eq(e->notice, line->words[1]))
            continue;
        cx_view measures = cx_line_value(line, "measures");
        if (cx_view_is(line->words[2], cx_entry_state_name(e->state)) &&
            number_is(line, "version", e->version) && date_is(line, "from", e->has_from, e->from) &&
            date_is(line, "until", e->has_until, e->until) &&
            date_is(line, "review", e->has_review_on, e->review_on) &&
            date_is(line, "window", e->has_window_ends, e->window_ends) &&
            date_is(line, "ended", e->has_ended_on, e->ended_on) &&
            date_is(line, "publish_by", e->has_publish_by, e->publish_by) &&
            number_is(line, "marks", (int64_t)open_marks(&e->marks)) &&
            number_is(line, "causes", (int64_t)e->suspensions.n) &&
            word_is(line, "grade", cx_grade_name(e->grade)) && word_is(line, "role", cx_role_name(e->role)) &&
            (measures.p == NULL || same_words(measures, &e->measures)))
            return true;
        put(&got, " ", cx_view_of(cx_entry_state_name(e->state)));
        show_date(&got, " from=", e->has_from, e->from);
        show_date(&got, " until=", e->has_until, e->until);
        show_date(&got, " window=", e->has_window_ends, e->window_ends);
        show_date(&got, " ended=", e->has_ended_on, e->ended_on);
        char more[80];
        (void)snprintf(more, sizeof more, " version=%d marks=%zu causes=%zu", e->version,
                       open_marks(&e->marks), e->suspensions.n);
        put(&got, more, CX_VIEW(""));
        for (size_t k = 0; k < e->measures.n; k++)
            put(&got, " ", e->measures.items[k]);
    }
    return fail(err, "entry is", &got);
}

static bool check_record(const cx_chain *chain, const cx_line *line, cx_err *err) {
    uint8_t subject[16];
    text got = {0};
    subject_of(line, subject);
    const cx_subject_state *s = cx_chain_state(chain, subject);
    for (size_t i = 0; s != NULL && i < s->records.n; i++) {
        const cx_kept_record *r = &s->records.items[i];
        const cx_classification *k = &r->classification;
        if (!cx_view_eq(r->event_id, line->words[1]))
            continue;
        if (cx_view_is(line->words[2], cx_entry_state_name(r->state)) &&
            number_is(line, "version", r->version) &&
            date_is(line, "until", k->has_display_until, k->display_until + 1) &&
            word_is(line, "grade", cx_grade_name(k->grade)) &&
            date_is(line, "publish_by", r->has_publish_by, r->publish_by) &&
            number_is(line, "marks", (int64_t)open_marks(&r->marks)))
            return true;
        show_date(&got, " publish_by=", r->has_publish_by, r->publish_by);
        put(&got, " ", cx_view_of(cx_entry_state_name(r->state)));
        put(&got, " ", cx_view_of(cx_grade_name(k->grade)));
        show_date(&got, " until=", k->has_display_until, k->display_until + 1);
    }
    return fail(err, "record is", &got);
}

/* --- words that may come in any order ----------------------------------------------------------------- */
static bool same_set(const cx_line *line, size_t from, const text *have, size_t n, cx_err *err,
                     const char *what) {
    bool used[MOST] = {false};
    text got = {0};
    size_t wanted = 0, found = 0;
    for (size_t i = 0; i < n; i++)
        put(&got, " ", cx_view_of(have[i].p));
    for (size_t i = from; i < line->n; i++) {
        if (cx_view_is(cx_view_split(line->words[i], '=', &(cx_view){0}), "of") ||
            cx_view_is(line->words[i], "-"))
            continue;
        wanted++;
        for (size_t k = 0; k < n; k++)
            if (!used[k] && cx_view_is(line->words[i], have[k].p)) {
                used[k] = true;
                found++;
                break;
            }
    }
    return (wanted == n && found == n) || fail(err, what, &got);
}

static bool check_status(const cx_chain *chain, const cx_line *line, cx_err *err) {
    text have[MOST] = {0};
    uint8_t subject[16];
    size_t n = 0;
    subject_of(line, subject);
    const cx_status *s = cx_chain_status(chain, subject);
    for (size_t i = 0; s != NULL && i < s->entries.n && n < MOST; i++) {
        put(&have[n], "", s->entries.items[i].list);
        put(&have[n], ":", cx_view_of(cx_entry_state_name(s->entries.items[i].state)));
        put(&have[n++], s->entries.items[i].marked ? ":marked" : "", CX_VIEW(""));
    }
    for (size_t i = 0; s != NULL && i < s->records.n && n < MOST; i++)
        put(&have[n++], "+", s->records.items[i].event_id);
    return same_set(line, 1, have, n, err, "status is");
}

static bool check_sent(const cx_chain *chain, const cx_line *line, bool tells, size_t *from, cx_err *err) {
    text have[MOST] = {0};
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_NOTICES);
    size_t n = 0;
    for (; *from < log->n; (*from)++) {
        const cx_dispatch *d = log->items[*from].value;
        if (d->notice == NULL || (d->notice->kind == CX_NOTICE_KIND_TELL) != tells || n == MOST)
            continue;
        put(&have[n], "", tells ? d->notice->cause : cx_view_of(cx_notice_kind_name(d->notice->kind)));
        if (!tells)
            put(&have[n], ":", d->notice->measure);
        put(&have[n++], ">", d->department);
    }
    return same_set(line, 1, have, n, err, tells ? "told were" : "sent were");
}

/* What is public of the subject, by its target and how the name stands; CLEAN: that nothing adverse is known.
 */
static bool check_public(const cx_chain *chain, const cx_line *line, cx_err *err) {
    text have[MOST] = {0};
    uint8_t subject[16];
    size_t n = 0;
    subject_of(line, subject);
    const cx_subject_state *s = cx_chain_state(chain, subject);
    for (; s != NULL && n < s->publications.n && n < MOST; n++) {
        const cx_public_decision *p = &s->publications.items[n];
        put(&have[n], "", p->target.n > 0 ? p->target : CX_VIEW("CLEAN"));
        put(&have[n], ":", cx_view_of(cx_naming_name(p->naming)));
        show_date(&have[n], ":", p->has_until, p->until);
    }
    return same_set(line, 1, have, n, err, "public is");
}

/* What points opened or ended: MEASURE>DEPARTMENT:UNTIL, or :ended. */
static bool check_opened(const cx_chain *chain, const cx_line *line, size_t *from, cx_err *err) {
    text have[MOST] = {0};
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_INCENTIVES);
    size_t n = 0;
    for (; *from < log->n && n < MOST; (*from)++, n++) {
        const cx_dispatch *d = log->items[*from].value;
        bool incentive = d->notice != NULL && d->notice->kind == CX_NOTICE_KIND_INCENTIVE &&
                         d->notice->measure_kind == CX_MEASURE_KIND_INCENTIVE && d->rejection == NULL;
        if (!incentive)
            return fail(err, "points told something else than an incentive", &have[n]);
        put(&have[n], "", d->notice->measure);
        put(&have[n], ">", d->department);
        if (cx_view_is(d->notice->cause, "POINTS_ENDED"))
            put(&have[n], ":ended", CX_VIEW(""));
        else
            show_date(&have[n], ":", d->notice->has_until, d->notice->until);
    }
    return same_set(line, 1, have, n, err, "opened were");
}

static bool check_home(const cx_chain *chain, const cx_line *line, size_t *from, cx_err *err) {
    text have[MOST] = {0};
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_NOTICES);
    size_t n = 0;
    for (; *from < log->n; (*from)++) {
        const cx_dispatch *d = log->items[*from].value;
        if (d->rejection == NULL || n == MOST)
            continue;
        put(&have[n], "", d->rejection->event_id);
        put(&have[n++], ":", d->rejection->reason);
    }
    return same_set(line, 1, have, n, err, "brought home were");
}

static bool check_rows(const cx_chain *chain, const cx_line *line, cx_err *err) {
    for (size_t i = 1; i < line->n; i++) {
        cx_view value, key = cx_view_split(line->words[i], '=', &value);
        int64_t n;
        size_t have = key.n > 0 ? cx_chain_rows(chain, key.p[0]) : 0;
        if (!cx_view_to_int64(value, &n) || n != (int64_t)have) {
            (void)cx_fail(err, CX_USAGE, "%zu rows of %.*s", have, CX_VIEW_ARGS(key));
            return false;
        }
    }
    return true;
}

bool cx_history_check(const cx_chain *chain, const cx_line *line, cx_seen *seen, cx_err *err) {
    cx_view kind = line->words[0];
    if (cx_view_is(kind, "entry") || cx_view_is(kind, "record")) {
        if (line->n < 3)
            return fail(err, "id and state are needed", &(text){0});
        return cx_view_is(kind, "entry") ? check_entry(chain, line, err) : check_record(chain, line, err);
    }
    if (cx_view_is(kind, "status"))
        return check_status(chain, line, err);
    if (cx_view_is(kind, "public"))
        return check_public(chain, line, err);
    if (cx_view_is(kind, "sent"))
        return check_sent(chain, line, false, &seen->notices, err);
    if (cx_view_is(kind, "told"))
        return check_sent(chain, line, true, &seen->told, err);
    if (cx_view_is(kind, "opened"))
        return check_opened(chain, line, &seen->opened, err);
    return cx_view_is(kind, "home") ? check_home(chain, line, &seen->homes, err)
                                    : check_rows(chain, line, err);
}
