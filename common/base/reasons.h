/* Every reason code: X(CODE, CLASS, "what happened", "what to do", "invariant or article behind it").
 *
 * VERDICT codes refuse an event in the spine, POISON codes at intake; both go back to the department.
 * Texts never hold a value of the event. docs/errors.md is generated from this table.
 */
#ifndef CX_BASE_REASONS_H
#define CX_BASE_REASONS_H

#define CX_REASON_MAP(X)                                                                                     \
    CX_REASON_WIRE(X)                                                                                        \
    CX_REASON_FORM(X)                                                                                        \
    CX_REASON_LAW(X)                                                                                         \
    CX_REASON_RULES(X)                                                                                       \
    CX_REASON_SYSTEM(X)

/* The bytes of a message. */
#define CX_REASON_WIRE(X)                                                                                    \
    X(NOT_AVRO, POISON, "the message begins with neither framing",                                           \
      "send Avro single-object encoding (C3 01) or Confluent framing (00)", "")                              \
    X(UNKNOWN_SCHEMA, POISON, "the message names a schema that was never published here",                    \
      "publish with a schema from schemas/, or have yours registered", "")                                   \
    X(TRUNCATED, POISON, "the message ends inside a field", "send the whole message", "")                    \
    X(TRAILING_BYTES, POISON, "bytes follow the end of the message", "send one encoded event a message", "") \
    X(OVERSIZED, POISON, "the message, a string or a list is larger than allowed",                           \
      "split it, or shorten the text", "")                                                                   \
    X(BAD_UTF8, POISON, "a string is not UTF-8", "encode text as UTF-8", "")                                 \
    X(NUL_IN_STRING, POISON, "a string holds a NUL character", "remove it", "")                              \
    X(BAD_ENUM, POISON, "an enumeration's number is out of range",                                           \
      "encode with the schema that the message names", "")                                                   \
    X(BAD_BOOLEAN, POISON, "a boolean is neither 0 nor 1", "encode with the schema that the message names",  \
      "")                                                                                                    \
    X(BAD_UNION, POISON, "a union's branch is out of range",                                                 \
      "encode with the schema that the message names", "")                                                   \
    X(BAD_COUNT, POISON, "a count or length is negative or out of range",                                    \
      "encode with the schema that the message names", "")                                                   \
    X(BAD_VARINT, POISON, "an integer is longer than its type allows",                                       \
      "encode with the schema that the message names", "")                                                   \
    X(NO_VALUE, POISON, "the writer's schema has a value that the reader's cannot hold",                     \
      "use a schema from schemas/", "")                                                                      \
    X(SCHEMA_INVALID, FATAL, "a schema cannot be used", "correct the schema file", "")                       \
    X(SCHEMA_RECURSIVE, FATAL, "recursive schemas are not accepted", "write the schema without recursion",   \
      "")                                                                                                    \
    X(SCHEMA_INCOMPATIBLE, FATAL, "the writer's schema cannot be resolved against the reader's",             \
      "see the Avro specification, schema resolution", "")

/* What intake checks: no pack can change it. */
#define CX_REASON_FORM(X)                                                                                    \
    X(NO_SUBJECT, POISON, "the event names no subject", "add the subject", "")                               \
    X(WRONG_CHECK_DIGIT, POISON, "the identifier's check digit is wrong", "correct the identifier",          \
      "GB 11643, GB 32100")                                                                                  \
    X(WRONG_LENGTH, POISON, "the identifier's length or alphabet is wrong", "correct the identifier",        \
      "GB 11643, GB 32100")                                                                                  \
    X(IMPOSSIBLE_DATE, POISON, "a date does not exist or lies in the future", "correct the date", "")        \
    X(UNKNOWN_REGION, POISON, "the identifier's region never existed", "correct the identifier",             \
      "GB/T 2260")                                                                                           \
    X(UNKNOWN_ID_TYPE, POISON, "this kind of identifier does not fit this kind of subject",                  \
      "correct the type", "")                                                                                \
    X(UNDER_18, POISON, "the person was under 18 at the date of the act", "minors are not recorded",         \
      "I-CAPACITY")                                                                                          \
    X(BIRTH_DATE_MISSING, POISON, "the identifier holds no birth date and the event gives none",             \
      "add the birth date", "I-CAPACITY")                                                                    \
    X(FORBIDDEN_FIELD, POISON, "the event carries information that must not be collected",                   \
      "remove the field", "I-FORBIDDEN")                                                                     \
    X(CONSENT_MISSING, POISON,                                                                               \
      "information of this kind needs the subject's written consent, named in the event",                    \
      "add the consent's document, date and scope, or remove the field", "I-FORBIDDEN")                      \
    X(REPORTER_NAMED, POISON, "a report must not name the person who made it", "remove the reporter",        \
      "I-REPORTER")                                                                                          \
    X(TEXT_IN_CODE, POISON, "free text stands where a code belongs",                                         \
      "use the catalog's code; free text goes into `text`", "")                                              \
    X(AMOUNT_OUT_OF_RANGE, POISON, "an amount is negative or too large",                                     \
      "give the amount in fen, at most 10^15", "")                                                           \
    X(EVENT_ID_INVALID, POISON, "the event id is empty, too long or not a code",                             \
      "use 1 to 64 of A-Z a-z 0-9 _ . : -", "")                                                              \
    X(DOCUMENT_MISSING, POISON, "the document's number, date or issuing body is missing",                    \
      "name the document", "I-BASIS")                                                                        \
    X(REFERENCE_UNKNOWN, POISON, "the reference is not one that this department was given",                  \
      "send the reference of the notice", "")                                                                \
    X(WRONG_TOPIC, POISON, "this kind of event does not belong on this department's topic",                  \
      "send it on the topic of the body that may decide it", "")                                             \
    X(POSITION_GONE, POISON, "the message that was to be read again is not at its place any more",           \
      "the department sends the event anew", "")                                                             \
    X(REDRIVE_TOO_LATE, POISON, "the message that was to be read again came more than 7 days before",        \
      "the department sends the event anew", "")

/* What classifier, registrar and sanctioner refuse. */
#define CX_REASON_LAW(X)                                                                                     \
    X(DUPLICATE, VERDICT, "the same event was accepted before; nothing happens", "nothing to do", "")        \
    X(ID_REUSED, VERDICT, "the same event id was used with other content", "send a CORRECTION", "I-CORRECT") \
    X(TOO_OLD, VERDICT, "the department issued the event more than 13 months ago", "issue it anew", "")      \
    X(NO_PACK, VERDICT, "no policy pack is in force for this jurisdiction", "activate one", "I-BASIS")       \
    X(TEST_IDENTIFIER, VERDICT, "an identifier from the test region is not accepted by a production pack",   \
      "use the real identifier", "")                                                                         \
    X(UNKNOWN_DEPARTMENT, VERDICT, "the pack of this jurisdiction does not know the department",             \
      "check the jurisdiction, or have the department added to the pack", "I-BASIS")                         \
    X(ITEM_NOT_IN_CATALOG, VERDICT, "the item is not in the catalog",                                        \
      "use an item of the published catalog", "I-BASIS")                                                     \
    X(ITEM_NOT_YOURS, VERDICT, "this department may not report that item",                                   \
      "the competent department reports it", "I-BASIS")                                                      \
    X(ITEM_WRONG_SUBJECT, VERDICT, "the item does not apply to this kind of subject",                        \
      "check item and subject", "I-BASIS")                                                                   \
    X(NOT_REAL_NAME, VERDICT, "the subject's identity was not verified",                                     \
      "verify the identity and send again", "")                                                              \
    X(GROUP_REQUIRED, VERDICT, "the item belongs to an occupational group that the event does not name",     \
      "name the group", "I-BASIS")                                                                           \
    X(BASIS_UNKNOWN, VERDICT, "the event's legal basis is not one that the catalog names for the item",      \
      "name the statute that the catalog cites", "I-BASIS")                                                  \
    X(BASIS_INSUFFICIENT, VERDICT, "a municipal plan alone is no basis for restricting anybody",             \
      "a statute or State Council decision is needed", "I-BASIS")                                            \
    X(DOCUMENT_NOT_IN_EFFECT, VERDICT, "the document is not in effect", "report it when it is in effect",    \
      "I-BASIS")                                                                                             \
    X(NOT_LISTABLE, VERDICT, "the item cannot lead to this list", "see the catalog's column listable",       \
      "I-HUMAN")                                                                                             \
    X(UNDECIDED, VERDICT, "the decision table gives no result for these facts", "complete the facts",        \
      "I-BASIS")                                                                                             \
    X(NO_CALENDAR, VERDICT, "a working-day deadline lies beyond the pack's calendar",                        \
      "publish a pack with a longer calendar", "")                                                           \
    X(NO_SUCH_EVENT, VERDICT, "the event that this one refers to is not known, or is about another subject", \
      "refer to the accepted event's id", "")                                                                \
    X(NOT_YOUR_EVENT, VERDICT, "the event that this one refers to is another department's",                  \
      "the department that sent it must act", "I-BASIS")                                                     \
    X(NO_NOTICE, VERDICT, "no pre-listing notice was served", "serve LISTING_NOTICE first", "I-NOTICE")      \
    X(NOTICE_INCOMPLETE, VERDICT, "the notice names no reason, basis or rights", "serve a complete notice",  \
      "I-NOTICE")                                                                                            \
    X(INSIDE_WINDOW, VERDICT, "the window for a response is still open", "decide after it has closed",       \
      "I-NOTICE")                                                                                            \
    X(STATEMENT_UNANSWERED, VERDICT, "a statement or defence was not answered",                              \
      "answer every statement in the decision", "I-NOTICE")                                                  \
    X(NOTICE_LAPSED, VERDICT, "the notice lapsed before the decision", "serve a new notice", "I-NOTICE")     \
    X(NOT_BY_AN_OFFICIAL, VERDICT, "no official signed the decision", "a human official decides", "I-HUMAN") \
    X(DECISION_INCOMPLETE, VERDICT, "the decision lacks number, basis, sanctions, exit terms or remedy",     \
      "complete the document", "I-NOTICE")                                                                   \
    X(NOT_COMPETENT, VERDICT, "this department is not competent for the list",                               \
      "the competent department decides", "I-NOTICE")                                                        \
    X(ILLEGAL_TRANSITION, VERDICT, "the entry's state does not allow this event",                            \
      "see the list's procedure", "I-NOTICE")                                                                \
    X(NO_RECORD, VERDICT, "the listing rests on no record that is in effect", "report the record first",     \
      "I-BASIS")                                                                                             \
    X(COUNTS_NEVER_LIST, VERDICT, "counts, points, self-reports and private lists never list anybody",       \
      "a served decision on a serious act is needed", "I-HUMAN")                                             \
    X(TERM_TOO_LONG, VERDICT, "the term is longer than the list's procedure allows", "shorten it",           \
      "I-EXPIRY")                                                                                            \
    X(TERM_TOO_SHORT_FOR_REPAIR, VERDICT, "the minimum term is not over", "apply again after it",            \
      "I-REPAIR")                                                                                            \
    X(DUTIES_NOT_CORRECTED, VERDICT, "the duties were not corrected in full", "correct them first",          \
      "I-REPAIR")                                                                                            \
    X(COMMITMENT_MISSING, VERDICT, "the public commitment is missing", "add it", "I-REPAIR")                 \
    X(NOT_REPAIRABLE, VERDICT, "the basis excludes repair for this case", "", "I-REPAIR")                    \
    X(REPAIR_FOR_MONEY, VERDICT, "money or charity is no condition of repair", "remove the condition",       \
      "I-REPAIR")                                                                                            \
    X(WORSE_FOR_SUBJECT, VERDICT, "a correction must not make a date, term or grade worse",                  \
      "a new decision is needed", "I-CORRECT")                                                               \
    X(EXTENSION_NOT_PROVIDED, VERDICT, "the list's procedure provides no extension", "", "I-EXPIRY")         \
    X(NO_SUCH_OBJECTION, VERDICT, "the ruling answers no objection that is open",                            \
      "refer to the objection's event id", "I-OBJECTION")                                                    \
    X(NOT_A_COURT, VERDICT, "only a court or review body may do this",                                       \
      "the order must come on its own topic", "I-OBJECTION")                                                 \
    X(MEASURE_UNKNOWN, VERDICT, "the measure is not in the catalog", "use a catalogued measure",             \
      "I-CATALOG")                                                                                           \
    X(MEASURE_WITHOUT_END, VERDICT, "the measure has neither an end nor a review date", "give one",          \
      "I-CATALOG")                                                                                           \
    X(MEASURE_NOT_FOR_LIST, VERDICT, "the measure is not provided for this list and grade",                  \
      "see sanctions.dmn", "I-CATALOG")                                                                      \
    X(ROLE_NOT_NAMED, VERDICT, "the measure's basis does not name this role",                                \
      "nobody bears a measure for another's conduct", "I-PERSONAL")                                          \
    X(ROLE_NOT_AT_DATE, VERDICT, "the person did not hold the role at the date that counts",                 \
      "correct the evidence", "I-PERSONAL")                                                                  \
    X(ROLE_WITHOUT_EVIDENCE, VERDICT, "there is no evidence for the role", "name the document",              \
      "I-PERSONAL")                                                                                          \
    X(CONSENT_REVOKED, VERDICT, "the subject revoked the consent", "ask again", "I-FORBIDDEN")               \
    X(NO_CONSENT, VERDICT, "the subject did not consent", "ask first", "I-PRIVATE")                          \
    X(NOT_PUBLIC, VERDICT, "this is not published, or no longer", "", "I-PRIVATE")                           \
    X(BULK_PUBLICATION, VERDICT, "the publication is about more than one subject",                           \
      "publish each decision by itself", "I-PRIVATE")                                                        \
    X(NOT_IN_FORCE, VERDICT, "the decision to be published is not in force, or not any more", "",            \
      "I-PRIVATE")                                                                                           \
    X(DECISION_RESTS, VERDICT, "the decision to be published is stayed or suspended",                        \
      "publish it when it is in force again", "I-PRIVATE, I-OBJECTION")                                      \
    X(SENSITIVE_RECORD, VERDICT, "the record holds what the subject consented to for another use",           \
      "it is never published", "I-PRIVATE, I-FORBIDDEN")                                                     \
    X(NOT_CLEAN, VERDICT, "something adverse stands, so that nobody may be told of a clean record", "",      \
      "I-PRIVATE")                                                                                           \
    X(PUBLIC_ALREADY, VERDICT, "the decision is public", "nothing to do", "")                                \
    X(SUBJECT_REFUSED, VERDICT, "the subject refused that this kind of record is kept", "", "I-FORBIDDEN")   \
    X(SUBJECT_ENDED, VERDICT, "the subject died, was dissolved or lacks capacity", "", "I-CAPACITY")         \
    X(FEEDBACK_UNASKED, VERDICT, "nobody asked this department for that measure",                            \
      "send the measure's id from the notice", "")                                                           \
    X(PURPOSE_FORBIDDEN, VERDICT, "credit data must not be used for this purpose", "", "I-ACCESS")           \
    X(TOKEN_INVALID, VERDICT, "no token was shown that is known, in time and not revoked",                   \
      "have a token issued: chengxin token issue", "I-ACCESS")                                               \
    X(NOT_AUTHORISED, VERDICT, "the token does not cover this question or purpose",                          \
      "have a token issued for it, where the pack's purposes.csv allows it", "I-ACCESS")                     \
    X(QUERY_FORM, VERDICT, "the request is not in the form of schemas/openapi/query.json",                   \
      "correct the field that the message names", "I-ACCESS")                                                \
    X(QUERY_RATE, VERDICT, "the token asks too often", "ask again later", "I-PRIVATE")                       \
    X(HELD_BY_BREAKER, VERDICT, "the feed is held because abnormally many subjects would be listed",         \
      "a second official sends BREAKER_RELEASE", "")                                                         \
    X(SAME_OFFICIAL, VERDICT, "the release must be by an official other than the one who signed",            \
      "another official releases", "")                                                                       \
    X(POINTS_NOT_CONSENTED, VERDICT, "points are opt-in", "", "I-POINTS")                                    \
    X(OUT_OF_SCOPE, VERDICT, "this service does not act on this kind of event", "", "")

/* Decision tables. */
#define CX_REASON_RULES(X)                                                                                   \
    X(MODEL_XML, USAGE, "the model is not well-formed XML, or is larger or deeper than allowed",             \
      "correct the file", "")                                                                                \
    X(MODEL_INVALID, USAGE, "the model is not valid DMN", "correct the place that the message names",        \
      "DMN 1.5")                                                                                             \
    X(MODEL_CYCLE, USAGE, "the decisions require each other in a circle", "remove one requirement",          \
      "DMN 1.5, 6.3")                                                                                        \
    X(FEEL_SYNTAX, USAGE, "a FEEL expression cannot be read", "correct the place that the message names",    \
      "DMN 1.5, 10.3")                                                                                       \
    X(FEEL_TYPE, USAGE, "a FEEL expression has the wrong type", "correct the place that the message names",  \
      "DMN 1.5, 10.3")                                                                                       \
    X(EVAL_LIMIT, VERDICT, "an evaluation took more steps or went deeper than allowed",                      \
      "make the expression smaller", "")                                                                     \
    X(TABLE_INCOMPLETE, USAGE, "the table has gaps or contradictions that it does not waive",                \
      "complete the rules or waive them by name", "")

/* Everything around it. */
#define CX_REASON_SYSTEM(X)                                                                                  \
    X(OUT_OF_MEMORY, FATAL, "out of memory", "give the process more", "")                                    \
    X(CONFIG, FATAL, "a setting is wrong", "correct the setting that the message names", "")                 \
    X(FENCED, FATAL, "another process has taken over this work",                                             \
      "nothing: the supervisor restarts this one", "")                                                       \
    X(TOPIC_MISSING, FATAL, "a topic is missing", "run: chengxin topics apply", "")                          \
    X(TOPIC_PARTITIONS, FATAL, "topics of the spine differ in their number of partitions",                   \
      "run: chengxin topics plan", "")                                                                       \
    X(NOT_DECODED, FATAL, "a message of the spine cannot be decoded", "run: chengxin verify", "")            \
    X(POSITION_LOST, FATAL, "no position is committed, but output exists",                                   \
      "see the runbook, section positions", "")                                                              \
    X(KEY_WRONG, FATAL, "a key file is missing or does not fit", "check the vault's settings", "")           \
    X(PACK_INVALID, FATAL, "a policy pack cannot be used", "run: chengxin policy check", "")                 \
    X(BUS, FATAL, "the message bus reported an error that retrying cannot mend", "see the log", "")          \
    X(STORE, FATAL, "the store reported an error that retrying cannot mend", "see the log", "")              \
    X(BUS_AWAY, TRANSIENT, "the message bus does not answer", "start it: ./ops/up", "")                      \
    X(REGISTRY_AWAY, TRANSIENT, "the schema registry does not answer",                                       \
      "start it, or correct schema.registry.url", "")                                                        \
    X(STORE_AWAY, TRANSIENT, "the store does not answer", "start it: ./ops/up", "")                          \
    X(ROW_NOT_YET, TRANSIENT, "a needed row has not arrived yet", "nothing: it is waited for", "")           \
    X(USAGE, USAGE, "the command was used wrongly", "see --help", "")                                        \
    X(FILE, USAGE, "a file cannot be read or written", "check path and permissions", "")                     \
    X(CSV, USAGE, "a CSV file is not in the expected form", "correct the row that the message names", "")    \
    X(JSON, USAGE, "a line is not an event in JSON", "see docs/events.md", "")                               \
    X(INTERRUPTED, USAGE, "the command was stopped", "run it again", "")                                     \
    X(STILL_RUNNING, USAGE, "a service is still running", "stop every service and run it again", "")         \
    X(NOT_DRAINED, USAGE, "a stage has not read all that there is",                                          \
      "start the services and wait: the runbook tells the order", "")                                        \
    X(NOT_FOUND, USAGE, "there is nothing of that name", "", "")                                             \
    X(DRILL_FAILED, USAGE, "a leak would not have been found or ended", "see the runbook, leak",             \
      "SJZ六(四), CD五1")

#endif
