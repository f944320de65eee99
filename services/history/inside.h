/* What the files of services/history share. Not for others. */
#ifndef SERVICES_HISTORY_INSIDE_H
#define SERVICES_HISTORY_INSIDE_H

#include "common/store/fence.h"
#include "common/vault/keys.h"
#include "services/history/publish.h"
#include "services/history/rows.h"
#include "services/history/writer.h"
#include "services/sink/sink.h"

enum { CX_HISTORY_BATCH_BYTES = 16 << 20, CX_MONTHS_KEPT = 64, CX_MONTHS_AHEAD = 2 };

typedef struct cx_history {
    cx_pg *pg; /* NULL: not connected. The writer's while it is at work */
    cx_claims claims;
    cx_sheet *sheets[CX_HISTORY_TABLES]; /* the batch in hand */
    cx_sheet *flying[CX_HISTORY_TABLES]; /* the batch that the writer has */
    cx_advance advance;                  /* of that batch */
    cx_writer *writer;
    cx_history_rows rows;
    cx_key *key; /* signs checkpoints; NULL: none are made (a rebuild, which compares with those there are) */
    cx_buffer message; /* a checkpoint being made */
    cx_buffer cuts,
        flying_cuts;         /* rows of checkpoints: of the batch in hand, of the one that the writer has */
    cx_publisher *publisher; /* the writer's while it is at work; NULL: none */
    bool publish;            /* the writer's: there may be unpublished checkpoints */
    /* Months are year * 12 + month - 1: those whose tables are there, and those that the rows in hand want.
     */
    int months[CX_MONTHS_KEPT], wanted[CX_MONTHS_KEPT];
    size_t months_n, wanted_n;
} cx_history;

/* take.c */
cx_rc cx_history_take(cx_sink_run *run, const cx_message *message, bool *full, cx_err *err);
bool cx_history_has_month(const int *months, size_t n, int month);
/* A row into its sheet (cx_history_rows). */
cx_rc cx_history_put(void *history, cx_history_table table, const cx_row *row, cx_time known_at, cx_err *err);
/* cut.c: checkpoints of all chains of that partition, into `cuts`. */
cx_rc cx_history_cut(cx_history *history, int32_t partition, cx_time tick, cx_err *err);
extern const char cx_history_cuts_columns[]; /* "checkpoints (...)" */
/* write.c */
cx_rc cx_history_write(cx_sink_run *run, cx_err *err);
cx_rc cx_history_settle(cx_sink_run *run, bool wait, bool *done, cx_err *err);
/* Forgets the batch in hand. */
void cx_history_forget(cx_history *history);

#endif
