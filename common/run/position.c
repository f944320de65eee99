/* The positions rule: a group without a committed position may begin at the beginning only if what it alone
 * writes is empty (architecture, "Exactly once, twice over", 5). Aborted messages are nothing, and so are
 * those of another stage that writes to the same topic. */
#include <stdlib.h>

#include "common/run/inside.h"

struct list {
    cx_place *places;
    const cx_output **outputs; /* of each place */
    size_t n;
    const cx_output *output; /* whose places are added */
    cx_admin *admin;
    cx_arena *arena;
    cx_err *err;
};

static cx_rc add(struct list *list, const char *topic, int32_t partition) {
    int64_t low = 0, high = 0;
    CX_TRY(cx_admin_ends(list->admin, topic, partition, &low, &high, list->err));
    if (low >= high)
        return CX_OK;
    cx_place *more = realloc(list->places, (list->n + 1) * sizeof *more);
    if (more == NULL)
        return cx_fail(list->err, CX_OUT_OF_MEMORY, NULL);
    list->places = more;
    const cx_output **outputs = realloc(list->outputs, (list->n + 1) * sizeof *outputs);
    if (outputs == NULL)
        return cx_fail(list->err, CX_OUT_OF_MEMORY, NULL);
    list->outputs = outputs;
    char *name = strdup(topic);
    if (name == NULL)
        return cx_fail(list->err, CX_OUT_OF_MEMORY, NULL);
    list->outputs[list->n] = list->output;
    list->places[list->n++] = (cx_place){name, partition, high, ""};
    return CX_OK;
}

static cx_rc add_every(void *context, const char *topic, int32_t partitions) {
    for (int32_t p = 0; p < partitions; p++)
        CX_TRY(add(context, topic, p));
    return CX_OK;
}

static cx_rc add_outputs(const cx_run *run, int32_t partition, struct list *list) {
    for (size_t i = 0; i < run->stage->output_count; i++) {
        const cx_output *o = &run->stage->outputs[i];
        if (!o->own || o->kind == CX_OUTPUT_COUNT)
            continue;
        list->output = o;
        if (o->kind == CX_OUTPUT_BY_DEPARTMENT)
            CX_TRY(cx_admin_topics(list->admin, o->topic, add_every, list, list->err));
        else
            CX_TRY(add(list, o->topic, partition));
    }
    return CX_OK;
}

/* What cannot be read may be ours: it counts. */
static bool is_ours(const cx_run *run, const struct list *list, size_t i, const cx_message *m) {
    const cx_output *output = list->outputs[i];
    const void *value = NULL;
    if (output->is_own == NULL || m->value.p == NULL)
        return true;
    cx_arena_reset(list->arena);
    return cx_codec_decode(run->codec, output->type, m->value, list->arena, &value, NULL) != CX_OK ||
           output->is_own(value);
}

/* Whether every place ends, at or behind what was its end when we looked, without a message of ours. */
static cx_rc all_empty(const cx_run *run, struct list *list, bool *empty, cx_err *err) {
    cx_reader *reader = NULL;
    *empty = true;
    for (size_t i = 0; i < list->n && *empty; i++) {
        cx_place from = list->places[i];
        from.offset = CX_POSITION_BEGINNING;
        if (reader == NULL)
            CX_TRY(cx_reader_new(run->config, &reader, err));
        cx_rc rc = cx_reader_assign(reader, &from, 1, err);
        for (bool ended = false; rc == CX_OK && !ended;) {
            cx_read read;
            rc = cx_reader_poll(reader, 1000, &read, err);
            *empty = rc != CX_OK || read.kind != CX_READ_MESSAGE || !is_ours(run, list, i, &read.message);
            ended = !*empty || (read.kind == CX_READ_END && read.message.offset >= list->places[i].offset);
            cx_message_release(&read.message);
        }
        if (rc != CX_OK) {
            cx_reader_destroy(&reader);
            return rc;
        }
    }
    cx_reader_destroy(&reader);
    return CX_OK;
}

cx_rc cx_run_never_ran(cx_run *run, int32_t partition, bool *never, cx_err *err) {
    struct list list = {.arena = cx_arena_new(0), .err = err};
    cx_rc rc = list.arena != NULL ? cx_admin_new(run->config, &list.admin, err)
                                  : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (rc == CX_OK)
        rc = add_outputs(run, partition, &list);
    if (rc == CX_OK)
        rc = all_empty(run, &list, never, err);
    for (size_t i = 0; i < list.n; i++)
        free((char *)(uintptr_t)list.places[i].topic);
    free(list.places);
    free(list.outputs);
    cx_arena_destroy(&list.arena);
    cx_admin_destroy(&list.admin);
    return rc;
}
