/* A policy pack, loaded: the law of one place and time. docs/policy-packs.md is its form.
 *
 * Built once from the files of a published (flat) pack, then immutable and shared by threads. Look-ups
 * allocate nothing. Views and rows belong to the pack and live as long as it.
 */
#ifndef CX_LAW_PACK_H
#define CX_LAW_PACK_H

#include "common/law/calendar.h"
#include "common/rules/eval.h"
#include "schemas/types.h"

enum { CX_PACK_HASH = 32, CX_NATIONAL = 100000 };

typedef struct cx_pack cx_pack;

/* One file of a pack; path is relative to the pack's folder. */
typedef struct cx_file {
    cx_view path;
    cx_view bytes;
} cx_file;

/* The values of a cell with several ("a;b"). */
typedef struct cx_words {
    const cx_view *items;
    size_t n;
} cx_words;
bool cx_words_have(cx_words words, cx_view word);

/* How far a basis was verified. */
typedef enum cx_basis_status {
    CX_BASIS_READ,
    CX_BASIS_EXTRACT,
    CX_BASIS_MEMORY,
    CX_BASIS_OURS
} cx_basis_status;

typedef enum cx_basis_level {
    CX_LEVEL_STATUTE,
    CX_LEVEL_STATE_COUNCIL,
    CX_LEVEL_NATIONAL_RULE,
    CX_LEVEL_LOCAL_STATUTE,
    CX_LEVEL_JUDICIAL,
    CX_LEVEL_DEPARTMENT_RULE,
    CX_LEVEL_MUNICIPAL_PLAN /* restricts nobody by itself */
} cx_basis_level;

typedef struct cx_basis {
    cx_view code, title, article;
    cx_basis_level level;
    cx_basis_status status;
    cx_date effective_on; /* CX_NO_DATE: not given */
} cx_basis;

typedef struct cx_item {
    cx_view code, name, domain, category, display_name, clause;
    bool person, organisation; /* subjects it applies to */
    bool real_name;
    bool decision; /* double-publication files hold it: a permit or a penalty */
    cx_direction direction;
    cx_words groups, bases, reporters, lists;
    cx_basis_status status;
} cx_item;

typedef enum cx_department_kind {
    CX_DEPARTMENT_ORDINARY,
    CX_DEPARTMENT_COURT,
    CX_DEPARTMENT_REVIEW,
    CX_DEPARTMENT_PROCURATORATE,
    CX_DEPARTMENT_BUREAU,
    CX_DEPARTMENT_BANK,
    CX_DEPARTMENT_ASSOCIATION,
    CX_DEPARTMENT_PROVIDER
} cx_department_kind;

typedef struct cx_department {
    cx_view code, name, clause;
    cx_department_kind kind;
    cx_words competent_for; /* list codes */
} cx_department;

typedef enum cx_procedure { CX_PROCEDURE_NOTICE, CX_PROCEDURE_COURT, CX_PROCEDURE_RED } cx_procedure;
typedef enum cx_objection_effect { CX_OBJECTION_MARK, CX_OBJECTION_SUSPEND } cx_objection_effect;

typedef struct cx_list {
    cx_view code, name, basis, clause;
    bool black;
    cx_procedure procedure;
    bool person, organisation;
    cx_period window, lapse, exit;
    int32_t months;           /* longest and default term; 0: until an event, reviewed every 12 months */
    int32_t minimum_months;   /* shortest term a decision may set */
    int32_t extension_months; /* longest extension; 0: none */
    cx_objection_effect on_person, on_organisation;
    bool repairable;
    int32_t repair_minimum_months;
    cx_words repair_conditions;
    cx_basis_status status;
} cx_list;

typedef enum cx_role_date { CX_ROLE_AT_ACT, CX_ROLE_AT_DECISION, CX_ROLE_AT_PRESENT } cx_role_date;

typedef struct cx_measure {
    cx_view code, name, basis, clause, wording;
    cx_measure_kind kind;
    uint32_t roles; /* bit (1 << cx_role) for each role it may bind */
    cx_role_date role_date;
    cx_words responders, lists, grades;
    bool person, organisation;
    bool ends_by_event; /* else with its entry */
    int32_t review_months;
    bool court_only;
    cx_basis_status status;
} cx_measure;

typedef struct cx_group {
    cx_view code, name, scope, clause;
} cx_group;

/* What may be asked for a purpose, and what its answer may hold, as bits. */
typedef enum cx_asks {
    CX_ASKS_STATUS = 1,   /* what is in force now */
    CX_ASKS_PAST = 2,     /* what was in force on a day */
    CX_ASKS_MATCH = 4,    /* whether two names of a subject mean the same one: yes or no */
    CX_ASKS_ENTITLED = 8, /* whether the bearer has something to his credit: yes or no */
    CX_ASKS_OWN = 16      /* the subject's own report */
} cx_asks;
typedef enum cx_sees {
    CX_SEES_BLACK = 1, /* entries on black lists */
    CX_SEES_RED = 2,
    CX_SEES_ADVERSE = 4, /* records on display, by direction */
    CX_SEES_POSITIVE = 8,
    CX_SEES_NEUTRAL = 16,
    CX_SEES_MEASURES = 32 /* of the entries */
} cx_sees;

/* A purpose of queries; one that is not permitted is there to be refused with its reason. */
typedef struct cx_purpose {
    cx_view code, name, basis, clause;
    bool permitted;
    uint32_t asks, sees;
    cx_words askers;
    bool person, organisation;
    bool consent;    /* of a person, by a token of the person's own */
    cx_period valid; /* how long an answer may be used */
    cx_basis_status status;
} cx_purpose;

/* What a department's lists and records may cross to another installation of this platform (R15), and under
 * which code that one's law knows the department. Together with what undoes it. */
typedef struct cx_exchange {
    cx_view code, department, as, basis, clause;
    int32_t peer; /* GB/T 2260 code of the other's jurisdiction */
    cx_words lists, items;
    bool person, organisation;
    cx_basis_status status;
} cx_exchange;

/* Deadlines of policy.properties. */
typedef struct cx_deadlines {
    cx_period objection_mark, objection_provider, objection_repair, complaint_answer, annulment_undo;
    cx_period publication_decisions, publication_other, withdrawal_after_revocation, response;
} cx_deadlines;

/* Loads the files of a flat pack; they are copied. PACK_INVALID names file, row, column and code, as do the
 * rules' own errors (MODEL_*, FEEL_*) for the tables. OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_pack_load(const cx_file *files, size_t n, const uint8_t hash[CX_PACK_HASH],
                                 cx_pack **out, cx_err *err);
void cx_pack_destroy(cx_pack **pack);

const uint8_t *cx_pack_hash(const cx_pack *pack);
cx_view cx_pack_name(const cx_pack *pack);    /* "shijiazhuang" */
cx_view cx_pack_version(const cx_pack *pack); /* "2026-01" */
int32_t cx_pack_jurisdiction(const cx_pack *pack);
cx_date cx_pack_effective_from(const cx_pack *pack);
bool cx_pack_is_test(const cx_pack *pack);
const cx_calendar *cx_pack_calendar(const cx_pack *pack);
const cx_deadlines *cx_pack_deadlines(const cx_pack *pack);
/* Longest display in months of a record of that direction and grade; 0: not shown. */
int32_t cx_pack_display_months(const cx_pack *pack, cx_direction direction, cx_grade grade);
int32_t cx_pack_breaker_limit(const cx_pack *pack);
int32_t cx_pack_breaker_factor(const cx_pack *pack);
/* A property as it stands in policy.properties; empty when absent. */
cx_view cx_pack_property(const cx_pack *pack, cx_view key);

/* By code; NULL when there is none. O(log n). */
const cx_item *cx_pack_item(const cx_pack *pack, cx_view code);
const cx_basis *cx_pack_basis(const cx_pack *pack, cx_view code);
const cx_department *cx_pack_department(const cx_pack *pack, cx_view code);
const cx_group *cx_pack_group(const cx_pack *pack, cx_view code);
const cx_list *cx_pack_list(const cx_pack *pack, cx_view code);
const cx_measure *cx_pack_measure(const cx_pack *pack, cx_view code);
const cx_purpose *cx_pack_purpose(const cx_pack *pack, cx_view code);

/* All rows in ascending order of code. */
const cx_item *cx_pack_items(const cx_pack *pack, size_t *n);
const cx_basis *cx_pack_bases(const cx_pack *pack, size_t *n);
const cx_department *cx_pack_departments(const cx_pack *pack, size_t *n);
const cx_list *cx_pack_lists(const cx_pack *pack, size_t *n);
const cx_measure *cx_pack_measures(const cx_pack *pack, size_t *n);
const cx_purpose *cx_pack_purposes(const cx_pack *pack, size_t *n);
const cx_exchange *cx_pack_exchanges(const cx_pack *pack, size_t *n);

/* Whether a department may report an item: by its code, or by @court, @review, @any. */
bool cx_item_reporter(const cx_item *item, const cx_department *department);

/* Whether somebody may ask for a purpose: a department by its code, or by @any (public bodies), @court,
 * @review; who is no department of the pack (NULL) by @private. */
bool cx_purpose_asker(const cx_purpose *purpose, const cx_department *department);

/* The pack's tables, ready to be evaluated; never NULL. */
const cx_decision *cx_pack_classification(const cx_pack *pack);
const cx_decision *cx_pack_sanctions(const cx_pack *pack);

#endif
