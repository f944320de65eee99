/* Who we are to the group: taken when a batch begins, given back with its offsets. */
#include <stdlib.h>
#include <string.h>

#include "common/bus/conf.h"
#include "common/bus/handles.h"

/* librdkafka 2.0.2 tells the generation only in its serialised form: "CGMDv2:", then int32. */
static cx_rc generation_of(const rd_kafka_consumer_group_metadata_t *metadata, int32_t *generation,
                           cx_err *err) {
    static const char magic[] = "CGMDv2:";
    void *bytes = NULL;
    size_t n = 0;
    CX_TRY(cx_conf_fail_error(err, "group metadata",
                              rd_kafka_consumer_group_metadata_write(metadata, &bytes, &n)));
    bool known = n >= sizeof magic - 1 + sizeof *generation && memcmp(bytes, magic, sizeof magic - 1) == 0;
    if (known)
        (void)memcpy(generation, (const char *)bytes + sizeof magic - 1, sizeof *generation);
    rd_kafka_mem_free(NULL, bytes);
    return known
               ? CX_OK
               : cx_fail(err, CX_BUS, "this librdkafka's group metadata has another form: build with 2.0.2");
}

cx_rc cx_member_take(rd_kafka_t *rk, cx_member **out, cx_err *err) {
    *out = NULL;
    cx_member *m = calloc(1, sizeof *m);
    if (m == NULL || (m->metadata = rd_kafka_consumer_group_metadata(rk)) == NULL) {
        free(m);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    int32_t generation = -1;
    cx_rc rc = generation_of(m->metadata, &generation, err);
    if (rc == CX_OK && generation < 0)
        rc = cx_fail(err, CX_BUS_AWAY, "we are in no generation of the group");
    if (rc != CX_OK)
        cx_member_destroy(&m);
    *out = m;
    return rc;
}

void cx_member_destroy(cx_member **member) {
    if (*member == NULL)
        return;
    rd_kafka_consumer_group_metadata_destroy((*member)->metadata);
    free(*member);
    *member = NULL;
}
