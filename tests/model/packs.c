#include "tests/model/packs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/law/flatten.h"

enum { MOST_FILES = 32 };

static cx_rc read_file(const char *folder, const char *name, cx_arena *arena, cx_file *out, cx_err *err) {
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
        if (f != NULL)
            (void)fclose(f);
        return cx_fail(err, CX_FILE, "cannot read %s", path);
    }
    size_t n = (size_t)ftell(f);
    char *bytes = cx_arena_alloc(arena, n + 1);
    rewind(f);
    bool whole = bytes != NULL && fread(bytes, 1, n, f) == n;
    (void)fclose(f);
    *out = (cx_file){.path = cx_arena_copy(arena, cx_view_of(name)), .bytes = {bytes, n}};
    return whole ? CX_OK : cx_fail(err, CX_FILE, "cannot read %s", path);
}

static int by_path(const void *a, const void *b) {
    return cx_view_cmp(((const cx_file *)a)->path, ((const cx_file *)b)->path);
}

static cx_rc read_folder(const char *folder, cx_arena *arena, cx_file files[MOST_FILES], size_t *n,
                         cx_err *err) {
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return cx_fail(err, CX_FILE, "no folder %s", folder);
    cx_rc rc = CX_OK;
    *n = 0;
    for (struct dirent *e = readdir(dir); e != NULL && rc == CX_OK; e = readdir(dir))
        if (e->d_name[0] != '.' && *n < MOST_FILES)
            rc = read_file(folder, e->d_name, arena, &files[(*n)++], err);
    (void)closedir(dir);
    qsort(files, *n, sizeof *files, by_path);
    return rc;
}

cx_rc cx_model_pack(const char *parent, const char *folder, uint8_t number, cx_pack **out, cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_file parents[MOST_FILES], files[MOST_FILES], *flat;
    size_t parent_n = 0, n = 0, flat_n = 0;
    uint8_t hash[CX_PACK_HASH];
    (void)memset(hash, number, sizeof hash);
    *out = NULL;
    cx_rc rc = parent != NULL ? read_folder(parent, arena, parents, &parent_n, err) : CX_OK;
    if (rc == CX_OK)
        rc = read_folder(folder, arena, files, &n, err);
    if (rc == CX_OK)
        rc = cx_pack_flatten(parents, parent_n, files, n, arena, &flat, &flat_n, err);
    if (rc == CX_OK)
        rc = cx_pack_load(flat, flat_n, hash, out, err);
    cx_arena_destroy(&arena);
    return rc;
}
