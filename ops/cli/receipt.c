/* chengxin receipt: proof that what is known of a subject was known so. */
#include "ops/cli/receipt.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/inquiry.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin receipt make [PSEUDONYM | REFERENCE --department D | --subject-file FILE] --purpose "
    "CODE [--out FILE]\n"
    "       chengxin receipt check FILE --key FILE [--json]\n"
    "\n"
    "  make    writes a subject's receipt: each event as it was decided (credit.decided), the hashes that "
    "lead from it to the\n"
    "          root of its hour, and the signature over that root. The query is logged first. An identifier "
    "comes from "
    "--subject-file\n"
    "          or from standard input, never from the command line\n"
    "  check   whether the receipt holds, with the public key alone (checkpoint.pub): no server is asked, "
    "and no setting\n"
    "\n"
    "What came after the last hour tick is in no receipt yet. A receipt proves what it holds, not that it "
    "holds all. Exit 0: "
    "done,\n"
    "it holds; 1: failed; 2: wrong usage; 3: it does not hold. docs/checkpoints.md tells how to check one by "
    "other means.\n"
    "\n"
    "example: chengxin receipt make 0123456789abcdef0123456789abcdef --purpose AUDIT --out receipt.json\n"
    "         chengxin receipt check receipt.json --key checkpoint.pub\n";

struct asked {
    const char *verb, *argument, *purpose, *department, *subject_file, *out, *key, *type;
    bool json;
};

static bool take_option(struct asked *a, const char *name, const char *value) {
    const struct {
        const char *name, **to;
    } options[] = {{"--purpose", &a->purpose}, {"--department", &a->department},
                   {"--out", &a->out},         {"--subject-file", &a->subject_file},
                   {"--key", &a->key},         {"--type", &a->type}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strcmp(name, options[i].name) == 0) {
            *options[i].to = value;
            return value != NULL;
        }
    return false;
}

static bool take_arguments(struct asked *a, int argc, char **argv) {
    *a = (struct asked){.type = ""};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            a->json = true;
        else if (argv[i][0] == '-') {
            if (!take_option(a, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
                return false;
            i++;
        } else if (a->verb == NULL)
            a->verb = argv[i];
        else if (a->argument == NULL)
            a->argument = argv[i];
        else
            return false;
    }
    if (a->verb == NULL)
        return false;
    return strcmp(a->verb, "make") == 0
               ? a->purpose != NULL && (a->argument == NULL || a->subject_file == NULL)
               : strcmp(a->verb, "check") == 0 && a->argument != NULL && a->key != NULL;
}

static cx_rc write_out(const json_t *receipt, const char *out, cx_err *err) {
    bool done = out != NULL ? json_dump_file(receipt, out, JSON_INDENT(1) | JSON_SORT_KEYS) == 0
                            : json_dumpf(receipt, stdout, JSON_INDENT(1) | JSON_SORT_KEYS) == 0 &&
                                  putchar('\n') != EOF;
    return done ? CX_OK
                : cx_fail(err, CX_FILE, "%s cannot be written", out != NULL ? out : "standard output");
}

static cx_rc make(const cx_config *config, const struct asked *a, cx_err *err) {
    cx_inquiry q = {.purpose = a->purpose,
                    .department = a->department,
                    .question = CX_ACCESS_QUESTION_EXPLAIN,
                    .target = CX_VIEW("receipt"),
                    .n = 1};
    json_t *receipt = NULL;
    CX_TRY(
        cx_inquiry_subject(config, a->argument, a->subject_file, a->type, a->department, q.subjects[0], err));
    CX_TRY(cx_inquiry_log(config, &q, err));
    CX_TRY(cx_receipt_make(config, q.subjects[0], &receipt, err));
    cx_rc rc = write_out(receipt, a->out, err);
    if (rc == CX_OK && a->out != NULL)
        (void)printf("%s: %zu events, %lld too new to be signed\n", a->out,
                     json_array_size(json_object_get(receipt, "events")),
                     (long long)json_integer_value(json_object_get(receipt, "waiting")));
    json_decref(receipt);
    return rc;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct asked a;
    bool holds = true;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !take_arguments(&a, argc, argv))
        rc = cx_fail(&err, CX_USAGE, "say make (whom, and --purpose CODE) or check FILE --key FILE");
    if (rc == CX_OK)
        rc = strcmp(a.verb, "make") == 0 ? make(config, &a, &err)
                                         : cx_receipt_check(a.argument, a.key, a.json, &holds, &err);
    cx_config_destroy(&config);
    if (rc == CX_OK)
        return holds ? CX_EXIT_DONE : CX_EXIT_NO;
    int code = cx_print_error("receipt", &err);
    return rc == CX_PURPOSE_FORBIDDEN ? CX_EXIT_NO : code;
}

const cx_command cx_command_receipt = {"receipt", "proof of what was known of a subject, checked offline",
                                       help, run};
