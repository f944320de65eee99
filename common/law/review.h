/* Reviewing a loaded pack: what a law officer should know before it is published.
 *
 * An ERROR makes the pack unusable; a WARNING is told and accepted, except under --production where those
 * that say so refuse it. Pure; thread-safe.
 */
#ifndef CX_LAW_REVIEW_H
#define CX_LAW_REVIEW_H

#include "common/law/pack.h"

typedef enum cx_finding_kind {
    CX_FINDING_ERROR,
    CX_FINDING_WARNING,
    CX_FINDING_UNVERIFIED /* a restriction on a basis that was not read: refused under --production */
} cx_finding_kind;

typedef void cx_finding_told(void *context, cx_finding_kind kind, const char *file, cx_view row,
                             const char *what);

/* Tells every finding. OUT_OF_MEMORY is the only failure. */
CX_MUST_CHECK cx_rc cx_pack_review(const cx_pack *pack, cx_finding_told *tell, void *context);

#endif
