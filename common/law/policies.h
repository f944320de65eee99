/* The packs in force at one place of the log, by jurisdiction.
 *
 * A partition's policies change only by ACTIVATED events in credit.records. Each jurisdiction keeps the
 * packs that were activated, oldest first, so that an event can be judged by the rules of its act's date
 * (I-LENIENT). The packs themselves belong to whoever compiled them (the runner) and outlive this.
 * Not thread-safe: one owner, a partition.
 */
#ifndef CX_LAW_POLICIES_H
#define CX_LAW_POLICIES_H

#include "common/law/pack.h"

typedef struct cx_policies cx_policies;

/* NULL when out of memory. */
cx_policies *cx_policies_new(void);
void cx_policies_destroy(cx_policies **policies);
/* Takes the pack in force for its jurisdiction from here on; the same pack again changes nothing. */
CX_MUST_CHECK cx_rc cx_policies_activate(cx_policies *policies, const cx_pack *pack);
/* The pack in force there; NULL: none. */
const cx_pack *cx_policies_now(const cx_policies *policies, int32_t jurisdiction);
/* The pack whose rules applied on `day`: the newest activated one whose effective_from is not after it; the
 * oldest activated one where all are later. NULL: none was activated. */
const cx_pack *cx_policies_at(const cx_policies *policies, int32_t jurisdiction, cx_date day);
/* Every pack that was activated, in the order of activation: what the runner keeps in the committed
 * offset's metadata. */
size_t cx_policies_count(const cx_policies *policies);
const cx_pack *cx_policies_pack(const cx_policies *policies, size_t i);

#endif
