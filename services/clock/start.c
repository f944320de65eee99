/* Where the clock goes on: from its position's metadata; a log without a tick begins as the settings say. */
#include <string.h>

#include "common/base/log.h"
#include "services/clock/clock.h"

static cx_rc has_tick_in(cx_clock *c, cx_reader *reader, int32_t partition, bool *found, cx_err *err) {
    int64_t low = 0, high = 0;
    CX_TRY(cx_admin_ends(c->admin, "credit.records", partition, &low, &high, err));
    cx_place from = {"credit.records", partition, CX_POSITION_BEGINNING, ""};
    CX_TRY(cx_reader_assign(reader, &from, 1, err));
    cx_rc rc = CX_OK;
    for (bool ended = low >= high; rc == CX_OK && !ended && !*found;) {
        cx_read read;
        const void *event = NULL;
        rc = cx_reader_poll(reader, 1000, &read, err);
        ended = rc == CX_OK && read.kind == CX_READ_END && read.message.offset >= high;
        cx_arena_reset(c->arena);
        if (rc == CX_OK && read.kind == CX_READ_MESSAGE) /* ticks have no key */
            *found = read.message.key.n == 0 &&
                     cx_codec_decode(c->codec, &cx_event_type, read.message.value, c->arena, &event, NULL) ==
                         CX_OK &&
                     ((const cx_event *)event)->body_kind == CX_EVENT_BODY_TICK;
        cx_message_release(&read.message);
    }
    return rc;
}

/* No position is committed: right only for a log that was never ticked. */
static cx_rc check_new(cx_clock *c, cx_err *err) {
    cx_reader *reader = NULL;
    bool found = false;
    CX_TRY(cx_reader_new(c->config, &reader, err));
    cx_rc rc = CX_OK;
    for (int32_t p = 0; rc == CX_OK && p < c->partitions && !found; p++)
        rc = has_tick_in(c, reader, p, &found, err);
    cx_reader_destroy(&reader);
    if (rc == CX_OK && found)
        rc =
            cx_fail(err, CX_POSITION_LOST, "credit.records has ticks, but the clock's group has no position");
    return rc;
}

static cx_rc set_kind(cx_clock *c, cx_err *err) {
    bool wanted = strcmp(cx_config_text(c->config, "clock.kind"), "virtual") == 0;
    const char *start = cx_config_text(c->config, "clock.start");
    if (c->now.tick != CX_NO_TIME) {
        if (cx_config_is_set(c->config, "clock.kind") && wanted != c->now.is_virtual)
            return cx_fail(err, CX_CONFIG, "clock.kind cannot change: this log was born %s",
                           c->now.is_virtual ? "virtual" : "wall");
        c->base_log = c->now.tick;
    } else {
        c->now.is_virtual = wanted;
        c->base_log = cx_clock_wall();
        if (wanted && start[0] != '\0' && !cx_time_parse(cx_view_of(start), &c->base_log))
            return cx_fail(err, CX_CONFIG, "clock.start is no date and no time");
    }
    c->base_steady = cx_clock_steady();
    return CX_OK;
}

cx_rc cx_clock_assigned(void *context, cx_place *places, size_t n, cx_err *err) {
    cx_clock *c = context;
    c->owner = false;
    for (size_t i = 0; i < n; i++) {
        if (places[i].partition != 0)
            return cx_fail(err, CX_TOPIC_PARTITIONS, "credit.activations must have one partition");
        CX_TRY(cx_metadata_parse(places[i].metadata, &c->now, err));
        if (places[i].offset == CX_POSITION_NONE) {
            CX_TRY(check_new(c, err));
            places[i].offset = 0;
        }
        CX_TRY(set_kind(c, err));
        c->next = places[i].offset;
        c->owner = true;
        cx_log_info("this clock ticks; the log is %s", c->now.is_virtual ? "virtual" : "wall");
    }
    return CX_OK;
}

void cx_clock_revoked(void *context) {
    cx_clock *c = context;
    cx_clock_drop(c);
    cx_message_release(&c->held);
    c->owner = c->paused = false; /* an assignment begins unpaused */
}
