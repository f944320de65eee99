/* Topics that are declared, against those that there are. All calls from one thread. */
#ifndef CX_BUS_TOPICS_H
#define CX_BUS_TOPICS_H

#include "common/bus/admin.h"

enum { CX_TOPIC_SETTINGS = 16 };

typedef struct cx_topic_spec {
    const char *name;
    int32_t partitions;
    int16_t replication;                 /* -1: the broker's default */
    const char *keys[CX_TOPIC_SETTINGS]; /* Kafka's names: "cleanup.policy" */
    const char *values[CX_TOPIC_SETTINGS];
    size_t settings;
} cx_topic_spec;

/* Creates those of the n topics that are not there and waits until the cluster knows them; *created counts
 * them. A topic that is there is left as it is. BUS names the topic that could not be created. */
CX_MUST_CHECK cx_rc cx_topics_create(cx_admin *admin, const cx_topic_spec *specs, size_t n, size_t *created,
                                     cx_err *err);
/* Lets a topic have so many partitions, where it has fewer, and waits until the cluster tells so. BUS: it is
 * refused, or the topic has more. */
CX_MUST_CHECK cx_rc cx_topic_grow(cx_admin *admin, const char *topic, int32_t partitions, cx_err *err);
/* The value that a topic has for a setting; false: the broker gave none. value holds `size` bytes. */
CX_MUST_CHECK cx_rc cx_topic_setting(cx_admin *admin, const char *topic, const char *key, char *value,
                                     size_t size, bool *found, cx_err *err);

#endif
