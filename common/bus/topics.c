#include "common/bus/topics.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bus/conf.h"
#include "common/bus/handles.h"

enum { ANSWER_MS = 30000, LOOK_MS = 50, ERROR_TEXT = 256 };

/* Sends a request and waits for its answer; the caller destroys *event. */
static cx_rc answer_of(rd_kafka_queue_t *queue, const char *what, rd_kafka_event_t **event, cx_err *err) {
    *event = rd_kafka_queue_poll(queue, ANSWER_MS + 1000);
    if (*event == NULL)
        return cx_fail(err, CX_BUS_AWAY, "%s: no answer", what);
    rd_kafka_resp_err_t code = rd_kafka_event_error(*event);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return CX_OK;
    rd_kafka_event_destroy(*event);
    *event = NULL;
    return cx_conf_fail(err, what, code);
}

static rd_kafka_AdminOptions_t *options_of(cx_admin *admin, rd_kafka_admin_op_t op) {
    char text[ERROR_TEXT];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(admin->rk, op);
    (void)rd_kafka_AdminOptions_set_request_timeout(options, ANSWER_MS, text, sizeof text);
    if (op != RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS) /* describing has no operation of its own to wait for */
        (void)rd_kafka_AdminOptions_set_operation_timeout(options, ANSWER_MS, text, sizeof text);
    return options;
}

static cx_rc new_topic(const cx_topic_spec *spec, rd_kafka_NewTopic_t **out, cx_err *err) {
    char text[ERROR_TEXT];
    *out = rd_kafka_NewTopic_new(spec->name, spec->partitions, spec->replication, text, sizeof text);
    if (*out == NULL)
        return cx_fail(err, CX_CONFIG, "topic %s: %s", spec->name, text);
    for (size_t i = 0; i < spec->settings; i++)
        if (rd_kafka_NewTopic_set_config(*out, spec->keys[i], spec->values[i]) != RD_KAFKA_RESP_ERR_NO_ERROR)
            return cx_fail(err, CX_CONFIG, "topic %s: the setting %s is not accepted", spec->name,
                           spec->keys[i]);
    return CX_OK;
}

static cx_rc read_results(const rd_kafka_event_t *event, size_t *created, cx_err *err) {
    size_t n = 0;
    const rd_kafka_topic_result_t **results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result((rd_kafka_event_t *)(uintptr_t)event), &n);
    for (size_t i = 0; i < n; i++) {
        rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[i]);
        *created += code == RD_KAFKA_RESP_ERR_NO_ERROR;
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            return cx_fail(err, CX_BUS, "topic %s: %s", rd_kafka_topic_result_name(results[i]),
                           rd_kafka_err2str(code));
    }
    return CX_OK;
}

static cx_rc create(cx_admin *admin, rd_kafka_NewTopic_t **topics, size_t n, size_t *created, cx_err *err) {
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin->rk);
    rd_kafka_AdminOptions_t *options = options_of(admin, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_event_t *event = NULL;
    rd_kafka_CreateTopics(admin->rk, topics, n, options, queue);
    cx_rc rc = answer_of(queue, "creating topics", &event, err);
    if (rc == CX_OK)
        rc = read_results(event, created, err);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return rc;
}

/* Which of the declared topics there are already. */
struct known {
    const cx_topic_spec *specs;
    size_t n;
    bool *there;
};

static cx_rc note_known(void *context, const char *topic, int32_t partitions) {
    (void)partitions;
    struct known *k = context;
    for (size_t i = 0; i < k->n; i++)
        k->there[i] |= strcmp(k->specs[i].name, topic) == 0;
    return CX_OK;
}

cx_rc cx_topics_create(cx_admin *admin, const cx_topic_spec *specs, size_t n, size_t *created, cx_err *err) {
    *created = 0;
    bool *there = calloc(n + 1, sizeof *there);
    rd_kafka_NewTopic_t **topics = calloc(n + 1, sizeof(rd_kafka_NewTopic_t *));
    size_t missing = 0;
    cx_rc rc = there == NULL || topics == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    struct known known = {specs, n, there};
    if (rc == CX_OK)
        rc = cx_admin_topics(admin, "", note_known, &known, err);
    for (size_t i = 0; rc == CX_OK && i < n; i++)
        if (!there[i])
            rc = new_topic(&specs[i], &topics[missing++], err);
    if (rc == CX_OK && missing > 0)
        rc = create(admin, topics, missing, created, err);
    for (size_t i = 0; topics != NULL && i < missing; i++)
        if (topics[i] != NULL)
            rd_kafka_NewTopic_destroy(topics[i]);
    free(topics);
    free(there);
    return rc;
}

static cx_rc grow(cx_admin *admin, const char *topic, int32_t partitions, cx_err *err) {
    char text[ERROR_TEXT];
    rd_kafka_NewPartitions_t *more = rd_kafka_NewPartitions_new(topic, (size_t)partitions, text, sizeof text);
    if (more == NULL)
        return cx_fail(err, CX_BUS, "topic %s: %s", topic, text);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin->rk);
    rd_kafka_AdminOptions_t *options = options_of(admin, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS);
    rd_kafka_event_t *event = NULL;
    rd_kafka_CreatePartitions(admin->rk, &more, 1, options, queue);
    cx_rc rc = answer_of(queue, topic, &event, err);
    size_t n = 0;
    if (rc == CX_OK) {
        const rd_kafka_topic_result_t **results =
            rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &n);
        rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[0]);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            rc = cx_conf_fail(err, topic, code);
    }
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewPartitions_destroy(more);
    return rc;
}

/* A new partition is told before its leader leads. */
static cx_rc lead(cx_admin *admin, const char *topic, int32_t partition, cx_err *err) {
    int64_t low = 0, high = 0;
    cx_rc rc = cx_admin_ends(admin, topic, partition, &low, &high, err);
    for (int waited = 0; rc == CX_BUS_AWAY && waited < ANSWER_MS; waited += LOOK_MS) {
        (void)usleep(LOOK_MS * 1000);
        rc = cx_admin_ends(admin, topic, partition, &low, &high, err);
    }
    return rc;
}

cx_rc cx_topic_grow(cx_admin *admin, const char *topic, int32_t partitions, cx_err *err) {
    int32_t n = 0;
    CX_TRY(cx_admin_partitions(admin, topic, &n, err));
    if (n < partitions)
        CX_TRY(grow(admin, topic, partitions, err));
    for (int waited = 0; n < partitions && waited < ANSWER_MS; waited += LOOK_MS) {
        CX_TRY(cx_admin_partitions(admin, topic, &n, err));
        if (n < partitions)
            (void)usleep(LOOK_MS * 1000);
    }
    if (n != partitions)
        return n < partitions ? cx_fail(err, CX_BUS_AWAY, "topic %s: its new partitions are not told", topic)
                              : cx_fail(err, CX_BUS, "topic %s has %d partitions already", topic, (int)n);
    for (int32_t p = 0; p < n; p++)
        CX_TRY(lead(admin, topic, p, err));
    return CX_OK;
}

static void find_setting(const rd_kafka_event_t *event, const char *key, char *value, size_t size,
                         bool *found) {
    size_t n = 0, entries = 0;
    const rd_kafka_ConfigResource_t **resources = rd_kafka_DescribeConfigs_result_resources(
        rd_kafka_event_DescribeConfigs_result((rd_kafka_event_t *)(uintptr_t)event), &n);
    if (n != 1 || rd_kafka_ConfigResource_error(resources[0]) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    const rd_kafka_ConfigEntry_t **all = rd_kafka_ConfigResource_configs(resources[0], &entries);
    for (size_t i = 0; i < entries; i++) {
        const char *text = rd_kafka_ConfigEntry_value(all[i]);
        if (strcmp(rd_kafka_ConfigEntry_name(all[i]), key) != 0 || text == NULL || strlen(text) >= size)
            continue;
        (void)memcpy(value, text, strlen(text) + 1);
        *found = true;
    }
}

cx_rc cx_topic_setting(cx_admin *admin, const char *topic, const char *key, char *value, size_t size,
                       bool *found, cx_err *err) {
    *found = false;
    rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin->rk);
    rd_kafka_AdminOptions_t *options = options_of(admin, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_event_t *event = NULL;
    rd_kafka_DescribeConfigs(admin->rk, &resource, 1, options, queue);
    cx_rc rc = answer_of(queue, topic, &event, err);
    if (rc == CX_OK)
        find_setting(event, key, value, size, found);
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_ConfigResource_destroy(resource);
    return rc;
}
