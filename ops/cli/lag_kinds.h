/* Which events and changes are in a subject's favour, or may turn out to be: what must not wait. Pure.
 *
 * Each returns its name, or NULL. An event may still be refused by a stage to come; until then it counts.
 */
#ifndef OPS_CLI_LAG_KINDS_H
#define OPS_CLI_LAG_KINDS_H

#include <stdbool.h>

const char *cx_lag_favourable_event(const void *event);          /* cx_event */
const char *cx_lag_favourable_inbound(const void *credit_event); /* cx_credit_event */
/* cx_decided: something that stood has ended, rests, or never was. expiry_is_seen: the reader of Redis leaves
 * out by itself what has expired (a wall log). */
const char *cx_lag_favourable_change(const void *decided, bool expiry_is_seen);

#endif
