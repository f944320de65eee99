/* What of a decision may be published, and how (I-PRIVATE): per decision, masked, for its term; a natural
 * person only on a statute, a State Council basis, or consent. And whether somebody's years are clean, for
 * the incentive that a pack may give for them.
 *
 * Pure; thread-safe. Sources: rights.md, I-PRIVATE and R 25 to 29, 48; how a name may stand is the catalog's
 * (display_name).
 */
#ifndef CX_LAW_PUBLICATION_H
#define CX_LAW_PUBLICATION_H

#include "common/law/pack.h"

/* Of an item for that kind of subject: organisations in full where the item is published at all. */
cx_naming cx_item_naming(const cx_item *item, cx_subject_type type);
/* Whether one of the item's bases publishes a natural person by itself: a statute's or the State Council's.
 */
bool cx_item_publishes_persons(const cx_pack *pack, const cx_item *item);

/* Whether it takes the subject's consent to publish the item: of a person without such a basis; and of
 * whomever, where it is to the subject's credit (R 29). */
bool cx_item_needs_consent(const cx_pack *pack, const cx_item *item, cx_subject_type type);

/* A decision that somebody wants to publish. */
typedef struct cx_published {
    const cx_item *item; /* of the record, or of the first record that the entry rests on */
    cx_subject_type type;
    bool in_force; /* the record, or the entry, is */
    bool marked;   /* somebody objects to it: that is said beside it */
    bool has_until;
    cx_date until, today; /* until: the first day on which it may no longer be shown */
    bool consents;        /* the subject consents to being published */
} cx_published;

/* CX_OK and how the name may stand; NOT_PUBLIC where the item is not published, or the decision is not in
 * force (any more); NO_CONSENT without consent for a person without such a basis, and for what is to the
 * credit of whomever. */
CX_MUST_CHECK cx_rc cx_publication_judge(const cx_pack *pack, const cx_published *p, cx_naming *naming);
/* The basis of the item that publishes a natural person; NULL: none does. */
const cx_basis *cx_item_public_basis(const cx_pack *pack, const cx_item *item);

/* The publication clock: the last day on which a decision of that date is published in time, in working days
 * of the pack's calendar (beyond it Monday to Friday: the duty is the department's, nobody is refused for
 * it). A listing, a penalty, a permit: publication.decisions; what else is on the open-data list:
 * publication.other. CX_NO_DATE: nobody has to publish it, because the item is not published, or only with
 * consent. */
cx_date cx_publication_due(const cx_pack *pack, const cx_item *item, cx_subject_type type, bool listing,
                           cx_date decided_on);

enum { CX_MASKED_NAME = 256 };
/* The name as it may stand: of a person, masked, its first character and a star for each other one. "" where
 * it may not stand at all, or is no UTF-8. Gives `out`. */
const char *cx_name_as(cx_naming naming, cx_view name, char out[CX_MASKED_NAME]);

/* --- clean years ---------------------------------------------------------------------------------------- */
typedef enum cx_clean {
    CX_CLEAN_YES,
    CX_CLEAN_NO,
    CX_CLEAN_NO_SUCH_INCENTIVE, /* the pack gives none */
    CX_CLEAN_ATTESTATION        /* clean here; the pack wants an attestation of other systems beside it */
} cx_clean;

/* From what is in force: an adverse record or a black list's entry that nobody disputes counts, those that
 * expired or were withdrawn, recalled or repaired do not (they are not there), nor disputed ones. A record is
 * shown three years at most, so that one from before does not count either. The incentive stays a matter of
 * discretion. */
cx_clean cx_clean_judge(const cx_pack *pack, const cx_status *status);
/* Nothing adverse that is undisputed stands, whatever incentive the pack gives. */
bool cx_clean_now(const cx_pack *pack, const cx_status *status);
/* How many years; 0: the pack gives no such incentive. */
int32_t cx_clean_years(const cx_pack *pack);

#endif
