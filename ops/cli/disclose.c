/* chengxin disclose: the open-data list of a place. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/law/publication.h"
#include "common/vault/keys.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin disclose items PACK [--json]\n"
    "\n"
    "The open-data list of a place: which items are published, and how a subject's name stands in it, by the "
    "pack of the\n"
    "place (its folder; docs/policy-packs.md). Persons stand there on a statute or the State Council's "
    "basis, "
    "or with\n"
    "their consent. There is no bulk publication.\n"
    "\n"
    "example: chengxin disclose items deploy/policies/shenzhen/2026-01\n";

/* --- the open-data list ------------------------------------------------------------------------------- */
static const char *stands(const cx_pack *pack, const cx_item *item, cx_subject_type type) {
    bool person = type == CX_SUBJECT_TYPE_PERSON;
    if (!(person ? item->person : item->organisation))
        return "";
    cx_naming naming = cx_item_naming(item, type);
    bool consent = person && !cx_item_publishes_persons(pack, item);
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
static int run(int argc, char **argv) {
    cx_pack_folder folder;
    cx_err err = {0};
    bool json = argc == 4 && strcmp(argv[3], "--json") == 0;
    if ((argc != 3 && !json) || strcmp(argv[1], "items") != 0) {
        (void)fputs(help, stderr);
        return CX_EXIT_USAGE;
    }
    if (cx_vault_init(&err) != CX_OK || cx_pack_folder_read(argv[2], &folder, &err) != CX_OK)
        return cx_print_error("disclose", &err);
    int code = json ? print_items_json(folder.pack) : print_items(folder.pack);
    cx_pack_folder_release(&folder);
    return code;
}

const cx_command cx_command_disclose = {.name = "disclose",
                                        .summary = "which items are published, and how names stand in it",
                                        .help = help,
                                        .run = run};
