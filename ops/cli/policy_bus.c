/* chengxin policy publish: packs onto the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/bus/producer.h"
#include "common/law/review.h"
#include "common/vault/hash.h"
#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/framing.h"
#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"
#include "schemas/types.h"

static const char policies_topic[] = "credit.policies";

/* --- publish
 * ------------------------------------------------------------------------------------------------------ */

struct search {
    const uint8_t *hash;
    bool found;
};

static cx_rc look_for(void *context, const cx_message *message, cx_err *err) {
    (void)err;
    struct search *s = context;
    s->found |= message->value.n > 0 && message->key.n == CX_PACK_HASH &&
                memcmp(message->key.p, s->hash, CX_PACK_HASH) == 0;
    return CX_OK;
}

cx_rc cx_policy_is_published(const cx_config *config, const uint8_t hash[CX_PACK_HASH], bool *found,
                             cx_err *err) {
    struct search s = {hash, false};
    cx_rc rc = cx_topic_read(config, policies_topic, look_for, &s, err);
    *found = s.found;
    return rc;
}

static cx_rc send_pack(const cx_config *config, const cx_pack_folder *folder, cx_err *err) {
    cx_policy_pack pack = {.name = cx_arena_printf(folder->arena, "%.*s/%.*s",
                                                   CX_VIEW_ARGS(cx_pack_name(folder->pack)),
                                                   CX_VIEW_ARGS(cx_pack_version(folder->pack)))};
    (void)memcpy(pack.hash, folder->hash, sizeof pack.hash);
    pack.files.items = cx_arena_calloc(folder->arena, folder->n + 1, sizeof *pack.files.items);
    if (pack.files.items == NULL || pack.name.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < folder->n; i++)
        pack.files.items[i] =
            (cx_policy_file){.path = folder->files[i].path, .bytes = folder->files[i].bytes};
    pack.files.n = folder->n;
    return cx_act_commit_row(config, "credit.cli.policy", policies_topic, &cx_policy_pack_type, &pack,
                             (cx_view){(const char *)folder->hash, CX_PACK_HASH}, err);
}

static void keep_first_error(void *context, cx_review_kind kind, const char *file, cx_view row,
                             const char *what) {
    cx_err *err = context;
    if (kind == CX_REVIEW_ERROR && err->rc == CX_OK)
        (void)cx_fail(err, CX_PACK_INVALID, "%s, %.*s: %s", file, CX_VIEW_ARGS(row), what);
}

/* Nobody publishes what `policy check` refuses. */
static cx_rc check_pack(const cx_pack_folder *folder, cx_err *err) {
    cx_err found = {.rc = CX_OK};
    CX_TRY(cx_pack_review(folder->pack, keep_first_error, &found));
    if (found.rc != CX_OK)
        *err = found;
    return found.rc;
}

int cx_policy_publish(const cx_config *config, int argc, char **argv) {
    if (argc != 2) {
        (void)fprintf(stderr, "chengxin policy publish: give one folder; see chengxin policy --help\n");
        return CX_EXIT_USAGE;
    }
    cx_pack_folder folder;
    cx_err err = {0};
    cx_rc rc = cx_pack_folder_read(argv[1], &folder, &err);
    if (rc != CX_OK)
        return cx_print_error("policy", &err);
    bool found = false;
    rc = check_pack(&folder, &err);
    if (rc == CX_OK)
        rc = cx_policy_is_published(config, folder.hash, &found, &err);
    if (rc == CX_OK && !found)
        rc = send_pack(config, &folder, &err);
    char hash[2 * CX_PACK_HASH + 1];
    (void)cx_hex(folder.hash, CX_PACK_HASH, hash);
    cx_pack_folder_release(&folder);
    if (rc != CX_OK)
        return cx_print_error("policy", &err);
    (void)printf("%s %s\n", hash, found ? "was published before" : "published");
    return CX_EXIT_DONE;
}
