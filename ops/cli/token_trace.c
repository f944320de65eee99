/* After a leak: what was asked with a token, and whom the answers were about. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/store/postgres_json.h"
#include "ops/cli/print.h"
#include "ops/cli/token.h"

enum { SHOWN = 100 }; /* questions in a table; --json has all */

cx_rc cx_token_traced(const cx_config *config, const char *id, json_t **out, cx_err *err) {
    const char *const values[] = {id};
    return cx_pg_json_once(cx_config_text(config, "postgres.conninfo"), "cx_query", "chengxin token",
                           "SELECT history.trace_token($1)", values, 1, out, err);
}

static cx_view text_of(const json_t *row, const char *name) {
    const char *text = json_string_value(json_object_get(row, name));
    return cx_view_of(text != NULL ? text : "");
}

/* ["a", "b"] as "a b". */
static cx_view words_of(const json_t *row, const char *name, cx_arena *arena) {
    cx_view text = CX_VIEW("");
    size_t i;
    const json_t *word;
    json_array_foreach(json_object_get(row, name), i, word) {
        if (text.p != NULL)
            text = cx_arena_printf(arena, "%.*s%s%s", CX_VIEW_ARGS(text), i > 0 ? " " : "",
                                   json_string_value(word));
    }
    return text.p != NULL ? text : CX_VIEW("");
}

static cx_rc print_affected(const json_t *affected, cx_arena *arena, cx_err *err) {
    static const char *const headings[] = {"subject", ">times", "first", "last", "purposes", "known to"};
    cx_table_text *table = cx_table_text_new(headings, sizeof headings / sizeof headings[0]);
    cx_rc rc = table != NULL ? CX_OK : CX_OUT_OF_MEMORY;
    size_t i;
    const json_t *row;
    json_array_foreach(affected, i, row) {
        cx_view times =
            cx_arena_printf(arena, "%lld", (long long)json_integer_value(json_object_get(row, "times")));
        const cx_view cells[] = {text_of(row, "subject"),
                                 times,
                                 text_of(row, "first"),
                                 text_of(row, "last"),
                                 words_of(row, "purposes", arena),
                                 words_of(row, "known_to", arena)};
        if (rc == CX_OK)
            rc = cx_table_text_row(table, cells);
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc print_asked(const json_t *asked, cx_err *err) {
    static const char *const headings[] = {"at",       "official", "matter", "purpose",
                                           "question", "answer",   "subject"};
    cx_table_text *table = cx_table_text_new(headings, sizeof headings / sizeof headings[0]);
    cx_rc rc = table != NULL ? CX_OK : CX_OUT_OF_MEMORY;
    size_t i;
    const json_t *row;
    json_array_foreach(asked, i, row) {
        bool allowed = json_is_true(json_object_get(row, "allowed"));
        const cx_view cells[] = {
            text_of(row, "at"),       text_of(row, "official"),
            text_of(row, "matter"),   text_of(row, "purpose"),
            text_of(row, "question"), allowed ? CX_VIEW("answered") : text_of(row, "refused_because"),
            text_of(row, "subject")};
        if (rc == CX_OK && i < SHOWN)
            rc = cx_table_text_row(table, cells);
    }
    if (table != NULL)
        cx_table_text_print(&table, stdout);
    if (rc == CX_OK && json_array_size(asked) > SHOWN)
        (void)printf("... and %zu more: --json\n", json_array_size(asked) - SHOWN);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc print_text(const char *id, const json_t *traced, cx_err *err) {
    const json_t *affected = json_object_get(traced, "affected"), *asked = json_object_get(traced, "asked");
    cx_arena *arena = cx_arena_new(0);
    if (arena == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = print_asked(asked, err);
    (void)printf("\n%s was shown %lld times, %lld times refused, from %.*s to %.*s\n"
                 "%zu subjects were told of; departments that know them can give them notice:\n\n",
                 id, (long long)json_integer_value(json_object_get(traced, "queries")),
                 (long long)json_integer_value(json_object_get(traced, "refused")),
                 CX_VIEW_ARGS(text_of(traced, "first")), CX_VIEW_ARGS(text_of(traced, "last")),
                 json_array_size(affected));
    if (rc == CX_OK)
        rc = print_affected(affected, arena, err);
    cx_arena_destroy(&arena);
    return rc;
}

/* Who was looked at is no less private than what was seen: the act is in the log before it is told. */
cx_rc cx_token_trace(const cx_config *config, const char *id, const cx_actor *actor, bool json, cx_err *err) {
    json_t *traced = NULL;
    CX_TRY(cx_token_tell_traced(config, id, actor, err));
    CX_TRY(cx_token_traced(config, id, &traced, err));
    bool shown = json_array_size(json_object_get(traced, "asked")) > 0;
    cx_rc rc = shown ? CX_OK : cx_fail(err, CX_NOT_FOUND, "nobody ever showed a token of the id %s", id);
    if (rc == CX_OK)
        rc = json ? cx_print_json(json_incref(traced), err) : print_text(id, traced, err);
    json_decref(traced);
    return rc;
}
