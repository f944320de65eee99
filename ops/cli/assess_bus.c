/* Topics against their declaration, and the newest messages of those that hold nothing in clear. */
#include <stdio.h>
#include <string.h>

#include "common/bus/reader.h"
#include "ops/cli/assess.h"
#include "ops/cli/assess_sample.h"
#include "ops/cli/topics.h"

enum { VALUE = 256, POLL_MS = 1000, NAME = 256, IDLE_POLLS = 60 };
static const char inbound[] = "credit.in.";

/* --- retention ---------------------------------------------------------------------------------------- */
static cx_rc compare(cx_assess *a, cx_admin *admin, const cx_topic_spec *spec, cx_err *err) {
    a->looked_at++;
    for (size_t i = 0; i < spec->settings; i++) {
        char value[VALUE];
        bool found = false;
        cx_rc rc = cx_topic_setting(admin, spec->name, spec->keys[i], value, sizeof value, &found, err);
        if (rc == CX_TOPIC_MISSING) {
            cx_assess_tell(a, "%s: missing; chengxin topics apply makes it", spec->name);
            return CX_OK;
        }
        CX_TRY(rc);
        if (!found || strcmp(value, spec->values[i]) != 0)
            cx_assess_tell(a, "%s: %s is %s, declared is %s", spec->name, spec->keys[i],
                           found ? value : "not known", spec->values[i]);
    }
    return CX_OK;
}

struct departments {
    cx_assess *assess;
    cx_admin *admin;
    const cx_sheet *sheet;
    cx_err *err;
};

static cx_rc compare_all(const struct departments *d, const char *department) {
    cx_topic_spec *specs;
    size_t n = 0;
    CX_TRY(cx_topics_specs(d->assess->config, d->sheet, department, d->assess->arena, &specs, &n, d->err));
    for (size_t i = 0; i < n; i++)
        CX_TRY(compare(d->assess, d->admin, &specs[i], d->err));
    return CX_OK;
}

static cx_rc compare_department(void *context, const char *topic, int32_t partitions) {
    (void)partitions;
    return compare_all(context, topic + sizeof inbound - 1);
}

cx_rc cx_assess_retention(cx_assess *a, cx_err *err) {
    cx_sheet sheet;
    struct departments d = {.assess = a, .sheet = &sheet, .err = err};
    CX_TRY(cx_topics_read(a->config, a->arena, &sheet, err));
    CX_TRY(cx_admin_new(a->config, &d.admin, err));
    cx_rc rc = compare_all(&d, NULL);
    if (rc == CX_OK)
        rc = cx_admin_topics(d.admin, inbound, compare_department, &d, err);
    cx_admin_destroy(&d.admin);
    return rc;
}

/* --- numbers in messages ------------------------------------------------------------------------------- */
struct sampling {
    cx_assess *assess;
    cx_admin *admin;
    cx_reader *reader;
    cx_err *err;
};

/* The newest messages of one partition, up to its end now; what is open then is not waited for. */
static cx_rc look_at_partition(struct sampling *s, const char *topic, int32_t partition) {
    int64_t low = 0, high = 0;
    CX_TRY(cx_admin_ends(s->admin, topic, partition, &low, &high, s->err));
    int64_t from = high - (int64_t)s->assess->sample > low ? high - (int64_t)s->assess->sample : low;
    cx_place place = {.topic = topic, .partition = partition, .offset = from};
    if (low >= high)
        return CX_OK;
    CX_TRY(cx_reader_assign(s->reader, &place, 1, s->err));
    for (int idle = 0; idle < IDLE_POLLS;) {
        cx_read read;
        CX_TRY(cx_reader_poll(s->reader, POLL_MS, &read, s->err));
        const cx_message *m = &read.message;
        bool ended = read.kind == CX_READ_END || (read.kind == CX_READ_MESSAGE && m->offset >= high - 1);
        if (read.kind == CX_READ_MESSAGE) {
            s->assess->looked_at++;
            if (cx_assess_has_number(m->value) || cx_assess_has_number(m->key))
                cx_assess_tell(s->assess, "%s partition %d offset %lld holds a subject's number", topic,
                               (int)partition, (long long)m->offset);
            cx_message_release(&read.message);
        }
        idle += read.kind == CX_READ_NOTHING;
        if (ended)
            return CX_OK;
    }
    return cx_fail(s->err, CX_BUS_AWAY, "%s partition %d cannot be read", topic, (int)partition);
}

static cx_rc look_at_topic(void *context, const char *topic, int32_t partitions) {
    struct sampling *s = context;
    const cx_view *row = cx_assess_declared(s->assess, "topic", cx_view_of(topic));
    if (row == NULL) {
        cx_assess_tell(s->assess, "%s: a topic that the inventory does not know", topic);
        return CX_OK;
    }
    bool clear = cx_view_is(row[CX_INVENTORY_FORM], "clear") && cx_view_is(row[CX_INVENTORY_CLASS], "I");
    for (int32_t p = 0; !clear && p < partitions; p++)
        CX_TRY(look_at_partition(s, topic, p));
    return CX_OK;
}

cx_rc cx_assess_sample_topics(cx_assess *a, cx_err *err) {
    struct sampling s = {.assess = a, .err = err};
    cx_rc rc = cx_admin_new(a->config, &s.admin, err);
    if (rc == CX_OK)
        rc = cx_reader_new(a->config, &s.reader, err);
    if (rc == CX_OK)
        rc = cx_admin_topics(s.admin, "credit.", look_at_topic, &s, err);
    cx_reader_destroy(&s.reader);
    cx_admin_destroy(&s.admin);
    return rc;
}
