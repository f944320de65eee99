#include "ops/cli/table_read.h"

#include <stdlib.h>

#include "common/bus/admin.h"
#include "common/bus/reader.h"

enum { POLL_MS = 200, IDLE_POLLS = 100 };

static cx_rc read_to_end(cx_reader *reader, const char *topic, int32_t partitions, cx_topic_visit visit,
                         void *context, cx_err *err) {
    int idle = 0;
    for (int32_t ended = 0; ended < partitions;) {
        cx_read read;
        CX_TRY(cx_reader_poll(reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", topic);
        if (read.kind == CX_READ_END)
            ended++;
        if (read.kind != CX_READ_MESSAGE)
            continue;
        cx_rc rc = visit(context, &read.message, err);
        cx_message_release(&read.message);
        CX_TRY(rc);
    }
    return CX_OK;
}

cx_rc cx_topic_read(const cx_config *config, const char *topic, cx_topic_visit visit, void *context,
                    cx_err *err) {
    cx_admin *admin = NULL;
    cx_reader *reader = NULL;
    int32_t partitions = 0;
    cx_rc rc = cx_admin_new(config, &admin, err);
    if (rc == CX_OK)
        rc = cx_admin_partitions(admin, topic, &partitions, err);
    cx_admin_destroy(&admin);
    cx_place *places = rc == CX_OK ? calloc((size_t)partitions, sizeof *places) : NULL;
    if (rc == CX_OK && places == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t i = 0; rc == CX_OK && i < partitions; i++)
        places[i] = (cx_place){.topic = topic, .partition = i, .offset = CX_POSITION_BEGINNING};
    if (rc == CX_OK)
        rc = cx_reader_new(config, &reader, err);
    if (rc == CX_OK)
        rc = cx_reader_assign(reader, places, (size_t)partitions, err);
    if (rc == CX_OK)
        rc = read_to_end(reader, topic, partitions, visit, context, err);
    cx_reader_destroy(&reader);
    free(places);
    return rc;
}
