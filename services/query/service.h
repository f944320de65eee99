/* The query service: authorised answers, each in the access log before it leaves (I-ACCESS).
 *
 * One thread: requests are collected (common/run/web.h); for each, what it may see is fetched from Redis or
 * PostgreSQL and judged; then one transaction of the bus holds the access rows of all of them, QUERIED in the
 * log of each subject whose status is told, and tokens that are issued; then the answers go out. Where the
 * transaction fails, so do the answers. No identifier, and no token, is in a log line, an error text, a
 * metric or a URL.
 */
#ifndef SERVICES_QUERY_SERVICE_H
#define SERVICES_QUERY_SERVICE_H

#include "common/bus/admin.h"
#include "common/bus/producer.h"
#include "common/law/policies.h"
#include "common/run/follow.h"
#include "common/run/metrics.h"
#include "common/run/state.h"
#include "common/run/web.h"
#include "common/store/postgres_json.h"
#include "common/store/redis.h"
#include "common/vault/keys.h"
#include "services/query/book.h"
#include "services/query/counts.h"
#include "services/query/form.h"
#include "services/packs.h"
#include "services/query/permit.h"
#include "services/sink/writers.h"

enum { CX_QUERY_NUMBER = 9, CX_QUERY_BATCH = 64 };

typedef struct cx_query_service {
    const cx_config *config;
    char producer_id[64], instance[64];
    int64_t sequence; /* of the next access row */
    cx_metrics metrics;
    cx_query_counts counts;
    cx_key *pseudonym_key, *reference_key;
    cx_admin *admin;
    cx_producer *producer; /* NULL: to be opened anew */
    cx_codec *codec;
    cx_writers *writers;
    cx_follow *follow; /* of credit.tokens and credit.policies */
    cx_book *book;
    cx_packs *packs;
    cx_policies *policies;
    cx_time looked_at; /* when the packs in force were asked for; steady time */
    int32_t partitions;
    cx_web *web;
    cx_redis *redis; /* NULL: not connected */
    cx_pg *pg;
    cx_arena *arena; /* of the batch in work */
} cx_query_service;

/* One request on its way. Views lie in the form, or in the arena. */
typedef struct cx_query_work {
    cx_web_request *request;
    const cx_query_route *route;
    cx_access_question question;
    cx_token_shown shown;
    const cx_token *token;
    cx_query_form form;
    cx_query_subject about;
    bool known, other_known,
        misnamed; /* whether the pseudonyms are; misnamed: an identifier that can be nobody's */
    uint8_t subject[16], other[16];
    const cx_pack *pack;
    const cx_purpose *purpose;
    cx_rc verdict;
    cx_err why;
    json_t *answer;
    cx_view row_key; /* p NULL: no token's row is written; */
    cx_token row;    /* else this one */
} cx_query_work;

/* Wall time and time that only runs forward, ms. */
cx_time cx_query_now(void);
cx_time cx_query_steady(void);

/* --- subject.c: whom a body names. *subject and *known; MISNAMED reasons are those of cx_identifier_check,
 * REFERENCE_UNKNOWN and NO_CONSENT. */
CX_MUST_CHECK cx_rc cx_query_resolve(cx_query_service *q, cx_query_work *w, const cx_query_named *named,
                                     uint8_t subject[16], bool *known, cx_err *err);

/* --- follow.c: tokens and packs. */
/* Reads both topics to their present ends. */
CX_MUST_CHECK cx_rc cx_query_follow(cx_query_service *q, cx_err *err);
/* Takes what is new, without waiting; now and then the packs in force. */
CX_MUST_CHECK cx_rc cx_query_follow_on(cx_query_service *q, cx_err *err);

/* --- store.c: what is known. Connections are made anew after a failure. */
/* As cx_status gives it; of a subject that is not known nothing, as fresh as the stalest partition. */
CX_MUST_CHECK cx_rc cx_query_status(cx_query_service *q, const uint8_t subject[16], json_t **out,
                                    cx_err *err);
CX_MUST_CHECK cx_rc cx_query_status_at(cx_query_service *q, const uint8_t subject[16], cx_time at,
                                       cx_time known_at, json_t **out, cx_err *err);
CX_MUST_CHECK cx_rc cx_query_own_report(cx_query_service *q, const uint8_t subject[16], json_t **out,
                                        cx_err *err);
/* Whether both are pseudonyms of one subject. */
CX_MUST_CHECK cx_rc cx_query_same(cx_query_service *q, const uint8_t a[16], const uint8_t b[16], bool *same,
                                  cx_err *err);
void cx_query_stores_close(cx_query_service *q);

/* --- answer.c: judges one request and fetches what it may see; w->verdict and, where it is CX_OK, w->answer.
 */
void cx_query_prepare(cx_query_service *q, cx_query_work *w);

/* --- batch.c: all requests that wait, at most CX_QUERY_BATCH. A failure that is not TRANSIENT ends the
 * service. */
CX_MUST_CHECK cx_rc cx_query_batch(cx_query_service *q, cx_err *err);
CX_MUST_CHECK cx_rc cx_query_open_producer(cx_query_service *q, cx_err *err);
/* The schemas that this service writes with, before their first use. */
CX_MUST_CHECK cx_rc cx_query_publish_schemas(cx_query_service *q, cx_err *err);

/* --- service.c: until cx_process_stopping. */
/* What jansson frees with: what was there is wiped. */
void cx_query_free(void *memory);
CX_MUST_CHECK cx_rc cx_query_run(void *none, const cx_config *config, cx_err *err);

#endif
