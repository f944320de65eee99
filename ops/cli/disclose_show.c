/* One decision in its public form: as everybody may see it, while it is public. */
#include <stdio.h>
#include <string.h>

#include "common/law/publication.h"
#include "common/store/postgres_json.h"
#include "common/vault/hash.h"
#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/disclose.h"
#include "ops/cli/inquiry.h"
#include "ops/cli/print.h"

cx_rc cx_disclose_ask(const cx_config *config, const char *sql, const char *const *values, int n,
                      json_t **out, cx_err *err) {
    return cx_pg_json_once(cx_config_text(config, "postgres.conninfo"), "cx_query", "chengxin disclose", sql,
                           values, n, out, err);
}

static cx_view text_of(const json_t *object, const char *name) {
    const json_t *v = json_object_get(object, name);
    return json_is_string(v) ? (cx_view){json_string_value(v), json_string_length(v)} : CX_VIEW("");
}

static cx_rc find(const cx_disclose *d, json_t **found, cx_err *err) {
    char day[CX_DATE_TEXT];
    bool wall = strcmp(cx_config_text(d->config, "clock.kind"), "wall") == 0;
    const char *today = wall ? cx_date_format(cx_date_of_time(cx_act_now()), day) : NULL;
    const char *const values[] = {d->department, d->target, today};
    CX_TRY(cx_disclose_ask(d->config, "SELECT history.public_decision($1, $2, $3)", values, 3, found, err));
    return *found != NULL ? CX_OK
                          : cx_fail(err, CX_NOT_PUBLIC, "%s: %s", d->decision, cx_rc_text(CX_NOT_PUBLIC));
}

/* Who was asked about is logged before anything of the answer leaves (I-ACCESS). */
static cx_rc log_query(const cx_disclose *d, const json_t *found, cx_err *err) {
    cx_inquiry q = {.purpose = d->purpose,
                    .question = CX_ACCESS_QUESTION_EXPLAIN,
                    .target = cx_view_of(d->decision),
                    .n = 1};
    if (!cx_unhex(text_of(found, "subject"), q.subjects[0], sizeof q.subjects[0]))
        return cx_fail(err, CX_STORE, "history holds no pseudonym where one belongs");
    return cx_inquiry_log(d->config, &q, err);
}

/* What everybody may see: no pseudonym, and the name as it may stand. */
static cx_rc make_public(json_t *found, cx_view name, cx_err *err) {
    char stands[CX_MASKED_NAME];
    cx_naming naming = CX_NAMING_NOT_AT_ALL;
    (void)cx_naming_by_name(text_of(found, "naming"), &naming);
    (void)json_object_del(found, "subject");
    (void)json_object_del(found, "naming");
    bool named =
        name.n == 0 || json_object_set_new(found, "name", json_string(cx_name_as(naming, name, stands))) == 0;
    return named ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static void print_lines(json_t *found) {
    const char *name;
    json_t *value;
    json_object_foreach(found, name, value) {
        const char *text = json_is_string(value) ? json_string_value(value)
                           : json_is_true(value) ? "yes"
                                                 : "";
        (void)printf("%-20s %s\n", name, text);
    }
}

int cx_disclose_show(const cx_disclose *d) {
    cx_err err = {0};
    json_t *found = NULL;
    char line[CX_MASKED_NAME];
    cx_rc rc = find(d, &found, &err);
    if (rc == CX_OK)
        rc = log_query(d, found, &err);
    bool named = rc == CX_OK && fgets(line, sizeof line, stdin) != NULL;
    if (rc == CX_OK)
        rc = make_public(found, named ? cx_view_trim(cx_view_of(line)) : CX_VIEW(""), &err);
    if (rc == CX_OK && d->json)
        (void)(json_dumpf(found, stdout, JSON_COMPACT | JSON_SORT_KEYS) == 0 && putchar('\n'));
    else if (rc == CX_OK)
        print_lines(found);
    json_decref(found);
    if (rc == CX_OK)
        return CX_EXIT_DONE;
    int code = cx_print_error("disclose", &err);
    return rc == CX_NOT_PUBLIC || rc == CX_PURPOSE_FORBIDDEN ? CX_EXIT_NO : code;
}
