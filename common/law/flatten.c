#include "common/law/flatten.h"

#include "common/law/pack_rows.h"

#include <stdlib.h>

enum { MAX_FILES = 256, HASH_PARTS = 4 };

/* Text that grows by doubling within an arena. */
struct text {
    cx_arena *arena;
    char *p;
    size_t n, room;
    bool failed;
};

static void add(struct text *t, cx_view v) {
    if (t->n + v.n > t->room && !t->failed) {
        size_t room = 2 * (t->n + v.n) + 1024;
        char *p = cx_arena_alloc(t->arena, room);
        t->failed = p == NULL;
        if (p != NULL && t->n > 0)
            (void)memcpy(p, t->p, t->n);
        t->p = p;
        t->room = room;
    }
    if (t->failed || v.n == 0)
        return;
    (void)memcpy(t->p + t->n, v.p, v.n);
    t->n += v.n;
}

static bool needs_quotes(cx_view cell) {
    for (size_t i = 0; i < cell.n; i++)
        if (cell.p[i] == ',' || cell.p[i] == '"' || cell.p[i] == '\n' || cell.p[i] == '\r')
            return true;
    return false;
}

static void add_cell(struct text *t, cx_view cell) {
    if (!needs_quotes(cell)) {
        add(t, cell);
        return;
    }
    add(t, CX_VIEW("\""));
    for (size_t i = 0; i < cell.n; i++) {
        add(t, (cx_view){cell.p + i, 1});
        if (cell.p[i] == '"')
            add(t, CX_VIEW("\""));
    }
    add(t, CX_VIEW("\""));
}

static void add_row(struct text *t, const cx_view *cells, size_t width) {
    for (size_t i = 0; i < width; i++) {
        if (i > 0)
            add(t, CX_VIEW(","));
        add_cell(t, cells[i]);
    }
    add(t, CX_VIEW("\n"));
}

static cx_rc finish(const struct text *t, cx_view *out, cx_err *err) {
    *out = (cx_view){t->p != NULL ? t->p : "", t->n};
    return t->failed ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
}

/* The row of `sheet` with the same key, or NULL. */
static const cx_view *row_with_key(const cx_sheet *sheet, const cx_view *key, size_t keys) {
    for (size_t row = 0; row < sheet->rows; row++) {
        const cx_view *cells = cx_sheet_row(sheet, row);
        size_t same = 0;
        while (same < keys && cx_view_eq(cells[same], key[same]))
            same++;
        if (same == keys)
            return cells;
    }
    return NULL;
}

static cx_rc merge_sheets(const cx_pack_form *form, cx_view parent, cx_view child, cx_arena *arena,
                          cx_view *out, cx_err *err) {
    cx_sheet old = {.rows = 0}, new = {.rows = 0};
    cx_view path = cx_view_of(form->path);
    if (parent.p != NULL)
        CX_TRY(cx_sheet_read(path, parent, form->columns, form->width, arena, &old, err));
    if (child.p != NULL)
        CX_TRY(cx_sheet_read(path, child, form->columns, form->width, arena, &new, err));
    struct text t = {.arena = arena};
    cx_view header[CX_SHEET_COLUMNS];
    for (size_t i = 0; i < form->width; i++)
        header[i] = cx_view_of(form->columns[i]);
    add_row(&t, header, form->width);
    for (size_t row = 0; row < old.rows; row++) {
        const cx_view *cells = cx_sheet_row(&old, row), *newer = row_with_key(&new, cells, form->keys);
        add_row(&t, newer != NULL ? newer : cells, form->width);
    }
    for (size_t row = 0; row < new.rows; row++)
        if (row_with_key(&old, cx_sheet_row(&new, row), form->keys) == NULL)
            add_row(&t, cx_sheet_row(&new, row), form->width);
    return finish(&t, out, err);
}

static cx_rc merge_properties(cx_view parent, cx_view child, cx_arena *arena, cx_view *out, cx_err *err) {
    cx_property *old = NULL, *new = NULL;
    size_t old_n = 0, new_n = 0;
    cx_view path = CX_VIEW("policy.properties");
    CX_TRY(cx_properties_read(path, parent, arena, &old, &old_n, err));
    CX_TRY(cx_properties_read(path, child, arena, &new, &new_n, err));
    struct text t = {.arena = arena};
    for (size_t pass = 0; pass < 2; pass++) {
        const cx_property *properties = pass == 0 ? old : new;
        for (size_t i = 0; i < (pass == 0 ? old_n : new_n); i++) {
            cx_view key = properties[i].key, value = properties[i].value,
                    newer = cx_properties_get(new, new_n, key);
            bool known = pass == 1 && cx_properties_get(old, old_n, key).p != NULL;
            if (cx_view_is(key, "parent") || known)
                continue;
            add(&t, key);
            add(&t, CX_VIEW(" = "));
            add(&t, newer.p != NULL ? newer : value);
            add(&t, CX_VIEW("\n"));
        }
    }
    return finish(&t, out, err);
}

static cx_view bytes_of(const cx_file *files, size_t n, cx_view path) {
    for (size_t i = 0; i < n; i++)
        if (cx_view_eq(files[i].path, path))
            return files[i].bytes.p != NULL ? files[i].bytes : CX_VIEW("");
    return (cx_view){NULL, 0};
}

static cx_rc merge_file(cx_view path, cx_view parent, cx_view child, cx_arena *arena, cx_view *out,
                        cx_err *err) {
    if (cx_view_is(path, "policy.properties"))
        return merge_properties(parent, child, arena, out, err);
    for (size_t i = 0; i < CX_PACK_FILES; i++)
        if (cx_view_is(path, cx_pack_forms[i].path))
            return merge_sheets(&cx_pack_forms[i], parent, child, arena, out, err);
    *out = child.p != NULL ? child : parent;
    return CX_OK;
}

static int by_path(const void *a, const void *b) {
    return cx_view_cmp(((const cx_file *)a)->path, ((const cx_file *)b)->path);
}

cx_rc cx_pack_flatten(const cx_file *parent, size_t parent_n, const cx_file *child, size_t child_n,
                      cx_arena *arena, cx_file **out, size_t *out_n, cx_err *err) {
    if (parent_n + child_n > MAX_FILES)
        return cx_fail(err, CX_PACK_INVALID, "a pack has at most %d files", MAX_FILES);
    cx_file *files = cx_arena_calloc(arena, parent_n + child_n + 1, sizeof *files);
    if (files == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    size_t n = 0;
    for (size_t i = 0; i < parent_n; i++)
        files[n++].path = parent[i].path;
    for (size_t i = 0; i < child_n; i++)
        if (bytes_of(parent, parent_n, child[i].path).p == NULL)
            files[n++].path = child[i].path;
    qsort(files, n, sizeof *files, by_path);
    for (size_t i = 0; i < n; i++)
        CX_TRY(merge_file(files[i].path, bytes_of(parent, parent_n, files[i].path),
                          bytes_of(child, child_n, files[i].path), arena, &files[i].bytes, err));
    *out = files;
    *out_n = n;
    return CX_OK;
}

cx_view *cx_pack_hash_parts(const cx_file *files, size_t n, cx_arena *arena) {
    cx_view *parts = cx_arena_alloc(arena, (HASH_PARTS * n + 1) * sizeof *parts);
    char *lengths = cx_arena_alloc(arena, 8 * n + 1);
    if (parts == NULL || lengths == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        CX_ASSERT(i == 0 || by_path(&files[i - 1], &files[i]) < 0);
        for (unsigned b = 0; b < 8; b++)
            lengths[8 * i + b] = (char)((uint64_t)files[i].bytes.n >> (56U - 8U * b));
        parts[HASH_PARTS * i] = files[i].path;
        parts[HASH_PARTS * i + 1] = (cx_view){"", 1};
        parts[HASH_PARTS * i + 2] = (cx_view){lengths + 8 * i, 8};
        parts[HASH_PARTS * i + 3] = files[i].bytes;
    }
    return parts;
}
