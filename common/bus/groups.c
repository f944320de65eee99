#include "common/bus/groups.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/bus/conf.h"
#include "common/bus/handles.h"

enum { ANSWER_MS = 10000, IN_FLIGHT = 64, NAME = 256, UUID = 36, UUID_HYPHENS = 4 };

/* --- members ------------------------------------------------------------------------------------------- */

struct assignment {
    const uint8_t *p;
    size_t left;
};

static bool take(struct assignment *a, size_t bytes, uint32_t *out) {
    if (a->left < bytes)
        return false;
    *out = 0;
    for (size_t i = 0; i < bytes; i++)
        *out = *out << 8 | a->p[i];
    a->p += bytes;
    a->left -= bytes;
    return true;
}

static bool read_topic(struct assignment *a, cx_groups_assigned visit, void *context, cx_rc *rc) {
    uint32_t n = 0, count = 0, partition = 0;
    if (!take(a, 2, &n) || n > a->left)
        return false;
    cx_view topic = {(const char *)a->p, n};
    a->p += n;
    a->left -= n;
    if (!take(a, 4, &count) || count > a->left / 4)
        return false;
    for (; count > 0 && *rc == CX_OK; count--) {
        if (!take(a, 4, &partition) || partition > INT32_MAX)
            return false;
        *rc = visit(context, topic, (int32_t)partition);
    }
    return true;
}

bool cx_groups_read_assignment(cx_view bytes, cx_groups_assigned visit, void *context, cx_rc *rc) {
    struct assignment a = {(const uint8_t *)bytes.p, bytes.n};
    uint32_t version = 0, topics = 0;
    *rc = CX_OK;
    if (bytes.n == 0) /* a member that has been given nothing yet */
        return true;
    if (!take(&a, 2, &version) || !take(&a, 4, &topics))
        return false;
    for (; topics > 0 && *rc == CX_OK; topics--)
        if (!read_topic(&a, visit, context, rc))
            return false;
    return true;
}

cx_view cx_groups_member_name(cx_view id) {
    size_t hyphens = 0;
    if (id.n <= UUID + 1 || id.p[id.n - UUID - 1] != '-')
        return id;
    for (size_t i = id.n - UUID; i < id.n; i++)
        hyphens += id.p[i] == '-';
    return hyphens == UUID_HYPHENS ? (cx_view){id.p, id.n - UUID - 1} : id;
}

struct owner {
    const cx_groups_visit *visit;
    const char *group;
    char member[NAME];
};

static cx_rc tell_owner(void *context, cx_view topic, int32_t partition) {
    struct owner *o = context;
    char name[NAME];
    (void)snprintf(name, sizeof name, "%.*s", CX_VIEW_ARGS(topic));
    return o->visit->owner(o->visit->context, o->group, o->member, name, partition);
}

static cx_rc visit_member(const cx_groups_visit *visit, const char *group,
                          const struct rd_kafka_group_member_info *m) {
    struct owner o = {.visit = visit, .group = group};
    cx_view bytes = {m->member_assignment,
                     m->member_assignment_size > 0 ? (size_t)m->member_assignment_size : 0};
    cx_rc rc = CX_OK;
    cx_view id = cx_view_of(m->member_id), name = cx_groups_member_name(id);
    bool is_static = !cx_view_is(name, m->client_id); /* another's is its client.id and a UUID: all alike */
    (void)snprintf(o.member, sizeof o.member, "%.*s", CX_VIEW_ARGS(is_static ? name : id));
    (void)cx_groups_read_assignment(bytes, tell_owner, &o, &rc); /* a foreign protocol's says nothing to us */
    return rc;
}

static cx_rc visit_group(const cx_groups_visit *visit, const struct rd_kafka_group_info *g, cx_err *err) {
    if (g->err == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND || strcmp(g->state, "Dead") == 0)
        return CX_OK; /* there is none of that name, or it went away meanwhile */
    if (g->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, g->group, g->err);
    cx_rc rc = visit->group(visit->context, g->group, (size_t)g->member_cnt);
    for (int i = 0; rc == CX_OK && visit->owner != NULL && i < g->member_cnt; i++)
        rc = visit_member(visit, g->group, &g->members[i]);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

cx_rc cx_groups_list(cx_admin *a, const char *only, const cx_groups_visit *visit, cx_err *err) {
    const struct rd_kafka_group_list *list = NULL;
    rd_kafka_resp_err_t code = rd_kafka_list_groups(a->rk, only, &list, ANSWER_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR__PARTIAL)
        return cx_conf_fail(err, "listing the groups", code);
    cx_rc rc = code == RD_KAFKA_RESP_ERR_NO_ERROR
                   ? CX_OK
                   : cx_fail(err, CX_BUS_AWAY, "listing the groups: a broker does not answer");
    for (int i = 0; rc == CX_OK && i < list->group_cnt; i++)
        rc = visit_group(visit, &list->groups[i], err);
    rd_kafka_group_list_destroy(list);
    return rc;
}

/* --- positions ----------------------------------------------------------------------------------------- */

static rd_kafka_resp_err_t ask(cx_admin *a, rd_kafka_queue_t *queue, const char *group, size_t index) {
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(a->rk, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
    rd_kafka_ListConsumerGroupOffsets_t *question = rd_kafka_ListConsumerGroupOffsets_new(group, NULL);
    char text[NAME];
    rd_kafka_AdminOptions_set_opaque(options, (void *)(uintptr_t)index);
    rd_kafka_resp_err_t code =
        rd_kafka_AdminOptions_set_request_timeout(options, ANSWER_MS, text, sizeof text);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_ListConsumerGroupOffsets(a->rk, &question, 1, options, queue);
    rd_kafka_ListConsumerGroupOffsets_destroy(question);
    rd_kafka_AdminOptions_destroy(options);
    return code;
}

static cx_rc take_places(const rd_kafka_group_result_t *result, size_t group, cx_groups_place visit,
                         void *context, cx_err *err) {
    const rd_kafka_error_t *error = rd_kafka_group_result_error(result);
    if (error != NULL && rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND)
        return CX_OK;
    if (error != NULL)
        return cx_conf_fail(err, rd_kafka_group_result_name(result), rd_kafka_error_code(error));
    const rd_kafka_topic_partition_list_t *list = rd_kafka_group_result_partitions(result);
    cx_rc rc = CX_OK;
    for (int i = 0; rc == CX_OK && i < list->cnt; i++) {
        const rd_kafka_topic_partition_t *e = &list->elems[i];
        if (e->err != RD_KAFKA_RESP_ERR_NO_ERROR || e->offset < 0)
            continue;
        rc = visit(context, &(cx_group_place){.group = group,
                                              .topic = e->topic,
                                              .partition = e->partition,
                                              .offset = e->offset,
                                              .metadata = {e->metadata, e->metadata_size}});
    }
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc take_answer(rd_kafka_event_t *event, cx_groups_place visit, void *context, cx_err *err) {
    if (event == NULL)
        return cx_fail(err, CX_BUS_AWAY, "reading the groups' positions: no answer");
    rd_kafka_resp_err_t code = rd_kafka_event_error(event);
    size_t n = 0, group = (size_t)(uintptr_t)rd_kafka_event_opaque(event);
    if (code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND)
        return CX_OK;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "reading the groups' positions", code);
    const rd_kafka_group_result_t **results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event), &n);
    return n == 1 ? take_places(results[0], group, visit, context, err) : CX_OK;
}

cx_rc cx_groups_committed(cx_admin *a, const char *const *groups, size_t n, cx_groups_place visit,
                          void *context, cx_err *err) {
    rd_kafka_queue_t *queue = rd_kafka_queue_new(a->rk);
    size_t asked = 0, answered = 0;
    cx_rc rc = CX_OK;
    while (rc == CX_OK && answered < n) {
        for (; rc == CX_OK && asked < n && asked - answered < IN_FLIGHT; asked++) {
            rd_kafka_resp_err_t code = ask(a, queue, groups[asked], asked);
            if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
                rc = cx_conf_fail(err, "reading the groups' positions", code);
        }
        if (rc != CX_OK)
            break;
        rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ANSWER_MS + 1000);
        rc = take_answer(event, visit, context, err);
        if (event != NULL)
            rd_kafka_event_destroy(event);
        answered++;
    }
    rd_kafka_queue_destroy(queue);
    return rc;
}

/* --- ends ---------------------------------------------------------------------------------------------- */

static cx_rc query(cx_admin *a, cx_place *places, size_t n, cx_err *err) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n + 1);
    for (size_t i = 0; i < n; i++)
        rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition)->offset =
            places[i].offset;
    rd_kafka_resp_err_t code =
        n == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_offsets_for_times(a->rk, list, ANSWER_MS);
    bool known = code == RD_KAFKA_RESP_ERR_NO_ERROR || cx_conf_class(code) == CX_TOPIC_MISSING;
    for (size_t i = 0; i < n; i++) {
        const rd_kafka_topic_partition_t *e = &list->elems[i]; /* in the order in which they were added */
        bool told = known && e->err == RD_KAFKA_RESP_ERR_NO_ERROR && e->offset >= 0;
        places[i].offset = told ? e->offset : CX_POSITION_NONE;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return known ? CX_OK : cx_conf_fail(err, "reading where partitions begin and end", code);
}

cx_rc cx_groups_ends(cx_admin *a, cx_place *places, size_t n, bool begin, cx_err *err) {
    for (size_t i = 0; i < n; i++)
        places[i].offset = begin ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
    return query(a, places, n, err);
}

cx_rc cx_groups_times(cx_admin *a, cx_place *places, size_t n, cx_err *err) {
    return query(a, places, n, err);
}
