#include "services/query/mask.h"

#include <string.h>

static const char *const entry_members[] = {"id",    "version",    "list",     "state", "grade",
                                            "role",  "department", "document", "basis", "from",
                                            "until", "review_on",  "marked",   NULL};
static const char *const record_members[] = {"event_id", "version",  "department", "item",   "direction",
                                             "grade",    "document", "until",      "marked", NULL};

static cx_view text_of(const json_t *object, const char *name) {
    const json_t *v = json_object_get(object, name);
    return (cx_view){json_string_value(v), json_string_length(v)};
}

/* A person's share in a court's entry against an organisation is on no list, for that list never passes to
 * a person; but it is a burden like a black list's entry, and nothing else has no list. */
static uint32_t colour_of(const json_t *entry, const cx_pack *pack) {
    cx_view code = text_of(entry, "list"), role = text_of(entry, "role");
    if (code.n == 0 && role.n > 0 && !cx_view_is(role, "SUBJECT"))
        return CX_SEES_BLACK;
    const cx_list *list = cx_pack_list(pack, code);
    return list == NULL ? 0 : list->black ? CX_SEES_BLACK : CX_SEES_RED;
}

static uint32_t direction_of(const json_t *record) {
    cx_direction direction;
    if (!cx_direction_by_name(text_of(record, "direction"), &direction))
        return 0;
    return direction == CX_DIRECTION_ADVERSE    ? CX_SEES_ADVERSE
           : direction == CX_DIRECTION_POSITIVE ? CX_SEES_POSITIVE
                                                : CX_SEES_NEUTRAL;
}

/* -1: out of memory. */
static int copy(const json_t *from, const char *const *members, json_t *to) {
    for (size_t i = 0; members[i] != NULL; i++) {
        json_t *value = json_object_get(from, members[i]);
        if (value != NULL && json_object_set(to, members[i], value) != 0)
            return -1;
    }
    return 0;
}

static int add(json_t *to, const json_t *from, const char *const *members, bool measures) {
    json_t *one = json_object(), *list = json_object_get(from, "measures");
    if (one == NULL || copy(from, members, one) != 0 ||
        (measures && list != NULL && json_object_set(one, "measures", list) != 0)) {
        json_decref(one);
        return -1;
    }
    return json_array_append_new(to, one);
}

json_t *cx_query_mask(const json_t *status, const cx_purpose *purpose, const cx_pack *pack) {
    json_t *entries = json_array(), *records = json_array(), *one;
    size_t i;
    int failed = entries == NULL || records == NULL ? -1 : 0;
    json_array_foreach(json_object_get(status, "entries"), i, one) {
        if (failed == 0 && (colour_of(one, pack) & purpose->sees) != 0)
            failed = add(entries, one, entry_members, (purpose->sees & CX_SEES_MEASURES) != 0);
    }
    json_array_foreach(json_object_get(status, "records"), i, one) {
        if (failed == 0 && (direction_of(one) & purpose->sees) != 0)
            failed = add(records, one, record_members, false);
    }
    if (failed == 0)
        return json_pack("{s:o,s:o}", "entries", entries, "records", records);
    json_decref(entries);
    json_decref(records);
    return NULL;
}

bool cx_query_entitled(const json_t *status, const cx_purpose *purpose, const cx_pack *pack) {
    json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(status, "entries"), i, entry) {
        if ((colour_of(entry, pack) & purpose->sees & CX_SEES_RED) != 0 &&
            cx_view_is(text_of(entry, "state"), "IN_FORCE"))
            return true;
    }
    return false;
}

static int name_one(json_t *one, cx_view name) {
    return name.n == 0 ? 0 : json_object_set_new(one, "name", json_stringn(name.p, name.n));
}

bool cx_query_name(json_t *masked, const cx_pack *pack) {
    json_t *one;
    size_t i;
    int failed = 0;
    json_array_foreach(json_object_get(masked, "entries"), i, one) {
        const cx_list *list = cx_pack_list(pack, text_of(one, "list"));
        failed |= list != NULL ? name_one(one, list->name) : 0;
    }
    json_array_foreach(json_object_get(masked, "records"), i, one) {
        const cx_item *item = cx_pack_item(pack, text_of(one, "item"));
        failed |= item != NULL ? name_one(one, item->name) : 0;
    }
    return failed == 0;
}
