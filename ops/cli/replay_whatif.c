#include "ops/cli/replay_whatif.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/run/state.h"
#include "common/vault/hash.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"
#include "ops/replay/impact.h"

enum { SUBJECT = 16, LISTED = 10000, SHOWN = 100 };

static const char *const sorts[] = {"list", "measure", "refusal"};
static const char *const changes[] = {"ONLY_THEN", "ONLY_INSTEAD", "SHORTER", "LONGER"};

struct job {
    cx_impact *impact;
    const uint8_t (*subjects)[SUBJECT];
    size_t subject_n;
    void (*progress)(void *context, int32_t partition, int64_t offset, int64_t end);
    void *context;
    json_t *counts, *affected;
    cx_state *better, *worse; /* subjects */
    size_t left_out;
};

/* --- taking ------------------------------------------------------------------------------------------- */
static void begin(void *context, cx_whatif_side side) {
    struct job *job = context;
    cx_impact_begin(job->impact, side);
}

static cx_rc output(void *context, cx_whatif_side side, const cx_stages_output *out, cx_err *err) {
    struct job *job = context;
    return cx_impact_output(job->impact, side, out, err);
}

static void progress(void *context, int32_t partition, int64_t offset, int64_t end) {
    const struct job *job = context;
    if (job->progress != NULL)
        job->progress(job->context, partition, offset, end);
}

static bool is_wanted(const struct job *job, const cx_impact_row *row) {
    for (size_t i = 0; i < job->subject_n; i++)
        if (memcmp(job->subjects[i], row->subject, SUBJECT) == 0)
            return true;
    return job->subject_n == 0;
}

static json_t *row_json(const cx_impact_row *row) {
    return json_pack("{s:s, s:s, s:s, s:b, s:b}", "sort", sorts[row->sort], "code", row->code, "change",
                     changes[row->change], "better", (int)cx_impact_is_better(row), "worse",
                     (int)cx_impact_is_worse(row));
}

static bool counts_in(const json_t *count, const cx_impact_row *row) {
    return count != NULL && strcmp(json_string_value(json_object_get(count, "code")), row->code) == 0 &&
           strcmp(json_string_value(json_object_get(count, "sort")), sorts[row->sort]) == 0 &&
           strcmp(json_string_value(json_object_get(count, "change")), changes[row->change]) == 0;
}

static json_t *find_count(const json_t *counts, const cx_impact_row *row) {
    for (size_t i = json_array_size(counts); i-- > 0;)
        if (counts_in(json_array_get(counts, i), row))
            return json_array_get(counts, i);
    return NULL;
}

static void add_one(json_t *object, const char *key) {
    (void)json_object_set_new(object, key,
                              json_integer(json_integer_value(json_object_get(object, key)) + 1));
}

/* Rows of one code come by subject: a subject is new to a count unless it is the one counted last in it. */
static void add_count(struct job *job, const cx_impact_row *row, const char *subject) {
    json_t *count = find_count(job->counts, row);
    if (count == NULL) {
        count = row_json(row);
        (void)json_array_append_new(job->counts, count);
    }
    add_one(count, "rows");
    const char *last = json_string_value(json_object_get(count, "last"));
    if (last == NULL || strcmp(last, subject) != 0)
        add_one(count, "subjects");
    (void)json_object_set_new(count, "last", json_string(subject));
}

static void set_date(json_t *object, const char *key, cx_date date) {
    char text[CX_DATE_TEXT];
    (void)json_object_set_new(object, key,
                              date == CX_NO_DATE ? json_null() : json_string(cx_date_format(date, text)));
}

static cx_rc add_subject(cx_state *subjects, const cx_impact_row *row) {
    cx_rc rc =
        cx_state_put(subjects, (cx_view){(const char *)row->subject, SUBJECT}, CX_VIEW("x"), CX_NO_TIME);
    cx_state_keep(subjects);
    return rc;
}

static cx_rc take_row(void *context, const cx_impact_row *row, cx_err *err) {
    struct job *job = context;
    char hex[2 * SUBJECT + 1];
    if (!is_wanted(job, row))
        return CX_OK;
    (void)cx_hex(row->subject, SUBJECT, hex);
    add_count(job, row, hex);
    if ((cx_impact_is_better(row) && add_subject(job->better, row) != CX_OK) ||
        (cx_impact_is_worse(row) && add_subject(job->worse, row) != CX_OK))
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    job->left_out += json_array_size(job->affected) >= LISTED;
    if (json_array_size(job->affected) >= LISTED)
        return CX_OK;
    json_t *json = row_json(row);
    (void)json_object_set_new(json, "subject", json_string(hex));
    set_date(json, "then", row->then);
    set_date(json, "instead", row->instead);
    return json_array_append_new(job->affected, json) == 0 ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* --- the whole ---------------------------------------------------------------------------------------- */
static cx_rc report(struct job *job, const cx_pack *pack, const cx_whatif_tally *t, json_t **out,
                    cx_err *err) {
    char hash[2 * CX_PACK_HASH + 1];
    size_t i;
    json_t *count;
    CX_TRY(cx_impact_each(job->impact, take_row, job, err));
    json_array_foreach(job->counts, i, count) {
        (void)json_object_del(count, "last");
    }
    cx_view name = cx_pack_name(pack), version = cx_pack_version(pack);
    *out = json_pack("{s:{s:s, s:s%, s:s%}, s:I, s:i, s:b, s:{s:I, s:I}, s:{s:I, s:I}, s:O, s:O, s:I}",
                     "policy", "hash", cx_hex(cx_pack_hash(pack), CX_PACK_HASH, hash), "name", name.p, name.n,
                     "version", version.p, version.n, "records", (json_int_t)t->records, "passes", t->passes,
                     "settled", (int)t->settled, "derived", "then", (json_int_t)t->derived[CX_WHATIF_THEN],
                     "instead", (json_int_t)t->derived[CX_WHATIF_INSTEAD], "subjects", "better",
                     (json_int_t)cx_state_rows(job->better), "worse", (json_int_t)cx_state_rows(job->worse),
                     "counts", job->counts, "affected", job->affected, "left_out", (json_int_t)job->left_out);
    return *out != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc run(struct job *job, const cx_replay_source *source, const cx_pack *pack, cx_time to,
                 json_t **out, cx_err *err) {
    const cx_whatif_events events = {.context = job, .begin = begin, .output = output, .progress = progress};
    cx_whatif_tally tally;
    job->impact = cx_impact_new(source, pack);
    job->better = cx_state_new();
    job->worse = cx_state_new();
    job->counts = json_array();
    job->affected = json_array();
    cx_rc rc = job->impact == NULL || job->better == NULL || job->worse == NULL || job->affected == NULL
                   ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                   : cx_whatif_run(source, pack, to, &events, &tally, err);
    if (rc == CX_OK)
        rc = report(job, pack, &tally, out, err);
    cx_impact_destroy(&job->impact);
    cx_state_destroy(&job->better);
    cx_state_destroy(&job->worse);
    json_decref(job->counts);
    json_decref(job->affected);
    return rc;
}

cx_rc cx_replay_whatif(const cx_replay_log *log, const char *policy, cx_time to,
                       const uint8_t (*subjects)[SUBJECT], size_t n,
                       void (*show)(void *context, int32_t partition, int64_t offset, int64_t end),
                       void *context, json_t **out, cx_err *err) {
    struct job job = {.subjects = subjects, .subject_n = n, .progress = show, .context = context};
    struct stat st;
    cx_pack_folder folder = {.pack = NULL};
    const cx_pack *pack = NULL;
    if (stat(policy, &st) == 0 && S_ISDIR(st.st_mode)) {
        CX_TRY(cx_pack_folder_read(policy, &folder, err));
        pack = folder.pack;
    } else {
        pack = cx_replay_log_pack(log, policy);
    }
    cx_rc rc = pack == NULL
                   ? cx_fail(err, CX_NOT_FOUND,
                             "%s is no folder, and no pack of that name or hash is published", policy)
                   : run(&job, cx_replay_log_source(log), pack, to, out, err);
    if (folder.pack != NULL)
        cx_pack_folder_release(&folder);
    return rc;
}

/* --- for people --------------------------------------------------------------------------------------- */
static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static const char *direction(const json_t *row) {
    return json_is_true(json_object_get(row, "better"))  ? "better"
           : json_is_true(json_object_get(row, "worse")) ? "worse"
                                                         : "-";
}

static long long number(const json_t *object, const char *key) {
    return (long long)json_integer_value(json_object_get(object, key));
}

static void print_counts(const json_t *counts) {
    static const char *const headings[] = {"what",     "code",   "under the other pack",
                                           "for them", ">cases", ">subjects"};
    cx_table_text *table = cx_table_text_new(headings, 6);
    for (size_t i = 0; table != NULL && i < json_array_size(counts); i++) {
        const json_t *c = json_array_get(counts, i);
        char rows[24], subjects[24];
        (void)snprintf(rows, sizeof rows, "%lld", number(c, "rows"));
        (void)snprintf(subjects, sizeof subjects, "%lld", number(c, "subjects"));
        const cx_view cells[] = {cx_view_of(text_of(c, "sort")),
                                 cx_view_of(text_of(c, "code")),
                                 cx_view_of(text_of(c, "change")),
                                 cx_view_of(direction(c)),
                                 cx_view_of(rows),
                                 cx_view_of(subjects)};
        if (cx_table_text_row(table, cells) != CX_OK)
            break;
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
}

static void print_affected(const json_t *affected) {
    for (size_t i = 0; i < json_array_size(affected) && i < SHOWN; i++) {
        const json_t *r = json_array_get(affected, i);
        const char *then = text_of(r, "then"), *instead = text_of(r, "instead");
        (void)printf("%s %s %s: %s, %s", text_of(r, "subject"), text_of(r, "sort"), text_of(r, "code"),
                     text_of(r, "change"), direction(r));
        if (then[0] != '\0' || instead[0] != '\0')
            (void)printf(", until %s, instead %s", then[0] != '\0' ? then : "-",
                         instead[0] != '\0' ? instead : "-");
        (void)printf("\n");
    }
    if (json_array_size(affected) > SHOWN)
        (void)printf("... and %zu more; --json and --html tell of %d\n", json_array_size(affected) - SHOWN,
                     LISTED);
}

bool cx_replay_whatif_affects(const json_t *report) {
    return json_array_size(json_object_get(report, "counts")) > 0;
}

void cx_replay_whatif_print(const json_t *report) {
    const json_t *policy = json_object_get(report, "policy"), *subjects = json_object_get(report, "subjects");
    if (cx_replay_whatif_affects(report)) {
        print_affected(json_object_get(report, "affected"));
        (void)printf("\n");
        print_counts(json_object_get(report, "counts"));
        (void)printf("\n");
    }
    (void)printf(
        "%lld events decided again under %s/%s in %lld passes: better for %lld subjects, worse for %lld\n",
        number(report, "records"), text_of(policy, "name"), text_of(policy, "version"),
        number(report, "passes"), number(subjects, "better"), number(subjects, "worse"));
    if (!json_is_true(json_object_get(report, "settled")))
        (void)printf("the derived events did not settle: what rests on them is not certain\n");
}
