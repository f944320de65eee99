/* The tables of schema history, as the sink writes them: which field of which message goes into which column.
 * The tables themselves are in schemas/sql/01_history.sql. "Chained": the row also needs message, partition,
 * seq and link. Constant. */
#ifndef SERVICES_HISTORY_SHEETS_H
#define SERVICES_HISTORY_SHEETS_H

#include "services/history/columns.h"

typedef enum cx_history_table {
    CX_HISTORY_EVENTS,       /* roots: Decided; chained */
    CX_HISTORY_ENTRIES,      /* roots: Decided, Change; number */
    CX_HISTORY_RECORDS,      /* roots: Decided, Change; number */
    CX_HISTORY_NOTICES,      /* roots: Dispatch; chained */
    CX_HISTORY_DEAD_LETTERS, /* roots: Rejection; text: department; time: of the message; chained */
    CX_HISTORY_ACCESS,       /* roots: Access; chained */
    CX_HISTORY_TABLES
} cx_history_table;

extern const cx_sheet_spec cx_history_sheets[CX_HISTORY_TABLES];

#endif
