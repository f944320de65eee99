/* The invariants of rights.md, each stated over the ledger: what was sent and what was told out.
 *
 * A function gives true where the invariant holds; else it says what is wrong by cx_broken. NULL: the
 * invariant has nothing to look at there. All are pure and look at the ledger as it stood before the thing
 * they are given was taken in, apart from `standing` and `sent`, which look at it afterwards.
 */
#ifndef TESTS_PROPERTY_HOLD_H
#define TESTS_PROPERTY_HOLD_H

#include "tests/property/ledger.h"

/* Which invariant is broken, and how. */
typedef struct cx_fault {
    const char *invariant;
    char text[300];
} cx_fault;

typedef struct cx_invariant {
    const char *name;
    /* a change that a Decided tells */
    bool (*change)(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
    /* a notice on a department's own topic */
    bool (*notice)(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                   const cx_notice *n, cx_fault *f);
    /* a message, with all that came of it */
    bool (*sent)(const cx_ledger *l, const cx_sent *s, cx_fault *f);
    /* after each line */
    bool (*standing)(const cx_ledger *l, cx_fault *f);
} cx_invariant;

/* In the order of rights.md; those that only a whole history shows have no function here (play_end.c). */
extern const cx_invariant cx_invariants[];
extern const size_t cx_invariants_n;

/* Fills the fault with a format; gives false. */
bool cx_broken(cx_fault *f, const char *format, ...) CX_PRINTF(2, 3);

/* What the files of invariants hold. */
bool cx_hold_basis_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f);
bool cx_hold_basis_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                          const cx_notice *n, cx_fault *f);
bool cx_hold_notice_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_human_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_catalog_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                            const cx_notice *n, cx_fault *f);
bool cx_hold_catalog_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_personal_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                             const cx_notice *n, cx_fault *f);
bool cx_hold_personal_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_capacity_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f);
bool cx_hold_objection_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                              const cx_notice *n, cx_fault *f);
bool cx_hold_objection_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_expiry_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_expiry_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_repair_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_repair_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_recall_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_recall_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_correct_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_lenient_change(const cx_ledger *l, const cx_decided *d, const cx_change *c, cx_fault *f);
bool cx_hold_forbidden_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f);
bool cx_hold_reporter_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f);
bool cx_hold_access_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_private_notice(const cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                            const cx_notice *n, cx_fault *f);
bool cx_hold_private_standing(const cx_ledger *l, cx_fault *f);
/* Of I-PRIVATE: what is public (hold_public.c). */
bool cx_hold_public_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_refusal_sent(const cx_ledger *l, const cx_sent *s, cx_fault *f);
bool cx_hold_stores_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_points_standing(const cx_ledger *l, cx_fault *f);
bool cx_hold_lenient_standing(const cx_ledger *l, cx_fault *f);

/* What several of them ask: whether all words of one array are in another; whether a later version is no
 * worse for the subject than the one before. */
bool cx_hold_part_of(const cx_view_array *a, const cx_view_array *b);
bool cx_hold_entry_no_worse(const cx_list_entry *now, const cx_list_entry *then, cx_fault *f);
bool cx_hold_record_no_worse(const cx_kept_record *now, const cx_kept_record *then, cx_fault *f);

#endif
