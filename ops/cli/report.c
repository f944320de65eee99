/* chengxin report: what the history says of departments, measures and years; of no subject. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/config.h"
#include "common/store/postgres_json.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin report NAME [--json]\n"
    "\n"
    "A report from the history. None names a subject.\n"
    "\n"
    "  sources       what each department sent, what of it was accepted, doubled and refused, for which "
    "reason\n"
    "                mostly, and for how many days it has been silent\n"
    "  completeness  what accepted records leave out, by department\n"
    "  overdue       measures that a department has not answered in time\n"
    "  orphans       measures without a live entry, and answers to no question\n"
    "  readers       who asked the query service, how often and when: for the regular review of users\n"
    "  figures       entries by year and list, in steps of five: nothing is said of few\n"
    "  rulings       objections and complaints that a department has not ruled on in time\n"
    "  laggards      departments whose heads are to be interviewed: silent, or with overdue answers or "
    "rulings\n"
    "  coverage      how many organisations departments name by their unified credit code\n"
    "  publication   the publication clock: how many decisions of each department are still to be published, "
    "were in\n"
    "                time or late, or are overdue; exit 3 where one is overdue\n"
    "  unpublished   the same decision by decision: what nobody has published yet; exit 3 where one is "
    "overdue\n"
    "  hints         for a department's own officials: three adverse records of its own about one subject "
    "within\n"
    "                a year, by event id; a reason to look and nothing else\n"
    "\n"
    "  --json        one array of objects\n"
    "\n"
    "example: chengxin report overdue\n";

/* Each is a function of schemas/sql; `no` is the column that says "no" to a script where it is above 0. */
static const struct {
    const char *name, *sql, *no;
} reports[] = {
#define DUTY(name, no)                                                                                       \
    { #name, "SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM history.report_" #name "() r", no }
#define REPORT(name) DUTY(name, NULL)
    REPORT(sources),
    REPORT(completeness),
    REPORT(overdue),
    REPORT(orphans),
    REPORT(readers),
    REPORT(figures),
    REPORT(rulings),
    REPORT(laggards),
    REPORT(coverage),
    REPORT(hints),
    DUTY(publication, "overdue"),
    DUTY(unpublished, "days_over"),
#undef REPORT
#undef DUTY
};
enum { REPORTS = sizeof reports / sizeof reports[0], HEADING = 40 };

static cx_rc ask(const cx_config *config, const char *sql, json_t **out, cx_err *err) {
    return cx_pg_json_once(cx_config_text(config, "postgres.conninfo"), "cx_query", "chengxin report", sql,
                           NULL, 0, out, err);
}

/* The columns are the first row's members: "days_over" is headed "days over", numbers stand on the right. */
static cx_table_text *make_table(json_t *first) {
    char text[CX_TABLE_COLUMNS][HEADING];
    const char *headings[CX_TABLE_COLUMNS], *name;
    size_t n = 0;
    json_t *value;
    json_object_foreach(first, name, value) {
        if (n == CX_TABLE_COLUMNS)
            break;
        (void)snprintf(text[n], HEADING, "%s%s", json_is_integer(value) ? ">" : "", name);
        for (char *c = text[n]; *c != '\0'; c++)
            *c = *c == '_' ? ' ' : *c;
        headings[n] = text[n];
        n++;
    }
    return cx_table_text_new(headings, n);
}

static cx_rc add_row(cx_table_text *table, json_t *row) {
    cx_view cells[CX_TABLE_COLUMNS];
    char numbers[CX_TABLE_COLUMNS][24];
    const char *name;
    size_t n = 0;
    json_t *value;
    json_object_foreach(row, name, value) {
        if (n == CX_TABLE_COLUMNS)
            break;
        if (json_is_integer(value))
            (void)snprintf(numbers[n], sizeof numbers[n], "%lld", (long long)json_integer_value(value));
        cells[n] = json_is_integer(value)  ? cx_view_of(numbers[n])
                   : json_is_string(value) ? cx_view_of(json_string_value(value))
                                           : CX_VIEW("");
        n++;
    }
    return cx_table_text_row(table, cells);
}

static cx_rc print_rows(json_t *rows, cx_err *err) {
    size_t i;
    json_t *row;
    if (json_array_size(rows) == 0) {
        (void)printf("nothing\n");
        return CX_OK;
    }
    cx_table_text *table = make_table(json_array_get(rows, 0));
    cx_rc rc = table == NULL ? CX_OUT_OF_MEMORY : CX_OK;
    json_array_foreach(rows, i, row) {
        if (rc == CX_OK)
            rc = add_row(table, row);
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

/* Index of the report that is asked for; -1: none is. */
static int read_arguments(int argc, char **argv, bool *json) {
    int asked = -1;
    for (int i = 1; i < argc; i++) {
        int found = -1;
        if (strcmp(argv[i], "--json") == 0) {
            *json = true;
            continue;
        }
        for (int r = 0; r < (int)REPORTS; r++)
            found = strcmp(argv[i], reports[r].name) == 0 ? r : found;
        if (found < 0 || asked >= 0)
            return -1;
        asked = found;
    }
    return asked;
}

static bool says_no(const json_t *rows, const char *column) {
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row) {
        if (column != NULL && json_integer_value(json_object_get(row, column)) > 0)
            return true;
    }
    return false;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    bool json = false;
    int asked = -1;
    json_t *rows = NULL;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && (asked = read_arguments(argc, argv, &json)) < 0)
        rc = cx_fail(&err, CX_USAGE, "name one report: chengxin report --help lists them");
    if (rc == CX_OK)
        rc = ask(config, reports[asked].sql, &rows, &err);
    if (rc == CX_OK && json)
        (void)(json_dumpf(rows, stdout, JSON_COMPACT) == 0 && putchar('\n'));
    else if (rc == CX_OK)
        rc = print_rows(rows, &err);
    bool no = rc == CX_OK && says_no(rows, reports[asked].no);
    json_decref(rows);
    cx_config_destroy(&config);
    return rc != CX_OK ? cx_print_error("report", &err) : no ? CX_EXIT_NO : CX_EXIT_DONE;
}

const cx_command cx_command_report = {.name = "report",
                                      .summary =
                                          "departments, measures and years in tables, without subjects",
                                      .help = help,
                                      .run = run};
