/* What the commands print: errors that say what to do, and tables that line up. */
#ifndef OPS_CLI_PRINT_H
#define OPS_CLI_PRINT_H

#include <stdio.h>

#include "common/base/arena.h"

/* "chengxin NAME: text; what to do (CODE)" on stderr. Returns CX_EXIT_USAGE for what the person typed, else
 * CX_EXIT_FAILED. */
int cx_print_error(const char *command, const cx_err *err);

/* One JSON value and a line end on stdout, indented, in ASCII; releases it. NULL is CX_OUT_OF_MEMORY. */
struct json_t;
CX_MUST_CHECK cx_rc cx_print_json(struct json_t *json, cx_err *err);

/* A table for people: columns as wide as their widest cell, Chinese characters counted as two. */
typedef struct cx_table_text cx_table_text;
enum { CX_TABLE_COLUMNS = 16 };

/* headings: n of them, at most CX_TABLE_COLUMNS; one that begins with '>' is aligned to the right. NULL: out
 * of memory. */
cx_table_text *cx_table_text_new(const char *const *headings, size_t n);
/* Adds a row of n cells, copied; line breaks and other control bytes are shown as spaces. */
CX_MUST_CHECK cx_rc cx_table_text_row(cx_table_text *table, const cx_view *cells);
/* Writes it and frees it; *table becomes NULL. */
void cx_table_text_print(cx_table_text **table, FILE *to);

/* Columns that a UTF-8 text takes on a terminal. */
size_t cx_text_width(cx_view text);

#endif
