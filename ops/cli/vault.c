/* chengxin vault: the keys of a log generation. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/config.h"
#include "common/vault/keys.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin vault init\n"
    "       chengxin vault show\n"
    "\n"
    "Keys lie in the folder of the setting vault.dir. One set serves one log generation: whoever destroys\n"
    "pseudonym.key at the end of the archive term ends the pseudonyms, whoever destroys vault.sec the "
    "identities.\n"
    "\n"
    "  init   makes the keys that are missing (pseudonym.key, reference.key, vault.sec and vault.pub,\n"
    "         checkpoint.sec and checkpoint.pub); again: changes nothing\n"
    "  show   the keys' fingerprints; never the keys\n"
    "\n"
    "Auditors check the history's signed checkpoints with checkpoint.pub alone.\n"
    "A department's pair is made by chengxin department add.\n";

static cx_rc make_folder(const char *dir, cx_err *err) {
    if (mkdir(dir, 0700) == 0 || errno == EEXIST)
        return CX_OK;
    return cx_fail(err, CX_FILE, "%s: %s", dir, strerror(errno));
}

static cx_rc init(const char *dir, cx_err *err) {
    static const char *const secrets[] = {"pseudonym.key", "reference.key"};
    bool made;
    CX_TRY(make_folder(dir, err));
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        CX_TRY(cx_key_make_secret(dir, secrets[i], &made, err));
        (void)printf("%-16s %s\n", secrets[i], made ? "made" : "there already");
    }
    CX_TRY(cx_key_make_pair(dir, "vault.sec", "vault.pub", &made, err));
    (void)printf("%-16s %s\n", "vault.sec, .pub", made ? "made" : "there already");
    CX_TRY(cx_key_make_signing_pair(dir, "checkpoint.sec", "checkpoint.pub", &made, err));
    (void)printf("%-16s %s\n", "checkpoint.sec, .pub", made ? "made" : "there already");
    return CX_OK;
}

static cx_rc show(const char *dir, cx_err *err) {
    static const char *const names[] = {"pseudonym.key", "reference.key",  "vault.sec",
                                        "vault.pub",     "checkpoint.sec", "checkpoint.pub"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cx_key *key = NULL;
        char fingerprint[17];
        CX_TRY(cx_key_read(dir, names[i], &key, err));
        cx_key_fingerprint(key, fingerprint);
        cx_key_destroy(&key);
        (void)printf("%-16s %s\n", names[i], fingerprint);
    }
    return CX_OK;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL) : cx_vault_init(&err);
    if (rc == CX_OK)
        rc = cx_config_take(config, &argc, argv, environ, &err);
    bool wrong = rc == CX_OK && (argc != 2 || (strcmp(argv[1], "init") != 0 && strcmp(argv[1], "show") != 0));
    if (rc == CX_OK && !wrong) {
        const char *dir = cx_config_text(config, "vault.dir");
        rc = strcmp(argv[1], "init") == 0 ? init(dir, &err) : show(dir, &err);
    }
    cx_config_destroy(&config);
    if (wrong)
        (void)fputs(help, stderr);
    return wrong ? CX_EXIT_USAGE : rc == CX_OK ? CX_EXIT_DONE : cx_print_error("vault", &err);
}

const cx_command cx_command_vault = {"vault", "make and show the keys of the log", help, run};
