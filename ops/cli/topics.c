/* chengxin topics: the declared topics against the cluster's. */
#include "ops/cli/topics.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/pack_files.h"
#include "ops/cli/print.h"
#include "ops/cli/repartition.h"

enum { TOPIC, PARTITIONS, SETTINGS, COLUMNS, VALUE_ROOM = 256 };
static const size_t largest_file = 1024 * 1024;

static const char help[] =
    "usage: chengxin topics plan\n"
    "       chengxin topics apply\n"
    "       chengxin topics access\n"
    "       chengxin topics repartition --partitions N [--dry-run]\n"
    "\n"
    "The declared topics (setting topics.file, by default deploy/kafka/topics.csv) against the cluster's.\n"
    "\n"
    "  plan    what is missing or differs; exit 3 when anything does\n"
    "  apply   creates what is missing. A topic that differs is never changed here: see the message\n"
    "  access  Kafka's own commands that let each service read and write what access.csv (beside "
    "topics.file)\n"
    "          gives it, and nothing else: pipe them into a shell of the broker's, with BOOTSTRAP set\n"
    "\n"
    "  repartition  gives the log, while everything stands still, N partitions, a multiple of what it has: "
    "every\n"
    "          event, row and position keeps its place or moves with its subject; nothing is decided again "
    "and\n"
    "          nobody is told anything. Run again after it was stopped, it goes on. --dry-run: says what "
    "stands in\n"
    "          the way; exit 3 where something does. The runbook tells what comes before and after it\n"
    "\n"
    "Topics of a department are made by chengxin department add.\n";

cx_rc cx_topics_read(const cx_config *config, cx_arena *arena, cx_sheet *out, cx_err *err) {
    static const char *const columns[COLUMNS] = {"topic", "partitions", "settings"};
    const char *path = cx_config_text(config, "topics.file");
    cx_view bytes;
    CX_TRY(cx_file_read(path, largest_file, arena, &bytes, err));
    return cx_sheet_read(cx_view_of(path), bytes, columns, COLUMNS, arena, out, err);
}

/* Kafka counts retention from the messages' timestamps, which are ticks: on a virtual log they may lie months
 * behind the broker's clock, and a term would remove what nobody has read yet. */
static cx_view retention(const cx_config *config, cx_view key, cx_view value) {
    bool is_virtual = strcmp(cx_config_text(config, "clock.kind"), "virtual") == 0;
    return is_virtual && cx_view_is(key, "retention.ms") ? CX_VIEW("-1") : value;
}

/* "a=b;c=d" into the spec, NUL-terminated in the arena. */
static cx_rc read_settings(const cx_config *config, cx_view text, cx_arena *arena, cx_topic_spec *spec,
                           cx_err *err) {
    while (text.n > 0) {
        cx_view value, key = cx_view_split(cx_view_split(text, ';', &text), '=', &value);
        if (value.p == NULL || spec->settings == CX_TOPIC_SETTINGS)
            return cx_fail(err, CX_CONFIG, "topic %s: its settings are not key=value;key=value", spec->name);
        spec->keys[spec->settings] = cx_arena_copy(arena, key).p;
        spec->values[spec->settings] = cx_arena_copy(arena, retention(config, key, value)).p;
        if (spec->keys[spec->settings] == NULL || spec->values[spec->settings] == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        spec->settings++;
    }
    return CX_OK;
}

static cx_rc make_spec(const cx_config *config, const cx_view *row, const char *department, cx_arena *arena,
                       cx_topic_spec *spec, cx_err *err) {
    int64_t partitions = 1;
    if (cx_view_is(row[PARTITIONS], "spine"))
        partitions = cx_config_integer(config, "topics.partitions");
    else if (department == NULL && !cx_view_to_int64(row[PARTITIONS], &partitions))
        return cx_fail(err, CX_CONFIG, "%.*s: partitions is spine, department or a number",
                       CX_VIEW_ARGS(row[TOPIC]));
    cx_view name =
        cx_arena_printf(arena, "%.*s%s", CX_VIEW_ARGS(row[TOPIC]), department != NULL ? department : "");
    *spec = (cx_topic_spec){.name = name.p,
                            .partitions = (int32_t)partitions,
                            .replication = (int16_t)cx_config_integer(config, "topics.replication")};
    return name.p == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                          : read_settings(config, row[SETTINGS], arena, spec, err);
}

cx_rc cx_topics_specs(const cx_config *config, const cx_sheet *sheet, const char *department, cx_arena *arena,
                      cx_topic_spec **out, size_t *n, cx_err *err) {
    *n = 0;
    *out = cx_arena_calloc(arena, sheet->rows + 1, sizeof **out);
    if (*out == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < sheet->rows; i++) {
        const cx_view *row = cx_sheet_row(sheet, i);
        if (cx_view_is(row[PARTITIONS], "department") == (department != NULL))
            CX_TRY(make_spec(config, row, department, arena, &(*out)[(*n)++], err));
    }
    return CX_OK;
}

/* --- plan
 * ---------------------------------------------------------------------------------------------------------
 */

static cx_rc plan_one(cx_admin *admin, const cx_topic_spec *spec, size_t *differences, cx_err *err) {
    int32_t partitions = 0;
    cx_rc rc = cx_admin_partitions(admin, spec->name, &partitions, err);
    if (rc == CX_TOPIC_MISSING) {
        (void)printf("%s: missing; chengxin topics apply creates it\n", spec->name);
        (*differences)++;
        return CX_OK;
    }
    CX_TRY(rc);
    if (partitions != spec->partitions) {
        (void)printf(
            "%s: %d partitions, declared are %d; the runbook tells how a partition count is changed\n",
            spec->name, partitions, spec->partitions);
        (*differences)++;
    }
    for (size_t i = 0; i < spec->settings; i++) {
        char value[VALUE_ROOM];
        bool found;
        CX_TRY(cx_topic_setting(admin, spec->name, spec->keys[i], value, sizeof value, &found, err));
        if (found && strcmp(value, spec->values[i]) == 0)
            continue;
        (void)printf("%s: %s is %s, declared is %s; change it with kafka-configs\n", spec->name,
                     spec->keys[i], found ? value : "not known", spec->values[i]);
        (*differences)++;
    }
    return CX_OK;
}

static int plan(cx_admin *admin, const cx_topic_spec *specs, size_t n) {
    cx_err err = {0};
    size_t differences = 0;
    for (size_t i = 0; i < n; i++)
        if (plan_one(admin, &specs[i], &differences, &err) != CX_OK)
            return cx_print_error("topics", &err);
    (void)printf("%zu topics declared, %zu differences\n", n, differences);
    return differences == 0 ? CX_EXIT_DONE : CX_EXIT_NO;
}

static int apply(cx_admin *admin, const cx_topic_spec *specs, size_t n) {
    cx_err err = {0};
    size_t created = 0;
    if (cx_topics_create(admin, specs, n, &created, &err) != CX_OK)
        return cx_print_error("topics", &err);
    (void)printf("%zu topics declared, %zu created, %zu there already\n", n, created, n - created);
    return CX_EXIT_DONE;
}

/* --- access ------------------------------------------------------------------------------------------------
 */

static cx_rc read_access(const cx_config *config, cx_arena *arena, cx_sheet *out, cx_err *err) {
    static const char *const columns[] = {"service", "right", "topic"};
    cx_view file = cx_view_of(cx_config_text(config, "topics.file")), bytes;
    size_t folder = file.n;
    while (folder > 0 && file.p[folder - 1] != '/')
        folder--;
    cx_view path = cx_arena_printf(arena, "%.*saccess.csv", (int)folder, file.p);
    if (path.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_file_read(path.p, largest_file, arena, &bytes, err));
    return cx_sheet_read(path, bytes, columns, sizeof columns / sizeof columns[0], arena, out, err);
}

/* Kafka's command that gives one service one right; a name that ends in a dot or hyphen is a prefix. */
static void print_rule(cx_view service, const char *what, cx_view name, const char *operation) {
    bool prefix = name.n > 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == '-');
    (void)printf("kafka-acls.sh --bootstrap-server \"$BOOTSTRAP\" --add --allow-principal User:chengxin-%.*s "
                 "--operation %s %s %.*s%s\n",
                 CX_VIEW_ARGS(service), operation, what, CX_VIEW_ARGS(name),
                 prefix ? " --resource-pattern-type prefixed" : "");
}

/* Kafka's word for a right; NULL: there is no such right. */
static const char *operation_of(cx_view right) {
    static const char *const names[][2] = {
        {"read", "Read"}, {"write", "Write"}, {"delete", "Delete"}, {"describe-configs", "DescribeConfigs"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (cx_view_is(right, names[i][0]))
            return names[i][1];
    return NULL;
}

/* The rights of access.csv, and for each service its own group (a bridge has one for each peer) and
 * transactional ids. */
static int print_access(const cx_config *config, cx_arena *arena) {
    cx_err err = {0};
    cx_sheet sheet;
    cx_view last = CX_VIEW("");
    if (read_access(config, arena, &sheet, &err) != CX_OK)
        return cx_print_error("topics", &err);
    for (size_t i = 0; i < sheet.rows; i++) {
        const cx_view *row = cx_sheet_row(&sheet, i);
        const char *operation = operation_of(row[1]);
        if (operation == NULL) {
            (void)cx_fail(&err, CX_CONFIG,
                          "access.csv: a right is read, write, delete or describe-configs, not %.*s",
                          CX_VIEW_ARGS(row[1]));
            return cx_print_error("topics", &err);
        }
        if (!cx_view_eq(last, row[0])) {
            cx_view group = cx_arena_printf(arena, "credit.%.*s", CX_VIEW_ARGS(row[0]));
            print_rule(row[0], "--group", group, "Read");
            print_rule(row[0], "--group", cx_arena_printf(arena, "credit.%.*s-", CX_VIEW_ARGS(row[0])),
                       "Read");
            print_rule(row[0], "--transactional-id",
                       cx_arena_printf(arena, "credit.%.*s-", CX_VIEW_ARGS(row[0])), "Write");
        }
        last = row[0];
        print_rule(row[0], "--topic", row[2], operation);
    }
    return CX_EXIT_DONE;
}

static int run_with(const cx_config *config, cx_arena *arena, const char *verb) {
    cx_err err = {0};
    cx_sheet sheet;
    cx_topic_spec *specs;
    size_t n;
    cx_admin *admin = NULL;
    cx_rc rc = cx_topics_read(config, arena, &sheet, &err);
    if (rc == CX_OK)
        rc = cx_topics_specs(config, &sheet, NULL, arena, &specs, &n, &err);
    if (rc == CX_OK)
        rc = cx_admin_new(config, &admin, &err);
    if (rc != CX_OK)
        return cx_print_error("topics", &err);
    int code = strcmp(verb, "plan") == 0 ? plan(admin, specs, n) : apply(admin, specs, n);
    cx_admin_destroy(&admin);
    return code;
}

/* repartition --partitions N [--dry-run] */
static bool read_split(int argc, char **argv, int32_t *into, bool *dry_run) {
    int64_t n = 0;
    bool good = strcmp(argv[2], "--partitions") == 0 && cx_view_to_int64(cx_view_of(argv[3]), &n) && n > 0 &&
                n <= INT32_MAX;
    *into = (int32_t)n;
    *dry_run = argc == 5 && strcmp(argv[4], "--dry-run") == 0;
    return good && (argc == 4 || *dry_run);
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    cx_config *config = cx_config_new();
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = config == NULL || arena == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                                               : cx_config_take(config, &argc, argv, environ, &err);
    int code = CX_EXIT_USAGE;
    int32_t into = 0;
    bool dry_run = false;
    if (rc != CX_OK)
        code = cx_print_error("topics", &err);
    else if (argc == 2 && strcmp(argv[1], "access") == 0)
        code = print_access(config, arena);
    else if (argc >= 4 && strcmp(argv[1], "repartition") == 0 && read_split(argc, argv, &into, &dry_run))
        code = cx_repartition_run(config, into, dry_run);
    else if (argc == 2 && (strcmp(argv[1], "plan") == 0 || strcmp(argv[1], "apply") == 0))
        code = run_with(config, arena, argv[1]);
    else
        (void)fputs(help, stderr);
    cx_arena_destroy(&arena);
    cx_config_destroy(&config);
    return code;
}

const cx_command cx_command_topics = {"topics", "the declared topics against the cluster's", help, run};
