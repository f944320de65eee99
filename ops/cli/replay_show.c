#include "ops/cli/replay_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/vault/hash.h"
#include "common/wire/visit.h"

enum { FIELD = 256 };

/* --- the fields that differ --------------------------------------------------------------------------- */
static json_t *value_json(const cx_type *type, const void *value) {
    cx_buffer text = {0};
    json_t *json = NULL;
    if (value == NULL)
        return json_null();
    if (cx_struct_print(type, value, 0, &text) == CX_OK)
        json = json_loadb((const char *)text.p, text.n, JSON_DECODE_ANY, NULL);
    cx_buffer_free(&text);
    return json;
}

static void add_field(json_t *fields, const char *field, json_t *recorded, json_t *again) {
    json_t *row = json_object();
    (void)(json_object_set_new(row, "field", json_string(field)) == 0 &&
           json_object_set(row, "recorded", recorded != NULL ? recorded : json_null()) == 0 &&
           json_object_set(row, "again", again != NULL ? again : json_null()) == 0 &&
           json_array_append(fields, row) == 0);
    json_decref(row);
}

static void compare(json_t *fields, const char *field, json_t *recorded, json_t *again);

static void compare_objects(json_t *fields, const char *field, json_t *recorded, json_t *again) {
    const char *key;
    json_t *value;
    char deeper[FIELD];
    json_object_foreach(recorded, key, value) {
        (void)snprintf(deeper, sizeof deeper, "%s%s%s", field, field[0] != '\0' ? "." : "", key);
        compare(fields, deeper, value, json_object_get(again, key));
    }
    json_object_foreach(again, key, value) {
        (void)snprintf(deeper, sizeof deeper, "%s%s%s", field, field[0] != '\0' ? "." : "", key);
        if (json_object_get(recorded, key) == NULL)
            add_field(fields, deeper, NULL, value);
    }
}

static void compare_arrays(json_t *fields, const char *field, json_t *recorded, json_t *again) {
    size_t most = json_array_size(recorded) > json_array_size(again) ? json_array_size(recorded)
                                                                     : json_array_size(again);
    char deeper[FIELD];
    for (size_t i = 0; i < most; i++) {
        (void)snprintf(deeper, sizeof deeper, "%s[%zu]", field, i);
        compare(fields, deeper, json_array_get(recorded, i), json_array_get(again, i));
    }
}

/* NULL: there is no such item on that side. */
static void compare(json_t *fields, const char *field, json_t *recorded, json_t *again) {
    if (json_is_object(recorded) && json_is_object(again))
        compare_objects(fields, field, recorded, again);
    else if (json_is_array(recorded) && json_is_array(again))
        compare_arrays(fields, field, recorded, again);
    else if (recorded == NULL || again == NULL || json_equal(recorded, again) == 0)
        add_field(fields, field, recorded, again);
}

static json_t *hex_json(const void *bytes, size_t n) {
    char text[2 * 64 + 1];
    return n > 0 && n <= 64 ? json_string(cx_hex(bytes, n, text)) : json_null();
}

static json_t *fields_of(const cx_replay_difference *d) {
    json_t *fields = json_array();
    json_t *recorded = value_json(d->type, d->recorded), *again = value_json(d->type, d->again);
    if (d->recorded != NULL && d->again != NULL) {
        compare(fields, "", recorded, again);
        if (!cx_view_eq(d->recorded_key, d->again_key)) {
            json_t *was = hex_json(d->recorded_key.p, d->recorded_key.n);
            json_t *is = hex_json(d->again_key.p, d->again_key.n);
            add_field(fields, "(the message's key)", was, is);
            json_decref(was);
            json_decref(is);
        }
    } else {
        add_field(fields, "", recorded, again);
    }
    json_decref(recorded);
    json_decref(again);
    return fields;
}

/* --- a difference ------------------------------------------------------------------------------------- */
json_t *cx_replay_difference_json(const cx_replay_difference *d) {
    const char *what = d->recorded == NULL ? "MISSING" : d->again == NULL ? "UNEXPECTED" : "DIFFERS";
    return json_pack("{s:s, s:s, s:b, s:i, s:I, s:i, s:s%, s:s%, s:o, s:o, s:o, s:o}", "what", what, "stage",
                     cx_stages_text(d->stage), "derived", (int)d->derived, "partition",
                     (int)d->origin.partition, "offset", (json_int_t)d->origin.offset, "index", (int)d->index,
                     "department", d->department.p != NULL ? d->department.p : "", d->department.n,
                     "event_id", d->event_id.p != NULL ? d->event_id.p : "", d->event_id.n, "subject",
                     hex_json(d->subject, 16), "pack", hex_json(d->pack, d->pack != NULL ? CX_PACK_HASH : 0),
                     "again_pack", hex_json(d->again_pack, d->again_pack != NULL ? CX_PACK_HASH : 0),
                     "fields", fields_of(d));
}

static const char *text_of(const json_t *difference, const char *key) {
    const char *text = json_string_value(json_object_get(difference, key));
    return text != NULL ? text : "";
}

static void print_value(const char *name, const json_t *value) {
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    (void)printf("    %-14s %s\n", name, text != NULL ? text : "(out of memory)");
    free(text);
}

static const char *told(const char *what) {
    return strcmp(what, "DIFFERS") == 0   ? "decided otherwise"
           : strcmp(what, "MISSING") == 0 ? "decided again, and not recorded"
                                          : "recorded, and not decided again";
}

static const char *or_none(const char *text) {
    return text[0] != '\0' ? text : "-";
}

void cx_replay_difference_print(const json_t *d) {
    const json_t *fields = json_object_get(d, "fields");
    const char *department = text_of(d, "department"), *id = text_of(d, "event_id");
    (void)printf("%s%s, event %s%s%s at %lld.%lld, index %lld: %s\n", text_of(d, "stage"),
                 json_is_true(json_object_get(d, "derived")) ? " (derived event)" : "", department,
                 department[0] != '\0' && id[0] != '\0' ? "/" : "",
                 department[0] == '\0' && id[0] == '\0' ? "of the log" : id,
                 (long long)json_integer_value(json_object_get(d, "partition")),
                 (long long)json_integer_value(json_object_get(d, "offset")),
                 (long long)json_integer_value(json_object_get(d, "index")), told(text_of(d, "what")));
    (void)printf("  subject %s%s%s\n", text_of(d, "subject"), text_of(d, "pack")[0] != '\0' ? ", pack " : "",
                 text_of(d, "pack"));
    if (text_of(d, "again_pack")[0] != '\0' && strcmp(text_of(d, "again_pack"), text_of(d, "pack")) != 0)
        (void)printf("  again under pack %s\n", text_of(d, "again_pack"));
    if (text_of(d, "build")[0] != '\0' || text_of(d, "again_build")[0] != '\0')
        (void)printf("  recorded by build %s, decided again by %s\n", or_none(text_of(d, "build")),
                     or_none(text_of(d, "again_build")));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        if (text_of(field, "field")[0] != '\0')
            (void)printf("  %s\n", text_of(field, "field"));
        print_value("recorded", json_object_get(field, "recorded"));
        print_value("decided again", json_object_get(field, "again"));
    }
}

/* --- the tally ---------------------------------------------------------------------------------------- */
json_t *cx_replay_tally_json(const cx_replay_tally *t) {
    size_t notices = t->compared[CX_STAGES_SANCTIONER] + t->compared[CX_STAGES_POINTS];
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "records", (json_int_t)t->records,
                     "classified", (json_int_t)t->compared[CX_STAGES_CLASSIFIER], "decided",
                     (json_int_t)t->compared[CX_STAGES_REGISTRAR], "notices", (json_int_t)notices, "derived",
                     (json_int_t)t->derived, "differences", (json_int_t)t->differences, "pending",
                     (json_int_t)t->pending, "removed", (json_int_t)t->removed);
}

bool cx_replay_tally_take(const json_t *json, cx_replay_tally *t) {
    const struct {
        const char *name;
        size_t *to;
    } rows[] = {{"records", &t->records},
                {"classified", &t->compared[CX_STAGES_CLASSIFIER]},
                {"decided", &t->compared[CX_STAGES_REGISTRAR]},
                {"notices", &t->compared[CX_STAGES_SANCTIONER]},
                {"derived", &t->derived},
                {"differences", &t->differences},
                {"pending", &t->pending},
                {"removed", &t->removed}};
    bool good = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const json_t *number = json_object_get(json, rows[i].name);
        good = good && json_is_integer(number);
        *rows[i].to = (size_t)json_integer_value(number);
    }
    return good;
}
