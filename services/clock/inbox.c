/* What has arrived and intake has not committed: the other end of freshness. */
#include <stdlib.h>
#include <string.h>

#include "common/bus/trim.h"
#include "services/clock/clock.h"

enum { READ_MS = 300, LIST_EVERY_MS = 10000, NAME = 256 };
static const char prefix[] = "credit.in.", group[] = "credit.intake";

struct partition {
    char topic[NAME];
    int32_t partition;
    int64_t first;   /* the offset whose arrival is known; -1: none */
    cx_time arrival; /* CX_NO_TIME: nothing but markers from there to `end` */
    int64_t end;
    bool wanted;
};

struct cx_inbox {
    cx_reader *reader;
    struct partition *list;
    cx_place *places; /* three of each: what intake has committed, the beginning, the end */
    size_t n;
    cx_time listed_at;
    cx_time told;
};

cx_rc cx_inbox_new(const cx_config *config, cx_inbox **out, cx_err *err) {
    cx_inbox *b = calloc(1, sizeof *b);
    *out = NULL;
    if (b == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    b->told = CX_NO_TIME;
    cx_rc rc = cx_reader_new(config, &b->reader, err);
    if (rc != CX_OK)
        cx_inbox_destroy(&b);
    *out = b;
    return rc;
}

void cx_inbox_destroy(cx_inbox **inbox) {
    if (*inbox == NULL)
        return;
    cx_reader_destroy(&(*inbox)->reader);
    free((*inbox)->list);
    free((*inbox)->places);
    free(*inbox);
    *inbox = NULL;
}

static struct partition *find(const cx_inbox *b, cx_view topic, int32_t partition) {
    for (size_t i = 0; i < b->n; i++)
        if (b->list[i].partition == partition && cx_view_is(topic, b->list[i].topic))
            return &b->list[i];
    return NULL;
}

static cx_rc add_topic(void *context, const char *topic, int32_t partitions) {
    cx_inbox *b = context;
    for (int32_t p = 0; p < partitions; p++) {
        if (strlen(topic) >= NAME || find(b, cx_view_of(topic), p) != NULL)
            continue;
        struct partition *more = realloc(b->list, (b->n + 1) * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        b->list = more;
        b->list[b->n] = (struct partition){.partition = p, .first = -1};
        (void)memcpy(b->list[b->n].topic, topic, strlen(topic) + 1);
        b->n++;
    }
    return CX_OK;
}

static cx_rc list_topics(cx_inbox *b, cx_admin *admin, cx_err *err) {
    cx_time now = cx_clock_steady();
    if (b->listed_at != 0 && now - b->listed_at < LIST_EVERY_MS)
        return CX_OK;
    CX_TRY(cx_admin_topics(admin, prefix, add_topic, b, err));
    b->listed_at = now;
    cx_place *places = realloc(b->places, (3 * b->n + 1) * sizeof *places);
    if (places == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    b->places = places;
    return CX_OK;
}

/* Which arrivals have to be read: where intake's position is behind the end and its message is not known. */
static cx_rc compare(cx_inbox *b, cx_admin *admin, size_t *wanted, cx_err *err) {
    cx_place *begins = b->places + b->n, *ends = begins + b->n;
    *wanted = 0;
    for (size_t i = 0; i < b->n; i++)
        b->places[i] = begins[i] = ends[i] = (cx_place){b->list[i].topic, b->list[i].partition, 0, ""};
    CX_TRY(cx_admin_committed(admin, group, b->places, b->n, NULL, err));
    CX_TRY(cx_admin_offsets_at(admin, CX_AT_BEGINNING, begins, b->n, err));
    CX_TRY(cx_admin_offsets_at(admin, CX_AT_END, ends, b->n, err));
    for (size_t i = 0; i < b->n; i++) {
        struct partition *p = &b->list[i];
        int64_t low = begins[i].offset, high = ends[i].offset;
        int64_t first = b->places[i].offset < low ? low : b->places[i].offset;
        p->wanted = false;
        if (first >= high) {
            p->first = -1;
            p->arrival = CX_NO_TIME;
        } else if (p->first != first || (p->arrival == CX_NO_TIME && p->end != high)) {
            p->wanted = true;
            p->first = first;
            p->end = high;
            (*wanted)++;
        }
    }
    return CX_OK;
}

static void take(const cx_inbox *b, const cx_read *read, size_t *wanted) {
    struct partition *p = find(b, read->message.topic, read->message.partition);
    bool ended = p != NULL && read->kind == CX_READ_END && read->message.offset >= p->end;
    if (p == NULL || !p->wanted || (read->kind == CX_READ_END && !ended))
        return;
    p->arrival = ended ? CX_NO_TIME : read->message.timestamp;
    p->wanted = false;
    (*wanted)--;
}

static cx_rc read_arrivals(cx_inbox *b, size_t *wanted, cx_err *err) {
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->list[i].wanted)
            b->places[n++] = (cx_place){b->list[i].topic, b->list[i].partition, b->list[i].first, ""};
    CX_TRY(cx_reader_assign(b->reader, b->places, n, err));
    cx_rc rc = CX_OK;
    for (cx_time end = cx_clock_steady() + READ_MS; rc == CX_OK && *wanted > 0 && cx_clock_steady() < end;) {
        cx_read read;
        rc = cx_reader_poll(b->reader, READ_MS / 10, &read, err);
        if (rc == CX_OK && read.kind != CX_READ_NOTHING)
            take(b, &read, wanted);
        cx_message_release(&read.message);
    }
    return rc == CX_OK ? cx_reader_assign(b->reader, b->places, 0, err) : rc;
}

cx_rc cx_inbox_oldest(cx_inbox *b, cx_admin *admin, cx_time *arrival, cx_err *err) {
    size_t wanted = 0;
    CX_TRY(list_topics(b, admin, err));
    CX_TRY(compare(b, admin, &wanted, err));
    if (wanted > 0)
        CX_TRY(read_arrivals(b, &wanted, err));
    if (wanted > 0) { /* not all can be told: say no more than before, and look again at the next tick */
        for (size_t i = 0; i < b->n; i++)
            if (b->list[i].wanted)
                b->list[i].first = -1;
        *arrival = b->told != CX_NO_TIME ? b->told : 0;
        return CX_OK;
    }
    b->told = CX_NO_TIME;
    for (size_t i = 0; i < b->n; i++)
        if (b->list[i].first >= 0 && b->list[i].arrival != CX_NO_TIME &&
            (b->told == CX_NO_TIME || b->list[i].arrival < b->told))
            b->told = b->list[i].arrival;
    *arrival = b->told;
    return CX_OK;
}

cx_rc cx_inbox_committed(cx_inbox *b, cx_admin *admin, cx_place **places, size_t *n, cx_err *err) {
    *n = 0;
    CX_TRY(list_topics(b, admin, err));
    for (size_t i = 0; i < b->n; i++)
        b->places[i] = (cx_place){b->list[i].topic, b->list[i].partition, 0, ""};
    CX_TRY(cx_admin_committed(admin, group, b->places, b->n, NULL, err));
    for (size_t i = 0; i < b->n; i++)
        if (b->places[i].offset != CX_POSITION_NONE)
            b->places[(*n)++] = b->places[i];
    *places = b->places;
    return CX_OK;
}
