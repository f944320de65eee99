/* Inside the reader of double-publication files: columns, and a row becoming an event. */
#ifndef OPS_CLI_PUBLICATION_ROW_H
#define OPS_CLI_PUBLICATION_ROW_H

#include "ops/cli/publication.h"

enum { CX_PUBLICATION_CELLS = 64 };

/* Every column of both forms, without its prefix. X(NAME, needed in penalty files, needed in permit files) */
/* clang-format off */
#define CX_PUBLICATION_COLUMNS(X) \
    X(XDR_MC, 1, 1)            \
    X(XDR_LB, 1, 1)            \
    X(XDR_SHXYM, 0, 0)         \
    X(XDR_GSZC, 0, 0)          \
    X(XDR_ZZJG, 0, 0)          \
    X(XDR_SWDJ, 0, 0)          \
    X(XDR_SYDW, 0, 0)          \
    X(XDR_SHZZ, 0, 0)          \
    X(FRDB, 0, 0)              \
    X(FR_ZJLX, 0, 0)           \
    X(FR_ZJHM, 0, 0)           \
    X(XDR_ZJLX, 0, 0)          \
    X(XDR_ZJHM, 0, 0)          \
    X(WSH, 1, 0)               \
    X(WFXW, 1, -1)             \
    X(SY, 0, -1)               \
    X(YJ, 0, -1)               \
    X(CFLB, 1, -1)             \
    X(NR, 0, 0)                \
    X(NR_FK, 0, -1)            \
    X(NR_WFFF, 0, -1)          \
    X(NR_ZKDX, 0, -1)          \
    X(JDRQ, 1, 1)              \
    X(YXQ, 0, -1)              \
    X(GSJZQ, 0, -1)            \
    X(CFJG, 0, -1)             \
    X(CFJGDM, 0, -1)           \
    X(SJLY, 0, -1)             \
    X(SJLYDM, 0, -1)           \
    X(BZ, 0, 0)                \
    X(XKWS, -1, 0)             \
    X(XKLB, -1, 1)             \
    X(XKZS, -1, 0)             \
    X(XKBH, -1, 0)             \
    X(YXQZ, -1, 0)             \
    X(YXQZI, -1, 0)            \
    X(XKJG, -1, 0)             \
    X(XKJGDM, -1, 0)           \
    X(ZT, -1, 0)               \
    X(LYDW, -1, 0)             \
    X(LYDWDM, -1, 0)           \
    X(FSRQ, 0, 0)              \
    X(CFCX, 0, 0)              \
    X(XYCD, 0, 0)              \
    X(QT, 0, 0)                \
    X(BASIS, 0, 0)
/* clang-format on */

typedef enum cx_publication_column {
#define CX_X(name, penalty, permit) CX_COLUMN_##name,
    CX_PUBLICATION_COLUMNS(CX_X)
#undef CX_X
        CX_COLUMN_COUNT
} cx_publication_column;

typedef struct cx_publication_row {
    cx_view *cells;
    size_t n;
} cx_publication_row;

struct cx_publication {
    cx_arena *arena;
    cx_publication_rules rules;
    bool penalty;
    int column[CX_COLUMN_COUNT]; /* its position in a row, -1 where the file lacks it */
    size_t width;
    cx_publication_row *row;
    size_t rows, room;
    size_t broken_row;
};

/* Finds the form and the place of each column. */
CX_MUST_CHECK cx_rc cx_publication_header(cx_publication *p, const cx_view *cells, size_t n, cx_err *err);
/* "CF_WSH". */
const char *cx_publication_column_name(const cx_publication *p, cx_publication_column column);
/* The cell; empty where the file lacks the column. */
cx_view cx_publication_cell(const cx_publication *p, size_t row, cx_publication_column column);
/* YYYY-MM-DD or YYYY/MM/DD. */
bool cx_publication_date(cx_view text, cx_date *out);
/* 万元 with at most six decimals, exactly, in fen. */
cx_rc cx_publication_amount(cx_view text, int64_t *fen);

#endif
