/* Prints random histories with what the pure core made of them, one JSON object a line: for the independent
 * model in Python (tests/model/python) to decide again.
 *
 *     print_histories HISTORIES [FIRST-SEED]
 *
 * Under the model's base pack, without roles and activations: what that model does not cover. Identifiers are
 * linked once each. Of each subject: entries in force [list, state, from, until, marked] and records on
 * display [department, id, until, marked], sorted by the reader. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/model/line.h"
#include "tests/property/make.h"
#include "tests/property/run.h"

static const char *const subjects[] = {"o0", "o1", "o2", "p0", "p1", "p2"};

static bool left_out(const char *line) {
    static const char *const words[] = {"BREAKER_RELEASE", "MEASURE_FEEDBACK", "query ", "law "};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(line, words[i]) != NULL)
            return true;
    return false;
}

/* A record's roles end where the line ends, or at the next blank. */
static void without(char *line, const char *word) {
    char *at = strstr(line, word);
    if (at == NULL)
        return;
    size_t n = strcspn(at + 1, " ") + 1;
    (void)memmove(at, at + n, strlen(at + n) + 1);
}

/* A link leads to somebody who was not linked away, from somebody who was not, either. */
typedef struct links {
    bool away[sizeof subjects / sizeof subjects[0]];
} links;

static size_t named(const char *line, const char *key) {
    const char *at = strstr(line, key);
    for (size_t i = 0; at != NULL && i < sizeof subjects / sizeof subjects[0]; i++)
        if (strncmp(at + strlen(key), subjects[i], 2) == 0)
            return i;
    return 0;
}

static bool links_twice(const links *l, const char *line) {
    return strstr(line, "IDENTIFIER_CHANGED") != NULL &&
           (l->away[named(line, " of=")] || l->away[named(line, " others=")]);
}

static void note_link(links *l, const char *line) {
    if (strstr(line, "IDENTIFIER_CHANGED") != NULL)
        l->away[named(line, " of=")] = true;
}

static void show_until(bool has, cx_date day) {
    char text[CX_DATE_TEXT];
    if (has)
        printf("\"%s\"", cx_date_format(day, text));
    else
        printf("null");
}

static void show_status(const cx_chain *chain) {
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        uint8_t key[CX_CHAIN_SUBJECT];
        cx_line_subject(cx_view_of(subjects[i]), key);
        const cx_status *s = cx_chain_status(chain, key);
        printf("%s\"%s\":{\"entries\":[", i == 0 ? "" : ",", subjects[i]);
        for (size_t k = 0; s != NULL && k < s->entries.n; k++) {
            const cx_status_entry *e = &s->entries.items[k];
            printf("%s[\"%.*s\",\"%s\",", k == 0 ? "" : ",", CX_VIEW_ARGS(e->list),
                   cx_entry_state_name(e->state));
            show_until(true, e->from);
            printf(",");
            show_until(e->has_until, e->until);
            printf(",%s]", e->marked ? "true" : "false");
        }
        printf("],\"records\":[");
        for (size_t k = 0; s != NULL && k < s->records.n; k++) {
            printf("%s[\"%.*s\",\"%.*s\",", k == 0 ? "" : ",", CX_VIEW_ARGS(s->records.items[k].department),
                   CX_VIEW_ARGS(s->records.items[k].event_id));
            show_until(true, s->records.items[k].until);
            printf(",%s]", s->records.items[k].marked ? "true" : "false");
        }
        printf("]}");
    }
}

static void play(cx_run *run, uint64_t seed) {
    cx_make make;
    cx_fault fault = {0};
    const cx_world *w = &run->worlds[0];
    links l = {{false}};
    if (!cx_play_begin(run->play, w, NULL, &fault))
        return;
    cx_make_begin(&make, seed, w, run->play);
    make.law = w->n; /* no other law comes into force */
    printf("{\"seed\":%llu,\"steps\":[", (unsigned long long)seed);
    for (int i = 0, n = 0; i < CX_RUN_LINES; i++) {
        char line[CX_PLAY_LINE];
        cx_make_line(&make, line);
        if (left_out(line) || links_twice(&l, line))
            continue;
        if (strstr(line, "IDENTIFIER_CHANGED") == NULL)
            without(line, " others=");
        without(line, " roles=");
        without(line, " record.roles=");
        if (!cx_play_line(run->play, line, &fault))
            break;
        cx_view verdict = cx_play_verdict(run->play);
        cx_make_heard(&make, verdict);
        if (cx_view_is(verdict, "OK"))
            note_link(&l, line);
        printf("%s{\"line\":\"%s\",\"verdict\":\"%.*s\",\"status\":{", n++ == 0 ? "" : ",", line,
               CX_VIEW_ARGS(verdict));
        show_status(cx_play_chain(run->play));
        printf("}}");
    }
    printf("]}\n");
}

int main(int argc, char **argv) {
    cx_run run;
    cx_err err = {0};
    int64_t n = 1, first = 1;
    if ((argc > 1 && !cx_view_to_int64(cx_view_of(argv[1]), &n)) ||
        (argc > 2 && !cx_view_to_int64(cx_view_of(argv[2]), &first)) || cx_run_open(&run, &err) != CX_OK) {
        (void)fprintf(stderr, "%s\n",
                      err.text[0] != '\0' ? err.text : "print_histories HISTORIES [FIRST-SEED]");
        return 2;
    }
    cx_play_only(run.play, "none"); /* what holds is another test's */
    for (int64_t i = 0; i < n; i++)
        play(&run, (uint64_t)(first + i));
    cx_run_close(&run);
    return 0;
}
