#include "common/bus/finder.h"

#include <stdlib.h>
#include <time.h>

enum { TOPIC_BYTES = 256, SKIP_MOST = 10000 };

struct cx_finder {
    cx_reader *reader;
    char topic[TOPIC_BYTES]; /* of what is read now; "": nothing */
    int32_t partition;
    int64_t next;       /* no message before it will come any more */
    int64_t from;       /* where reading was begun */
    cx_message ahead;   /* read while something before it was looked for */
    int64_t empty_from; /* from there to `ahead` there is nothing */
};

cx_rc cx_finder_new(const cx_config *config, cx_finder **out, cx_err *err) {
    cx_finder *f = calloc(1, sizeof *f);
    *out = NULL;
    if (f == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = cx_reader_new(config, &f->reader, err);
    if (rc != CX_OK)
        cx_finder_destroy(&f);
    *out = f;
    return rc;
}

void cx_finder_destroy(cx_finder **finder) {
    if (*finder == NULL)
        return;
    cx_message_release(&(*finder)->ahead);
    cx_reader_destroy(&(*finder)->reader);
    free(*finder);
    *finder = NULL;
}

static int64_t now_ms(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static void forget(cx_finder *f) {
    cx_message_release(&f->ahead);
    f->topic[0] = '\0';
}

/* Begins to read at the place, unless that is where reading comes anyway. */
static cx_rc go_to(cx_finder *f, cx_view topic, int32_t partition, int64_t offset, cx_err *err) {
    bool near = cx_view_is(topic, f->topic) && partition == f->partition && offset >= f->next &&
                offset - f->next <= SKIP_MOST;
    if (near)
        return CX_OK;
    forget(f);
    if (topic.n == 0 || topic.n >= sizeof f->topic)
        return cx_fail(err, CX_TOPIC_MISSING, "no topic has such a name");
    char name[TOPIC_BYTES] = {0};
    (void)memcpy(name, topic.p, topic.n);
    CX_TRY(cx_reader_assign(f->reader, &(cx_place){name, partition, offset, ""}, 1, err));
    (void)memcpy(f->topic, name, sizeof name);
    f->partition = partition;
    f->next = f->from = offset;
    return CX_OK;
}

/* *known: whether what was looked for has been found (in *out), or will not come. An end at or before the
 * place may be an old one, fetched ahead before more came: only where reading was begun at that very place
 * does it say that nothing is there. *again: begin there. */
static void take(cx_finder *f, cx_read *read, int64_t offset, bool *known, bool *again, cx_message *out) {
    bool ours = read->message.partition == f->partition && cx_view_is(read->message.topic, f->topic);
    if (!ours) { /* of an assignment before this one */
        cx_message_release(&read->message);
        return;
    }
    if (read->kind == CX_READ_END) {
        *known = read->message.offset > offset || f->from == offset;
        *again = !*known;
        f->next = *known && read->message.offset > f->next ? read->message.offset : f->next;
        return;
    }
    f->next = read->message.offset + 1;
    if (read->message.offset == offset)
        *out = read->message;
    else if (read->message.offset > offset) {
        f->ahead = read->message;
        f->empty_from = offset;
    } else
        cx_message_release(&read->message);
    *known = read->message.offset >= offset;
    read->message = (cx_message){0};
}

static cx_rc begin_again(cx_finder *f, int64_t offset, cx_err *err) {
    CX_TRY(cx_reader_assign(f->reader, &(cx_place){f->topic, f->partition, offset, ""}, 1, err));
    f->next = f->from = offset;
    return CX_OK;
}

static cx_rc read_on(cx_finder *f, int64_t offset, int timeout_ms, cx_message *out, cx_err *err) {
    bool known = false;
    for (int64_t end = now_ms() + timeout_ms; !known && now_ms() < end;) {
        cx_read read;
        bool again = false;
        cx_rc rc = cx_reader_poll(f->reader, timeout_ms < 50 ? timeout_ms : 50, &read, err);
        if (rc == CX_POSITION_LOST) { /* removed, or never there */
            forget(f);
            return CX_OK;
        }
        CX_TRY(rc);
        if (read.kind != CX_READ_NOTHING)
            take(f, &read, offset, &known, &again, out);
        if (again)
            CX_TRY(begin_again(f, offset, err));
    }
    return known ? CX_OK : cx_fail(err, CX_ROW_NOT_YET, "a message has not been read again yet");
}

/* Whether what was read ahead answers it: the very message, or that there is none. */
static bool answered(cx_finder *f, cx_view topic, int32_t partition, int64_t offset, cx_message *out) {
    bool here = f->ahead.handle != NULL && cx_view_is(topic, f->topic) && partition == f->partition;
    if (!here || offset < f->empty_from || offset > f->ahead.offset)
        return false;
    if (offset == f->ahead.offset) {
        *out = f->ahead;
        f->ahead = (cx_message){0};
    }
    return true;
}

cx_rc cx_finder_find(cx_finder *f, cx_view topic, int32_t partition, int64_t offset, int timeout_ms,
                     cx_message *out, cx_err *err) {
    *out = (cx_message){0};
    if (answered(f, topic, partition, offset, out))
        return CX_OK;
    cx_message_release(&f->ahead);
    CX_TRY(go_to(f, topic, partition, offset, err));
    cx_rc rc = read_on(f, offset, timeout_ms, out, err);
    if (rc != CX_OK && rc != CX_ROW_NOT_YET)
        forget(f);
    return rc;
}
