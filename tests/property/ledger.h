/* What was sent and what was told out: the outside of the pipeline, from which the invariants are read.
 *
 * The player (play.h) fills it from the encoded outputs alone: the history (PostgreSQL) is the versions that
 * Decideds tell, Redis the newest Status of each subject, a department's knowledge the notices and rejections
 * on its own topics, the access log its rows. Causes of suspension are counted here from the events that were
 * sent and accepted, never taken from the registrar's own bookkeeping.
 *
 * Everything lives until the player begins a new history. Not thread-safe.
 */
#ifndef TESTS_PROPERTY_LEDGER_H
#define TESTS_PROPERTY_LEDGER_H

#include "tests/model/chain.h"
#include "tests/property/world.h"

enum {
    CX_LEDGER_SENT = 256,
    CX_LEDGER_ENTRIES = 512,
    CX_LEDGER_RECORDS = 256,
    CX_LEDGER_TOLD = 4096,
    CX_LEDGER_CAUSES = 256,
    CX_LEDGER_ANSWERS = 64,
    CX_LEDGER_ACCESS = 128,
    CX_LEDGER_PUBLICS = 64
};

/* One message of a department. */
typedef struct cx_sent {
    int64_t number;
    cx_date day;
    cx_view department, verdict; /* verdict: of intake, else of the stage that refused it, else OK */
    const cx_credit_event *event;
    const cx_pack *pack;               /* in force when it was sent */
    uint8_t subject[CX_CHAIN_SUBJECT]; /* as sent, before any link */
    const cx_decided *decided;         /* NULL: intake refused it */
    bool accepted;
    bool young;  /* somebody in it was under 18 on the day of the act */
    size_t home; /* refusals that came home */
} cx_sent;

/* An entry, by the newest version that was told. */
typedef struct cx_known_entry {
    cx_view id;
    uint8_t subject[CX_CHAIN_SUBJECT];
    const cx_list_entry *now, *before; /* before: the version before it; NULL: none */
    cx_date since;                     /* of the newest version */
    cx_date known_on;                  /* of the first */
    bool stood;                        /* it was live at some time */
    cx_view moved_by;                  /* cause of the newest version */
    int extended;                      /* months that accepted extensions added */
} cx_known_entry;

typedef struct cx_known_record {
    uint8_t subject[CX_CHAIN_SUBJECT];
    const cx_kept_record *now, *before;
    cx_date since;
} cx_known_record;

/* What a department knows of one measure (or, code empty, of a status that it had queried). */
typedef struct cx_told {
    cx_view department, measure_id, code, entry;
    uint8_t subject[CX_CHAIN_SUBJECT];
    const cx_notice *first, *last; /* never a TELL */
    bool out, runs;                /* it is carried out; it does not rest */
    cx_date told_on, answered_on;  /* of the last; of the feedback on it, CX_NO_DATE: none */
    bool reminded;                 /* of a response that is overdue */
} cx_told;

typedef enum cx_cause_kind {
    CX_CAUSE_DISPUTE,
    CX_CAUSE_REVIEW,
    CX_CAUSE_STAY,
    CX_CAUSE_REORGANISATION
} cx_cause_kind;

/* What marks or suspends an entry (or, entry empty, a record), by the events that were accepted. */
typedef struct cx_cause_known {
    cx_cause_kind kind;
    cx_view entry, record, record_department;
    cx_view id, department; /* of the event */
    bool suspends, marks;   /* still */
} cx_cause_known;

/* What became public, by what was told of it last. */
typedef struct cx_known_public {
    uint8_t subject[CX_CHAIN_SUBJECT];
    const cx_public_decision *now;
} cx_known_public;

/* What befell a subject, by the events that were accepted; it goes with it to another identifier. */
typedef struct cx_known_subject {
    uint8_t subject[CX_CHAIN_SUBJECT];
    bool gone, incapable, reorganised;
} cx_known_subject;

/* A query, and whether it was answered. */
typedef struct cx_inquired {
    cx_view who, purpose;
    uint8_t subject[CX_CHAIN_SUBJECT];
    cx_date day;
    bool answered, log_failed;
    size_t rows_before, rows_after;       /* of the access log */
    size_t queried_before, queried_after; /* QUERIED events in the subject's log */
    const cx_status *shown;
} cx_inquired;

typedef struct cx_access_known {
    cx_view who, purpose;
    uint8_t subject[CX_CHAIN_SUBJECT];
    bool allowed;
} cx_access_known;

typedef struct cx_ledger {
    const cx_world *world;
    const cx_chain *chain;
    cx_date today;
    cx_date activated_on[CX_WORLD_PACKS]; /* CX_NO_DATE: not yet */
    int order[CX_WORLD_PACKS];            /* of activation, by pack */
    const cx_pack *pack;                  /* in force */
    cx_sent sent[CX_LEDGER_SENT];
    size_t sent_n;
    cx_known_entry entries[CX_LEDGER_ENTRIES];
    size_t entry_n;
    cx_known_record records[CX_LEDGER_RECORDS];
    size_t record_n;
    cx_told told[CX_LEDGER_TOLD];
    size_t told_n;
    cx_cause_known causes[CX_LEDGER_CAUSES];
    size_t cause_n;
    cx_inquired answers[CX_LEDGER_ANSWERS];
    size_t answer_n;
    cx_access_known access[CX_LEDGER_ACCESS];
    size_t access_n;
    cx_known_public publics[CX_LEDGER_PUBLICS];
    size_t public_n;
    cx_known_subject subjects[32];
    size_t subject_n;
    uint8_t linked[32][2][CX_CHAIN_SUBJECT];
    size_t link_n;
    bool activated_now; /* the last line brought a law into force */
    bool full;          /* something did not fit: the history is not looked at any further */
} cx_ledger;

/* Taking things in; in the order in which they were told. */
void cx_ledger_begin(cx_ledger *l, const cx_world *world, const cx_chain *chain);
void cx_ledger_change(cx_ledger *l, const cx_decided *d, const cx_change *c);
void cx_ledger_decided(cx_ledger *l, const cx_decided *d);
void cx_ledger_notice(cx_ledger *l, cx_view department, const uint8_t subject[CX_CHAIN_SUBJECT],
                      const cx_notice *n);

/* Looking. NULL: none. */
cx_known_entry *cx_ledger_entry(const cx_ledger *l, cx_view id);
const cx_known_record *cx_ledger_record(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT],
                                        cx_view department, cx_view event_id);
/* The accepted event of that department and id; about the subject where that is not NULL (links followed). */
const cx_sent *cx_ledger_sent(const cx_ledger *l, cx_view department, cx_view id,
                              const uint8_t subject[CX_CHAIN_SUBJECT]);
const cx_sent *cx_ledger_sent_by_number(const cx_ledger *l, int64_t number);
const cx_told *cx_ledger_told(const cx_ledger *l, cx_view department, cx_view measure_id);
/* What befell the subject, links followed; all false where nothing is known. */
cx_known_subject cx_ledger_subject(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT]);
/* Under which pseudonym a subject is known today. */
const uint8_t *cx_ledger_resolve(const cx_ledger *l, const uint8_t subject[CX_CHAIN_SUBJECT]);
bool cx_ledger_same(const cx_ledger *l, const uint8_t a[CX_CHAIN_SUBJECT], const uint8_t b[CX_CHAIN_SUBJECT]);
/* The pack of that hash; the pack whose rules applied on a day, of those activated so far. */
const cx_pack *cx_ledger_pack(const cx_ledger *l, const uint8_t hash[CX_PACK_HASH]);
const cx_pack *cx_ledger_pack_on(const cx_ledger *l, cx_date day);
/* The list of an entry: of the law in force, else of the one it was judged under; NULL: a share in a court's.
 */
const cx_list *cx_ledger_list(const cx_ledger *l, const cx_list_entry *e);
/* Whether there is one made by the registrar itself. */
bool cx_ledger_is_derived(const cx_event *e);

/* What suspends the entry by the events that were sent; of a person's share, the organisation's too. */
typedef struct cx_rest {
    bool objection, stay, reorganisation;
} cx_rest;
cx_rest cx_ledger_rest(const cx_ledger *l, const cx_known_entry *e);
/* Whether a measure rests for these causes: a court's order and a statutory ban only for a stay. */
bool cx_ledger_rests(const cx_pack *pack, const cx_measure *m, cx_rest rest);
bool cx_ledger_is_marked(const cx_ledger *l, const cx_known_entry *e);

#endif
