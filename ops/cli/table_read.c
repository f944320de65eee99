#include "ops/cli/table_read.h"

#include <stdlib.h>

#include "common/bus/admin.h"
#include "common/bus/reader.h"

enum { POLL_MS = 200, IDLE_POLLS = 100 };

/* A partition being read: its end when reading began, and whether that has been reached. */
struct end {
    const char *topic;
    int32_t partition;
    int64_t offset;
    bool reached;
};

struct reading {
    cx_reader *reader;
    struct end *ends;
    size_t n, left;
    cx_topic_visit visit;
    void *context;
};

static struct end *find(const struct reading *r, const cx_message *at) {
    for (size_t i = 0; i < r->n; i++)
        if (r->ends[i].partition == at->partition && cx_view_is(at->topic, r->ends[i].topic))
            return &r->ends[i];
    return NULL;
}

static void reach(struct reading *r, struct end *end) {
    if (end == NULL || end->reached)
        return;
    end->reached = true;
    r->left--;
}

static cx_rc take(struct reading *r, cx_message *message, cx_err *err) {
    struct end *end = find(r, message);
    bool inside = end != NULL && message->offset < end->offset;
    cx_rc rc = inside ? r->visit(r->context, message, err) : CX_OK;
    if (!inside || message->offset + 1 >= end->offset)
        reach(r, end); /* a log that ticks never stands at its end */
    cx_message_release(message);
    return rc;
}

/* A commit is acknowledged before its markers are written: until then what is visible ends earlier than the
 * topic. */
static struct end *at_end(const struct reading *r, const cx_read *read) {
    struct end *end = read->kind == CX_READ_END ? find(r, &read->message) : NULL;
    return end != NULL && read->message.offset >= end->offset ? end : NULL;
}

static cx_rc read_to_end(struct reading *r, cx_err *err) {
    for (int idle = 0; r->left > 0;) {
        cx_read read;
        CX_TRY(cx_reader_poll(r->reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", r->ends[0].topic);
        reach(r, at_end(r, &read));
        if (read.kind == CX_READ_MESSAGE)
            CX_TRY(take(r, &read.message, err));
    }
    return CX_OK;
}

/* Adds the partitions of a topic, and how far each is to be read. */
static cx_rc plan_one(struct reading *r, cx_admin *admin, const char *topic, cx_err *err) {
    int32_t partitions = 0;
    CX_TRY(cx_admin_partitions(admin, topic, &partitions, err));
    struct end *more = realloc(r->ends, (r->n + (size_t)partitions + 1) * sizeof *more);
    if (more == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    r->ends = more;
    for (int32_t p = 0; p < partitions; p++) {
        struct end *end = &r->ends[r->n++];
        int64_t low = 0;
        *end = (struct end){.topic = topic, .partition = p};
        r->left++;
        CX_TRY(cx_admin_ends(admin, topic, p, &low, &end->offset, err));
        if (end->offset <= low)
            reach(r, end);
    }
    return CX_OK;
}

static cx_rc plan(const cx_config *config, struct reading *r, const char *const *topics, size_t n,
                  cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n; i++)
        rc = plan_one(r, admin, topics[i], err);
    cx_admin_destroy(&admin);
    return rc;
}

/* Reads what is not empty. */
static cx_rc begin(const cx_config *config, struct reading *r, cx_err *err) {
    cx_place *places = calloc(r->n + 1, sizeof *places);
    size_t n = 0;
    if (places == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < r->n; i++)
        if (!r->ends[i].reached)
            places[n++] = (cx_place){.topic = r->ends[i].topic,
                                     .partition = r->ends[i].partition,
                                     .offset = CX_POSITION_BEGINNING};
    cx_rc rc = cx_reader_new(config, &r->reader, err);
    if (rc == CX_OK)
        rc = cx_reader_assign(r->reader, places, n, err);
    free(places);
    return rc;
}

cx_rc cx_topics_read_all(const cx_config *config, const char *const *topics, size_t n, cx_topic_visit visit,
                         void *context, cx_err *err) {
    struct reading r = {.visit = visit, .context = context};
    cx_rc rc = plan(config, &r, topics, n, err);
    if (rc == CX_OK && r.left > 0)
        rc = begin(config, &r, err);
    if (rc == CX_OK && r.left > 0)
        rc = read_to_end(&r, err);
    cx_reader_destroy(&r.reader);
    free(r.ends);
    return rc;
}

cx_rc cx_topic_read(const cx_config *config, const char *topic, cx_topic_visit visit, void *context,
                    cx_err *err) {
    return cx_topics_read_all(config, &topic, 1, visit, context, err);
}
