#include "ops/cli/print.h"

#include <jansson.h>
#include <stdlib.h>

#include "ops/cli/command.h"

enum { GAP = 2 };

int cx_print_error(const char *command, const cx_err *err) {
    const char *advice = cx_rc_advice(err->rc);
    (void)fprintf(stderr, "chengxin %s: %s%s%s (%s)\n", command, err->text, advice[0] != '\0' ? "; " : "",
                  advice, cx_rc_name(err->rc));
    return err->rc == CX_USAGE ? CX_EXIT_USAGE : CX_EXIT_FAILED;
}

cx_rc cx_print_json(struct json_t *json, cx_err *err) {
    if (json == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)json_dumpf(json, stdout, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    (void)printf("\n");
    json_decref(json);
    return CX_OK;
}

struct cx_table_text {
    cx_arena *arena;
    size_t columns;
    bool right[CX_TABLE_COLUMNS];
    size_t width[CX_TABLE_COLUMNS];
    cx_view *cells;
    size_t rows, room; /* rows[0]: the headings */
};

/* East Asian wide blocks of Unicode, as far as names and codes here use them. */
static bool is_wide(unsigned long c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x20000 && c <= 0x3FFFD);
}

size_t cx_text_width(cx_view text) {
    size_t width = 0;
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        size_t bytes = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        unsigned long code = c < 0x80 ? c : c & (0x7FU >> bytes);
        for (size_t k = 1; k < bytes && i + k < text.n; k++)
            code = code << 6 | ((unsigned char)text.p[i + k] & 0x3F);
        width += is_wide(code) ? 2 : 1;
        i += bytes;
    }
    return width;
}

cx_table_text *cx_table_text_new(const char *const *headings, size_t n) {
    CX_ASSERT(n > 0 && n <= CX_TABLE_COLUMNS);
    cx_table_text *table = calloc(1, sizeof *table);
    if (table == NULL || (table->arena = cx_arena_new(0)) == NULL) {
        free(table);
        return NULL;
    }
    table->columns = n;
    cx_view cells[CX_TABLE_COLUMNS];
    for (size_t i = 0; i < n; i++) {
        table->right[i] = headings[i][0] == '>';
        cells[i] = cx_view_of(headings[i] + (table->right[i] ? 1 : 0));
    }
    if (cx_table_text_row(table, cells) == CX_OK)
        return table;
    cx_arena_destroy(&table->arena);
    free(table);
    return NULL;
}

static bool make_room(cx_table_text *table) {
    if (table->rows < table->room)
        return true;
    size_t room = table->room == 0 ? 64 : 2 * table->room;
    cx_view *cells = cx_arena_alloc(table->arena, room * table->columns * sizeof *cells);
    if (cells == NULL)
        return false;
    if (table->rows > 0)
        (void)memcpy(cells, table->cells, table->rows * table->columns * sizeof *cells);
    table->cells = cells;
    table->room = room;
    return true;
}

cx_rc cx_table_text_row(cx_table_text *table, const cx_view *cells) {
    if (!make_room(table))
        return CX_OUT_OF_MEMORY;
    cx_view *row = table->cells + table->rows * table->columns;
    for (size_t i = 0; i < table->columns; i++) {
        row[i] = cx_arena_copy(table->arena, cells[i]);
        if (row[i].p == NULL)
            return CX_OUT_OF_MEMORY;
        for (char *p = (char *)(uintptr_t)row[i].p; *p != '\0'; p++)
            if ((unsigned char)*p < 0x20 || *p == 0x7F)
                *p = ' ';
        size_t width = cx_text_width(row[i]);
        table->width[i] = width > table->width[i] ? width : table->width[i];
    }
    table->rows++;
    return CX_OK;
}

static void print_row(const cx_table_text *table, const cx_view *row, FILE *to) {
    for (size_t i = 0; i < table->columns; i++) {
        int pad = (int)(table->width[i] - cx_text_width(row[i]));
        bool last = i + 1 == table->columns;
        if (table->right[i])
            (void)fprintf(to, "%*s%.*s", pad, "", CX_VIEW_ARGS(row[i]));
        else
            (void)fprintf(to, "%.*s%*s", CX_VIEW_ARGS(row[i]), last ? 0 : pad, "");
        if (!last)
            (void)fprintf(to, "%*s", GAP, "");
    }
    (void)fputc('\n', to);
}

void cx_table_text_print(cx_table_text **table, FILE *to) {
    for (size_t row = 0; row < (*table)->rows; row++)
        print_row(*table, (*table)->cells + row * (*table)->columns, to);
    cx_arena_destroy(&(*table)->arena);
    free(*table);
    *table = NULL;
}
