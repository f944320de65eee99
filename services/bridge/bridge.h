/* The bridge: exchange with another installation of this platform, up, down or across regions (R15;
 * docs/adr/0009-a-bridge-is-a-department-s-publisher.md).
 *
 * A sink (services/sink/sink.h) whose store is the other installation's bus: reads credit.decided here,
 * writes what the law lets cross (decide.h) to credit.in.<department> there, as any department does, and
 * keeps its positions there (target.h). Refusals come back (answers.h).
 */
#ifndef SERVICES_BRIDGE_BRIDGE_H
#define SERVICES_BRIDGE_BRIDGE_H

#include "services/sink/sink.h"

extern const cx_sink cx_bridge_sink;

#endif
