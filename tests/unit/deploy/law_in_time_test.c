/* Two versions of Shijiazhuang's law over its sample: the later, milder one reaches entries in force, and
 * lengthens none (I-LENIENT; 行政处罚法 art. 37). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/deploy/story_run.h"

/* The second version takes effect between the last two steps of the sample. */
static void activate_later(cx_story *story, cx_view name, void *context) {
    cx_err *err = context;
    cx_time new_year;
    if (!cx_view_is(name, "revocation"))
        return;
    assert_true(cx_time_parse(CX_VIEW("2027-01-04T09:00:00+08:00"), &new_year));
    cx_rc rc = cx_story_clock(story, new_year, err);
    if (rc == CX_OK)
        rc = cx_story_activate(story, "shijiazhuang/2027-01", err);
    if (rc != CX_OK)
        fail_msg("%s", err->text);
}

static void nothing(cx_story *story, cx_view name, void *context) {
    (void)story;
    (void)name;
    (void)context;
}

/* The last that the log told of the entry that a decision opened. */
static const cx_list_entry *entry_of(const cx_story *story, const char *decision) {
    const cx_chain_log *log = cx_chain_log_of(story->chain, CX_CHAIN_DECIDED);
    const cx_list_entry *last = NULL;
    for (size_t i = 0; i < log->n; i++) {
        const cx_decided *d = log->items[i].value;
        for (size_t k = 0; k < d->changes.n; k++) {
            const cx_list_entry *e = d->changes.items[k].entry;
            if (e != NULL && cx_view_is(e->decision, decision))
                last = e;
        }
    }
    return last;
}

static void assert_until(const cx_story *story, const char *decision, const char *day) {
    const cx_list_entry *entry = entry_of(story, decision);
    cx_date until;
    assert_non_null(entry);
    assert_true(cx_date_parse(cx_view_of(day), &until));
    assert_true(entry->has_until);
    assert_int_equal(entry->until, until);
}

static void run(cx_story *story, cx_err *err) {
    cx_time start;
    assert_true(cx_time_parse(CX_VIEW("2026-03-02T08:00:00+08:00"), &start));
    cx_rc rc = cx_story_open(story, "shijiazhuang", "shijiazhuang/2026-01", start, err);
    if (rc == CX_OK)
        rc = cx_story_run(story, err);
    if (rc != CX_OK)
        fail_msg("%s", err->text);
}

static void without_it(void **state) {
    (void)state;
    cx_err err = {0};
    cx_story story = {.at_checkpoint = nothing};
    run(&story, &err);
    assert_until(&story, "ld-E", "2029-03-20");
    assert_until(&story, "ld-A", "2029-03-20");
    cx_story_close(&story);
}

static void a_milder_law_reaches_what_is_in_force(void **state) {
    (void)state;
    cx_err err = {0};
    cx_story story = {.at_checkpoint = activate_later, .context = &err};
    run(&story, &err);
    assert_until(&story, "ld-E", "2028-03-20");  /* B-SAFETY: 24 months at most instead of 36 */
    assert_until(&story, "ld-A", "2029-03-20");  /* B-MARKET: the same in both */
    assert_until(&story, "ld-N", "2027-03-20");  /* B-CULTURE: had 12 months, never more */
    assert_until(&story, "ld-C1", "2028-03-05"); /* the court's own term */
    cx_story_close(&story);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(without_it),
                                       cmocka_unit_test(a_milder_law_reaches_what_is_in_force)};
    return cmocka_run_group_tests_name("law in time", tests, NULL, NULL);
}
