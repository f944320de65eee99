/* The page of a replay: what the log says is escaped, nothing is fetched, and a failure leaves no file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/replay_html.h"

enum { ROOM = 65536 };

static char page[ROOM];

static void write_page(json_t *report) {
    char path[] = "/tmp/chengxin-page-XXXXXX";
    cx_err err = {0};
    int fd = mkstemp(path);
    assert_true(report != NULL && fd >= 0);
    (void)close(fd);
    assert_int_equal(cx_replay_html(report, path, &err), CX_OK);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    page[fread(page, 1, ROOM - 1, f)] = '\0';
    (void)fclose(f);
    (void)remove(path);
    json_decref(report);
}

static void what_the_log_says_is_escaped(void **state) {
    (void)state;
    write_page(json_pack("{s:i, s:[{s:s, s:s, s:s, s:[{s:s, s:s, s:n}]}], s:s}", "differences", 1, "found",
                         "what", "DIFFERS", "stage", "registrar", "event_id", "<script src='//x'>&\"",
                         "fields", "field", "changes[0].cause", "recorded", "</td><img>", "again", "asked",
                         "--json"));
    assert_non_null(strstr(page, "&lt;script src=&#39;//x&#39;&gt;&amp;&quot;"));
    assert_non_null(strstr(page, "&lt;/td&gt;&lt;img&gt;"));
    assert_non_null(strstr(page, "changes[0].cause"));
    assert_non_null(strstr(page, "decided otherwise"));
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "<img"));
    assert_null(strstr(page, " src=\""));
    assert_null(strstr(page, "href="));
}

static void a_what_if_tells_both_directions(void **state) {
    (void)state;
    write_page(json_pack("{s:{s:s}, s:{s:i, s:i}, s:[{s:s, s:s, s:s, s:b, s:i, s:i}], s:[], s:b}", "policy",
                         "name", "<city>", "subjects", "better", 3, "worse", 4, "counts", "sort", "list",
                         "code", "B-ORG", "change", "ONLY_THEN", "better", 1, "rows", 5, "subjects", 3,
                         "affected", "settled", 0));
    assert_non_null(strstr(page, "Better for 3 subjects, worse for 4."));
    assert_non_null(strstr(page, "&lt;city&gt;"));
    assert_non_null(strstr(page, "no longer"));
    assert_non_null(strstr(page, "did not settle"));
}

static void a_folder_that_is_not_there(void **state) {
    cx_err err = {0};
    json_t *report = json_object();
    (void)state;
    assert_int_equal(cx_replay_html(report, "/nowhere/at/all.html", &err), CX_FILE);
    json_decref(report);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_the_log_says_is_escaped),
                                       cmocka_unit_test(a_what_if_tells_both_directions),
                                       cmocka_unit_test(a_folder_that_is_not_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
