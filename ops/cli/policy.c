/* chengxin policy: packs, from their folder to the log. */
#include "ops/cli/policy.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/vault/keys.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin policy check FOLDER [--production] [--quiet]\n"
    "       chengxin policy show FOLDER\n"
    "       chengxin policy diff FOLDER FOLDER\n"
    "       chengxin policy publish FOLDER\n"
    "       chengxin policy activate FOLDER|HASH --jurisdiction CODE --who WHO --why WHY [--wait SECONDS]\n"
    "       chengxin policy list [--json]\n"
    "\n"
    "A pack is a folder deploy/policies/<jurisdiction>/<version> (docs/policy-packs.md).\n"
    "\n"
    "  check     reads it with its parents, compiles its tables, tells every finding; exit 0 when it can be\n"
    "            used, 1 when it cannot. --production also refuses restrictions on bases that were not read\n"
    "  show      what it holds\n"
    "  diff      rows and properties that two packs do not share; exit 3 when they differ\n"
    "  publish   puts it, flattened, under its hash on credit.policies; again: changes nothing\n"
    "  activate  asks the clock to let a published pack take effect for a jurisdiction; --wait: until it "
    "has.\n"
    "            WHO is the number of the official who asks: it takes another one to release what is HELD\n"
    "  list      packs published, where they are in force, and which running instances have not compiled "
    "them "
    "yet\n";

typedef int verb_local(int argc, char **argv);
typedef int verb_on_bus(const cx_config *config, int argc, char **argv);

static const struct {
    const char *name;
    verb_local *local;
    verb_on_bus *on_bus;
} verbs[] = {
    {"check", cx_policy_check, NULL},       {"show", cx_policy_show, NULL},
    {"diff", cx_policy_diff, NULL},         {"publish", NULL, cx_policy_publish},
    {"activate", NULL, cx_policy_activate}, {"list", NULL, cx_policy_list},
};

static int run_on_bus(verb_on_bus *verb, int argc, char **argv) {
    cx_err err = {0};
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    int code = rc == CX_OK ? verb(config, argc, argv) : cx_print_error("policy", &err);
    cx_config_destroy(&config);
    return code;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    if (cx_vault_init(&err) != CX_OK)
        return cx_print_error("policy", &err);
    for (size_t i = 0; argc >= 2 && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].local != NULL ? verbs[i].local(argc - 1, argv + 1)
                                          : run_on_bus(verbs[i].on_bus, argc - 1, argv + 1);
    (void)fputs(help, stderr);
    return CX_EXIT_USAGE;
}

const cx_command cx_command_policy = {"policy", "check, show, diff, publish, activate and list policy packs",
                                      help, run};

cx_rc cx_pack_folder_read(const char *path, cx_pack_folder *out, cx_err *err) {
    *out = (cx_pack_folder){.arena = cx_arena_new(0)};
    if (out->arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = cx_pack_files_read(path, out->arena, &out->files, &out->n, out->hash, err);
    if (rc == CX_OK)
        rc = cx_pack_load(out->files, out->n, out->hash, &out->pack, err);
    if (rc != CX_OK) {
        (void)cx_fail_in(err, "%s", path);
        cx_pack_folder_release(out);
    }
    return rc;
}

void cx_pack_folder_release(cx_pack_folder *folder) {
    cx_pack_destroy(&folder->pack);
    cx_arena_destroy(&folder->arena);
}
