/* Reviewing a loaded pack: what a law officer should know before it is published.
 *
 * An ERROR makes the pack unusable; a WARNING is told and accepted, except under --production where those
 * that say so refuse it. Pure; thread-safe.
 */
#ifndef CX_LAW_REVIEW_H
#define CX_LAW_REVIEW_H

#include "common/law/pack.h"

typedef enum cx_review_kind {
    CX_REVIEW_ERROR,
    CX_REVIEW_WARNING,
    CX_REVIEW_UNVERIFIED /* a restriction on a basis that was not read: refused under --production */
} cx_review_kind;

typedef void cx_review_told(void *context, cx_review_kind kind, const char *file, cx_view row,
                            const char *what);

/* Tells every finding. OUT_OF_MEMORY is the only failure. */
CX_MUST_CHECK cx_rc cx_pack_review(const cx_pack *pack, cx_review_told *tell, void *context);

/* The part of it about the decision tables: gaps, contradictions and what could not be decided are errors
 * unless waivers.csv names them (table: the decision's name; finding; rule: the rules' ids, separated by a
 * blank) with a reason; rules never reached, impossible values and unused inputs are warnings; a waiver that
 * waives nothing is one too. OUT_OF_MEMORY, or what the analysis failed with. */
CX_MUST_CHECK cx_rc cx_review_tables(const cx_pack *pack, cx_review_told *tell, void *context);

/* The part of it about points. */
void cx_review_points(const cx_pack *pack, cx_review_told *tell, void *context);

#endif
