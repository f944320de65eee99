/* From what is known to what an answer may hold: by the purpose's row in the pack (I-ACCESS, I-PRIVATE). Only
 * members that are named here pass; an entry of a list that the pack does not know is left out. NULL: out of
 * memory. */
#ifndef SERVICES_QUERY_MASK_H
#define SERVICES_QUERY_MASK_H

#include <jansson.h>

#include "common/law/pack.h"

/* {"entries": [...], "records": [...]} of a status as cx_status and history.status_json give it. */
json_t *cx_query_mask(const json_t *status, const cx_purpose *purpose, const cx_pack *pack);
/* Adds to a masked status what the pack calls its lists and items, for the person who reads it. false: out of
 * memory.
 */
bool cx_query_name(json_t *masked, const cx_pack *pack);
/* Whether the status holds something to the subject's credit that the purpose may see: a red list's entry
 * that is in force. Nothing else of the status shows in it. */
bool cx_query_entitled(const json_t *status, const cx_purpose *purpose, const cx_pack *pack);

#endif
