#include "ops/cli/replay_builds.h"

#include <stdlib.h>
#include <string.h>

#include "ops/cli/table_read.h"

enum { STAGE = 32, BUILD = 64 };

struct mark {
    char stage[STAGE], build[BUILD];
    int32_t partition;
    int64_t offset;
    int32_t index;
};

struct marks {
    cx_codec *codec;
    cx_arena *arena;
    int32_t generation;
    struct mark *items;
    size_t n, room;
};

static bool copy(char *to, size_t size, cx_view text) {
    if (text.n >= size)
        return false;
    (void)memcpy(to, text.n > 0 ? text.p : "", text.n);
    to[text.n] = '\0';
    return true;
}

static cx_rc keep(struct marks *m, const cx_build_mark *from, cx_err *err) {
    if (m->n == m->room) {
        size_t room = m->room == 0 ? 64 : 2 * m->room;
        struct mark *more = realloc(m->items, room * sizeof *more);
        if (more == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        m->items = more;
        m->room = room;
    }
    struct mark *mark = &m->items[m->n];
    *mark = (struct mark){
        .partition = from->origin.partition, .offset = from->origin.offset, .index = from->index};
    m->n += copy(mark->stage, STAGE, from->stage) && copy(mark->build, BUILD, from->build);
    return CX_OK;
}

static cx_rc take(void *context, const cx_message *message, cx_err *err) {
    struct marks *m = context;
    const void *value = NULL;
    cx_arena_reset(m->arena);
    if (message->value.p == NULL ||
        cx_codec_decode(m->codec, &cx_checkpoint_type, message->value, m->arena, &value, NULL) != CX_OK)
        return CX_OK;
    const cx_checkpoint *c = value;
    bool wanted = c->body_kind == CX_CHECKPOINT_BODY_BUILD_MARK && c->generation == m->generation;
    return wanted ? keep(m, c->body.build_mark, err) : CX_OK;
}

static bool is_before(const struct mark *m, int64_t offset, int32_t index) {
    return m->offset < offset || (m->offset == offset && m->index <= index);
}

/* The last one at or before that place. NULL: none. */
static const char *find(const struct marks *m, const char *stage, int32_t partition, int64_t offset,
                        int32_t index) {
    const struct mark *found = NULL;
    for (size_t i = 0; i < m->n; i++) {
        const struct mark *mark = &m->items[i];
        if (mark->partition == partition && strcmp(mark->stage, stage) == 0 &&
            is_before(mark, offset, index) && (found == NULL || is_before(found, mark->offset, mark->index)))
            found = mark;
    }
    return found != NULL ? found->build : NULL;
}

static json_t *text_or_null(const char *text) {
    return text != NULL ? json_string(text) : json_null();
}

static void add(const struct marks *m, const char *again_build, json_t *d) {
    const char *what = json_string_value(json_object_get(d, "what"));
    const char *stage = json_string_value(json_object_get(d, "stage"));
    bool recorded = what != NULL && strcmp(what, "MISSING") != 0;
    bool again = what != NULL && strcmp(what, "UNEXPECTED") != 0;
    const char *build = recorded && stage != NULL
                            ? find(m, stage, (int32_t)json_integer_value(json_object_get(d, "partition")),
                                   json_integer_value(json_object_get(d, "offset")),
                                   (int32_t)json_integer_value(json_object_get(d, "index")))
                            : NULL;
    (void)json_object_set_new(d, "build", text_or_null(build));
    (void)json_object_set_new(d, "again_build", text_or_null(again ? again_build : NULL));
}

cx_rc cx_replay_builds_add(const cx_config *config, const cx_replay_log *log, const char *again_build,
                           json_t *differences, cx_err *err) {
    struct marks m = {.codec = cx_replay_log_source(log)->codec,
                      .arena = cx_arena_new(0),
                      .generation = (int32_t)cx_config_integer(config, "log.generation")};
    cx_rc rc = m.arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                               : cx_topic_read(config, "credit.checkpoints", take, &m, err);
    for (size_t i = 0; rc == CX_OK && i < json_array_size(differences); i++)
        add(&m, again_build, json_array_get(differences, i));
    cx_arena_destroy(&m.arena);
    free(m.items);
    return rc;
}
