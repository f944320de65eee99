#include "ops/cli/pack_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/law/sheet.h"
#include "common/vault/hash.h"

enum { MAX_FILES = 64, MAX_PARENTS = 8, PATH_ROOM = 4096 };
static const size_t largest_file = 64 * 1024 * 1024;

cx_rc cx_file_read(const char *path, size_t limit, cx_arena *arena, cx_view *out, cx_err *err) {
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return cx_fail(err, CX_FILE, "%s: %s", path, strerror(errno));
    struct stat st;
    size_t size = fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode) ? (size_t)st.st_size : limit + 1;
    char *bytes = size > limit ? NULL : cx_arena_alloc(arena, size + 1);
    size_t n = bytes == NULL ? 0 : fread(bytes, 1, size, file);
    bool whole = bytes != NULL && n == size && ferror(file) == 0;
    (void)fclose(file);
    if (!whole)
        return cx_fail(err, CX_FILE, "%s is no file, is larger than %zu bytes, or cannot be read", path,
                       limit);
    bytes[n] = '\0';
    *out = (cx_view){bytes, n};
    return CX_OK;
}

static bool belongs_to_pack(const char *name) {
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && dot != NULL &&
           (strcmp(dot, ".csv") == 0 || strcmp(dot, ".dmn") == 0 || strcmp(dot, ".properties") == 0);
}

static cx_rc read_folder(const char *folder, cx_arena *arena, cx_file *files, size_t *n, cx_err *err) {
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return cx_fail(err, CX_FILE, "%s: %s; a pack is a folder", folder, strerror(errno));
    *n = 0;
    cx_rc rc = CX_OK;
    for (struct dirent *e; rc == CX_OK && (e = readdir(dir)) != NULL;) {
        char path[PATH_ROOM];
        if (!belongs_to_pack(e->d_name))
            continue;
        if (*n == MAX_FILES || snprintf(path, sizeof path, "%s/%s", folder, e->d_name) >= (int)sizeof path) {
            rc = cx_fail(err, CX_FILE, "%s holds too many files", folder);
            break;
        }
        files[*n].path = cx_arena_copy(arena, cx_view_of(e->d_name));
        rc = cx_file_read(path, largest_file, arena, &files[*n].bytes, err);
        (*n)++;
    }
    (void)closedir(dir);
    return rc;
}

/* The value of `parent` in the folder's policy.properties; empty: none. */
static cx_rc parent_of(const cx_file *files, size_t n, cx_arena *arena, cx_view *out, cx_err *err) {
    *out = CX_VIEW("");
    for (size_t i = 0; i < n; i++) {
        if (!cx_view_is(files[i].path, "policy.properties"))
            continue;
        cx_property *properties;
        size_t count;
        CX_TRY(cx_properties_read(files[i].path, files[i].bytes, arena, &properties, &count, err));
        cx_view parent = cx_properties_get(properties, count, CX_VIEW("parent"));
        *out = parent.p != NULL ? parent : CX_VIEW("");
        return CX_OK;
    }
    return cx_fail(err, CX_PACK_INVALID, "policy.properties is missing");
}

static cx_rc read_chain(const char *folder, int depth, cx_arena *arena, cx_file **files, size_t *n,
                        cx_err *err) {
    if (depth == MAX_PARENTS)
        return cx_fail(err, CX_PACK_INVALID, "more than %d parents: does a pack name itself?", MAX_PARENTS);
    cx_file *own = cx_arena_calloc(arena, MAX_FILES, sizeof *own), *above = NULL;
    size_t own_n, above_n = 0;
    if (own == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(read_folder(folder, arena, own, &own_n, err));
    cx_view parent;
    CX_TRY(parent_of(own, own_n, arena, &parent, err));
    if (parent.n > 0) {
        cx_view path = cx_arena_printf(arena, "%s/../../%.*s", folder, CX_VIEW_ARGS(parent));
        if (path.p == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        CX_TRY(read_chain(path.p, depth + 1, arena, &above, &above_n, err));
    }
    return cx_pack_flatten(above, above_n, own, own_n, arena, files, n, err);
}

cx_rc cx_pack_files_read(const char *folder, cx_arena *arena, cx_file **files, size_t *n,
                         uint8_t hash[CX_PACK_HASH], cx_err *err) {
    CX_TRY(read_chain(folder, 0, arena, files, n, err));
    cx_view *parts = cx_pack_hash_parts(*files, *n, arena);
    if (parts == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_hash256(parts, 4 * *n, hash);
    return CX_OK;
}
