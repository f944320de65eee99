/* The checks that the table of procedures names; contracts of cx_check in common/law/procedure.h. */
#ifndef CX_LAW_PROCEDURE_CHECKS_H
#define CX_LAW_PROCEDURE_CHECKS_H

#include "common/law/procedure.h"

/* I-NOTICE, the notice: competent department, reason, basis, rights, served, on records that may list. Finds
 * rests_on, act_on, grade, category, window_ends, lapses_on. */
cx_rc cx_check_notice(cx_case *c);
/* I-NOTICE, the decision: official, document, window, statements, measures, term. Finds all. */
cx_rc cx_check_decision(cx_case *c);
/* The court's own: a judge, a case of the basis, a term by it. Finds all. */
cx_rc cx_check_court_decision(cx_case *c);
cx_rc cx_check_nomination(cx_case *c);
cx_rc cx_check_red_listing(cx_case *c);
/* I-CORRECT: of a decision by CORRECTION, or by REVIEW_OUTCOME varied. Finds rests_on, grade, measures,
 * until. */
cx_rc cx_check_decision_correction(cx_case *c);
/* I-EXPIRY. Finds until. */
cx_rc cx_check_extension(cx_case *c);
/* I-REPAIR: the guards, for an entry. */
cx_rc cx_check_repair(cx_case *c);
cx_rc cx_check_repair_revoked(cx_case *c);
/* I-REPAIR, for a record, whose minimum display goes by its grade. */
cx_rc cx_check_record_repair(const cx_kept_record *record, const cx_header *header, const cx_repair *repair,
                             cx_date today);

/* Shared by them. NOT_BY_AN_OFFICIAL where nobody signed. */
cx_rc cx_check_signed(const cx_header *header);
/* NOT_COMPETENT, COUNTS_NEVER_LIST. */
cx_rc cx_check_competent(const cx_case *c);
/* The records of the sender that a listing names: IN_FORCE, of a direction, leading to the list. Adds to the
 * case: rests_on, act_on (the earliest), grade (the gravest), category. NO_RECORD, NOT_LISTABLE. */
cx_rc cx_check_base(cx_case *c, const cx_view_array *rests_on, cx_direction direction);
/* Chooses the pack by I-LENIENT; NOT_LISTABLE where the list was not in the law at the act's date. */
cx_rc cx_check_choose(cx_case *c, cx_date decided_on);
/* I-CATALOG: each measure is catalogued, fits list, grade, subject and table, has an end. Finds measures. */
cx_rc cx_check_measures(cx_case *c, const cx_view_array *codes);
/* The term from a document's date; finds from, until, review_on. months: 0 for the list's own. */
cx_rc cx_check_term(cx_case *c, const cx_document *document, bool has_months, int32_t months);

#endif
