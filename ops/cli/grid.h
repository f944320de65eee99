/* A table that fits a terminal: what is wide shrinks, and what matters least is left out, until it does. */
#ifndef OPS_CLI_GRID_H
#define OPS_CLI_GRID_H

#include <stdio.h>

#include "common/base/arena.h"

enum { CX_GRID_COLUMNS = 16, CX_GRID_ANY_WIDTH = 0 };

typedef struct cx_grid_column {
    const char *heading;
    bool right;   /* aligned to the right, and never cut */
    size_t least; /* columns to which it may shrink; 0: it does not */
    int spare;    /* 0: stays; else the highest goes first */
} cx_grid_column;

/* cells: rows * n of them, row by row. width: of the terminal, or CX_GRID_ANY_WIDTH. Cells that are cut end
 * in an ellipsis. Nothing is written past the width, however narrow. CX_OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_grid_print(const cx_grid_column *columns, size_t n, const cx_view *cells, size_t rows,
                                  size_t width, FILE *to);

/* The terminal that `to` is: its width, COLUMNS where that is set, CX_GRID_ANY_WIDTH where it is none;
 * and its height in *lines (0: none). */
size_t cx_grid_terminal(FILE *to, size_t *lines);

/* "0.4 s", "3 m 20 s", "2 h 05 m", "3 d 04 h"; "-" below 0. */
enum { CX_GRID_DURATION = 24 };
const char *cx_grid_duration(double seconds, char out[CX_GRID_DURATION]);

#endif
