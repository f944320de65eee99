/* Inside `chengxin policy`: its verbs. Each gets what follows the verb and returns an exit code. */
#ifndef OPS_CLI_POLICY_H
#define OPS_CLI_POLICY_H

#include "common/base/config.h"
#include "common/law/pack.h"
#include "common/wire/type.h"
#include "ops/cli/pack_files.h"

/* A pack read from its folder. */
typedef struct cx_pack_folder {
    cx_arena *arena;
    cx_file *files;
    size_t n;
    uint8_t hash[CX_PACK_HASH];
    cx_pack *pack;
} cx_pack_folder;

CX_MUST_CHECK cx_rc cx_pack_folder_read(const char *path, cx_pack_folder *out, cx_err *err);
void cx_pack_folder_release(cx_pack_folder *folder);

CX_MUST_CHECK cx_rc cx_policy_is_published(const cx_config *config, const uint8_t hash[CX_PACK_HASH],
                                           bool *found, cx_err *err);

int cx_policy_check(int argc, char **argv);
int cx_policy_show(int argc, char **argv);
int cx_policy_diff(int argc, char **argv);
int cx_policy_publish(const cx_config *config, int argc, char **argv);
int cx_policy_activate(const cx_config *config, int argc, char **argv);
int cx_policy_list(const cx_config *config, int argc, char **argv);

#endif
