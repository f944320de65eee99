/* Mistakes that are seeded into the code to prove the tests that must catch them (tests/property). Only a
 * build that defines CX_SEEDED_MISTAKES has them, and makes one of them at a time; in every other build
 * CX_MISTAKE is the constant 0, and a test looks that no library and no program of it knows the name of the
 * choice.
 */
#ifndef CX_BASE_MISTAKE_H
#define CX_BASE_MISTAKE_H

#ifdef CX_SEEDED_MISTAKES
/* X(NAME, "the invariant that breaks") */
#define CX_MISTAKE_MAP(X)                                                                                    \
    X(REPORTERS_NOT_ASKED, "I-BASIS")                                                                        \
    X(BASIS_NOT_ASKED, "I-BASIS")                                                                            \
    X(DOCUMENT_OF_TOMORROW, "I-BASIS")                                                                       \
    X(WINDOW_IGNORED, "I-NOTICE")                                                                            \
    X(STATEMENTS_IGNORED, "I-NOTICE")                                                                        \
    X(RIGHTS_NOT_TOLD, "I-NOTICE")                                                                           \
    X(NOBODY_SIGNS, "I-HUMAN")                                                                               \
    X(THREE_STRIKES, "I-HUMAN")                                                                              \
    X(POINTS_SOFTEN, "I-POINTS")                                                                             \
    X(POINTS_STAY, "I-POINTS")                                                                               \
    X(POINTS_OF_ALL, "I-POINTS")                                                                             \
    X(POINTS_REFUSE, "I-POINTS")                                                                             \
    X(REVOKED_CONSENT_COUNTS, "I-FORBIDDEN")                                                                 \
    X(CORRECTED_FOR_THE_WORSE, "I-CORRECT")                                                                  \
    X(ENTRIES_SURVIVE, "I-RECALL")                                                                           \
    X(NO_END, "I-CATALOG")                                                                                   \
    X(ADVICE_COMMANDS, "I-CATALOG")                                                                          \
    X(FIRST_RESPONDER_ALONE, "I-CATALOG")                                                                    \
    X(MEASURES_SURVIVE_REPAIR, "I-REPAIR")                                                                   \
    X(MEASURES_SURVIVE_EXPIRY, "I-EXPIRY")                                                                   \
    X(STOPPED_STAYS_DONE, "I-RECALL")                                                                        \
    X(ROLE_AT_ANY_TIME, "I-PERSONAL")                                                                        \
    X(BANS_REST, "I-OBJECTION")                                                                              \
    X(DEFAULTERS_PASS, "I-PERSONAL")                                                                         \
    X(ALL_CAUSES_DROP, "I-OBJECTION")                                                                        \
    X(NOT_MARKED, "I-OBJECTION")                                                                             \
    X(SUSPENSION_EXTENDS, "I-EXPIRY")                                                                        \
    X(A_DAY_LATE, "I-EXPIRY")                                                                                \
    X(TERM_UNBOUNDED, "I-EXPIRY")                                                                            \
    X(REPAIR_HAS_A_PRICE, "I-REPAIR")                                                                        \
    X(MINIMUM_TERM_IGNORED, "I-REPAIR")                                                                      \
    X(CORRECTED_LONGER, "I-CORRECT")                                                                         \
    X(READERS_NOT_TOLD, "I-RECALL")                                                                          \
    X(THE_DEAD_ARE_LISTED, "I-CAPACITY")                                                                     \
    X(REDIS_FORGOTTEN, "I-EXPIRY")                                                                           \
    X(NEVER_MILDER, "I-LENIENT")                                                                             \
    X(NEW_LAW_LENGTHENS, "I-LENIENT")                                                                        \
    X(NEW_LAW_FORGETS, "I-LENIENT")                                                                          \
    X(RECORDS_NOT_RELIEVED, "I-LENIENT")                                                                     \
    X(CORRECTIONS_NOT_ASKED, "I-FORBIDDEN")                                                                  \
    X(REPORTER_PASSES, "I-REPORTER")                                                                         \
    X(OTHERS_AT_ANY_AGE, "I-CAPACITY")                                                                       \
    X(CHILDREN_ON_RECORD, "I-CAPACITY")                                                                      \
    X(SENSITIVE_CODED, "I-FORBIDDEN")                                                                        \
    X(FORBIDDEN_SENT_HOME, "I-FORBIDDEN")                                                                    \
    X(REPORTER_SENT_HOME, "I-REPORTER")                                                                      \
    X(NAME_GOES_ON, "I-PRIVATE")                                                                             \
    X(PUBLISHED_UNASKED, "I-PRIVATE")                                                                        \
    X(PUBLISHED_FOREVER, "I-PRIVATE")                                                                        \
    X(BYSTANDERS_TOLD, "I-PRIVATE")                                                                          \
    X(REFUSED_NOT_LOGGED, "I-ACCESS")                                                                        \
    X(SUBJECT_NOT_TOLD, "I-ACCESS")                                                                          \
    X(ANSWERED_WITHOUT_LOG, "I-ACCESS")                                                                      \
    X(COUNTS_ACROSS_LOGS, "I-REPLAY")                                                                        \
    X(REMEMBERS_OTHER_LOGS, "I-REPLAY")                                                                      \
    X(REFUSALS_LOST, "REFUSAL")                                                                              \
    X(SHARES_NOT_SHOWN, "STORES")

typedef enum cx_mistake {
    CX_MISTAKE_NONE,
#define CX_X(name, invariant) CX_MISTAKE_##name,
    CX_MISTAKE_MAP(CX_X)
#undef CX_X
        CX_MISTAKE_COUNT
} cx_mistake;

/* The one that is made now. */
extern cx_mistake cx_mistake_made;
#define CX_MISTAKE(name) (cx_mistake_made == CX_MISTAKE_##name)
#else
#define CX_MISTAKE(name) 0
#endif

#endif
