/* The oldest change in a subject's favour that Redis does not show yet: looked for in everything that lies
 * between a department's topic and Redis. Nothing of what is read is shown but the kind and the place. */
#include <stdlib.h>
#include <string.h>

#include "common/bus/groups.h"
#include "common/bus/reader.h"
#include "common/run/codec.h"
#include "ops/cli/lag.h"
#include "ops/cli/lag_kinds.h"
#include "ops/cli/table_read.h"
#include "schemas/types.h"

enum { POLL_MS = 50, SCAN_MS = 3000, MOST = 20000 };

/* What waits in one partition, and is looked through from `from` on. */
struct lane {
    const char *topic;
    int32_t partition;
    int64_t from, end;
    int64_t origin; /* of credit.decided: what began before it is visible */
    int64_t looked;
    bool done;
    const char *change; /* found */
    int64_t at;
    cx_time since;
    bool wall; /* `since` is of the wall's clock, not the log's */
};

struct scan {
    cx_lag *lag;
    cx_codec *codec;
    cx_arena *arena;
    cx_reader *reader;
    struct lane *lanes;
    size_t n, open;
};

/* --- lanes --------------------------------------------------------------------------------------------- */

static cx_rc add_lane(struct scan *s, const char *topic, int32_t partition, int64_t from, int64_t end) {
    struct lane *more = realloc(s->lanes, (s->n + 1) * sizeof *more);
    if (more == NULL)
        return CX_OUT_OF_MEMORY;
    s->lanes = more;
    s->lanes[s->n++] =
        (struct lane){.topic = topic, .partition = partition, .from = from, .end = end, .since = CX_NO_TIME};
    return CX_OK;
}

/* The stages before the registrar's output: whatever one of them has not read. */
static cx_rc add_waiting(struct scan *s, const char *group) {
    for (size_t i = 0; i < s->lag->n; i++) {
        const cx_lag_row *row = &s->lag->rows[i];
        if (strcmp(row->group, group) == 0 && row->messages > 0)
            CX_TRY(add_lane(s, row->topic, row->partition, row->next, row->end));
    }
    return CX_OK;
}

/* --- scanning ------------------------------------------------------------------------------------------ */

static const void *decode(struct scan *s, const cx_type *type, const cx_message *m) {
    const void *value = NULL;
    cx_arena_reset(s->arena);
    bool good =
        m->value.p != NULL && cx_codec_decode(s->codec, type, m->value, s->arena, &value, NULL) == CX_OK;
    return good ? value : NULL; /* what cannot be read is its stage's to refuse */
}

/* What a department said has waited since it arrived, by the wall's clock; what the log brought forth, since
 * its own tick. */
static void note_arrival(struct lane *lane, const cx_event *event) {
    if (event->header == NULL || event->cause != NULL)
        return;
    lane->since = event->header->received_at;
    lane->wall = true;
}

static const char *look(struct scan *s, struct lane *lane, const cx_message *m) {
    const cx_type *type = strcmp(lane->topic, "credit.decided") == 0      ? &cx_decided_type
                          : strcmp(lane->topic, "credit.classified") == 0 ? &cx_classified_type
                          : strcmp(lane->topic, "credit.records") == 0    ? &cx_event_type
                                                                          : &cx_credit_event_type;
    const void *value = decode(s, type, m);
    lane->since = m->timestamp; /* as far as it was looked through */
    lane->wall = type == &cx_credit_event_type;
    if (value == NULL || type == &cx_credit_event_type)
        return value == NULL ? NULL : cx_lag_favourable_inbound(value);
    const cx_decided *d = type == &cx_decided_type ? value : NULL;
    const cx_event *event = d != NULL                     ? &d->classified.event
                            : type == &cx_classified_type ? &((const cx_classified *)value)->event
                                                          : value;
    note_arrival(lane, event);
    if (d == NULL)
        return cx_lag_favourable_event(event);
    return d->classified.origin.offset < lane->origin ? NULL
                                                      : cx_lag_favourable_change(d, !s->lag->is_virtual);
}

static struct lane *lane_of(struct scan *s, cx_view topic, int32_t partition) {
    for (size_t i = 0; i < s->n; i++)
        if (s->lanes[i].partition == partition && cx_view_is(topic, s->lanes[i].topic))
            return &s->lanes[i];
    return NULL;
}

static void finish(struct scan *s, struct lane *lane) {
    s->open -= !lane->done;
    lane->done = true;
}

static void take(struct scan *s, cx_read *read) {
    struct lane *lane = lane_of(s, read->message.topic, read->message.partition);
    if (lane == NULL || lane->done)
        return;
    const cx_message *m = &read->message;
    if (read->kind == CX_READ_END || m->offset >= lane->end) {
        finish(s, lane);
        return;
    }
    lane->change = look(s, lane, m);
    lane->at = m->offset;
    if (lane->change != NULL || m->offset + 1 >= lane->end)
        finish(s, lane);
    else if (++lane->looked >= MOST)
        s->open--; /* not done: what lies behind is not known */
}

static cx_rc scan_lanes(struct scan *s, cx_err *err) {
    cx_place *places = calloc(s->n + 1, sizeof *places);
    if (places == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < s->n; i++)
        places[i] = (cx_place){
            .topic = s->lanes[i].topic, .partition = s->lanes[i].partition, .offset = s->lanes[i].from};
    cx_rc rc = cx_reader_assign(s->reader, places, s->n, err);
    cx_time until = cx_lag_wall() + SCAN_MS;
    for (s->open = s->n; rc == CX_OK && s->open > 0 && cx_lag_wall() < until;) {
        cx_read read;
        rc = cx_reader_poll(s->reader, POLL_MS, &read, err);
        if (rc == CX_OK && read.kind != CX_READ_NOTHING)
            take(s, &read);
        if (rc == CX_OK && read.kind == CX_READ_MESSAGE)
            cx_message_release(&read.message);
    }
    free(places);
    return rc;
}

/* --- what Redis has not got of what is decided --------------------------------------------------------- */

/* The origin of the first row that waits for Redis, by partition; INT64_MAX: none does. */
static cx_rc read_origin(struct scan *s, const cx_lag_row *row, int64_t *origin, cx_err *err) {
    cx_place place = {.topic = row->topic, .partition = row->partition, .offset = row->next};
    *origin = INT64_MAX;
    CX_TRY(cx_reader_assign(s->reader, &place, 1, err));
    for (cx_time until = cx_lag_wall() + SCAN_MS; cx_lag_wall() < until;) {
        cx_read read;
        CX_TRY(cx_reader_poll(s->reader, POLL_MS, &read, err));
        bool here = read.kind != CX_READ_NOTHING && read.message.partition == row->partition &&
                    cx_view_is(read.message.topic, row->topic);
        const cx_status *status =
            here && read.kind == CX_READ_MESSAGE ? decode(s, &cx_status_type, &read.message) : NULL;
        if (status != NULL)
            *origin = status->origin.offset;
        if (read.kind == CX_READ_MESSAGE)
            cx_message_release(&read.message);
        if (here)
            return CX_OK;
    }
    return CX_OK;
}

static int64_t end_of(const cx_lag *lag, const char *topic, int32_t partition) {
    for (size_t i = 0; i < lag->n; i++)
        if (lag->rows[i].partition == partition && strcmp(lag->rows[i].topic, topic) == 0)
            return lag->rows[i].end;
    return 0;
}

/* The registrar writes both in one transaction, so what Redis lacks of credit.status lies in credit.decided
 * at or behind the tick that Redis has. */
static cx_rc add_decided(struct scan *s, cx_admin *admin, cx_err *err) {
    for (size_t i = 0; i < s->lag->n; i++) {
        const cx_lag_row *row = &s->lag->rows[i];
        if (strcmp(row->group, "credit.cache") != 0 || row->messages <= 0)
            continue;
        int64_t origin = 0;
        CX_TRY(read_origin(s, row, &origin, err));
        cx_place from = {.topic = "credit.decided",
                         .partition = row->partition,
                         .offset = row->tick == CX_NO_TIME ? 0 : row->tick};
        CX_TRY(cx_groups_times(admin, &from, 1, err));
        if (origin == INT64_MAX || from.offset < 0)
            continue;
        if (add_lane(s, "credit.decided", row->partition, from.offset,
                     end_of(s->lag, "credit.decided", row->partition)) != CX_OK)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        s->lanes[s->n - 1].origin = origin;
    }
    return CX_OK;
}

/* --- the answer ---------------------------------------------------------------------------------------- */

static double age(const cx_lag *lag, const struct lane *lane) {
    cx_time now = lane->wall ? lag->at : lag->log_now;
    return lane->since < now ? (double)(now - lane->since) / 1000 : 0;
}

/* On a virtual log Redis ends an entry by its tick alone: a midnight in China between that tick and the log's
 * may have ended one. */
static void add_expiry(cx_lag *lag) {
    const cx_lag_sink *redis = &lag->sinks[CX_LAG_REDIS];
    cx_lag_favour *f = &lag->favour;
    if (!lag->is_virtual || !redis->known || redis->tick == CX_NO_TIME)
        return;
    cx_time midnight = cx_time_of_date(cx_date_of_time(redis->tick) + 1);
    double seconds = midnight < lag->log_now ? (double)(lag->log_now - midnight) / 1000 : 0;
    if (midnight > lag->log_now || seconds < f->seconds)
        return;
    *f = (cx_lag_favour){.known = false, .seconds = seconds, .topic = "credit.status", .change = "expiry"};
}

static void conclude(struct scan *s) {
    cx_lag_favour *f = &s->lag->favour;
    *f = (cx_lag_favour){.known = true};
    for (size_t i = 0; i < s->n; i++) {
        const struct lane *lane = &s->lanes[i];
        if (lane->change == NULL && lane->done)
            continue;
        double seconds = lane->since == CX_NO_TIME ? 0 : age(s->lag, lane);
        f->known = f->known && lane->done;
        if (seconds < f->seconds)
            continue;
        f->seconds = seconds;
        f->topic = lane->change != NULL ? lane->topic : NULL;
        f->change = lane->change;
        f->partition = lane->partition;
        f->offset = lane->at;
    }
    add_expiry(s->lag);
}

static cx_rc take_schema(void *context, const cx_message *m, cx_err *err) {
    struct scan *s = context;
    bool is_new = false;
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(s->codec, m->value, &is_new, NULL);
    return rc == CX_OUT_OF_MEMORY ? cx_fail(err, rc, NULL) : CX_OK;
}

static cx_rc open_scan(struct scan *s, const cx_config *config, cx_err *err) {
    static const cx_type *const types[] = {&cx_event_type, &cx_classified_type, &cx_decided_type,
                                           &cx_status_type, &cx_credit_event_type};
    s->codec = cx_codec_new();
    s->arena = cx_arena_new(0);
    if (s->codec == NULL || s->arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        CX_TRY(cx_codec_add(s->codec, types[i], err));
    CX_TRY(cx_topic_read(config, "credit.schemas", take_schema, s, err));
    return cx_reader_new(config, &s->reader, err);
}

static bool anything_waits(const cx_lag *lag) {
    for (size_t i = 0; i < lag->n; i++)
        if (lag->rows[i].messages > 0)
            return true;
    return false;
}

cx_rc cx_lag_find_favour(const cx_config *config, cx_admin *admin, cx_lag *lag, cx_err *err) {
    struct scan s = {.lag = lag};
    lag->favour = (cx_lag_favour){.known = lag->sinks[CX_LAG_REDIS].known,
                                  .seconds = lag->sinks[CX_LAG_REDIS].known ? 0 : -1};
    if (!lag->favour.known || !anything_waits(lag)) /* without Redis's position nothing can be said */
        return CX_OK;
    cx_rc rc = open_scan(&s, config, err);
    if (rc == CX_OK)
        rc = add_decided(&s, admin, err);
    static const char *const groups[] = {"credit.registrar", "credit.classifier", "credit.intake"};
    for (size_t i = 0; rc == CX_OK && i < sizeof groups / sizeof groups[0]; i++)
        if (add_waiting(&s, groups[i]) != CX_OK)
            rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (rc == CX_OK && s.n > 0)
        rc = scan_lanes(&s, err);
    if (rc == CX_OK)
        conclude(&s);
    cx_reader_destroy(&s.reader);
    cx_codec_destroy(&s.codec);
    cx_arena_destroy(&s.arena);
    free(s.lanes);
    return rc;
}
