/* Letters for people and for machines. Never a byte of the message itself: it may name somebody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/cli/letters.h"
#include "ops/cli/print.h"

enum { PLACE = 32, NUMBER = 24 };

static const char *place_text(const cx_letter *l, char out[PLACE]) {
    (void)snprintf(out, PLACE, "%d:%lld", (int)l->place.partition, (long long)l->place.offset);
    return out;
}

static bool is_listed(const cx_letter *l, const cx_letters_wanted *w) {
    return cx_letter_is_wanted(l, w) && (w->all || l->state == CX_LETTER_OPEN || l->state == CX_LETTER_GONE);
}

static void set_text(json_t *object, const char *name, cx_view text) {
    (void)json_object_set_new(object, name, json_stringn(text.p != NULL ? text.p : "", text.n));
}

static void set_time(json_t *object, const char *name, cx_time t) {
    char text[CX_TIME_TEXT];
    (void)json_object_set_new(object, name, json_string(cx_time_format(t, text)));
}

static void add_acts(json_t *object, const cx_letter *l) {
    json_t *acts = json_array();
    for (size_t i = 0; i < l->act_n; i++) {
        json_t *act = json_object();
        set_text(act, "act", l->acts[i].id);
        set_text(act, "kind", cx_view_of(cx_act_kind_name(l->acts[i].kind)));
        set_time(act, "at", l->acts[i].at);
        set_text(act, "who", l->acts[i].who);
        set_text(act, "account", l->acts[i].account);
        set_text(act, "why", l->acts[i].why);
        (void)json_array_append_new(acts, act);
    }
    (void)json_object_set_new(object, "acts", acts);
}

static json_t *to_json(const cx_letters *letters, const cx_letter *l) {
    char place[PLACE];
    size_t n = 0;
    json_t *o = json_object(), *rest = json_array();
    set_text(o, "department", l->department);
    set_text(o, "position", cx_view_of(place_text(l, place)));
    set_time(o, "at", l->at);
    set_text(o, "stage", l->stage);
    set_text(o, "reason", l->reason);
    set_text(o, "text", l->text);
    set_text(o, "field", l->field);
    set_text(o, "event", l->event_id);
    set_text(o, "because", l->because);
    set_text(o, "state", cx_view_of(cx_letter_state_name(l->state)));
    (void)json_object_set_new(o, "refused", json_integer(l->times));
    add_acts(o, l);
    cx_letter *const *behind = cx_letters_behind(letters, l, &n);
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(rest, json_stringn(behind[i]->key.p, behind[i]->key.n));
    (void)json_object_set_new(o, "behind", rest);
    return o;
}

/* --- list --------------------------------------------------------------------------------------------- */
static const char *const headings[] = {"department", "position", "when",  "stage",
                                       "reason",     "event",    "state", "because"};
enum { COLUMNS = sizeof headings / sizeof headings[0] };

static cx_rc add_row(cx_table_text *table, const cx_letter *l) {
    char place[PLACE], when[CX_TIME_TEXT];
    const cx_view cells[COLUMNS] = {l->department,
                                    cx_view_of(place_text(l, place)),
                                    cx_view_of(cx_time_format(l->at, when)),
                                    l->stage,
                                    l->reason,
                                    l->event_id,
                                    cx_view_of(cx_letter_state_name(l->state)),
                                    l->because};
    return cx_table_text_row(table, cells);
}

cx_rc cx_letters_print_some(cx_letter *const *list, size_t n, cx_err *err) {
    cx_table_text *table = cx_table_text_new(headings, COLUMNS);
    cx_rc rc = table == NULL ? CX_OUT_OF_MEMORY : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n; i++)
        rc = add_row(table, list[i]);
    if (rc != CX_OK)
        return cx_fail(err, rc, NULL);
    cx_table_text_print(&table, stdout);
    return CX_OK;
}

cx_rc cx_letters_print(const cx_letters *letters, const cx_letters_wanted *wanted, bool json, cx_err *err) {
    cx_letter **list = calloc(letters->n + 1, sizeof *list);
    json_t *all = json ? json_array() : NULL;
    size_t n = 0;
    if (list == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < letters->n; i++)
        if (is_listed(letters->list[i], wanted))
            list[n++] = letters->list[i];
    for (size_t i = 0; json && i < n; i++)
        (void)json_array_append_new(all, to_json(letters, list[i]));
    cx_rc rc = json ? cx_print_json(all, err) : n > 0 ? cx_letters_print_some(list, n, err) : CX_OK;
    if (!json)
        (void)printf("%zu letters%s\n", n,
                     wanted->all ? "" : "; --all shows those that were redriven or discarded");
    free(list);
    return rc;
}

/* --- counts ------------------------------------------------------------------------------------------- */
/* Of one department, reason and state. */
struct count {
    const cx_letter *of;
    size_t n;
    cx_time first;
};

static bool same(const cx_letter *a, const cx_letter *b) {
    return cx_view_eq(a->department, b->department) && cx_view_eq(a->reason, b->reason) &&
           a->state == b->state;
}

static size_t count_all(const cx_letters *letters, const cx_letters_wanted *wanted, struct count *counts) {
    size_t n = 0;
    for (size_t i = 0; i < letters->n; i++) {
        const cx_letter *l = letters->list[i];
        if (!is_listed(l, wanted))
            continue;
        size_t k = 0;
        while (k < n && !same(counts[k].of, l))
            k++;
        if (k == n)
            counts[n++] = (struct count){.of = l, .first = l->at};
        counts[k].n++;
        counts[k].first = l->at < counts[k].first ? l->at : counts[k].first;
    }
    return n;
}

static cx_rc print_counts(const struct count *counts, size_t n, cx_err *err) {
    static const char *const names[] = {"department", "reason", "state", ">letters", "since"};
    cx_table_text *table = cx_table_text_new(names, 5);
    cx_rc rc = table == NULL ? CX_OUT_OF_MEMORY : CX_OK;
    for (size_t i = 0; rc == CX_OK && i < n; i++) {
        char number[NUMBER], since[CX_TIME_TEXT];
        (void)snprintf(number, sizeof number, "%zu", counts[i].n);
        const cx_view cells[] = {counts[i].of->department, counts[i].of->reason,
                                 cx_view_of(cx_letter_state_name(counts[i].of->state)), cx_view_of(number),
                                 cx_view_of(cx_time_format(counts[i].first, since))};
        rc = cx_table_text_row(table, cells);
    }
    if (rc == CX_OK)
        cx_table_text_print(&table, stdout);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc dump_counts(const struct count *counts, size_t n, cx_err *err) {
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_object();
        set_text(o, "department", counts[i].of->department);
        set_text(o, "reason", counts[i].of->reason);
        set_text(o, "state", cx_view_of(cx_letter_state_name(counts[i].of->state)));
        (void)json_object_set_new(o, "letters", json_integer((json_int_t)counts[i].n));
        set_time(o, "since", counts[i].first);
        (void)json_array_append_new(all, o);
    }
    return cx_print_json(all, err);
}

cx_rc cx_letters_print_counts(const cx_letters *letters, const cx_letters_wanted *wanted, bool json,
                              cx_err *err) {
    struct count *counts = calloc(letters->n + 1, sizeof *counts);
    if (counts == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    size_t n = count_all(letters, wanted, counts);
    cx_rc rc = json ? dump_counts(counts, n, err) : print_counts(counts, n, err);
    free(counts);
    return rc;
}

/* --- show --------------------------------------------------------------------------------------------- */
static void line(const char *name, cx_view value) {
    if (value.n > 0)
        (void)printf("%-11s %.*s\n", name, CX_VIEW_ARGS(value));
}

static const char *const advice[] = {
    [CX_LETTER_OPEN] = "open: chengxin letters redrive, or discard",
    [CX_LETTER_REDRIVEN] = "redriven: it was not refused again since",
    [CX_LETTER_DISCARDED] = "discarded",
    [CX_LETTER_GONE] = "open, but its message is gone: the department sends the event anew"};

cx_rc cx_letter_print(const cx_letters *letters, const cx_letter *l, bool json, cx_err *err) {
    char text[CX_TIME_TEXT];
    size_t n = 0;
    if (json)
        return cx_print_json(to_json(letters, l), err);
    line("letter", l->key);
    line("state", cx_view_of(advice[l->state]));
    line("when", cx_view_of(cx_time_format(l->at, text)));
    line("event", l->event_id);
    line("refused by", l->stage);
    line("reason", l->reason);
    line("", l->text);
    line("field", l->field);
    line("because of", l->because);
    (void)printf("%-11s %d\n", "refused", l->times);
    for (size_t i = 0; i < l->act_n; i++)
        (void)printf("%-11s %s %.*s by %.*s (%.*s): %.*s\n", cx_act_kind_name(l->acts[i].kind),
                     cx_time_format(l->acts[i].at, text), CX_VIEW_ARGS(l->acts[i].id),
                     CX_VIEW_ARGS(l->acts[i].who), CX_VIEW_ARGS(l->acts[i].account),
                     CX_VIEW_ARGS(l->acts[i].why));
    cx_letter *const *behind = cx_letters_behind(letters, l, &n);
    for (size_t i = 0; i < n; i++)
        (void)printf("%-11s %.*s  %.*s  %.*s\n", i == 0 ? "behind it" : "", CX_VIEW_ARGS(behind[i]->key),
                     CX_VIEW_ARGS(behind[i]->event_id), CX_VIEW_ARGS(behind[i]->reason));
    return CX_OK;
}

/* --- what was done ------------------------------------------------------------------------------------ */
static json_t *keys_of(cx_letter *const *list, size_t n) {
    json_t *keys = json_array();
    for (size_t i = 0; i < n; i++)
        (void)json_array_append_new(keys, json_stringn(list[i]->key.p, list[i]->key.n));
    return keys;
}

static cx_rc dump_done(const char *verb, const char *act, const cx_letters_done *done, cx_err *err) {
    json_t *o = json_object(), *left = json_array();
    (void)json_object_set_new(o, "act", act != NULL ? json_string(act) : json_null());
    (void)json_object_set_new(o, verb, keys_of(done->list, done->n));
    (void)json_object_set_new(o, "behind", json_integer((json_int_t)done->behind));
    for (size_t i = 0; i < done->left_n; i++) {
        json_t *one = json_object();
        set_text(one, "letter", done->left[i]->key);
        set_text(one, "reason", cx_view_of(cx_rc_name(done->why[i])));
        (void)json_array_append_new(left, one);
    }
    (void)json_object_set_new(o, "left", left);
    return cx_print_json(o, err);
}

cx_rc cx_letters_print_done(const char *verb, const char *act, const cx_letters_done *done, bool json,
                            cx_err *err) {
    if (json)
        return dump_done(verb, act, done, err);
    if (done->n > 0)
        CX_TRY(cx_letters_print_some(done->list, done->n, err));
    for (size_t i = 0; i < done->left_n; i++)
        (void)printf("left: %.*s: %s; %s (%s)\n", CX_VIEW_ARGS(done->left[i]->key), cx_rc_text(done->why[i]),
                     cx_rc_advice(done->why[i]), cx_rc_name(done->why[i]));
    (void)printf("%s%zu letters %s", act == NULL ? "would be: " : "", done->n, verb);
    if (done->behind > 0)
        (void)printf(", %zu of them behind what they rest on", done->behind);
    (void)printf(act != NULL ? "; %s\n" : "\n", act);
    return CX_OK;
}
