/* Prints random histories for the real servers, one JSON object a line: what departments send, on which days,
 * and what the pure core made of it (tests/integration/spine/histories_test.py).
 *
 *     print_fleet HISTORIES WORLD [FIRST-SEED]
 *
 * All histories run on one log: the days of each are moved to a common grid, every history sees every used
 * day of it, and the subjects of history 12 are called o120 to p125. Document numbers begin with the
 * history's, so that a message is found again by its own. Left out: lines that name what only a run knows
 * (notices, breakers), and queries, which are not the log's. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/property/make.h"
#include "tests/property/play_inside.h"
#include "tests/property/run.h"

enum { MOST = 60, GRID = 28, DAYS = 14, LINES = 20 };

typedef struct sent_line {
    int day; /* of the grid */
    char text[CX_PLAY_LINE];
} sent_line;

typedef struct story {
    uint64_t seed;
    size_t n;
    sent_line lines[LINES];
} story;

static story stories[MOST];
static bool used[DAYS] = {[DAYS - 1] = true}; /* days on which anything is sent, and the last */
static const cx_date first_day = 20458;       /* 2026-01-05 */

/* --- making ------------------------------------------------------------------------------------------- */
static bool left_out(const char *line) {
    static const char *const words[] = {
        "BREAKER_RELEASE", "MEASURE_FEEDBACK", "query ", "law ", " number=", "day "};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(line, words[i]) != NULL)
            return true;
    return false;
}

static bool is_known(const cx_world *w, const char *line) {
    char code[64];
    (void)snprintf(code, sizeof code, "%.*s", (int)strcspn(line, " "), line);
    return cx_pack_department(w->packs[0], cx_view_of(code)) != NULL;
}

/* The line with the history's own subjects and document number. */
static void rename_in(const char *line, int number, char *out, size_t room) {
    size_t n = 0;
    for (const char *c = line; *c != '\0' && n + 16 < room; c++) {
        bool begins = c > line && strchr("=,:", c[-1]) != NULL && (c[0] == 'o' || c[0] == 'p');
        bool name = begins && c[1] >= '0' && c[1] <= '9' && strchr(" ,:", c[2]) != NULL;
        out[n++] = *c;
        if (name)
            n += (size_t)snprintf(out + n, room - n, "%d", number);
    }
    const char *id = strchr(strchr(line, ' ') + 1, ' ') + 1;
    (void)snprintf(out + n, room - n, " number=%d-%.*s", number, (int)strcspn(id, " "), id);
}

static bool said_before(const story *s, const char *text) {
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->lines[i].text, text) == 0)
            return true;
    return false;
}

static void make_one(cx_run *run, const cx_world *w, int number, story *s) {
    cx_make make;
    cx_fault fault = {0};
    char line[CX_PLAY_LINE];
    if (!cx_play_begin(run->again, w, NULL, &fault))
        return;
    cx_make_begin(&make, s->seed, w, run->again);
    make.law = w->n; /* no other law comes into force */
    for (int i = 0; i < LINES; i++) {
        cx_make_line(&make, line);
        int day = (int)((make.today - first_day + GRID - 1) / GRID);
        if (day >= DAYS || !cx_play_line(run->again, line, &fault))
            return;
        cx_make_heard(&make, cx_play_verdict(run->again));
        sent_line *out = &s->lines[s->n];
        if (left_out(line) || !is_known(w, line))
            continue;
        rename_in(line, number, out->text, sizeof out->text);
        out->day = day;
        if (said_before(s, out->text)) /* the same words on another day are another document */
            continue;
        used[day] = true;
        s->n++;
    }
}

/* --- what the pure core makes of it ------------------------------------------------------------------- */
static void show_date(const char *before, bool has, cx_date day) {
    char text[CX_DATE_TEXT];
    if (has)
        printf("%s\"%s\"", before, cx_date_format(day, text));
    else
        printf("%snull", before);
}

static void show_change(const cx_change *c) {
    const cx_list_entry *e = c->entry;
    if (e != NULL) {
        printf("[\"%.*s\",\"%.*s\",\"%.*s\",\"%.*s\",\"%s\",\"%s\",\"%s\",\"%.*s\"", CX_VIEW_ARGS(e->list),
               CX_VIEW_ARGS(e->department), CX_VIEW_ARGS(e->notice), CX_VIEW_ARGS(e->decision),
               cx_role_name(e->role), cx_entry_state_name(c->from), cx_entry_state_name(e->state),
               CX_VIEW_ARGS(c->cause));
        show_date(",", e->has_from, e->from);
        show_date(",", e->has_until, e->until);
        printf(",%zu,%zu,%zu]", e->marks.n, e->suspensions.n, e->measures.n);
    } else {
        const cx_kept_record *r = c->record;
        printf("[\"%.*s\",\"%.*s\",\"%s\",\"%s\",\"%.*s\",%zu]", CX_VIEW_ARGS(r->department),
               CX_VIEW_ARGS(r->event_id), cx_entry_state_name(c->from), cx_entry_state_name(r->state),
               CX_VIEW_ARGS(c->cause), r->marks.n);
    }
}

static const char *name_of(const uint8_t subject[CX_CHAIN_SUBJECT]) {
    static char name[CX_CHAIN_SUBJECT + 1];
    (void)memcpy(name, subject, CX_CHAIN_SUBJECT);
    return name;
}

/* [subject, what, day, verdict, [change ...]] */
static void show_decided(const cx_chain *chain) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_DECIDED);
    const char *comma = "";
    for (size_t i = 0; i < log->n; i++) {
        const cx_decided *d = log->items[i].value;
        const cx_event *e = &d->classified.event;
        if (e->header == NULL && d->changes.n + d->publications.n == 0)
            continue;
        printf("%s[\"%s\",\"", comma, name_of(d->subject));
        if (e->cause != NULL || e->header == NULL)
            printf(e->cause != NULL ? "derived" : "time");
        else
            printf("%.*s/%.*s", CX_VIEW_ARGS(e->header->department), CX_VIEW_ARGS(e->header->event_id));
        show_date("\",", true, cx_date_of_time(d->effective));
        printf(",\"%.*s\",[", CX_VIEW_ARGS(d->verdict));
        for (size_t k = 0; k < d->changes.n; k++) {
            printf(k > 0 ? "," : "");
            show_change(&d->changes.items[k]);
        }
        printf("]]");
        comma = ",\n ";
    }
}

/* [subject, department, kind, measure or event, cause or reason] */
static void show_notices(const cx_chain *chain) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_NOTICES);
    const char *comma = "";
    for (size_t i = 0; i < log->n; i++) {
        const cx_dispatch *d = log->items[i].value;
        const cx_notice *n = d->notice;
        if (n == NULL && d->rejection == NULL)
            continue; /* a tick */
        printf("%s[\"%s\",\"%.*s\",", comma, name_of(d->subject), CX_VIEW_ARGS(d->department));
        comma = ",\n ";
        if (n != NULL)
            printf("\"%s\",\"%.*s\",\"%.*s\"]", cx_notice_kind_name(n->kind), CX_VIEW_ARGS(n->measure),
                   CX_VIEW_ARGS(n->cause));
        else
            printf("\"REJECTED\",\"%.*s\",\"%.*s\"]", CX_VIEW_ARGS(d->rejection->event_id),
                   CX_VIEW_ARGS(d->rejection->reason));
    }
}

/* How many messages lie in credit.records that are no ticks and no activations. */
static size_t recorded(const cx_chain *chain) {
    const cx_chain_log *log = cx_chain_log_of(chain, CX_CHAIN_RECORDS);
    size_t n = 0;
    for (size_t i = 0; i < log->n; i++) {
        const cx_event *e = log->items[i].value;
        n += e->header != NULL || e->cause != NULL;
    }
    return n;
}

static bool send(cx_play *p, const char *text, cx_date day) {
    cx_line line;
    cx_err err = {0};
    cx_credit_event event;
    cx_fault fault = {0};
    cx_view bytes;
    size_t before = recorded(p->chain);
    cx_line_split(cx_arena_copy(p->arena, cx_view_of(text)), &line);
    if (!cx_play_line(p, text, &fault) || !cx_credit_event_of(&line, day, 1, p->arena, &event, &err) ||
        cx_codec_encode(p->codec, &cx_credit_event_type, &event, &bytes, &err) != CX_OK) {
        (void)fprintf(stderr, "%s: %s%s\n", text, fault.text, err.text);
        return false;
    }
    cx_view of = cx_line_value(&line, "of"), others = cx_line_value(&line, "others");
    cx_view number = cx_line_value(&line, "number");
    printf("{\"department\":\"%.*s\",\"number\":\"%.*s\",\"of\":\"%.*s\",\"others\":\"%.*s\",\"records\":%zu,"
           "\"bytes\":\"",
           CX_VIEW_ARGS(line.words[0]), CX_VIEW_ARGS(number), CX_VIEW_ARGS(of), CX_VIEW_ARGS(others),
           recorded(p->chain) - before);
    for (size_t i = 0; i < bytes.n; i++)
        printf("%02x", (uint8_t)bytes.p[i]);
    printf("\"}");
    return true;
}

/* Each midnight on the way has its tick, as on the servers: terms to answer count from the tick that told. */
static bool leap(cx_play *p, cx_date from, cx_date to) {
    cx_fault fault = {0};
    char text[32], day[CX_DATE_TEXT];
    for (cx_date d = from < to ? from + 1 : to; d <= to; d++) {
        (void)snprintf(text, sizeof text, "day %s", cx_date_format(d, day));
        if (!cx_play_line(p, text, &fault))
            return false;
    }
    return true;
}

static bool play(cx_play *p, const cx_world *w, const story *s) {
    cx_fault fault = {0};
    char day[CX_DATE_TEXT];
    cx_date last = first_day;
    if (!cx_play_begin(p, w, NULL, &fault))
        return false;
    printf("{\"seed\":%llu,\"days\":[", (unsigned long long)s->seed);
    const char *comma = "";
    for (int d = 0; d < DAYS; d++) {
        if (!used[d])
            continue;
        cx_date today = first_day + d * GRID;
        size_t before = recorded(p->chain), n = 0;
        if (!leap(p, last, today))
            return false;
        last = today;
        (void)cx_date_format(today, day);
        printf("%s{\"day\":\"%s\",\"records\":%zu,\"lines\":[", comma, day, recorded(p->chain) - before);
        comma = ",\n";
        for (size_t i = 0; i < s->n; i++)
            if (s->lines[i].day == d) {
                printf(n++ > 0 ? ",\n " : "");
                if (!send(p, s->lines[i].text, today))
                    return false;
            }
        printf("]}");
    }
    printf("],\n\"decided\":[");
    show_decided(p->chain);
    printf("],\n\"notices\":[");
    show_notices(p->chain);
    printf("]}\n");
    return true;
}

int main(int argc, char **argv) {
    cx_run run;
    cx_err err = {0};
    int64_t n = 0, seed = 1;
    size_t world = 0;
    if (argc < 3 || !cx_view_to_int64(cx_view_of(argv[1]), &n) || n < 1 || n > MOST ||
        (argc > 3 && !cx_view_to_int64(cx_view_of(argv[3]), &seed)) || cx_run_open(&run, &err) != CX_OK) {
        (void)fprintf(stderr, "%s\n",
                      err.text[0] != '\0' ? err.text : "print_fleet HISTORIES WORLD [FIRST-SEED]");
        return 2;
    }
    while (world < CX_WORLDS - 1 && strcmp(run.worlds[world].name, argv[2]) != 0)
        world++;
    bool ok = true;
    for (int i = 0; i < n; i++) {
        stories[i].seed = (uint64_t)(seed + i);
        make_one(&run, &run.worlds[world], i + 1, &stories[i]);
    }
    for (int i = 0; i < n && ok; i++)
        ok = play(run.play, &run.worlds[world], &stories[i]);
    cx_run_close(&run);
    return ok ? 0 : 1;
}
