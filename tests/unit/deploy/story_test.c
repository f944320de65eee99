/* The five samples through the pure core, against what their generator says must come of them: verdicts,
 * entries at each checkpoint, measures by department. expected.json was never made from the pipeline. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/deploy/story_run.h"

enum { ROOM = 256 };

struct judged {
    json_t *expected;
    json_t *entries; /* decision -> [department, list, state], as the log told so far */
    size_t read;     /* of the decided log */
    int differ;
};

static json_t *text_of(cx_view v) {
    return json_stringn(v.p != NULL ? v.p : "", v.n);
}

static void add(json_t *counts, const char *name, long long n) {
    json_t *old = json_object_get(counts, name);
    (void)json_object_set_new(counts, name, json_integer((old != NULL ? json_integer_value(old) : 0) + n));
}

/* Takes up what the registrar told since the last checkpoint. */
static void learn_entries(struct cx_story *story, struct judged *j) {
    const cx_chain_log *log = cx_chain_log_of(story->chain, CX_CHAIN_DECIDED);
    for (; j->read < log->n; j->read++) {
        const cx_decided *d = log->items[j->read].value;
        for (size_t i = 0; i < d->changes.n; i++) {
            const cx_list_entry *e = d->changes.items[i].entry;
            if (e == NULL || e->decision.n == 0 || e->organisation_entry.n > 0)
                continue;
            char key[ROOM];
            (void)snprintf(key, sizeof key, "%.*s", CX_VIEW_ARGS(e->decision));
            (void)json_object_set_new(j->entries, key,
                                      json_pack("{s:o,s:o,s:o,s:s}", "decision", text_of(e->decision),
                                                "department", text_of(e->department), "list",
                                                text_of(e->list), "state", cx_entry_state_name(e->state)));
        }
    }
}

static void compare(struct judged *j, const char *where, json_t *got, json_t *want) {
    if (json_equal(got, want))
        return;
    j->differ++;
    const char *key;
    json_t *value;
    json_object_foreach(got, key, value) if (!json_equal(value, json_object_get(want, key))) {
        char *a = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT), *b = NULL;
        if (json_object_get(want, key) != NULL)
            b = json_dumps(json_object_get(want, key), JSON_ENCODE_ANY | JSON_COMPACT);
        print_error("%s, %s: %s, expected %s\n", where, key, a, b != NULL ? b : "nothing");
        free(a);
        free(b);
    }
    json_object_foreach(want, key, value) if (json_object_get(got, key) == NULL) {
        char *b = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        print_error("%s, %s: nothing, expected %s\n", where, key, b);
        free(b);
    }
}

static void at_checkpoint(struct cx_story *story, cx_view name, void *context) {
    struct judged *j = context;
    size_t i;
    json_t *checkpoint, *entry, *want = json_object();
    char where[ROOM];
    (void)snprintf(where, sizeof where, "%.*s", CX_VIEW_ARGS(name));
    learn_entries(story, j);
    json_array_foreach(json_object_get(j->expected, "checkpoints"), i, checkpoint) {
        if (strcmp(json_string_value(json_object_get(checkpoint, "name")), where) != 0)
            continue;
        size_t k;
        json_array_foreach(json_object_get(checkpoint, "entries"), k, entry)(void)
            json_object_set(want, json_string_value(json_object_get(entry, "decision")), entry);
    }
    compare(j, where, j->entries, want);
    json_decref(want);
}

/* --- the whole run ----------------------------------------------------------------------------------------
 */

/* What came home: from intake, and from the sanctioner for every stage of the spine. */
static json_t *refusals(struct cx_story *story) {
    const cx_chain_log *log = cx_chain_log_of(story->chain, CX_CHAIN_NOTICES);
    json_t *refused = json_object();
    char reason[ROOM];
    for (unsigned i = 0; i < CX_RC_COUNT; i++)
        if (story->refused[i] > 0)
            add(refused, cx_rc_name((cx_rc)i), (long long)story->refused[i]);
    for (size_t i = 0; i < log->n; i++) {
        const cx_dispatch *d = log->items[i].value;
        if (d->rejection == NULL)
            continue;
        (void)snprintf(reason, sizeof reason, "%.*s", CX_VIEW_ARGS(d->rejection->reason));
        add(refused, reason, 1);
    }
    return refused;
}

static void compare_verdicts(struct cx_story *story, struct judged *j) {
    const cx_chain_log *log = cx_chain_log_of(story->chain, CX_CHAIN_DECIDED);
    json_t *refused = refusals(story), *counts = json_object(), *want = json_object();
    long long ok = 0, doubled = 0;
    for (size_t i = 0; i < log->n; i++) {
        const cx_decided *d = log->items[i].value;
        const cx_event *event = &d->classified.event;
        if (event->header == NULL || event->cause != NULL || d->index != 0)
            continue;
        ok += cx_view_is(d->verdict, "OK");
        doubled += cx_view_is(d->verdict, "DUPLICATE");
    }
    compare(j, "refused", refused, json_object_get(j->expected, "refused"));
    add(counts, "sent", (long long)story->sent);
    add(counts, "accepted",
        ok - json_integer_value(json_object_get(refused, "FEEDBACK_UNASKED"))); /* the sanctioner's */
    add(counts, "doubled", doubled);
    add(want, "sent", json_integer_value(json_object_get(j->expected, "sent")));
    add(want, "accepted", json_integer_value(json_object_get(j->expected, "accepted_total")));
    add(want, "doubled",
        json_integer_value(json_object_get(j->expected, "duplicates")) +
            json_integer_value(json_object_get(j->expected, "passed_over")));
    compare(j, "counts", counts, want);
    json_decref(refused);
    json_decref(counts);
    json_decref(want);
}

/* Measures that were started: by the department that must carry them out. */
static void compare_measures(struct cx_story *story, struct judged *j) {
    const cx_chain_log *log = cx_chain_log_of(story->chain, CX_CHAIN_NOTICES);
    json_t *own = json_object(), *roles = json_object();
    char department[ROOM];
    for (size_t i = 0; i < log->n; i++) {
        const cx_dispatch *d = log->items[i].value;
        if (d->notice == NULL ||
            (d->notice->kind != CX_NOTICE_KIND_IMPOSE && d->notice->kind != CX_NOTICE_KIND_INCENTIVE))
            continue;
        (void)snprintf(department, sizeof department, "%.*s", CX_VIEW_ARGS(d->department));
        add(d->notice->role == CX_ROLE_SUBJECT ? own : roles, department, 1);
    }
    compare(j, "measures", own, json_object_get(j->expected, "measures_started"));
    compare(j, "measures of role holders", roles,
            json_object_get(j->expected, "measures_started_for_role_holders"));
    json_decref(own);
    json_decref(roles);
}

/* Runs a city's sample; how many comparisons differed. */
static int run_story(const char *city, void (*spoil)(json_t *expected)) {
    char path[ROOM];
    json_error_t wrong;
    cx_err err = {0};
    (void)snprintf(path, sizeof path, "deploy/samples/%s/expected.json", city);
    struct judged j = {.expected = json_load_file(path, 0, &wrong), .entries = json_object()};
    assert_non_null(j.expected);
    if (spoil != NULL)
        spoil(j.expected);
    cx_story story = {.at_checkpoint = at_checkpoint, .context = &j};
    cx_time start;
    assert_true(cx_time_parse(cx_view_of(json_string_value(json_object_get(j.expected, "start"))), &start));
    cx_rc rc =
        cx_story_open(&story, city, json_string_value(json_object_get(j.expected, "pack")), start, &err);
    if (rc == CX_OK)
        rc = cx_story_run(&story, &err);
    if (rc != CX_OK)
        fail_msg("%s: %s", city, err.text);
    compare_verdicts(&story, &j);
    compare_measures(&story, &j);
    cx_story_close(&story);
    json_decref(j.entries);
    json_decref(j.expected);
    return j.differ;
}

static void tell(const char *city) {
    assert_int_equal(run_story(city, NULL), 0);
}

/* One mistake in each thing that is compared: an entry at the last checkpoint, a reason, a count, a measure.
 */
static void spoil(json_t *expected) {
    json_t *checkpoints = json_object_get(expected, "checkpoints");
    json_t *last = json_array_get(checkpoints, json_array_size(checkpoints) - 1);
    json_t *entry = json_array_get(json_object_get(last, "entries"), 0);
    (void)json_object_set_new(entry, "state", json_string("CLOSED"));
    add(json_object_get(expected, "refused"), "INSIDE_WINDOW", 1);
    add(expected, "accepted_total", 1);
    add(json_object_get(expected, "measures_started"), "market", -1);
}

static void the_comparison_can_fail(void **state) {
    (void)state;
    assert_int_equal(run_story("chengde", spoil), 4);
}

static void shijiazhuang(void **state) {
    (void)state;
    tell("shijiazhuang");
}

static void chengde(void **state) {
    (void)state;
    tell("chengde");
}

static void zhoukou(void **state) {
    (void)state;
    tell("zhoukou");
}

static void yancheng(void **state) {
    (void)state;
    tell("yancheng");
}

static void shenzhen(void **state) {
    (void)state;
    tell("shenzhen");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shijiazhuang), cmocka_unit_test(chengde),
        cmocka_unit_test(zhoukou),      cmocka_unit_test(yancheng),
        cmocka_unit_test(shenzhen),     cmocka_unit_test(the_comparison_can_fail)};
    return cmocka_run_group_tests_name("samples", tests, NULL, NULL);
}
