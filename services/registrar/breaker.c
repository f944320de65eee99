/* The circuit breaker: a department's feed that would list abnormally many subjects is held, from the listing
 * that trips it, until a second official releases it. What is held is refused and may be sent again; what
 * favours the subject never comes here.
 *
 * The limit is the pack's, or the pack's factor times the department's hourly mean over 30 days where that
 * is more. A partition sees its own share of the subjects: it takes its mean for the others' too, and trips
 * at ceil(limit / partitions). */
#include "common/law/procedure_checks.h"
#include "services/registrar/work.h"

enum { MEAN_DAYS = 30, DAY_HOURS = 24 };

/* The row of the step's partition; keys: s, i, b in an event, s, b in a derived one. */
static cx_rc row_of(const cx_work *w, cx_view department, cx_breaker_state **out) {
    const cx_breaker_state *row =
        w->step->rows[w->event->cause != NULL && !w->event->cause->forwarded ? 1 : 2];
    *out = cx_arena_calloc(w->arena, 1, sizeof **out);
    if (*out == NULL)
        return CX_OUT_OF_MEMORY;
    if (row != NULL)
        **out = *row;
    (*out)->department = department;
    return CX_OK;
}

cx_view cx_breaker_key(cx_arena *arena, int32_t partition, cx_view department) {
    char *p = cx_arena_alloc(arena, 5 + department.n);
    if (p == NULL)
        return (cx_view){NULL, 0};
    uint32_t n = (uint32_t)partition;
    const char head[5] = {'b', (char)(n >> 24), (char)(n >> 16), (char)(n >> 8), (char)n};
    (void)memcpy(p, head, sizeof head);
    if (department.n > 0)
        (void)memcpy(p + 5, department.p, department.n);
    return (cx_view){p, 5 + department.n};
}

static cx_rc write_row(cx_work *w, const cx_breaker_state *row) {
    cx_view key = cx_breaker_key(w->arena, w->step->origin.partition, row->department);
    if (key.p == NULL)
        return CX_OUT_OF_MEMORY;
    CX_TRY(cx_step_emit(w->step, CX_REGISTRAR_STATE, key, row));
    w->step->last->partition = w->step->origin.partition;
    return CX_OK;
}

/* Tells every other partition. */
static cx_rc tell(cx_work *w, const cx_breaker_state *row) {
    cx_breaker *body = cx_arena_calloc(w->arena, 1, sizeof *body);
    if (body == NULL)
        return CX_OUT_OF_MEMORY;
    *body = (cx_breaker){
        .id = row->id, .department = row->department, .tripped = row->tripped, .officials = row->officials};
    for (int32_t p = 0; p < w->step->partitions; p++) {
        cx_event *event = cx_arena_calloc(w->arena, 1, sizeof *event);
        if (event == NULL)
            return CX_OUT_OF_MEMORY;
        event->header = w->event->header;
        event->body_kind = CX_EVENT_BODY_BREAKER;
        event->body.breaker = body;
        if (p != w->step->origin.partition)
            CX_TRY(cx_work_derive(w, event, false, p));
    }
    return CX_OK;
}

/* Counts later than `since`, and with `unit` (a minute, a day) added to the bucket of `now`. */
static cx_rc count(cx_work *w, cx_listing_count_array *counts, cx_time since, cx_time unit, int add,
                   int64_t *sum) {
    cx_listing_count *items = cx_arena_calloc(w->arena, counts->n + 1, sizeof *items);
    cx_time bucket = w->now - w->now % unit;
    size_t n = 0;
    if (items == NULL)
        return CX_OUT_OF_MEMORY;
    *sum = 0;
    for (size_t i = 0; i < counts->n; i++)
        if (counts->items[i].at > since) {
            items[n++] = counts->items[i];
            *sum += counts->items[i].n;
        }
    if (add > 0 && n > 0 && items[n - 1].at == bucket)
        items[n - 1].n += add;
    else if (add > 0)
        items[n++] = (cx_listing_count){.at = bucket, .n = add};
    *counts = (cx_listing_count_array){items, n};
    return CX_OK;
}

/* Listings of the last hour, and the number of the listing that trips. */
static cx_rc measure(cx_work *w, const cx_breaker_state *row, int64_t *hour, int64_t *trips_at) {
    int64_t days;
    cx_breaker_state seen = *row;
    CX_TRY(count(w, &seen.minutes, w->now - CX_HOUR, CX_MINUTE, 0, hour));
    CX_TRY(count(w, &seen.days, w->now - MEAN_DAYS * CX_DAY, CX_DAY, 0, &days));
    int64_t partitions = w->step->partitions > 0 ? w->step->partitions : 1;
    int64_t usual = cx_pack_breaker_factor(w->pack) * days * partitions / (MEAN_DAYS * DAY_HOURS);
    int64_t limit = cx_pack_breaker_limit(w->pack) > usual ? cx_pack_breaker_limit(w->pack) : usual;
    *trips_at = (limit + partitions - 1) / partitions;
    return CX_OK;
}

/* Trips, or adds an official to those who may not release. hour, limit: the listing's number in the last
 * hour, and the one that trips. */
static cx_rc hold(cx_work *w, cx_breaker_state *row, int64_t hour, int64_t limit) {
    cx_view official = w->header->official.number;
    bool known = row->tripped && cx_views_have(&row->officials, official);
    if (!row->tripped) {
        cx_position at = w->step->origin;
        row->id = cx_arena_printf(w->arena, "b.%d.%lld", at.partition, (long long)at.offset);
        row->officials = (cx_view_array){0};
        row->tripped = true;
        row->since = w->now;
        row->hour = hour;
        row->limit = limit;
        if (row->id.p == NULL)
            return CX_OUT_OF_MEMORY;
    }
    w->because = row->id;
    if (!known) {
        CX_TRY(cx_add_view(w->arena, &row->officials, official));
        CX_TRY(write_row(w, row));
        CX_TRY(tell(w, row));
    }
    return CX_HELD_BY_BREAKER;
}

cx_rc cx_breaker_admit(cx_work *w) {
    cx_breaker_state *row;
    int64_t hour, trips_at, sum;
    CX_TRY(row_of(w, w->header->department, &row));
    CX_TRY(measure(w, row, &hour, &trips_at));
    if (row->tripped || (trips_at > 0 && hour + 1 >= trips_at))
        return hold(w, row, hour + 1, trips_at);
    CX_TRY(count(w, &row->minutes, w->now - CX_HOUR, CX_MINUTE, 1, &sum));
    CX_TRY(count(w, &row->days, w->now - MEAN_DAYS * CX_DAY, CX_DAY, 1, &sum));
    return write_row(w, row);
}

/* What was held may now come, and as many again before it trips anew within the hour. */
static cx_rc release(cx_work *w, cx_breaker_state *row) {
    int64_t hour, trips_at;
    row->tripped = false;
    row->officials = (cx_view_array){0};
    row->minutes = (cx_listing_count_array){0};
    if (w->pack == NULL || cx_is_activation_breaker(row->department))
        return CX_OK;
    CX_TRY(measure(w, row, &hour, &trips_at));
    row->minutes.items = cx_append(w->arena, NULL, 0, sizeof(cx_listing_count));
    if (row->minutes.items == NULL)
        return CX_OUT_OF_MEMORY;
    row->minutes.items[row->minutes.n++] =
        (cx_listing_count){.at = w->now - w->now % CX_MINUTE, .n = (int32_t)-trips_at};
    return CX_OK;
}

cx_view cx_breaker_of(const cx_event *event) {
    if (event->body_kind == CX_EVENT_BODY_BREAKER_RELEASE &&
        cx_is_activation_breaker(event->body.breaker_release->breaker))
        return event->body.breaker_release->breaker;
    return event->header->department;
}

/* The law is a public body's, and of its own place: the one that the id names. */
static cx_rc check_lawful(const cx_work *w, cx_view held) {
    const cx_department *department = cx_pack_department(w->pack, w->header->department);
    cx_view place = cx_arena_printf(w->arena, "a.%d.", w->header->jurisdiction);
    if (place.p == NULL)
        return CX_OUT_OF_MEMORY;
    if (held.n <= place.n || memcmp(held.p, place.p, place.n) != 0)
        return CX_NO_SUCH_EVENT;
    bool may = department != NULL && department->kind == CX_DEPARTMENT_ORDINARY;
    return may ? CX_OK : CX_NOT_COMPETENT;
}

cx_rc cx_on_breaker_release(cx_work *w) {
    cx_breaker_state *row;
    cx_view of = cx_breaker_of(w->event);
    if (cx_is_activation_breaker(of))
        CX_TRY(check_lawful(w, of));
    CX_TRY(row_of(w, of, &row));
    if (!row->tripped || !cx_view_eq(row->id, w->event->body.breaker_release->breaker))
        return CX_NO_SUCH_EVENT;
    CX_TRY(cx_check_signed(w->header));
    if (cx_views_have(&row->officials, w->header->official.number))
        return CX_SAME_OFFICIAL;
    CX_TRY(release(w, row));
    CX_TRY(write_row(w, row));
    return tell(w, row);
}

/* Another partition tripped or was released. Of two that tripped at once, the smaller id counts everywhere.
 */
cx_rc cx_on_breaker(cx_work *w) {
    const cx_breaker *b = w->event->body.breaker;
    cx_breaker_state *row;
    CX_TRY(row_of(w, b->department, &row));
    if (!b->tripped) {
        CX_TRY(release(w, row));
        return write_row(w, row);
    }
    if (!row->tripped || cx_view_cmp(b->id, row->id) < 0)
        row->id = b->id;
    if (!row->tripped) {
        row->officials = (cx_view_array){0};
        row->since = w->now;
        row->hour = row->limit = 0;
    }
    row->tripped = true;
    for (size_t i = 0; i < b->officials.n; i++)
        if (!cx_views_have(&row->officials, b->officials.items[i]))
            CX_TRY(cx_add_view(w->arena, &row->officials, b->officials.items[i]));
    return write_row(w, row);
}
