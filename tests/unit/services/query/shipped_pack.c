#include "tests/unit/services/query/shipped_pack.h"

#include "ops/cli/pack_files.h"

cx_arena *shipped_arena;
cx_pack *shipped_pack;

int open_shipped_pack(void **state) {
    cx_file *files;
    size_t n;
    uint8_t hash[CX_PACK_HASH];
    (void)state;
    shipped_arena = cx_arena_new(0);
    bool good = cx_pack_files_read("deploy/policies/shijiazhuang/2026-01", shipped_arena, &files, &n, hash,
                                   NULL) == CX_OK &&
                cx_pack_load(files, n, hash, &shipped_pack, NULL) == CX_OK;
    return good ? 0 : -1;
}

int close_shipped_pack(void **state) {
    (void)state;
    cx_pack_destroy(&shipped_pack);
    cx_arena_destroy(&shipped_arena);
    return 0;
}
