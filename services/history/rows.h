/* What becomes of a message: the rows of schema history, and its place in the hash chain of its topic's
 * partition. The sink writes them; `chengxin verify` makes them again and compares. */
#ifndef SERVICES_HISTORY_ROWS_H
#define SERVICES_HISTORY_ROWS_H

#include "common/base/chain_place.h"
#include "common/bus/message.h"
#include "common/run/codec.h"
#include "services/history/sheets.h"

/* What is needed to make rows. The owner fills all but `anew`. One owner; not thread-safe. */
typedef struct cx_history_rows {
    cx_codec *codec; /* knows cx_history_types and their writers */
    cx_arena *arena; /* emptied by the owner between messages */
    void *context;   /* of put */
    /* One row. What it points to lives until put returns. */
    cx_rc (*put)(void *context, cx_history_table table, const cx_row *row, cx_time known_at, cx_err *err);
    cx_buffer anew; /* a message written anew; freed by the owner */
} cx_history_rows;

/* What was learnt of a message. */
typedef struct cx_history_seen {
    bool ticked; /* a tick, all of whose walk has been seen */
    cx_time tick, received_to;
} cx_history_seen;

extern const cx_type *const cx_history_types[]; /* ends in NULL */

/* The topics: three by name, and credit.rejected.<department>. */
extern const char cx_history_decided[], cx_history_notices[], cx_history_access[], cx_history_rejected[];

/* The table whose rows hold the topic's messages, each in one row with its place in the chain. */
cx_history_table cx_history_table_of(cx_view topic);

/* Puts the message's rows, the chained one first, and moves the chain; a tick that changed nothing, and a
 * refusal among credit.notices, is no row and no link. NOT_DECODED, UNKNOWN_SCHEMA, OUT_OF_MEMORY, and what
 * put fails with. */
CX_MUST_CHECK cx_rc cx_history_take_rows(cx_history_rows *rows, const cx_message *message,
                                         cx_hash_chain *chain, cx_history_seen *seen, cx_err *err);

#endif
