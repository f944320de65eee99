/* What the files of services/history share. Not for others. */
#ifndef SERVICES_HISTORY_INSIDE_H
#define SERVICES_HISTORY_INSIDE_H

#include "common/store/fence.h"
#include "services/history/sheets.h"
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
    /* Months are year * 12 + month - 1: those whose tables are there, and those that the rows in hand want.
     */
    int months[CX_MONTHS_KEPT], wanted[CX_MONTHS_KEPT];
    size_t months_n, wanted_n;
} cx_history;

static const char cx_decided_topic[] = "credit.decided", cx_notices_topic[] = "credit.notices",
                  cx_access_topic[] = "credit.access", cx_rejected_prefix[] = "credit.rejected.";

/* take.c */
cx_rc cx_history_take(cx_sink_run *run, const cx_message *message, bool *full, cx_err *err);
bool cx_history_has_month(const int *months, size_t n, int month);
/* write.c */
cx_rc cx_history_write(cx_sink_run *run, cx_err *err);
cx_rc cx_history_settle(cx_sink_run *run, bool wait, bool *done, cx_err *err);
/* Forgets the batch in hand. */
void cx_history_forget(cx_history *history);

#endif
