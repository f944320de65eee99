#include "common/bus/admin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bus/conf.h"
#include "common/bus/handles.h"

enum { ANSWER_MS = 10000, MISSING_TRIES = 5, MISSING_MS = 100 };

cx_rc cx_admin_new(const cx_config *config, cx_admin **out, cx_err *err) {
    *out = NULL;
    rd_kafka_conf_t *conf = NULL;
    CX_TRY(cx_conf_new(config, CX_CONF_ADMIN, &conf, err));
    cx_admin *a = calloc(1, sizeof *a);
    if (a == NULL) {
        rd_kafka_conf_destroy(conf);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    cx_rc rc = cx_conf_open(&conf, RD_KAFKA_CONSUMER, &a->rk, err);
    if (rc != CX_OK)
        cx_admin_destroy(&a);
    *out = a;
    return rc;
}

void cx_admin_destroy(cx_admin **admin) {
    if (*admin == NULL)
        return;
    if ((*admin)->rk != NULL)
        rd_kafka_destroy((*admin)->rk);
    free(*admin);
    *admin = NULL;
}

struct counting {
    const char *topic;
    int32_t n;
};

static cx_rc count_one(void *context, const char *topic, int32_t partitions) {
    struct counting *c = context;
    if (strcmp(c->topic, topic) == 0)
        c->n = partitions;
    return CX_OK;
}

/* A topic that was made a moment ago is not told by every broker at once. */
cx_rc cx_admin_partitions(cx_admin *a, const char *topic, int32_t *n, cx_err *err) {
    struct counting c = {topic, 0};
    for (int i = 0; c.n == 0 && i < MISSING_TRIES; i++) {
        if (i > 0)
            (void)usleep(MISSING_MS * 1000);
        CX_TRY(cx_admin_topics(a, topic, count_one, &c, err));
    }
    *n = c.n;
    return c.n > 0 ? CX_OK : cx_fail(err, CX_TOPIC_MISSING, "topic %s is missing", topic);
}

cx_rc cx_admin_topics(cx_admin *a, const char *prefix, cx_admin_visit visit, void *context, cx_err *err) {
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(a->rk, 1, NULL, &metadata, ANSWER_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return cx_conf_fail(err, "reading the topics", code);
    cx_rc rc = CX_OK;
    for (int i = 0; rc == CX_OK && i < metadata->topic_cnt; i++) {
        const struct rd_kafka_metadata_topic *t = &metadata->topics[i];
        if (t->err == RD_KAFKA_RESP_ERR_NO_ERROR && strncmp(t->topic, prefix, strlen(prefix)) == 0)
            rc = visit(context, t->topic, t->partition_cnt);
    }
    rd_kafka_metadata_destroy(metadata);
    return rc == CX_OK || (err != NULL && err->rc == rc) ? rc : cx_fail(err, rc, NULL);
}

cx_rc cx_admin_ends(cx_admin *a, const char *topic, int32_t partition, int64_t *low, int64_t *high,
                    cx_err *err) {
    rd_kafka_resp_err_t code =
        rd_kafka_query_watermark_offsets(a->rk, topic, partition, low, high, ANSWER_MS);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR ? CX_OK : cx_conf_fail(err, topic, code);
}

/* Waits for one answer on a queue of its own. NULL, and *err, where none came or it is an error. */
static rd_kafka_event_t *await(rd_kafka_queue_t *queue, const char *what, cx_err *err) {
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ANSWER_MS + 1000);
    rd_kafka_queue_destroy(queue);
    rd_kafka_resp_err_t code = event != NULL ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return event;
    (void)cx_conf_fail(err, what, code);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    return NULL;
}

static cx_rc take_offsets(const rd_kafka_topic_partition_list_t *list, cx_place *places, size_t n,
                          char (*texts)[CX_ADMIN_METADATA], cx_err *err) {
    for (size_t i = 0; i < n; i++) {
        rd_kafka_topic_partition_t *e = rd_kafka_topic_partition_list_find(
            (rd_kafka_topic_partition_list_t *)(uintptr_t)list, places[i].topic, places[i].partition);
        if (e != NULL && e->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return cx_conf_fail(err, places[i].topic, e->err);
        places[i].offset = e != NULL && e->offset >= 0 ? e->offset : CX_POSITION_NONE;
        if (texts == NULL)
            continue;
        size_t m = e == NULL                              ? 0
                   : e->metadata_size < CX_ADMIN_METADATA ? e->metadata_size
                                                          : CX_ADMIN_METADATA - 1;
        if (m > 0)
            (void)memcpy(texts[i], e->metadata, m);
        texts[i][m] = '\0';
        places[i].metadata = texts[i];
    }
    return CX_OK;
}

cx_rc cx_admin_committed(cx_admin *a, const char *group, cx_place *places, size_t n,
                         char (*texts)[CX_ADMIN_METADATA], cx_err *err) {
    if (n == 0)
        return CX_OK;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    for (size_t i = 0; i < n; i++)
        (void)rd_kafka_topic_partition_list_add(list, places[i].topic, places[i].partition);
    rd_kafka_ListConsumerGroupOffsets_t *ask = rd_kafka_ListConsumerGroupOffsets_new(group, list);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(a->rk);
    rd_kafka_ListConsumerGroupOffsets(a->rk, &ask, 1, NULL, queue);
    rd_kafka_event_t *event = await(queue, "reading a group's offsets", err);
    rd_kafka_ListConsumerGroupOffsets_destroy(ask);
    rd_kafka_topic_partition_list_destroy(list);
    if (event == NULL)
        return err->rc;
    size_t groups = 0;
    const rd_kafka_group_result_t **results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event), &groups);
    const rd_kafka_error_t *error = groups == 1 ? rd_kafka_group_result_error(results[0]) : NULL;
    cx_rc rc = error != NULL
                   ? cx_conf_fail(err, group, rd_kafka_error_code(error))
                   : take_offsets(rd_kafka_group_result_partitions(results[0]), places, n, texts, err);
    rd_kafka_event_destroy(event);
    return rc;
}

static void put_place(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list, const cx_place *place) {
    rd_kafka_topic_partition_t *e = rd_kafka_topic_partition_list_add(list, place->topic, place->partition);
    size_t n = strlen(place->metadata);
    e->offset = place->offset;
    e->metadata = rd_kafka_mem_malloc(rk, n + 1); /* the list's */
    (void)memcpy(e->metadata, place->metadata, n + 1);
    e->metadata_size = n;
}

static cx_rc look_at_set(const rd_kafka_group_result_t *result, const char *group, cx_err *err) {
    const rd_kafka_error_t *error = rd_kafka_group_result_error(result);
    if (error != NULL)
        return cx_conf_fail(err, group, rd_kafka_error_code(error));
    const rd_kafka_topic_partition_list_t *list = rd_kafka_group_result_partitions(result);
    for (int i = 0; i < list->cnt; i++)
        if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return cx_conf_fail(err, group, list->elems[i].err);
    return CX_OK;
}

cx_rc cx_admin_set_positions(cx_admin *a, const char *group, const cx_place *places, size_t n, cx_err *err) {
    if (n == 0)
        return CX_OK;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
    for (size_t i = 0; i < n; i++)
        put_place(a->rk, list, &places[i]);
    rd_kafka_AlterConsumerGroupOffsets_t *ask = rd_kafka_AlterConsumerGroupOffsets_new(group, list);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(a->rk);
    rd_kafka_AlterConsumerGroupOffsets(a->rk, &ask, 1, NULL, queue);
    rd_kafka_event_t *event = await(queue, "setting a group's positions", err);
    rd_kafka_AlterConsumerGroupOffsets_destroy(ask);
    rd_kafka_topic_partition_list_destroy(list);
    if (event == NULL)
        return err->rc;
    size_t groups = 0;
    const rd_kafka_group_result_t **results = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result(event), &groups);
    cx_rc rc =
        groups == 1 ? look_at_set(results[0], group, err) : cx_fail(err, CX_BUS, "%s: no answer", group);
    rd_kafka_event_destroy(event);
    return rc;
}

static size_t list_members(const rd_kafka_ConsumerGroupDescription_t *group, char *out, size_t size) {
    size_t count = 0, used = 0;
    for (size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(group); i++) {
        const char *id =
            rd_kafka_MemberDescription_group_instance_id(rd_kafka_ConsumerGroupDescription_member(group, i));
        size_t n = id != NULL ? strlen(id) + 1 : 0;
        if (n == 0 || n > size - used)
            continue;
        (void)memcpy(out + used, id, n);
        used += n;
        count++;
    }
    return count;
}

cx_rc cx_admin_members(cx_admin *a, const char *group, char *out, size_t size, size_t *count, cx_err *err) {
    rd_kafka_queue_t *queue = rd_kafka_queue_new(a->rk);
    const char *groups[] = {group};
    rd_kafka_DescribeConsumerGroups(a->rk, groups, 1, NULL, queue);
    rd_kafka_event_t *event = await(queue, "describing a group", err);
    if (event == NULL)
        return err->rc;
    size_t n = 0;
    const rd_kafka_ConsumerGroupDescription_t **found = rd_kafka_DescribeConsumerGroups_result_groups(
        rd_kafka_event_DescribeConsumerGroups_result(event), &n);
    *count = n == 1 && rd_kafka_ConsumerGroupDescription_error(found[0]) == NULL
                 ? list_members(found[0], out, size)
                 : 0;
    rd_kafka_event_destroy(event);
    return CX_OK;
}
