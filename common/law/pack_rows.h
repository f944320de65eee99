/* Inside common/law: the columns of a pack's files, and a cell's value by its type. */
#ifndef CX_LAW_PACK_ROWS_H
#define CX_LAW_PACK_ROWS_H

#include "common/law/pack.h"
#include "common/law/sheet.h"

typedef enum cx_pack_file {
    CX_PACK_BASES,
    CX_PACK_CATALOG,
    CX_PACK_DEPARTMENTS,
    CX_PACK_GROUPS,
    CX_PACK_LISTS,
    CX_PACK_MEASURES,
    CX_PACK_CALENDAR,
    CX_PACK_WAIVERS,
    CX_PACK_PUBLICATION,
    CX_PACK_PURPOSES,
    CX_PACK_EXCHANGE,
    CX_PACK_FILES
} cx_pack_file;

/* One CSV file of a pack. */
typedef struct cx_pack_form {
    const char *path;
    const char *columns[CX_SHEET_COLUMNS];
    size_t width;
    size_t keys;   /* leading columns that make a row's key */
    bool optional; /* may be absent */
} cx_pack_form;

extern const cx_pack_form cx_pack_forms[CX_PACK_FILES];

/* A cell being read: what the readers below need, and where they tell what is wrong. */
typedef struct cx_cell_reader {
    const cx_sheet *sheet;
    size_t row;
    cx_arena *arena;
    cx_err *err;
    cx_rc rc; /* the first failure; later reads do nothing */
} cx_cell_reader;

cx_view cx_cell_text(cx_cell_reader *r, size_t column);     /* may be empty */
cx_view cx_cell_required(cx_cell_reader *r, size_t column); /* may not */
cx_words cx_cell_words(cx_cell_reader *r, size_t column);
int32_t cx_cell_number(cx_cell_reader *r, size_t column, int32_t max); /* empty: 0 */
cx_period cx_cell_period(cx_cell_reader *r, size_t column);
cx_date cx_cell_date(cx_cell_reader *r, size_t column); /* empty: CX_NO_DATE */
bool cx_cell_yes(cx_cell_reader *r, size_t column);     /* yes, no, or empty for no */
/* The position of the cell's word in `words` (ends in NULL); fails where it is none of them. */
int cx_cell_choice(cx_cell_reader *r, size_t column, const char *const *words);
void cx_cell_subjects(cx_cell_reader *r, size_t column, bool *person, bool *organisation);

#endif
