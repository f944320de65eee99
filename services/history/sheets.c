#include "services/history/sheets.h"

#include "schemas/types.h"

#define V(name, path)                                                                                        \
    { name, CX_COLUMN_VALUE, 0, path }
#define C(name, path)                                                                                        \
    { name, CX_COLUMN_VALUE, 1, path }
#define ROW_KEY                                                                                              \
    {"generation", CX_COLUMN_GENERATION, 0, NULL}, V("origin_partition", "classified.origin.partition"),     \
        V("origin_offset", "classified.origin.offset"), V("origin_index", "index"),                          \
        V("known_at", "classified.now"), V("effective", "effective"), V("subject", "subject")

/* Its place in the chain, and the bytes that are chained. */
#define CHAINED                                                                                              \
    {"seq", CX_COLUMN_SEQ, 0, NULL}, {"link", CX_COLUMN_LINK, 0, NULL}, {                                    \
        "message", CX_COLUMN_BYTES, 0, NULL                                                                  \
    }

static const cx_column events[] = {
    ROW_KEY,
    {"kind", CX_COLUMN_BRANCH, 0, "classified.event.body"},
    V("department", "classified.event.header.department"),
    V("event_id", "classified.event.header.event_id"),
    V("inbound_partition", "classified.event.header.inbound_partition"),
    V("inbound_offset", "classified.event.header.inbound_offset"),
    V("received_at", "classified.event.header.received_at"),
    V("issued_at", "classified.event.header.issued_at"),
    V("happened_on", "classified.event.header.happened_on"),
    V("jurisdiction", "classified.event.header.jurisdiction"),
    V("document_number", "classified.event.header.document.number"),
    V("document_date", "classified.event.header.document.date"),
    V("issuing_body", "classified.event.header.document.issuing_body"),
    V("legal_basis", "classified.event.header.document.legal_basis"),
    V("official_role", "classified.event.header.official.role"),
    V("official_number", "classified.event.header.official.number"),
    V("subject_type", "classified.event.header.subject_type"),
    V("id_type", "classified.event.header.id_type"),
    V("cause_partition", "classified.event.cause.partition"),
    V("cause_offset", "classified.event.cause.offset"),
    V("cause_index", "classified.event.cause.index"),
    V("verdict", "verdict"),
    V("direction", "classified.classification.direction"),
    V("grade", "classified.classification.grade"),
    V("category", "classified.classification.category"),
    V("list_candidate", "classified.classification.list"),
    V("display_until", "classified.classification.display_until"),
    V("pack", "classified.classification.pack"),
    V("decision_table", "classified.classification.table"),
    V("rule", "classified.classification.rule"),
    V("basis", "classified.classification.basis"),
    V("measures", "classified.classification.measures"),
    V("tell", "tell"),
    {"body", CX_COLUMN_JSON, 0, "classified.event.body"},
    CHAINED,
};

static const cx_column entries[] = {
    ROW_KEY,
    {"number", CX_COLUMN_NUMBER, 0, NULL},
    C("cause", "cause"),
    C("from_state", "from"),
    C("state", "entry.state"),
    C("entry", "entry.id"),
    C("version", "entry.version"),
    C("list", "entry.list"),
    C("department", "entry.department"),
    C("jurisdiction", "entry.jurisdiction"),
    C("notice", "entry.notice"),
    C("decision", "entry.decision"),
    C("document_number", "entry.document.number"),
    C("document_date", "entry.document.date"),
    C("issuing_body", "entry.document.issuing_body"),
    C("legal_basis", "entry.document.legal_basis"),
    C("official_role", "entry.official.role"),
    C("official_number", "entry.official.number"),
    C("subject_type", "entry.subject_type"),
    C("role", "entry.role"),
    C("organisation", "entry.organisation"),
    C("organisation_entry", "entry.organisation_entry"),
    C("rests_on", "entry.rests_on"),
    C("grade", "entry.grade"),
    C("category", "entry.category"),
    C("case_number", "entry.case"),
    C("pack", "entry.pack"),
    C("measures", "entry.measures"),
    C("act_on", "entry.act_on"),
    C("served_on", "entry.served_on"),
    C("window_ends", "entry.window_ends"),
    C("lapses_on", "entry.lapses_on"),
    C("starts_on", "entry.from"),
    C("until", "entry.until"),
    C("review_on", "entry.review_on"),
    C("ended_on", "entry.ended_on"),
    C("ended_by", "entry.ended_by"),
    C("provisional", "entry.provisional"),
    C("repair", "entry.repair"),
    C("suspensions", "entry.suspensions"),
    C("marks", "entry.marks"),
    C("statements", "entry.statements"),
};

static const cx_column records[] = {
    ROW_KEY,
    {"number", CX_COLUMN_NUMBER, 0, NULL},
    C("cause", "cause"),
    C("from_state", "from"),
    C("state", "record.state"),
    C("event_id", "record.event_id"),
    C("version", "record.version"),
    C("department", "record.department"),
    C("jurisdiction", "record.jurisdiction"),
    C("item", "record.item"),
    C("document_number", "record.document.number"),
    C("document_date", "record.document.date"),
    C("issuing_body", "record.document.issuing_body"),
    C("legal_basis", "record.document.legal_basis"),
    C("subject_type", "record.subject_type"),
    C("act_on", "record.act_on"),
    C("amount", "record.amount"),
    C("facts", "record.facts"),
    C("roles", "record.roles"),
    C("others", "record.others"),
    C("direction", "record.classification.direction"),
    C("grade", "record.classification.grade"),
    C("category", "record.classification.category"),
    C("list_candidate", "record.classification.list"),
    C("display_until", "record.classification.display_until"),
    C("measures", "record.classification.measures"),
    C("pack", "record.classification.pack"),
    C("decision_table", "record.classification.table"),
    C("rule", "record.classification.rule"),
    C("basis", "record.classification.basis"),
    C("marks", "record.marks"),
    C("repair", "record.repair"),
    C("consent_scope", "record.consent_scope"),
    C("ended_on", "record.ended_on"),
};

static const cx_column notices[] = {
    {"generation", CX_COLUMN_GENERATION, 0, NULL},
    V("origin_partition", "origin.partition"),
    V("origin_offset", "origin.offset"),
    V("origin_index", "index"),
    V("known_at", "now"),
    V("subject", "subject"),
    V("department", "department"),
    V("notice", "notice.id"),
    V("kind", "notice.kind"),
    V("subject_type", "notice.subject_type"),
    V("measure_id", "notice.measure_id"),
    V("measure", "notice.measure"),
    V("measure_kind", "notice.measure_kind"),
    V("basis", "notice.basis"),
    V("entry", "notice.entry"),
    V("list", "notice.list"),
    V("grade", "notice.grade"),
    V("role", "notice.role"),
    V("cause", "notice.cause"),
    V("deciding_department", "notice.deciding_department"),
    V("document", "notice.document"),
    V("starts_on", "notice.from"),
    V("until", "notice.until"),
    V("review_on", "notice.review_on"),
    V("respond_by", "notice.respond_by"),
    V("pack", "notice.pack"),
    CHAINED,
};

static const cx_column dead_letters[] = {
    {"generation", CX_COLUMN_GENERATION, 0, NULL},
    {"department", CX_COLUMN_TEXT, 0, NULL},
    V("inbound_partition", "partition"),
    V("inbound_offset", "offset"),
    {"known_at", CX_COLUMN_TIME, 0, NULL},
    V("stage", "stage"),
    V("event_id", "event_id"),
    V("reason", "reason"),
    V("field", "field"),
    V("because", "because"),
    {"topic_partition", CX_COLUMN_PARTITION, 0, NULL},
    CHAINED,
};

static const cx_column access_rows[] = {
    {"generation", CX_COLUMN_GENERATION, 0, NULL},
    V("instance", "instance"),
    V("sequence", "sequence"),
    V("known_at", "at"),
    V("who", "who"),
    V("purpose", "purpose"),
    V("question", "question"),
    V("subject", "subject"),
    V("target", "target"),
    V("allowed", "allowed"),
    V("reason", "reason"),
    V("token", "token"),
    V("official", "official"),
    V("matter", "matter"),
    {"topic_partition", CX_COLUMN_PARTITION, 0, NULL},
    CHAINED,
};

#define SHEET(table, root, change, columns)                                                                  \
    { table, {&root, change}, columns, sizeof(columns) / sizeof((columns)[0]) }

const cx_sheet_spec cx_history_sheets[CX_HISTORY_TABLES] = {
    [CX_HISTORY_EVENTS] = SHEET("events", cx_decided_type, NULL, events),
    [CX_HISTORY_ENTRIES] = SHEET("entries", cx_decided_type, &cx_change_type, entries),
    [CX_HISTORY_RECORDS] = SHEET("records", cx_decided_type, &cx_change_type, records),
    [CX_HISTORY_NOTICES] = SHEET("notices", cx_dispatch_type, NULL, notices),
    [CX_HISTORY_DEAD_LETTERS] = SHEET("dead_letters", cx_rejection_type, NULL, dead_letters),
    [CX_HISTORY_ACCESS] = SHEET("access", cx_access_type, NULL, access_rows),
};
