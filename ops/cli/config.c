/* chengxin config: the settings in force and where each came from; the reference manual of all of them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/config.h"
#include "common/base/log.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin config [--json | --manual] [--KEY VALUE ...]\n"
    "\n"
    "The settings in force: key, value, and where the value came from. Values come from, each over the one "
    "before:\n"
    "the defaults, /etc/chengxin/chengxin.properties, the file that CHENGXIN_CONFIG names, --config FILE,\n"
    "CHENGXIN_<KEY> in the environment (capitals, '.' as '_'), flags. librdkafka's own keys pass through as\n"
    "kafka.<key>. Values of passwords are not shown.\n"
    "\n"
    "  --manual   what each setting means, as Markdown\n"
    "  --json     as one JSON object: key -> {value, source}\n";

static cx_rc show_text(void *context, const char *key, const char *value, const char *source) {
    (void)context;
    return printf("%-28s %-32s %s\n", key, value[0] != '\0' ? value : "(empty)", source) < 0 ? CX_FILE
                                                                                             : CX_OK;
}

static cx_rc show_json(void *context, const char *key, const char *value, const char *source) {
    bool *later = context;
    char safe[8192], from[1024];
    (void)cx_log_escape(value, safe, sizeof safe);
    (void)cx_log_escape(source, from, sizeof from);
    (void)printf("%s\n  \"%s\": {\"value\": \"%s\", \"source\": \"%s\"}", *later ? "," : "", key, safe, from);
    *later = true;
    return CX_OK;
}

static void show_manual(void) {
    static const char *const types[] = {"text", "whole number", "true or false", "choice", "path"};
    size_t n = 0;
    const cx_config_row *rows = cx_config_rows(&n);
    (void)printf("| setting | default | kind | meaning |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < n; i++) {
        char range[64] = "";
        if (rows[i].type == CX_CONFIG_INTEGER)
            (void)snprintf(range, sizeof range, ", %lld to %lld", (long long)rows[i].least,
                           (long long)rows[i].most);
        (void)printf("| `%s` | `%s` | %s%s | %s |\n", rows[i].key, rows[i].value, types[rows[i].type], range,
                     rows[i].description);
    }
    (void)printf(
        "| `kafka.<key>` | | text | librdkafka's own setting of that name; refused are those on which "
        "exactly-once rests. |\n");
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
    bool manual = argc == 2 && strcmp(argv[1], "--manual") == 0;
    bool later = false;
    if (rc == CX_OK && argc > 1 && !json && !manual)
        rc = cx_fail(&err, CX_USAGE, "what is %s?", argv[1]);
    if (rc == CX_OK && manual)
        show_manual();
    if (rc == CX_OK && !manual) {
        (void)printf("%s", json ? "{" : "");
        rc = cx_config_each(config, true, json ? show_json : show_text, &later);
        (void)printf("%s", json ? "\n}\n" : "");
    }
    cx_config_destroy(&config);
    return rc == CX_OK ? CX_EXIT_DONE : cx_print_error("config", &err);
}

const cx_command cx_command_config = {
    .name = "config", .summary = "the settings in force, and what each means", .help = help, .run = run};
