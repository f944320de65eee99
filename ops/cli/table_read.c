#include "ops/cli/table_read.h"

#include <stdlib.h>

#include "common/bus/admin.h"
#include "common/bus/reader.h"

enum { POLL_MS = 200, IDLE_POLLS = 100 };

/* A partition being read: its end when reading began, and whether that has been reached. */
struct end {
    int64_t offset;
    bool reached;
};

struct reading {
    const char *topic;
    cx_reader *reader;
    struct end *ends;
    int32_t partitions, left;
    cx_topic_visit visit;
    void *context;
};

static void reach(struct reading *r, int32_t partition) {
    if (partition >= r->partitions || r->ends[partition].reached)
        return;
    r->ends[partition].reached = true;
    r->left--;
}

static cx_rc take(struct reading *r, cx_message *message, cx_err *err) {
    bool inside = message->partition < r->partitions && message->offset < r->ends[message->partition].offset;
    cx_rc rc = inside ? r->visit(r->context, message, err) : CX_OK;
    if (!inside || message->offset + 1 >= r->ends[message->partition].offset)
        reach(r, message->partition); /* a log that ticks never stands at its end */
    cx_message_release(message);
    return rc;
}

static cx_rc read_to_end(struct reading *r, cx_err *err) {
    for (int idle = 0; r->left > 0;) {
        cx_read read;
        CX_TRY(cx_reader_poll(r->reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", r->topic);
        if (read.kind == CX_READ_END)
            reach(r, read.message.partition);
        if (read.kind == CX_READ_MESSAGE)
            CX_TRY(take(r, &read.message, err));
    }
    return CX_OK;
}

/* Where each partition begins to be read, and how far. */
static cx_rc plan(const cx_config *config, struct reading *r, cx_place **places, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = cx_admin_partitions(admin, r->topic, &r->partitions, err);
    if (rc == CX_OK) {
        *places = calloc((size_t)r->partitions, sizeof **places);
        r->ends = calloc((size_t)r->partitions, sizeof *r->ends);
        if (*places == NULL || r->ends == NULL)
            rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    r->left = r->partitions;
    for (int32_t i = 0; rc == CX_OK && i < r->partitions; i++) {
        int64_t low;
        (*places)[i] = (cx_place){.topic = r->topic, .partition = i, .offset = CX_POSITION_BEGINNING};
        rc = cx_admin_ends(admin, r->topic, i, &low, &r->ends[i].offset, err);
        if (rc == CX_OK && r->ends[i].offset <= low)
            reach(r, i);
    }
    cx_admin_destroy(&admin);
    return rc;
}

cx_rc cx_topic_read(const cx_config *config, const char *topic, cx_topic_visit visit, void *context,
                    cx_err *err) {
    struct reading r = {.topic = topic, .visit = visit, .context = context};
    cx_place *places = NULL;
    cx_rc rc = plan(config, &r, &places, err);
    if (rc == CX_OK)
        rc = cx_reader_new(config, &r.reader, err);
    if (rc == CX_OK)
        rc = cx_reader_assign(r.reader, places, (size_t)r.partitions, err);
    if (rc == CX_OK)
        rc = read_to_end(&r, err);
    cx_reader_destroy(&r.reader);
    free(places);
    free(r.ends);
    return rc;
}
