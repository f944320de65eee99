#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/admin.h"
#include "ops/cli/decoding.h"
#include "ops/cli/letters_index.h"
#include "ops/cli/table_read.h"

enum { TOPIC_BYTES = 256 };
static const char rejected[] = "credit.rejected.", inbound[] = "credit.in.";

/* One reading of everything. */
struct reading {
    const cx_config *config;
    cx_letters *out;
    cx_decoding decoding;
    const char **topics;
    size_t topic_n, topic_room;
    const char *department;
    cx_act **acts; /* about letters, as they come */
    size_t act_n, act_room;
};

static cx_rc no_memory(cx_err *err) {
    return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

/* --- what the topics say ------------------------------------------------------------------------------ */
/* Letters of one message lie in one partition, in their order, unless the topic got more partitions. */
static bool is_newer(const cx_letter *l, const cx_message *m) {
    return l->letter.partition == m->partition ? m->offset > l->letter.offset : m->timestamp >= l->at;
}

static cx_rc keep_rejection(struct reading *r, const cx_message *m, const cx_rejection *from) {
    cx_arena *arena = r->out->arena;
    cx_letter *l = NULL;
    cx_view department = {m->topic.p + sizeof rejected - 1, m->topic.n - (sizeof rejected - 1)};
    CX_TRY(cx_letter_index_add(r->out, department, (cx_position){from->partition, from->offset}, &l));
    l->times++;
    if (!is_newer(l, m))
        return CX_OK;
    l->letter = (cx_position){m->partition, m->offset};
    l->at = m->timestamp;
    l->event_id = cx_arena_copy(arena, from->event_id);
    l->reason = cx_arena_copy(arena, from->reason);
    l->text = cx_arena_copy(arena, from->text);
    l->stage = cx_arena_copy(arena, from->stage);
    l->field = cx_arena_copy(arena, from->field);
    l->because = cx_arena_copy(arena, from->because);
    return l->because.p != NULL && l->text.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

static cx_rc keep_act(struct reading *r, const cx_act *from) {
    cx_arena *arena = r->out->arena;
    if (from->department.n == 0)
        return CX_OK; /* about no letter */
    cx_act *act = cx_arena_alloc(arena, sizeof *act);
    r->acts = cx_letter_grow(arena, r->acts, r->act_n, &r->act_room, sizeof(cx_act *));
    if (act == NULL || r->acts == NULL)
        return CX_OUT_OF_MEMORY;
    *act = *from;
    act->id = cx_arena_copy(arena, from->id);
    act->account = cx_arena_copy(arena, from->account);
    act->who = cx_arena_copy(arena, from->who);
    act->why = cx_arena_copy(arena, from->why);
    act->department = cx_arena_copy(arena, from->department);
    act->event_id = act->reason = act->because = CX_VIEW(""); /* the letter has them */
    act->subject = NULL;
    r->acts[r->act_n++] = act;
    return act->why.p != NULL && act->department.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    struct reading *r = context;
    const void *value = NULL;
    bool act = cx_view_is(m->topic, cx_operations_topic);
    if (m->value.p == NULL)
        return CX_OK;
    CX_TRY(cx_decoding_take(&r->decoding, act ? &cx_act_type : &cx_rejection_type, m, &value, err));
    cx_rc rc = act ? keep_act(r, value) : keep_rejection(r, m, value);
    return rc == CX_OK ? CX_OK : no_memory(err);
}

/* --- put together ------------------------------------------------------------------------------------- */
static cx_rc hang_acts(struct reading *r, cx_err *err) {
    for (size_t i = 0; i < r->act_n; i++) {
        const cx_act *act = r->acts[i];
        cx_letter *l =
            cx_letter_index_find(r->out, act->department, (cx_position){act->partition, act->offset});
        if (l == NULL)
            continue; /* the letter is gone by now, or another department's than asked for */
        cx_act *acts = cx_arena_alloc(r->out->arena, (l->act_n + 1) * sizeof *acts);
        if (acts == NULL)
            return no_memory(err);
        if (l->act_n > 0)
            (void)memcpy(acts, l->acts, l->act_n * sizeof *acts);
        acts[l->act_n++] = *act;
        l->acts = acts;
        bool newest = act->letter_partition == l->letter.partition && act->letter_offset == l->letter.offset;
        if (newest)
            l->state = act->kind == CX_ACT_KIND_DISCARD ? CX_LETTER_DISCARDED : CX_LETTER_REDRIVEN;
    }
    return CX_OK;
}

/* Open ones whose message was removed. One question for each inbound partition that has a letter. */
static cx_rc find_gone(struct reading *r, cx_admin *admin, cx_err *err) {
    int64_t low = 0, high = 0;
    const cx_letter *before = NULL;
    for (size_t i = 0; i < r->out->n; i++) {
        cx_letter *l = r->out->list[i];
        char topic[TOPIC_BYTES];
        bool same = before != NULL && cx_view_eq(before->department, l->department) &&
                    before->place.partition == l->place.partition;
        (void)snprintf(topic, sizeof topic, "%s%.*s", inbound, CX_VIEW_ARGS(l->department));
        if (!same && l->place.partition >= 0) {
            cx_rc rc = cx_admin_ends(admin, topic, l->place.partition, &low, &high, err);
            if (rc == CX_TOPIC_MISSING) /* or no such partition any more */
                low = high = 0;
            else
                CX_TRY(rc);
        }
        before = l;
        bool there = l->place.partition >= 0 && l->place.offset >= low && l->place.offset < high;
        if (!there && l->state == CX_LETTER_OPEN)
            l->state = CX_LETTER_GONE;
    }
    return CX_OK;
}

/* --- reading ------------------------------------------------------------------------------------------ */
static cx_rc add_topic(void *context, const char *topic, int32_t partitions) {
    struct reading *r = context;
    cx_letters *all = r->out;
    (void)partitions;
    if (r->department != NULL && strcmp(topic + sizeof rejected - 1, r->department) != 0)
        return CX_OK;
    cx_view name = cx_arena_copy(all->arena, cx_view_of(topic));
    r->topics = cx_letter_grow(all->arena, r->topics, r->topic_n, &r->topic_room, sizeof *r->topics);
    if (name.p == NULL || r->topics == NULL)
        return CX_OUT_OF_MEMORY;
    r->topics[r->topic_n++] = name.p;
    return CX_OK;
}

static cx_rc unknown(const char *department, cx_err *err) {
    return cx_fail(err, CX_NOT_FOUND, "there is no department %s; chengxin department list names them",
                   department);
}

cx_rc cx_letters_know(const cx_letters *letters, const char *department, cx_err *err) {
    for (size_t i = 0; i < letters->department_n; i++)
        if (strcmp(letters->departments[i] + sizeof rejected - 1, department) == 0)
            return CX_OK;
    return unknown(department, err);
}

static cx_rc open_reading(struct reading *r, cx_admin *admin, cx_err *err) {
    static const cx_type *const types[] = {&cx_rejection_type, &cx_act_type, NULL};
    CX_TRY(cx_decoding_open(r->config, types, &r->decoding, err));
    CX_TRY(cx_admin_topics(admin, rejected, add_topic, r, err));
    return r->department != NULL && r->topic_n == 0 ? unknown(r->department, err) : CX_OK;
}

static cx_rc read_all(struct reading *r, cx_admin *admin, cx_err *err) {
    CX_TRY(open_reading(r, admin, err));
    r->out->departments = r->topics;
    r->out->department_n = r->topic_n;
    r->topics = cx_letter_grow(r->out->arena, r->topics, r->topic_n, &r->topic_room, sizeof *r->topics);
    if (r->topics == NULL)
        return no_memory(err);
    r->topics[r->topic_n] = cx_operations_topic;
    CX_TRY(cx_topics_read_all(r->config, r->topics, r->topic_n + 1, take, r, err));
    CX_TRY(hang_acts(r, err));
    if (cx_letter_index_finish(r->out) != CX_OK)
        return no_memory(err);
    return find_gone(r, admin, err);
}

cx_rc cx_letters_read(const cx_config *config, const char *department, cx_letters *out, cx_err *err) {
    struct reading r = {.config = config, .out = out, .department = department};
    cx_admin *admin = NULL;
    *out = (cx_letters){.arena = cx_arena_new(0)};
    if (out->arena == NULL || cx_letter_index_open(out) != CX_OK)
        return no_memory(err);
    cx_rc rc = cx_admin_new(config, &admin, err);
    if (rc == CX_OK)
        rc = read_all(&r, admin, err);
    cx_admin_destroy(&admin);
    cx_decoding_close(&r.decoding);
    return rc;
}

void cx_letters_close(cx_letters *letters) {
    cx_letter_index_close(letters);
    cx_arena_destroy(&letters->arena);
    *letters = (cx_letters){0};
}
