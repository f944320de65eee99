/* Removes what lies at the beginning of partitions (Kafka's DeleteRecords). Waits as common/bus/admin.h does.
 */
#ifndef CX_BUS_TRIM_H
#define CX_BUS_TRIM_H

#include "common/bus/admin.h"

enum { CX_AT_END = -1, CX_AT_BEGINNING = -2 }; /* instead of a time, as Kafka's ListOffsets has it */

/* Each place's offset: of the first message that has `at` or a later time; CX_POSITION_NONE where there is
 * none. For CX_AT_END and CX_AT_BEGINNING: where the partition ends and begins. One request a broker. */
CX_MUST_CHECK cx_rc cx_admin_offsets_at(cx_admin *admin, cx_time at, cx_place *places, size_t n, cx_err *err);
/* Removes what is before each place's offset. Where it fails for some, it is done for the others; asking
 * again does no harm. TOPIC_MISSING, POSITION_LOST (the offset is behind the end), BUS, BUS_AWAY. */
CX_MUST_CHECK cx_rc cx_admin_delete_before(cx_admin *admin, const cx_place *places, size_t n, cx_err *err);

#endif
