#include "ops/cli/replay_place.h"

#include <stdlib.h>
#include <string.h>

#include "common/vault/hash.h"
#include "ops/cli/replay_show.h"

enum { SUBJECT = 16 };

/* --- derived events ----------------------------------------------------------------------------------- */
static json_t *hex_of(cx_view bytes) {
    char *text = malloc(2 * bytes.n + 1);
    json_t *json = text != NULL ? json_string(cx_hex((const uint8_t *)bytes.p, bytes.n, text)) : NULL;
    free(text);
    return json;
}

static json_t *kept_json(const cx_replay_kept *k) {
    char subject[2 * SUBJECT + 1];
    return json_pack("{s:i, s:I, s:i, s:i, s:s, s:b, s:b, s:o, s:o}", "cause_partition",
                     (int)k->cause.partition, "cause_offset", (json_int_t)k->cause.offset, "index",
                     (int)k->index, "partition", (int)k->partition, "subject",
                     cx_hex(k->subject, SUBJECT, subject), "made", (int)k->made, "pending", (int)k->pending,
                     "key", hex_of(k->key), "bytes", hex_of(k->bytes));
}

static bool bytes_of(const json_t *json, const char *name, cx_arena *arena, cx_view *out) {
    cx_view text = cx_view_of(json_string_value(json_object_get(json, name)));
    uint8_t *bytes = cx_arena_calloc(arena, text.n / 2 + 1, 1);
    *out = (cx_view){(const char *)bytes, text.n / 2};
    return text.p != NULL && bytes != NULL && cx_unhex(text, bytes, text.n / 2);
}

static bool take_kept(const json_t *json, cx_arena *arena, cx_replay_kept *k) {
    cx_view subject;
    *k = (cx_replay_kept){.cause = {(int32_t)json_integer_value(json_object_get(json, "cause_partition")),
                                    json_integer_value(json_object_get(json, "cause_offset"))},
                          .index = (int32_t)json_integer_value(json_object_get(json, "index")),
                          .partition = (int32_t)json_integer_value(json_object_get(json, "partition")),
                          .made = json_is_true(json_object_get(json, "made")),
                          .pending = json_is_true(json_object_get(json, "pending"))};
    if (!bytes_of(json, "subject", arena, &subject) || subject.n != SUBJECT)
        return false;
    (void)memcpy(k->subject, subject.p, SUBJECT);
    return bytes_of(json, "key", arena, &k->key) && bytes_of(json, "bytes", arena, &k->bytes);
}

/* --- the place ---------------------------------------------------------------------------------------- */
json_t *cx_replay_place_json(const cx_replay_begin *at) {
    json_t *kept = json_array(), *from = json_array();
    for (size_t i = 0; i < at->kept_n; i++)
        (void)json_array_append_new(kept, kept_json(&at->kept[i]));
    for (int i = 0; i < CX_REPLAY_TOPICS; i++)
        (void)json_array_append_new(from, json_integer(at->from[i]));
    return json_pack("{s:b, s:o, s:I, s:I, s:I, s:I, s:o, s:o}", "done", (int)at->done, "from", from,
                     "origin", (json_int_t)at->origin, "tick", (json_int_t)at->tick, "first",
                     (json_int_t)at->first, "last", (json_int_t)at->last, "tally",
                     cx_replay_tally_json(&at->tally), "kept", kept);
}

bool cx_replay_place_take(const json_t *json, cx_arena *arena, cx_replay_begin *at) {
    const json_t *from = json_object_get(json, "from"), *kept = json_object_get(json, "kept");
    size_t n = json_array_size(kept);
    cx_replay_kept *items = cx_arena_calloc(arena, n + 1, sizeof *items);
    bool good = items != NULL && json_array_size(from) == CX_REPLAY_TOPICS;
    *at = (cx_replay_begin){.origin = json_integer_value(json_object_get(json, "origin")),
                            .tick = json_integer_value(json_object_get(json, "tick")),
                            .exact = true,
                            .done = json_is_true(json_object_get(json, "done")),
                            .first = json_integer_value(json_object_get(json, "first")),
                            .last = json_integer_value(json_object_get(json, "last")),
                            .kept = items,
                            .kept_n = n};
    for (size_t i = 0; good && i < CX_REPLAY_TOPICS; i++)
        at->from[i] = json_integer_value(json_array_get(from, i));
    for (size_t i = 0; good && i < n; i++)
        good = take_kept(json_array_get(kept, i), arena, &items[i]);
    return good && cx_replay_tally_take(json_object_get(json, "tally"), &at->tally);
}
