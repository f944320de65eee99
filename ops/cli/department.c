/* chengxin department: a department's topics and keys. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/vault/keys.h"
#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/options.h"
#include "ops/cli/print.h"
#include "ops/cli/topics.h"

enum { NAME_MAX_LENGTH = 64, PATH_ROOM = 4096, SUFFIX = 4 };

static const char help[] =
    "usage: chengxin department add NAME...\n"
    "       chengxin department list [--json]\n"
    "       chengxin department rotate NAME --who NUMBER --why TEXT\n"
    "\n"
    "  add    makes credit.in., credit.rejected., credit.notices. and credit.redrive.NAME, and the "
    "department's key pair:\n"
    "         NAME.pub stays in vault.dir/departments (the courier seals to it), NAME.sec goes to "
    "vault.dir/handover and is\n"
    "         the department's own: hand it over and remove it here. Again: changes nothing\n"
    "  rotate makes the department a new key pair, where its secret half was lost or leaked: what is sealed "
    "from "
    "the\n"
    "         courier's next start on opens with the new one alone. Kept in credit.operations\n"
    "  list   the departments that have topics, and their keys' fingerprints\n";

struct job {
    cx_config *config;
    cx_arena *arena;
    cx_admin *admin;
    char departments[PATH_ROOM]; /* folders of keys */
    char handover[PATH_ROOM];
    bool json;
    size_t listed;
    const char *rotated; /* NULL: another verb */
    cx_actor actor;      /* of rotate */
};

/* Lower-case letters, digits and hyphens, as in departments.csv. */
static bool is_name(const char *text) {
    size_t n = strlen(text);
    return n > 0 && n <= NAME_MAX_LENGTH && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static cx_rc make_folder(const char *path, mode_t mode, cx_err *err) {
    return mkdir(path, mode) == 0 || errno == EEXIST ? CX_OK
                                                     : cx_fail(err, CX_FILE, "%s: %s", path, strerror(errno));
}

/* --- add
 * ----------------------------------------------------------------------------------------------------------
 */

/* The pair: the public half where the courier looks for it, the secret one apart. */
static cx_rc make_pair(const struct job *job, const char *name, bool *made, cx_err *err) {
    char secret[NAME_MAX_LENGTH + 32], public[NAME_MAX_LENGTH + 32];
    char public_path[PATH_ROOM];
    (void)snprintf(secret, sizeof secret, "handover/%s.sec", name);
    (void)snprintf(public, sizeof public, "departments/%s.pub", name);
    (void)snprintf(public_path, sizeof public_path, "%s/%s.pub", job->departments, name);
    *made = false;
    if (access(public_path, F_OK) == 0)
        return CX_OK; /* the secret half may have been handed over */
    return cx_key_make_pair(cx_config_text(job->config, "vault.dir"), secret, public, made, err);
}

static cx_rc add_one(struct job *job, const cx_sheet *sheet, const char *name, cx_err *err) {
    cx_topic_spec *specs;
    size_t n, created;
    bool made;
    CX_TRY(cx_topics_specs(job->config, sheet, name, job->arena, &specs, &n, err));
    CX_TRY(cx_topics_create(job->admin, specs, n, &created, err));
    CX_TRY(make_pair(job, name, &made, err));
    (void)printf("%-24s %zu topics created, keys %s\n", name, created, made ? "made" : "there already");
    return CX_OK;
}

static cx_rc add(struct job *job, int argc, char **argv, cx_err *err) {
    cx_sheet sheet;
    for (int i = 2; i < argc; i++)
        if (!is_name(argv[i]))
            return cx_fail(err, CX_USAGE,
                           "\"%s\" is no department's name: lower-case letters, digits, hyphens", argv[i]);
    CX_TRY(cx_topics_read(job->config, job->arena, &sheet, err));
    CX_TRY(make_folder(job->departments, 0755, err));
    CX_TRY(make_folder(job->handover, 0700, err));
    for (int i = 2; i < argc; i++)
        CX_TRY(add_one(job, &sheet, argv[i], err));
    return CX_OK;
}

/* --- rotate ----------------------------------------------------------------------------------------------
 */

static cx_rc send_rotated(void *context, cx_producer *producer, cx_err *err) {
    char key[NAME_MAX_LENGTH + 8];
    const struct job *job = context;
    int n = snprintf(key, sizeof key, "key:%s", job->rotated);
    return cx_act_send(producer, &job->actor,
                       (cx_act){.kind = CX_ACT_KIND_KEY_ROTATE,
                                .department = cx_view_of(job->rotated),
                                .partition = -1,
                                .offset = -1,
                                .letter_partition = -1,
                                .letter_offset = -1},
                       (cx_view){key, (size_t)n}, err);
}

/* The old public half goes first: stopped in between, `add` or another `rotate` makes the pair whole. */
static cx_rc rotate(struct job *job, cx_err *err) {
    char public_path[PATH_ROOM + NAME_MAX_LENGTH + 8], secret_path[PATH_ROOM + NAME_MAX_LENGTH + 8];
    bool made = false;
    (void)snprintf(public_path, sizeof public_path, "%s/%s.pub", job->departments, job->rotated);
    (void)snprintf(secret_path, sizeof secret_path, "%s/%s.sec", job->handover, job->rotated);
    if (access(public_path, F_OK) != 0)
        return cx_fail(err, CX_NOT_FOUND, "%s has no key: chengxin department add makes one", job->rotated);
    CX_TRY(cx_act_commit(job->config, "credit.cli.department", send_rotated, job, err));
    CX_TRY(make_folder(job->handover, 0700, err));
    if ((unlink(public_path) != 0 && errno != ENOENT) || (unlink(secret_path) != 0 && errno != ENOENT))
        return cx_fail(err, CX_FILE, "%s: %s", public_path, strerror(errno));
    CX_TRY(make_pair(job, job->rotated, &made, err));
    (void)printf("%s: a new pair; hand %s over and remove it here, and start the courier again\n",
                 job->rotated, secret_path);
    return CX_OK;
}

static cx_rc read_rotate(struct job *job, int argc, char **argv, cx_err *err) {
    const char *who = NULL, *why = NULL;
    const cx_text_option texts[] = {{"--who", &who}, {"--why", &why}};
    for (int i = 2; i < argc; i++) {
        if (cx_take_text(texts, sizeof texts / sizeof texts[0], argc, argv, &i))
            continue;
        if (job->rotated != NULL || !is_name(argv[i]))
            return cx_fail(err, CX_USAGE, "say rotate NAME --who NUMBER --why TEXT");
        job->rotated = argv[i];
    }
    if (job->rotated == NULL)
        return cx_fail(err, CX_USAGE, "say rotate NAME --who NUMBER --why TEXT");
    return cx_actor_make(who, why, &job->actor, err);
}

/* --- list
 * ---------------------------------------------------------------------------------------------------------
 */

static const char inbound[] = "credit.in.";

static cx_rc list_one(void *context, const char *topic, int32_t partitions) {
    struct job *job = context;
    const char *name = topic + sizeof inbound - 1;
    char file[PATH_ROOM], fingerprint[17] = "-";
    cx_key *key = NULL;
    (void)snprintf(file, sizeof file, "departments/%s.pub", name);
    if (cx_key_read(cx_config_text(job->config, "vault.dir"), file, &key, NULL) == CX_OK)
        cx_key_fingerprint(key, fingerprint);
    cx_key_destroy(&key);
    if (job->json)
        (void)printf("%s{\"department\": \"%s\", \"partitions\": %d, \"key\": \"%s\"}",
                     job->listed == 0 ? "" : ", ", name, partitions, fingerprint);
    else
        (void)printf("%-24s %d partitions, key %s\n", name, partitions, fingerprint);
    job->listed++;
    return CX_OK;
}

static cx_rc list(struct job *job, cx_err *err) {
    if (job->json)
        (void)printf("[");
    cx_rc rc = cx_admin_topics(job->admin, inbound, list_one, job, err);
    if (job->json)
        (void)printf("]\n");
    else
        (void)printf("%zu departments\n", job->listed);
    return rc;
}

static cx_rc open_job(struct job *job, int *argc, char **argv, cx_err *err) {
    job->config = cx_config_new();
    job->arena = cx_arena_new(0);
    if (job->config == NULL || job->arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_vault_init(err));
    CX_TRY(cx_config_take(job->config, argc, argv, environ, err));
    const char *vault = cx_config_text(job->config, "vault.dir");
    if (snprintf(job->departments, sizeof job->departments, "%s/departments", vault) >= PATH_ROOM ||
        snprintf(job->handover, sizeof job->handover, "%s/handover", vault) >= PATH_ROOM)
        return cx_fail(err, CX_CONFIG, "the path of vault.dir is too long");
    job->json = *argc == 3 && strcmp(argv[2], "--json") == 0;
    bool right = (*argc >= 3 && strcmp(argv[1], "add") == 0) ||
                 (*argc >= 2 && *argc <= (job->json ? 3 : 2) && strcmp(argv[1], "list") == 0);
    if (*argc >= 2 && strcmp(argv[1], "rotate") == 0)
        CX_TRY(read_rotate(job, *argc, argv, err));
    else if (!right)
        return cx_fail(err, CX_USAGE, "say add NAME..., list or rotate NAME");
    return cx_admin_new(job->config, &job->admin, err);
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL)
        return CX_EXIT_FAILED;
    cx_rc rc = open_job(job, &argc, argv, &err);
    if (rc == CX_OK)
        rc = job->rotated != NULL          ? rotate(job, &err)
             : strcmp(argv[1], "add") == 0 ? add(job, argc, argv, &err)
                                           : list(job, &err);
    cx_admin_destroy(&job->admin);
    cx_arena_destroy(&job->arena);
    cx_config_destroy(&job->config);
    free(job);
    return rc == CX_OK ? CX_EXIT_DONE : cx_print_error("department", &err);
}

const cx_command cx_command_department = {"department", "topics and keys of the departments", help, run};
