/* Redriving and discarding: what is meant, whether its messages can be read again, and one transaction. */
#include <stdio.h>
#include <stdlib.h>

#include "common/bus/finder.h"
#include "common/run/stage.h"
#include "ops/cli/letters.h"

enum { TOPIC_BYTES = 256, FIND_MS = 10000, MOST = 50000 };
static const char inbound[] = "credit.in.", redrive[] = "credit.redrive.";

/* One command in the making. */
struct job {
    const cx_letters *letters;
    const cx_letters_wanted *wanted;
    cx_finder *finder;
    cx_letter **queue; /* chosen, and then what follows them */
    size_t n, chosen;
    cx_letters_done *done;
};

void cx_letters_done_free(cx_letters_done *done) {
    free(done->list);
    free(done->left);
    free(done->why);
    *done = (cx_letters_done){0};
}

static bool may_act(const cx_letter *l, const cx_letters_wanted *w) {
    return l->state == CX_LETTER_OPEN || (w->again && l->state != CX_LETTER_GONE);
}

static cx_rc begin(struct job *job, cx_err *err) {
    size_t room = job->letters->n + 1;
    job->queue = calloc(room, sizeof *job->queue);
    job->done->list = calloc(room, sizeof *job->done->list);
    job->done->left = calloc(room, sizeof *job->done->left);
    job->done->why = calloc(room, sizeof *job->done->why);
    if (job->queue == NULL || job->done->list == NULL || job->done->left == NULL || job->done->why == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < job->letters->n; i++) {
        cx_letter *l = job->letters->list[i];
        l->taken = cx_letter_is_wanted(l, job->wanted) && may_act(l, job->wanted);
        if (l->taken)
            job->queue[job->n++] = l;
    }
    job->chosen = job->n;
    if (job->n > MOST)
        return cx_fail(err, CX_USAGE, "%zu letters are more than one command may touch (%d): narrow it",
                       job->n, MOST);
    return CX_OK;
}

/* --- whether it can be read again --------------------------------------------------------------------- */
static cx_rc look(struct job *job, cx_letter *l, cx_err *err) {
    char topic[TOPIC_BYTES];
    cx_message m = {0};
    (void)snprintf(topic, sizeof topic, "%s%.*s", inbound, CX_VIEW_ARGS(l->department));
    CX_TRY(cx_act_check_stop(err));
    cx_rc rc = CX_OK;
    if (l->place.partition >= 0)
        rc = cx_finder_find(job->finder, cx_view_of(topic), l->place.partition, l->place.offset, FIND_MS, &m,
                            err);
    if (rc != CX_OK && rc != CX_TOPIC_MISSING)
        return rc;
    cx_rc why = m.handle == NULL ? CX_POSITION_GONE : CX_OK;
    bool late = m.timestamp != CX_NO_TIME && cx_act_now() - m.timestamp > CX_REDRIVE_DAYS * CX_DAY;
    if (why == CX_OK && late)
        why = CX_REDRIVE_TOO_LATE;
    l->arrived = m.timestamp;
    cx_message_release(&m);
    if (why != CX_OK) {
        job->done->left[job->done->left_n] = l;
        job->done->why[job->done->left_n++] = why;
        l->taken = false;
    }
    return CX_OK;
}

/* What rests on a letter of the queue and can be done something about comes behind it. */
static void follow(struct job *job, const cx_letter *l) {
    size_t n = 0;
    cx_letter *const *behind = job->wanted->alone ? NULL : cx_letters_behind(job->letters, l, &n);
    for (size_t i = 0; behind != NULL && i < n; i++) {
        if (behind[i]->taken || behind[i]->state != CX_LETTER_OPEN)
            continue;
        behind[i]->taken = true;
        job->queue[job->n++] = behind[i];
    }
}

static cx_rc look_at_all(struct job *job, cx_err *err) {
    size_t kept = 0;
    for (size_t i = 0; i < job->n; i++) {
        cx_letter *l = job->queue[i];
        CX_TRY(look(job, l, err));
        if (!l->taken)
            continue;
        job->done->behind += i >= job->chosen;
        job->done->list[kept++] = l;
        follow(job, l);
    }
    job->done->n = kept;
    return CX_OK;
}

/* --- the order: that in which they came, but each behind what it rests on ------------------------------ */
static int by_arrival(const void *a, const void *b) {
    const cx_letter *x = *(cx_letter *const *)a, *y = *(cx_letter *const *)b;
    int by = (x->arrived > y->arrived) - (x->arrived < y->arrived);
    if (by == 0)
        by = cx_view_cmp(x->department, y->department);
    if (by == 0)
        by = (x->place.partition > y->place.partition) - (x->place.partition < y->place.partition);
    return by != 0 ? by : (x->place.offset > y->place.offset) - (x->place.offset < y->place.offset);
}

/* How many letters of the same command each rests on. */
static void count_causes(const struct job *job, cx_letter *const *sorted, size_t n) {
    for (size_t i = 0; i < n; i++) {
        size_t behind_n = 0;
        cx_letter *const *behind = cx_letters_behind(job->letters, sorted[i], &behind_n);
        for (size_t k = 0; k < behind_n; k++)
            behind[k]->waits += behind[k] != sorted[i];
    }
}

static void let_go(const struct job *job, const cx_letter *l) {
    size_t n = 0;
    cx_letter *const *behind = cx_letters_behind(job->letters, l, &n);
    for (size_t k = 0; k < n; k++)
        behind[k]->waits -= behind[k] != l && behind[k]->waits > 0;
}

/* The first that waits for nothing; where they wait for each other, the first of all. */
static cx_letter *next(cx_letter *const *sorted, size_t n) {
    cx_letter *first = NULL;
    for (size_t i = 0; i < n; i++) {
        if (sorted[i]->placed)
            continue;
        if (sorted[i]->waits == 0)
            return sorted[i];
        first = first == NULL ? sorted[i] : first;
    }
    return first;
}

static void put_in_order(struct job *job) {
    cx_letter **list = job->done->list, **sorted = job->queue; /* which is done with, and has the room */
    size_t n = job->done->n, from = 0;
    for (size_t i = 0; i < n; i++)
        sorted[i] = list[i];
    if (n > 0)
        qsort(sorted, n, sizeof *sorted, by_arrival);
    count_causes(job, sorted, n);
    for (size_t i = 0; i < n; i++) {
        while (sorted[from]->placed)
            from++;
        list[i] = next(sorted + from, n - from);
        list[i]->placed = true;
        let_go(job, list[i]);
    }
}

/* --- the transaction ---------------------------------------------------------------------------------- */
static cx_rc send_act(cx_producer *producer, const cx_actor *actor, cx_act_kind kind, const cx_letter *l,
                      cx_err *err) {
    return cx_act_send(producer, actor,
                       (cx_act){.kind = kind,
                                .department = l->department,
                                .partition = l->place.partition,
                                .offset = l->place.offset,
                                .letter_partition = l->letter.partition,
                                .letter_offset = l->letter.offset,
                                .event_id = l->event_id,
                                .reason = l->reason,
                                .because = l->because},
                       l->key, err);
}

/* All on the topic of the department that was named, so that their order holds. */
static cx_rc send_place(cx_producer *producer, const char *topic, const cx_actor *actor, const cx_letter *l,
                        cx_err *err) {
    cx_redrive place = {.department = l->department,
                        .partition = l->place.partition,
                        .offset = l->place.offset,
                        .act = cx_view_of(actor->id)};
    return cx_act_send_row(producer, topic, &cx_redrive_type, &place, (cx_view){NULL, 0}, err);
}

struct acting {
    const struct job *job;
    const cx_actor *actor;
    cx_act_kind kind;
};

static cx_rc send_all(void *context, cx_producer *producer, cx_err *err) {
    char topic[TOPIC_BYTES];
    const struct acting *a = context;
    const struct job *job = a->job;
    (void)snprintf(topic, sizeof topic, "%s%s", redrive, job->wanted->department);
    for (size_t i = 0; i < job->done->n; i++) {
        CX_TRY(cx_act_check_stop(err));
        if (a->kind == CX_ACT_KIND_REDRIVE)
            CX_TRY(send_place(producer, topic, a->actor, job->done->list[i], err));
        CX_TRY(send_act(producer, a->actor, a->kind, job->done->list[i], err));
    }
    return cx_act_check_stop(err);
}

/* One operator at a time: a second one's command takes the transaction over from the first. */
static cx_rc commit(const cx_config *config, const struct job *job, const cx_actor *actor, cx_act_kind kind,
                    cx_err *err) {
    struct acting acting = {job, actor, kind};
    return job->done->n == 0 || job->wanted->dry
               ? CX_OK
               : cx_act_commit(config, "credit.cli.letters", send_all, &acting, err);
}

cx_rc cx_letters_redrive(const cx_config *config, const cx_letters *letters, const cx_letters_wanted *wanted,
                         const cx_actor *actor, cx_letters_done *done, cx_err *err) {
    struct job job = {.letters = letters, .wanted = wanted, .done = done};
    *done = (cx_letters_done){0};
    cx_rc rc = begin(&job, err);
    if (rc == CX_OK)
        rc = cx_finder_new(config, &job.finder, err);
    if (rc == CX_OK)
        rc = look_at_all(&job, err);
    if (rc == CX_OK)
        put_in_order(&job);
    if (rc == CX_OK)
        rc = commit(config, &job, actor, CX_ACT_KIND_REDRIVE, err);
    cx_finder_destroy(&job.finder);
    free(job.queue);
    return rc;
}

cx_rc cx_letters_discard(const cx_config *config, const cx_letters *letters, const cx_letters_wanted *wanted,
                         const cx_actor *actor, cx_letters_done *done, cx_err *err) {
    struct job job = {.letters = letters, .wanted = wanted, .done = done};
    *done = (cx_letters_done){0};
    cx_rc rc = begin(&job, err);
    for (size_t i = 0; rc == CX_OK && i < job.n; i++)
        done->list[done->n++] = job.queue[i];
    if (rc == CX_OK)
        rc = commit(config, &job, actor, CX_ACT_KIND_DISCARD, err);
    free(job.queue);
    return rc;
}
