/* chengxin publish: a department's file, row by row, onto its own topic. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/law/pack_rows.h"
#include "common/vault/keys.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/pack_files.h"
#include "ops/cli/print.h"
#include "ops/cli/publish_bus.h"
#include "ops/cli/publish_source.h"
#include "services/intake/form.h"

enum { SHOWN = 50, PROGRESS_EVERY = 2000 };
static const size_t largest_file = (size_t)1024 * 1024 * 1024;

static const char help[] =
    "usage: chengxin publish FILE --department D [--pack FOLDER] [--dry-run] [--json]\n"
    "\n"
    "Sends a department's events to credit.in.<department>. FILE is a double-publication CSV (penalties or "
    "permits;\n"
    "UTF-8 or GB18030), JSON lines, or an Avro container file; docs/events.md describes them.\n"
    "\n"
    "  --department D   whose topic (and, in CSV files, whose documents)\n"
    "  --pack FOLDER    policy pack that tells what a CSV row becomes; default: the setting pack.dir\n"
    "  --dry-run        checks every row and sends nothing\n"
    "  --json           the result as one JSON object\n"
    "\n"
    "Rows that are refused are listed with row number, column, reason and what to do; the others are sent. "
    "An event\n"
    "that stands on the topic already is not sent again. Exit 0: all rows sent or there already; 3: some "
    "refused.\n";

struct refusal {
    size_t row;
    cx_rc rc;
    cx_view place;
};

struct job {
    const char *file, *department, *pack;
    bool dry_run, json;
    cx_config *config;
    cx_arena *arena; /* for the whole run */
    cx_publisher *publisher;
    size_t rows, sent, there, refused;
    struct refusal first[SHOWN];
    size_t by_reason[CX_RC_COUNT];
};

/* --- arguments
 * ---------------------------------------------------------------------------------------------------- */

static bool take_arguments(struct job *job, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--dry-run") == 0)
            job->dry_run = true;
        else if (strcmp(argv[i], "--json") == 0)
            job->json = true;
        else if (strcmp(argv[i], "--department") == 0 && i + 1 < argc)
            job->department = argv[++i];
        else if (strcmp(argv[i], "--pack") == 0 && i + 1 < argc)
            job->pack = argv[++i];
        else if (argv[i][0] != '-' && job->file == NULL)
            job->file = argv[i];
        else
            return false;
    }
    return job->file != NULL && job->department != NULL && cx_view_is_code(cx_view_of(job->department), 64);
}

/* --- a row
 * ---------------------------------------------------------------------------------------------------------
 */

static cx_intake_subject check_subject(const cx_subject *subject, cx_date today) {
    cx_intake_subject checked = {.rc = CX_OK, .identifier = {.birth_date = CX_NO_DATE}};
    if (subject->id_type != CX_ID_TYPE_REFERENCE) /* only intake can open a reference */
        checked.rc = cx_identifier_check(subject->type, subject->id_type, subject->id,
                                         subject->has_birth_date ? subject->birth_date : CX_NO_DATE, today,
                                         &checked.identifier);
    return checked;
}

/* What intake will check, checked here already. */
static cx_rc check_event(const cx_credit_event *event, cx_arena *arena, const char **place) {
    cx_date today = cx_date_of_time(event->issued_at);
    cx_intake_subject subject;
    cx_intake_subject *others = cx_arena_calloc(arena, event->others.n + 1, sizeof *others);
    if (others == NULL)
        return CX_OUT_OF_MEMORY;
    cx_intake_prepared prepared = {.others = others};
    if (event->subject != NULL) {
        subject = check_subject(event->subject, today);
        prepared.subject = &subject;
    }
    for (size_t i = 0; i < event->others.n; i++)
        others[i] = check_subject(&event->others.items[i], today);
    return cx_intake_check_form(event, &prepared, place);
}

static void refuse(struct job *job, const cx_sourced *row) {
    if (job->refused < SHOWN)
        job->first[job->refused] =
            (struct refusal){row->row, row->rc, cx_arena_copy(job->arena, cx_view_of(row->place))};
    job->refused++;
    job->by_reason[row->rc]++;
}

static cx_rc take_row(struct job *job, cx_sourced *row, cx_arena *arena, cx_err *err) {
    job->rows++;
    if (row->rc == CX_OK)
        row->rc = check_event(&row->event, arena, &row->place);
    if (row->rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (row->rc != CX_OK) {
        refuse(job, row);
        return CX_OK;
    }
    bool there = false;
    if (job->publisher != NULL)
        CX_TRY(cx_publisher_send(job->publisher, &row->event, &there, err));
    job->there += there;
    job->sent += !there;
    return CX_OK;
}

static cx_rc take_rows(struct job *job, cx_source *source, cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    bool progress = isatty(STDERR_FILENO) == 1;
    cx_sourced row;
    while (rc == CX_OK && cx_source_next(source, arena, &row)) {
        rc = take_row(job, &row, arena, err);
        cx_arena_reset(arena);
        if (progress && job->rows % PROGRESS_EVERY == 0)
            (void)fprintf(stderr, "\r%zu rows (%d %%)", job->rows, cx_source_percent(source));
    }
    if (progress && job->rows >= PROGRESS_EVERY)
        (void)fprintf(stderr, "\r%40s\r", "");
    if (rc == CX_OK && job->publisher != NULL)
        rc = cx_publisher_flush(job->publisher, err);
    cx_arena_destroy(&arena);
    return rc;
}

/* --- the file
 * ---------------------------------------------------------------------------------------------------------
 */

static cx_rc read_rules(const struct job *job, cx_publication_rules *rules, cx_err *err) {
    cx_file *files;
    size_t n, count;
    uint8_t hash[CX_PACK_HASH];
    cx_property *properties;
    const cx_pack_form *form = &cx_pack_forms[CX_PACK_PUBLICATION];
    int64_t jurisdiction = 0;
    CX_TRY(cx_pack_files_read(job->pack, job->arena, &files, &n, hash, err));
    *rules = (cx_publication_rules){.department = cx_view_of(job->department)};
    for (size_t i = 0; i < n; i++) {
        if (cx_view_is(files[i].path, form->path))
            CX_TRY(cx_sheet_read(files[i].path, files[i].bytes, form->columns, form->width, job->arena,
                                 &rules->rows, err));
        if (cx_view_is(files[i].path, "policy.properties")) {
            CX_TRY(cx_properties_read(files[i].path, files[i].bytes, job->arena, &properties, &count, err));
            (void)cx_view_to_int64(cx_properties_get(properties, count, CX_VIEW("jurisdiction")),
                                   &jurisdiction);
        }
    }
    rules->jurisdiction = (int32_t)jurisdiction;
    return rules->rows.rows > 0 ? CX_OK
                                : cx_fail(err, CX_PACK_INVALID, "%s has no publication.csv", job->pack);
}

static cx_rc publish(struct job *job, cx_err *err) {
    cx_view bytes;
    cx_publication_rules rules = {.jurisdiction = 0};
    CX_TRY(cx_file_read(job->file, largest_file, job->arena, &bytes, err));
    if (cx_source_kind_of(bytes) == CX_SOURCE_CSV)
        CX_TRY(read_rules(job, &rules, err));
    cx_source *source = NULL;
    cx_rc rc = cx_source_open(job->file, bytes, &rules, job->arena, &source, err);
    if (rc == CX_OK && !job->dry_run)
        rc = cx_publisher_open(job->config, job->department, &job->publisher, err);
    if (rc == CX_OK)
        rc = take_rows(job, source, err);
    cx_publisher_close(&job->publisher);
    cx_source_close(&source);
    return rc;
}

/* --- the report
 * ---------------------------------------------------------------------------------------------------------
 */

static void print_refused(const struct job *job) {
    static const char *const headings[] = {">row", "column", "reason", "what to do"};
    size_t shown = job->refused < SHOWN ? job->refused : SHOWN;
    cx_table_text *table = shown == 0 ? NULL : cx_table_text_new(headings, 4);
    for (size_t i = 0; table != NULL && i < shown; i++) {
        char row[24];
        (void)snprintf(row, sizeof row, "%zu", job->first[i].row);
        const char *advice = cx_rc_advice(job->first[i].rc);
        const cx_view cells[] = {cx_view_of(row), job->first[i].place,
                                 cx_view_of(cx_rc_name(job->first[i].rc)),
                                 cx_view_of(advice[0] != '\0' ? advice : cx_rc_text(job->first[i].rc))};
        if (cx_table_text_row(table, cells) != CX_OK)
            break;
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
    if (job->refused > SHOWN)
        (void)printf("... and %zu more\n", job->refused - SHOWN);
}

static void print_json(const struct job *job) {
    (void)printf("{\"rows\": %zu, \"%s\": %zu, \"already_there\": %zu, \"refused\": %zu, \"reasons\": {",
                 job->rows, job->dry_run ? "good" : "sent", job->sent, job->there, job->refused);
    const char *separator = "";
    for (unsigned i = 0; i < CX_RC_COUNT; i++)
        if (job->by_reason[i] > 0) {
            (void)printf("%s\"%s\": %zu", separator, cx_rc_name((cx_rc)i), job->by_reason[i]);
            separator = ", ";
        }
    (void)printf("}}\n");
}

static void report(const struct job *job) {
    if (job->json) {
        print_json(job);
        return;
    }
    print_refused(job);
    (void)printf("%s: %zu rows, %zu %s, %zu there already, %zu refused\n", job->file, job->rows, job->sent,
                 job->dry_run ? "good" : "sent", job->there, job->refused);
}

static int run_job(struct job *job, int argc, char **argv) {
    cx_err err = {0};
    job->config = cx_config_new();
    job->arena = cx_arena_new(0);
    cx_rc rc = job->config == NULL || job->arena == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                                                         : cx_vault_init(&err);
    if (rc == CX_OK)
        rc = cx_config_take(job->config, &argc, argv, environ, &err);
    if (rc == CX_OK && !take_arguments(job, argc, argv)) {
        (void)fputs(help, stderr);
        return CX_EXIT_USAGE;
    }
    if (rc == CX_OK) {
        job->pack = job->pack != NULL ? job->pack : cx_config_text(job->config, "pack.dir");
        rc = publish(job, &err);
    }
    if (rc != CX_OK)
        return cx_print_error("publish", &err);
    report(job);
    return job->refused == 0 ? CX_EXIT_DONE : CX_EXIT_NO;
}

static int run(int argc, char **argv) {
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL)
        return CX_EXIT_FAILED;
    int code = run_job(job, argc, argv);
    cx_arena_destroy(&job->arena);
    cx_config_destroy(&job->config);
    free(job);
    return code;
}

const cx_command cx_command_publish = {"publish", "send a department's file of events to its topic", help,
                                       run};
