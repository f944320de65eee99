#include "services/policies.h"

#include "common/law/flatten.h"
#include "common/law/policies.h"
#include "common/vault/hash.h"
#include "schemas/types.h"

enum { HASH_PARTS = 4 };

/* The hash is what everybody cites: a pack whose files give another one is not used. */
static cx_rc check_hash(const cx_policy_pack *published, const cx_file *files, cx_arena *arena, cx_err *err) {
    uint8_t hash[CX_PACK_HASH];
    for (size_t i = 1; i < published->files.n; i++)
        if (cx_view_cmp(files[i - 1].path, files[i].path) >= 0)
            return cx_fail(err, CX_PACK_INVALID, "a published pack's files are not in order");
    const cx_view *parts = cx_pack_hash_parts(files, published->files.n, arena);
    if (parts == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_hash256(parts, HASH_PARTS * published->files.n, hash);
    return memcmp(hash, published->hash, sizeof hash) == 0
               ? CX_OK
               : cx_fail(err, CX_PACK_INVALID, "a published pack's files do not give its hash");
}

static cx_rc compile(const void *policy_pack, void **compiled, cx_err *err) {
    const cx_policy_pack *published = policy_pack;
    cx_arena *arena = cx_arena_new(0);
    cx_file *files = arena == NULL ? NULL : cx_arena_calloc(arena, published->files.n + 1, sizeof *files);
    cx_rc rc = files == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < published->files.n; i++)
        files[i] = (cx_file){published->files.items[i].path, published->files.items[i].bytes};
    if (rc == CX_OK)
        rc = check_hash(published, files, arena, err);
    cx_pack *pack = NULL;
    if (rc == CX_OK)
        rc = cx_pack_load(files, published->files.n, published->hash, &pack, err);
    *compiled = pack;
    cx_arena_destroy(&arena);
    return rc;
}

static void destroy(void **compiled) {
    cx_pack *pack = *compiled;
    cx_pack_destroy(&pack);
    *compiled = NULL;
}

static void *set_new(void) {
    return cx_policies_new();
}

static void set_destroy(void **set) {
    cx_policies *policies = *set;
    cx_policies_destroy(&policies);
    *set = NULL;
}

static cx_rc set_activate(void *set, const void *compiled) {
    return cx_policies_activate(set, compiled);
}

const cx_policy_ops cx_law_policy_ops = {compile, destroy, set_new, set_destroy, set_activate};
