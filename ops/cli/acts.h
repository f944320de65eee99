/* What an operator does by hand, in the audit topic credit.operations: who, why, when, about which letter or
 * subject. An act stands in the same transaction as what it does. */
#ifndef OPS_CLI_ACTS_H
#define OPS_CLI_ACTS_H

#include "common/bus/producer.h"
#include "schemas/types.h"

enum { CX_ACT_ACCOUNT = 64, CX_ACT_ID = 40 };

/* One command's. */
typedef struct cx_actor {
    const char *who, *why; /* as typed; not owned */
    char account[CX_ACT_ACCOUNT], id[CX_ACT_ID];
    cx_time at;
} cx_actor;

extern const char cx_operations_topic[]; /* "credit.operations" */

/* USAGE where who or why is missing, longer than 64 and 500 bytes, or no UTF-8 without control characters. */
CX_MUST_CHECK cx_rc cx_actor_make(const char *who, const char *why, cx_actor *out, cx_err *err);

/* Sends the act into the open transaction; fills in what the actor knows. */
CX_MUST_CHECK cx_rc cx_act_send(cx_producer *producer, const cx_actor *actor, cx_act act, cx_view key,
                                cx_err *err);
/* Encodes a value and sends it into the open transaction; value NULL type NULL: not allowed. */
CX_MUST_CHECK cx_rc cx_act_send_row(cx_producer *producer, const char *topic, const cx_type *type,
                                    const void *value, cx_view key, cx_err *err);

/* Does what `send` sends in one transaction, under an id of the command's own: a second one at a time takes
 * it over from the first. Where sending fails, nothing of it is there. */
CX_MUST_CHECK cx_rc cx_act_commit(const cx_config *config, const char *transactional_id,
                                  cx_rc (*send)(void *context, cx_producer *producer, cx_err *err),
                                  void *context, cx_err *err);

/* One row, in such a transaction. */
CX_MUST_CHECK cx_rc cx_act_commit_row(const cx_config *config, const char *transactional_id,
                                      const char *topic, const cx_type *type, const void *value, cx_view key,
                                      cx_err *err);

/* From now on SIGINT and SIGTERM are noticed instead of ending the process: */
void cx_act_catch_stop(void);
/* INTERRUPTED once one has come: the caller gives up what it has not committed. */
CX_MUST_CHECK cx_rc cx_act_check_stop(cx_err *err);

/* The account that this process runs under: its name, else "uid-" and its number. */
void cx_act_account(char out[CX_ACT_ACCOUNT]);
/* The wall clock. */
cx_time cx_act_now(void);

#endif
