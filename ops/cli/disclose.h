/* Inside `chengxin disclose`: what is asked for, and its verbs beside the open-data list. Each verb prints
 * its own errors and gives an exit code. */
#ifndef OPS_CLI_DISCLOSE_H
#define OPS_CLI_DISCLOSE_H

#include <jansson.h>

#include "common/base/config.h"
#include "common/base/error.h"
#include "common/base/view.h"

enum { CX_DISCLOSE_DEPARTMENT = 65 };

typedef struct cx_disclose {
    const cx_config *config;
    const char *decision; /* DEPARTMENT/ID */
    const char *id, *document, *basis, *official, *consent, *jurisdiction, *reason, *file, *type, *wait;
    const char *purpose;
    bool json;
    char department[CX_DISCLOSE_DEPARTMENT]; /* of `decision`, */
    const char *target;                      /* and what follows the stroke */
} cx_disclose;

/* Sends the event that makes one decision public (withdraw: that takes it back) to the department's own
 * topic, and waits for the registrar's verdict. */
int cx_disclose_send(const cx_disclose *d, bool withdraw);
/* One decision in its public form; the query is logged first. */
int cx_disclose_show(const cx_disclose *d);

/* The first column of the first row of a statement with text parameters, as JSON; *out NULL: SQL null, or no
 * row. */
CX_MUST_CHECK cx_rc cx_disclose_ask(const cx_config *config, const char *sql, const char *const *values,
                                    int n, json_t **out, cx_err *err);

#endif
