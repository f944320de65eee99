/* chengxin disclose: the open-data list of a place; one decision made public, taken back, shown. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/law/publication.h"
#include "common/vault/keys.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/disclose.h"
#include "ops/cli/options.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin disclose items PACK [--json]\n"
    "       chengxin disclose publish DEPARTMENT/ID --id EVENT-ID --document NUMBER --basis CODE --official "
    "ROLE:NUMBER\n"
    "                         --jurisdiction CODE [--consent EVENT-ID] [--subject-file F] [--type T] [--wait "
    "SECONDS]\n"
    "       chengxin disclose withdraw DEPARTMENT/EVENT-ID (the same options but --consent) [--reason CODE]\n"
    "       chengxin disclose show DEPARTMENT/ID --purpose CODE [--json] < NAME\n"
    "\n"
    "What is public, one decision at a time: there is no bulk publication.\n"
    "\n"
    "  items     the open-data list of a place: which items are published, and how a subject's name stands "
    "in them, by the\n"
    "            pack of the place (its folder; docs/policy-packs.md). Persons stand there on a statute or "
    "the State\n"
    "            Council's basis, or with their consent\n"
    "  publish   makes one decision of the department public: a record, or a listing decision, by its event "
    "id; with\n"
    "            \"DEPARTMENT/\" and a consent, that nothing adverse is known of the subject. It is public "
    "while it is in\n"
    "            force, and no longer\n"
    "  withdraw  takes a publication back, by the event id under which it was made\n"
    "  show      the decision as everybody may see it, while it is public. The subject's name, from standard "
    "input,\n"
    "            stands in it as the law lets it: a person's masked. The query is logged first\n"
    "\n"
    "publish and withdraw send the department's event, under its own EVENT-ID, and wait for the verdict "
    "(--wait: 30\n"
    "seconds; 0: they do not). The subject's number is read from the first line of --subject-file, or of "
    "standard input;\n"
    "--type says what it is, where its digits do not.\n"
    "\n"
    "Exit codes: 0 done; 1 failed, or no verdict in time; 2 wrong usage; 3 refused, with its reason, or not "
    "public.\n"
    "\n"
    "example: chengxin disclose publish market/ld-A --id pub-1 --document P-2026-7 --basis XZCF-48 "
    "--official HEAD:7\n"
    "                          --jurisdiction 130100 --subject-file F\n";

/* --- the open-data list ------------------------------------------------------------------------------- */
static const char *stands(const cx_pack *pack, const cx_item *item, cx_subject_type type) {
    bool person = type == CX_SUBJECT_TYPE_PERSON;
    if (!(person ? item->person : item->organisation))
        return "";
    cx_naming naming = cx_item_naming(item, type);
    bool consent = cx_item_needs_consent(pack, item, type);
    if (naming == CX_NAMING_NOT_AT_ALL)
        return "no";
    if (naming == CX_NAMING_MASKED)
        return consent ? "masked, with consent" : "masked";
    return consent ? "in full, with consent" : "in full";
}

static cx_view first_basis(const cx_item *item) {
    return item->bases.n > 0 ? item->bases.items[0] : CX_VIEW("");
}

static json_t *item_object(const cx_pack *pack, const cx_item *item) {
    cx_view basis = first_basis(item);
    return json_pack("{s:s%,s:s%,s:s,s:s,s:s%}", "item", item->code.p, item->code.n, "name", item->name.p,
                     item->name.n, "persons", stands(pack, item, CX_SUBJECT_TYPE_PERSON), "organisations",
                     stands(pack, item, CX_SUBJECT_TYPE_ORGANISATION), "basis", basis.p, basis.n);
}

static int print_items_json(const cx_pack *pack) {
    size_t n;
    const cx_item *items = cx_pack_items(pack, &n);
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++)
        if (!cx_view_is(items[i].display_name, "no"))
            (void)json_array_append_new(all, item_object(pack, &items[i]));
    (void)(json_dumpf(all, stdout, JSON_COMPACT) == 0 && putchar('\n'));
    json_decref(all);
    return CX_EXIT_DONE;
}

static int print_items(const cx_pack *pack) {
    static const char *const headings[] = {"item", "name", "persons", "organisations", "basis"};
    size_t n;
    const cx_item *items = cx_pack_items(pack, &n);
    cx_table_text *table = cx_table_text_new(headings, sizeof headings / sizeof headings[0]);
    cx_rc rc = table == NULL ? CX_OUT_OF_MEMORY : CX_OK;
    for (size_t i = 0; i < n && rc == CX_OK; i++) {
        const cx_item *item = &items[i];
        cx_view cells[CX_TABLE_COLUMNS] = {
            item->code, item->name, cx_view_of(stands(pack, item, CX_SUBJECT_TYPE_PERSON)),
            cx_view_of(stands(pack, item, CX_SUBJECT_TYPE_ORGANISATION)), first_basis(item)};
        if (!cx_view_is(item->display_name, "no"))
            rc = cx_table_text_row(table, cells);
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
    return rc == CX_OK ? CX_EXIT_DONE : CX_EXIT_FAILED;
}

/* --- the command -------------------------------------------------------------------------------------- */
static int run_items(int argc, char **argv) {
    cx_pack_folder folder;
    cx_err err = {0};
    bool json = argc == 4 && strcmp(argv[3], "--json") == 0;
    if (argc != 3 && !json) {
        (void)fputs(help, stderr);
        return CX_EXIT_USAGE;
    }
    if (cx_vault_init(&err) != CX_OK || cx_pack_folder_read(argv[2], &folder, &err) != CX_OK)
        return cx_print_error("disclose", &err);
    int code = json ? print_items_json(folder.pack) : print_items(folder.pack);
    cx_pack_folder_release(&folder);
    return code;
}

typedef enum verb { PUBLISH, WITHDRAW, SHOW, NO_VERB } verb;

static verb verb_of(const char *word) {
    static const char *const words[] = {"publish", "withdraw", "show"};
    for (int i = 0; word != NULL && i < (int)NO_VERB; i++)
        if (strcmp(word, words[i]) == 0)
            return (verb)i;
    return NO_VERB;
}

static bool take_options(cx_disclose *d, int argc, char **argv) {
    const cx_text_option texts[] = {{"--id", &d->id},           {"--document", &d->document},
                                    {"--basis", &d->basis},     {"--official", &d->official},
                                    {"--consent", &d->consent}, {"--jurisdiction", &d->jurisdiction},
                                    {"--reason", &d->reason},   {"--subject-file", &d->file},
                                    {"--type", &d->type},       {"--wait", &d->wait},
                                    {"--purpose", &d->purpose}};
    for (int i = 2; i < argc; i++) {
        if (cx_take_text(texts, sizeof texts / sizeof texts[0], argc, argv, &i))
            continue;
        if (strcmp(argv[i], "--json") == 0)
            d->json = true;
        else if (argv[i][0] != '-' && d->decision == NULL)
            d->decision = argv[i];
        else
            return false;
    }
    return d->decision != NULL;
}

/* Splits DEPARTMENT/ID; whether what the verb needs is there. */
static bool is_whole(cx_disclose *d, verb v) {
    const char *stroke = strchr(d->decision, '/');
    size_t n = stroke != NULL ? (size_t)(stroke - d->decision) : 0;
    if (n == 0 || n >= sizeof d->department)
        return false;
    (void)memcpy(d->department, d->decision, n);
    d->department[n] = '\0';
    d->target = stroke + 1;
    if (!cx_view_is_code(cx_view_of(d->department), sizeof d->department))
        return false;
    if (v == SHOW)
        return d->purpose != NULL && d->target[0] != '\0';
    bool needs_target = v == WITHDRAW || d->consent == NULL;
    return d->id != NULL && d->document != NULL && d->basis != NULL && d->official != NULL &&
           d->jurisdiction != NULL && (!needs_target || d->target[0] != '\0');
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    if (argc > 1 && strcmp(argv[1], "items") == 0)
        return run_items(argc, argv);
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    cx_disclose d = {.config = config};
    verb v = rc == CX_OK && argc > 1 ? verb_of(argv[1]) : NO_VERB;
    int code = CX_EXIT_USAGE;
    if (rc != CX_OK)
        code = cx_print_error("disclose", &err);
    else if (v == NO_VERB || !take_options(&d, argc, argv) || !is_whole(&d, v))
        (void)fputs(help, stderr);
    else
        code = v == SHOW ? cx_disclose_show(&d) : cx_disclose_send(&d, v == WITHDRAW);
    cx_config_destroy(&config);
    return code;
}

const cx_command cx_command_disclose = {.name = "disclose",
                                        .summary =
                                            "what is public: the open-data list, one decision at a time",
                                        .help = help,
                                        .run = run};
