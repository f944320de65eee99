/* The chain behind an id, as text: sections of events, transitions and notices, oldest first. */
#include <stdio.h>
#include <string.h>

#include "common/base/time.h"
#include "ops/cli/explain.h"
#include "ops/cli/print.h"

enum { PACK_SHOWN = 12, CELL = 256 };

/* A member as text; "" where there is none. Path: names with dots between. */
static const char *text(const json_t *object, const char *path) {
    char name[64];
    const char *dot;
    while ((dot = strchr(path, '.')) != NULL && (size_t)(dot - path) < sizeof name) {
        (void)snprintf(name, sizeof name, "%.*s", (int)(dot - path), path);
        object = json_object_get(object, name);
        path = dot + 1;
    }
    const char *s = json_string_value(json_object_get(object, path));
    return s != NULL ? s : "";
}

static long long number(const json_t *object, const char *name) {
    return (long long)json_integer_value(json_object_get(object, name));
}

/* PostgreSQL's "2026-01-05T00:00:00+00:00" as China's time, to the minute. */
static const char *when(const json_t *object, const char *name, char out[CX_TIME_TEXT]) {
    cx_time t;
    char utc[CX_TIME_TEXT], full[CX_TIME_TEXT];
    const char *s = text(object, name), *zone = strchr(s, '+');
    (void)snprintf(utc, sizeof utc, "%.*sZ", zone != NULL ? (int)(zone - s) : (int)strlen(s), s);
    if (!cx_time_parse(cx_view_of(utc), &t))
        (void)snprintf(out, CX_TIME_TEXT, "%s", s);
    else
        (void)snprintf(out, CX_TIME_TEXT, "%.10s %.5s", cx_time_format(t, full), full + 11);
    return out;
}

static void print_document(const json_t *o) {
    (void)printf("      document %s of %s by %s, basis %s\n", text(o, "document.number"),
                 text(o, "document.date"), text(o, "document.issuing_body"), text(o, "document.legal_basis"));
    if (json_object_get(o, "official") != NULL)
        (void)printf("      signed by %s %s\n", text(o, "official.role"), text(o, "official.number"));
}

static void print_inputs(const json_t *facts) {
    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *fact = json_array_get(facts, i), *value = json_object_get(fact, "value");
        (void)printf("%s%s = ", i == 0 ? "      inputs: " : ", ", text(fact, "name"));
        if (json_is_integer(value))
            (void)printf("%lld", (long long)json_integer_value(value));
        else
            (void)printf("%s", json_is_string(value) ? json_string_value(value)
                               : json_is_true(value) ? "true"
                                                     : "false");
    }
    if (json_array_size(facts) > 0)
        (void)printf("\n");
}

static void print_event(const json_t *e) {
    char at[CX_TIME_TEXT];
    const json_t *c = json_object_get(e, "classification");
    (void)printf("  %s  %s %s%s%s: %s\n", when(e, "known_at", at), text(e, "kind"), text(e, "department"),
                 text(e, "event_id")[0] != '\0' ? "/" : "", text(e, "event_id"), text(e, "verdict"));
    if (json_object_get(e, "document") != NULL)
        print_document(e);
    print_inputs(json_object_get(json_object_get(e, "body"), "facts"));
    if (c != NULL)
        (void)printf("      %s %s by table %s, rule %s, pack %.*s, basis %s%s%s\n", text(c, "direction"),
                     text(c, "grade"), text(c, "table"), text(c, "rule"), PACK_SHOWN, text(c, "pack"),
                     text(c, "basis"), text(c, "list")[0] != '\0' ? "; may be listed in " : "",
                     text(c, "list"));
    if (text(e, "derived_from")[0] != '\0')
        (void)printf("      derived from the event at %s\n", text(e, "derived_from"));
}

static void print_transition(const json_t *t) {
    char known[CX_TIME_TEXT], effective[CX_TIME_TEXT];
    (void)printf("  %s  %s -> %s by %s (version %lld", when(t, "effective", effective), text(t, "from"),
                 text(t, "to"), text(t, "cause"), number(t, "version"));
    if (strcmp(text(t, "known_at"), text(t, "effective")) != 0)
        (void)printf(", known %s", when(t, "known_at", known));
    (void)printf(", pack %.*s)\n", PACK_SHOWN, text(t, "pack"));
    const json_t *s = json_object_get(t, "suspensions");
    for (size_t i = 0; i < json_array_size(s); i++)
        (void)printf("      suspended for %s %s/%s\n", text(json_array_get(s, i), "cause"),
                     text(json_array_get(s, i), "department"), text(json_array_get(s, i), "event_id"));
}

static void print_notice(const json_t *n) {
    char at[CX_TIME_TEXT];
    const json_t *answers = json_object_get(n, "answers");
    (void)printf("  %s  %s: %s%s%s by %s, basis %s (%s)\n", when(n, "known_at", at), text(n, "department"),
                 text(n, "kind"), text(n, "measure")[0] != '\0' ? " " : "", text(n, "measure"),
                 text(n, "cause"), text(n, "basis"), text(n, "notice"));
    if (text(n, "measure_id")[0] != '\0')
        (void)printf("      measure %s%s%s%s%s\n", text(n, "measure_id"),
                     text(n, "until")[0] != '\0' ? " until " : "", text(n, "until"),
                     text(n, "respond_by")[0] != '\0' ? ", to be answered by " : "", text(n, "respond_by"));
    for (size_t i = 0; i < json_array_size(answers); i++)
        (void)printf("      answered %s on %s (%s: %s)\n", text(json_array_get(answers, i), "outcome"),
                     text(json_array_get(answers, i), "on"), text(json_array_get(answers, i), "event_id"),
                     text(json_array_get(answers, i), "verdict"));
    if (text(n, "respond_by")[0] != '\0' && json_array_size(answers) == 0)
        (void)printf("      no answer yet\n");
}

static void print_letter(const json_t *l) {
    char at[CX_TIME_TEXT];
    (void)printf("  %s  %s by %s: %s%s%s (partition %lld, offset %lld)\n", when(l, "known_at", at),
                 text(l, "department"), text(l, "stage"), text(l, "reason"),
                 text(l, "field")[0] != '\0' ? " in " : "", text(l, "field"), number(l, "partition"),
                 number(l, "offset"));
    if (text(l, "because")[0] != '\0')
        (void)printf("      because of %s\n", text(l, "because"));
}

static void print_section(const json_t *chain, const char *name, const char *title,
                          void (*print)(const json_t *)) {
    const json_t *list = json_object_get(chain, name);
    if (json_array_size(list) > 0)
        (void)printf("\n%s\n", title);
    for (size_t i = 0; i < json_array_size(list); i++)
        print(json_array_get(list, i));
}

static void print_entry(const json_t *e) {
    bool listed = text(e, "list")[0] != '\0'; /* else a share in what an organisation's record says */
    (void)printf("entry %s: %s %s%s of %s, %s%s%s%s%s\n", text(e, "id"), text(e, "state"),
                 listed ? "in list " : "by a role, in no list,", text(e, "list"), text(e, "department"),
                 text(e, "grade"), text(e, "starts_on")[0] != '\0' ? ", from " : "", text(e, "starts_on"),
                 text(e, "until")[0] != '\0' ? " until " : "", text(e, "until"));
    print_section(e, "events", "what was sent", print_event);
    print_section(e, "transitions", "what became of it", print_transition);
    print_section(e, "told", "who was told, and what they answered", print_notice);
}

/* An event, with what it changed and whom it reached. */
static void print_whole_event(const json_t *e) {
    print_event(e);
    print_section(e, "entries", "  entries that it changed", print_transition);
    print_section(e, "records", "  records that it changed", print_transition);
    print_section(e, "told", "  who was told", print_notice);
}

/* The city's clause asked for it; the basis is what allows it. */
static void print_citation(const json_t *c) {
    (void)printf("  %s %s:", text(c, "what"), text(c, "code"));
    const char *const parts[][2] = {
        {" ", "name"}, {" ", "article"}, {" basis ", "basis"}, {" clause ", "clause"}};
    for (size_t i = 0, n = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (text(c, parts[i][1])[0] != '\0')
            (void)printf("%s%s%s", n++ > 0 ? "," : "", parts[i][0], text(c, parts[i][1]));
    (void)printf(" (%s)\n", text(c, "pack"));
}

static void print_told(const json_t *chain) {
    (void)printf("subject %s\n", text(chain, "subject"));
    print_section(chain, "told", "who was told, and what they answered", print_notice);
    if (json_is_object(json_object_get(chain, "entry"))) {
        (void)printf("\n");
        print_entry(json_object_get(chain, "entry"));
    }
}

cx_rc cx_explain_print(const json_t *chain) {
    const char *kind = text(chain, "kind");
    if (strcmp(kind, "entry") == 0) {
        (void)printf("subject %s\n", text(chain, "subject"));
        print_entry(chain);
    } else {
        (void)printf("%s %s\n", kind, text(chain, "id"));
        if (strcmp(kind, "event") == 0) {
            print_section(chain, "events", "what was sent", print_whole_event);
            print_section(chain, "sent_home", "what was sent home", print_letter);
        } else {
            print_told(chain);
        }
    }
    print_section(chain, "cited", "what it rests on", print_citation);
    return CX_OK;
}
