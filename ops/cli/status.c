/* chengxin status: what is in force for a subject, now from Redis, or as of any time from PostgreSQL. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/run/in_force.h"
#include "common/store/cached.h"
#include "common/store/postgres_json.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/inquiry.h"
#include "ops/cli/print.h"
#include "ops/cli/status_clean.h"

static const char help[] =
    "usage: chengxin status [PSEUDONYM | REFERENCE] --purpose CODE [--department D] [--at TIME] [--known-at "
    "TIME]\n"
    "                       [--subject-file FILE] [--type KIND] [--json]\n"
    "\n"
    "What is in force for one subject: list entries, and records on display. Without an argument the "
    "identifier\n"
    "(person number, credit code) is read from standard input; it is never an argument, where `ps` would "
    "show it.\n"
    "The query is written to credit.access, and to the subject's own log, before it is answered; if it "
    "cannot be\n"
    "written, there is no answer.\n"
    "\n"
    "  --purpose CODE     OWN_REPORT OBJECTION SUPERVISION LICENSING PROCUREMENT FUNDING TITLES RECRUITING "
    "(where a\n"
    "                     statute asks for it) COURT AUDIT OPERATION; anything else is refused, and logged\n"
    "  --department D     on whose behalf: it is told when what was seen is recalled; and whose a REFERENCE "
    "is\n"
    "  --at TIME          what was in force then (2027-06-01, or 2027-06-01T08:30:00, in China)\n"
    "  --known-at TIME    as it was known then; both come from PostgreSQL\n"
    "  --subject-file F   the identifier is the first line of F\n"
    "  --type KIND        CITIZEN_ID CREDIT_CODE ORGANISATION_CODE REGISTRATION_NUMBER TAX_NUMBER PASSPORT\n"
    "                     HONGKONG_MACAO_PERMIT TAIWAN_PERMIT FOREIGN_PERMANENT_RESIDENT; the first three "
    "are told\n"
    "                     by their check digits\n"
    "  --clean PACK       also whether the years are clean that the pack (its folder) asks for an incentive: "
    "what\n"
    "                     expired, was recalled or is disputed does not count; granting it stays a matter of "
    "discretion\n"
    "  --json             one object\n"
    "\n"
    "Exit codes: 0 answered, 1 failed, 2 wrong usage, 3 refused.\n"
    "\n"
    "example: chengxin status --purpose AUDIT --at 2027-06-01 <identifier.txt\n";

struct wanted {
    const char *subject, *purpose, *department, *file, *type;
    const char *clean; /* a pack's folder */
    cx_time at, known_at;
    bool json;
};

static bool take_time(const char *text, cx_time *out) {
    return cx_time_parse(cx_view_of(text), out);
}

static bool read_arguments(int argc, char **argv, struct wanted *w) {
    *w = (struct wanted){.at = CX_NO_TIME, .known_at = CX_NO_TIME, .type = ""};
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(a, "--json") == 0) {
            w->json = true;
            continue;
        }
        if (a[0] != '-' && w->subject == NULL) {
            w->subject = a;
            continue;
        }
        if (next == NULL)
            return false;
        i++;
        if (strcmp(a, "--purpose") == 0)
            w->purpose = next;
        else if (strcmp(a, "--department") == 0)
            w->department = next;
        else if (strcmp(a, "--subject-file") == 0)
            w->file = next;
        else if (strcmp(a, "--clean") == 0)
            w->clean = next;
        else if (strcmp(a, "--type") == 0)
            w->type = next;
        else if (!(strcmp(a, "--at") == 0 && take_time(next, &w->at)) &&
                 !(strcmp(a, "--known-at") == 0 && take_time(next, &w->known_at)))
            return false;
    }
    return w->purpose != NULL && (w->subject == NULL || w->file == NULL);
}

/* --- the answer ---------------------------------------------------------------------------------------- */

/* NULL with CX_OK: nothing is known of the subject. */
static cx_rc from_redis(const cx_config *config, const uint8_t subject[16], json_t **out, cx_err *err) {
    cx_redis *redis = NULL;
    *out = NULL;
    cx_rc rc =
        cx_redis_open(cx_config_text(config, "redis.socket"), cx_config_text(config, "query.redis.user"),
                      cx_config_text(config, "query.redis.password.file"), &redis, err);
    if (rc == CX_OK)
        rc = cx_in_force(redis, subject, out, err);
    cx_redis_close(&redis);
    return rc;
}

static const char *time_or_ever(cx_time t, char out[CX_TIME_TEXT]) {
    return t == CX_NO_TIME ? "infinity" : cx_time_format(t, out);
}

static cx_rc from_postgres(const cx_config *config, const uint8_t subject[16], const struct wanted *w,
                           json_t **out, cx_err *err) {
    char hex[CX_CACHED_HEX + 2] = "\\x", at[CX_TIME_TEXT], known[CX_TIME_TEXT];
    (void)cx_cached_hex(subject, hex + 2);
    const char *const values[] = {hex, time_or_ever(w->at, at), time_or_ever(w->known_at, known)};
    return cx_pg_json_once(cx_config_text(config, "postgres.conninfo"), "cx_query", "chengxin status",
                           "SELECT history.status_json($1, $2, $3)", values, 3, out, err);
}

/* --- printing ------------------------------------------------------------------------------------------ */

static cx_view text_of(const json_t *object, const char *name) {
    const json_t *v = json_object_get(object, name);
    if (json_is_true(v))
        return CX_VIEW("yes");
    return json_is_string(v) ? (cx_view){json_string_value(v), json_string_length(v)} : CX_VIEW("");
}

static cx_rc print_list(const json_t *list, const char *title, const char *const *names,
                        const char *const *headings, size_t n) {
    if (json_array_size(list) == 0)
        return CX_OK;
    cx_table_text *table = cx_table_text_new(headings, n);
    if (table == NULL)
        return CX_OUT_OF_MEMORY;
    cx_rc rc = CX_OK;
    for (size_t i = 0; i < json_array_size(list) && rc == CX_OK; i++) {
        cx_view cells[CX_TABLE_COLUMNS];
        for (size_t c = 0; c < n; c++) {
            cells[c] = text_of(json_array_get(list, i), names[c]);
            if (cells[c].n == 0 && strcmp(names[c], "list") == 0) /* a role in what an organisation did */
                cells[c] = CX_VIEW("none");
        }
        rc = cx_table_text_row(table, cells);
    }
    (void)printf("\n%s\n", title);
    cx_table_text_print(&table, stdout);
    return rc;
}

static void print_freshness(const json_t *answer, const struct wanted *w) {
    const json_t *tick = json_object_get(answer, "tick"), *received = json_object_get(answer, "received_to");
    char a[CX_TIME_TEXT], b[CX_TIME_TEXT];
    if (w->at != CX_NO_TIME)
        (void)printf("in force at %s", cx_time_format(w->at, a));
    else
        (void)printf("in force now");
    if (w->known_at != CX_NO_TIME)
        (void)printf(", as known at %s", cx_time_format(w->known_at, a));
    if (json_is_integer(tick))
        (void)printf("; as of %s", cx_time_format((cx_time)json_integer_value(tick), a));
    if (json_is_integer(received))
        (void)printf(", with all that arrived before %s",
                     cx_time_format((cx_time)json_integer_value(received), b));
    (void)printf("\n");
}

static cx_rc print_text(const json_t *answer, const struct wanted *w) {
    static const char *const entries[] = {"id",         "list",     "state", "grade", "role",
                                          "department", "document", "from",  "until", "marked"};
    static const char *const entry_heads[] = {"entry",      "list",     "state", "grade", "role",
                                              "department", "document", "from",  "until", "disputed"};
    static const char *const records[] = {"event_id",   "item",     "direction", "grade",
                                          "department", "document", "until",     "marked"};
    static const char *const record_heads[] = {"record",     "item",     "direction", "grade",
                                               "department", "document", "until",     "disputed"};
    const json_t *e = json_object_get(answer, "entries"), *r = json_object_get(answer, "records");
    const char *under = json_string_value(json_object_get(answer, "found_under"));
    print_freshness(answer, w);
    if (under != NULL)
        (void)printf("found under the subject's other pseudonym, %s\n", under);
    if (json_array_size(e) + json_array_size(r) == 0)
        (void)printf("nothing\n");
    CX_TRY(print_list(e, "list entries", entries, entry_heads, sizeof entries / sizeof entries[0]));
    return print_list(r, "records on display", records, record_heads, sizeof records / sizeof records[0]);
}

static cx_rc print_answer(const uint8_t subject[16], json_t *answer, const struct wanted *w, cx_err *err) {
    char hex[CX_CACHED_HEX];
    json_t *known = answer != NULL ? json_incref(answer) : json_pack("{s:[],s:[]}", "entries", "records");
    if (known == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)json_object_set_new(known, "subject", json_string(cx_cached_hex(subject, hex)));
    const char *clean = NULL;
    cx_rc rc = w->clean != NULL ? cx_status_clean(known, w->clean, &clean, err) : CX_OK;
    if (clean != NULL)
        (void)json_object_set_new(known, "clean", json_string(clean));
    if (rc == CX_OK && w->json)
        (void)(json_dumpf(known, stdout, JSON_COMPACT | JSON_SORT_KEYS) == 0 && putchar('\n'));
    else if (rc == CX_OK)
        rc = print_text(known, w);
    if (rc == CX_OK && !w->json && clean != NULL)
        (void)printf("\nclean years: %s\n", clean);
    json_decref(known);
    return rc;
}

static cx_rc answer(const cx_config *config, const struct wanted *w, cx_err *err) {
    bool past = w->at != CX_NO_TIME || w->known_at != CX_NO_TIME;
    cx_inquiry q = {.purpose = w->purpose,
                    .department = w->department,
                    .question = past ? CX_ACCESS_QUESTION_STATUS_AT : CX_ACCESS_QUESTION_STATUS,
                    .n = 1};
    json_t *found = NULL;
    CX_TRY(cx_inquiry_subject(config, w->subject, w->file, w->type, w->department, q.subjects[0], err));
    CX_TRY(cx_inquiry_log(config, &q, err));
    cx_rc rc = past ? from_postgres(config, q.subjects[0], w, &found, err)
                    : from_redis(config, q.subjects[0], &found, err);
    if (rc == CX_OK)
        rc = print_answer(q.subjects[0], found, w, err);
    json_decref(found);
    return rc;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct wanted w;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !read_arguments(argc, argv, &w))
        rc = cx_fail(&err, CX_USAGE, "say whom (or nothing: standard input) and --purpose CODE");
    if (rc == CX_OK)
        rc = answer(config, &w, &err);
    cx_config_destroy(&config);
    if (rc == CX_OK)
        return CX_EXIT_DONE;
    int code = cx_print_error("status", &err);
    return rc == CX_PURPOSE_FORBIDDEN ? CX_EXIT_NO : code;
}

const cx_command cx_command_status = {.name = "status",
                                      .summary = "what is in force for a subject, now or at any time",
                                      .help = help,
                                      .run = run};
