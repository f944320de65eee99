/* What the service follows: credit.tokens, and the packs that are in force. Those are what the registrar has
 * activated: it stands in what it commits beside its position (common/run/metadata.h). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/log.h"
#include "common/run/metadata.h"
#include "services/query/service.h"

static const char *const topics[] = {"credit.tokens", "credit.policies"};
enum { TOKENS, TOPICS = 2, LOOK_MS = 2000 };

cx_time cx_query_now(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_REALTIME, &at);
    return (cx_time)at.tv_sec * CX_SECOND + at.tv_nsec / 1000000;
}

cx_time cx_query_steady(void) {
    return (cx_time)(cx_metrics_now() / 1000000);
}

/* --- tokens and published packs ------------------------------------------------------------------------- */

/* A row that cannot be read is nobody's token: it lets nobody in. */
static cx_rc take_token(cx_query_service *q, const cx_message *m, cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_err why = {0};
    cx_rc rc = arena == NULL ? cx_fail(&why, CX_OUT_OF_MEMORY, NULL)
                             : cx_book_take(q->book, m->key, m->value, arena, &why);
    cx_arena_destroy(&arena);
    if (rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, rc, NULL);
    if (rc != CX_OK)
        cx_log_failure(CX_LOG_WARN, topics[TOKENS], &why);
    return CX_OK;
}

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    cx_query_service *q = context;
    if (cx_view_is(m->topic, topics[TOKENS]))
        return take_token(q, m, err);
    return cx_packs_take(q->packs, m->key, m->value, err);
}

cx_rc cx_query_follow(cx_query_service *q, cx_err *err) {
    CX_TRY(cx_follow_open(q->config, topics, TOPICS, take, q, &q->follow, err));
    for (size_t i = 0; i < TOPICS; i++)
        if (cx_follow_partitions(q->follow, i) != 1)
            return cx_fail(err, CX_TOPIC_PARTITIONS, "%s must have one partition", topics[i]);
    return cx_follow_to_ends(q->follow, err);
}

/* --- the packs in force -----------------------------------------------------------------------------------
 */

static cx_rc activate(cx_query_service *q, const cx_metadata *now, cx_err *err) {
    cx_policies *policies = cx_policies_new();
    cx_rc rc = policies == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < now->pack_n; i++) {
        const cx_pack *pack = NULL;
        rc = cx_packs_find(q->packs, now->packs[i], &pack, err);
        if (rc == CX_OK && (rc = cx_policies_activate(policies, pack)) != CX_OK)
            rc = cx_fail(err, rc, NULL);
    }
    if (rc != CX_OK) {
        cx_policies_destroy(&policies);
        return rc;
    }
    cx_policies_destroy(&q->policies);
    q->policies = policies;
    cx_metrics_packs(&q->metrics, now->packs, now->pack_n);
    return CX_OK;
}

/* What the registrar has activated in the first partition; an activation is in all of them. */
static cx_rc look(cx_query_service *q, cx_err *err) {
    static char text[1][CX_ADMIN_METADATA];
    static cx_metadata now;
    cx_place place = {"credit.classified", 0, CX_POSITION_NONE, ""};
    text[0][0] = '\0';
    CX_TRY(cx_admin_committed(q->admin, "credit.registrar", &place, 1, text, err));
    if (place.offset == CX_POSITION_NONE)
        return CX_OK;
    CX_TRY(cx_metadata_parse(text[0], &now, err));
    bool same = now.pack_n == (q->policies != NULL ? cx_policies_count(q->policies) : 0);
    return same ? CX_OK : activate(q, &now, err);
}

cx_rc cx_query_follow_on(cx_query_service *q, cx_err *err) {
    CX_TRY(cx_writers_poll(q->writers, err));
    CX_TRY(cx_follow_poll(q->follow, err));
    if (cx_query_steady() - q->looked_at < LOOK_MS)
        return CX_OK;
    q->looked_at = cx_query_steady();
    return look(q, err);
}
