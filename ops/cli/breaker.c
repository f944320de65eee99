/* chengxin breaker: which feeds and activations are held, why, since when, and who may not release them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/breaker.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin breaker list [--all] [--json]\n"
    "       chengxin breaker show DEPARTMENT|ID [--json]\n"
    "\n"
    "Circuit breakers: the feed of a department, or the activation of a pack, that would list abnormally "
    "many subjects\n"
    "is held, from the listing that trips it. What favours a subject is never held.\n"
    "\n"
    "  list   what is held now, since when, how many listings tripped it, who signed, how many letters wait\n"
    "         (--all: what was released, too)\n"
    "  show   one of them, its letters, and how it is released\n"
    "\n"
    "There is no command that releases: a second official sends the event BREAKER_RELEASE, with the "
    "breaker's id, on\n"
    "the department's own topic. What was held is then redriven: chengxin letters redrive --reason "
    "HELD_BY_BREAKER.\n"
    "\n"
    "example: chengxin breaker show market\n";

enum { NUMBER = 24, NAME = 128 };

/* --- showing ------------------------------------------------------------------------------------------ */
static bool is_activation(const cx_breaker_view *b) {
    return b->of.n > 2 && memcmp(b->of.p, "a.", 2) == 0;
}

static cx_view joined(cx_breakers *v, const cx_breaker_view *b) {
    cx_view all = CX_VIEW("");
    for (size_t i = 0; all.p != NULL && i < b->officials.n; i++)
        all = cx_arena_printf(v->arena, "%.*s%s%.*s", CX_VIEW_ARGS(all), i > 0 ? " " : "",
                              CX_VIEW_ARGS(b->officials.items[i]));
    return all;
}

static cx_view counted(cx_breakers *v, const cx_breaker_view *b) {
    return b->limit == 0 ? CX_VIEW("-")
                         : cx_arena_printf(v->arena, "%lld of %lld", (long long)b->hour, (long long)b->limit);
}

static json_t *to_json(const cx_breaker_view *b) {
    char since[CX_TIME_TEXT];
    json_t *o = json_object(), *officials = json_array();
    (void)json_object_set_new(o, is_activation(b) ? "activation" : "department",
                              json_stringn(b->of.p, b->of.n));
    (void)json_object_set_new(o, "breaker", json_stringn(b->id.p, b->id.n));
    (void)json_object_set_new(o, "held", json_boolean(b->tripped));
    (void)json_object_set_new(o, "since",
                              b->since != 0 ? json_string(cx_time_format(b->since, since)) : json_null());
    (void)json_object_set_new(o, "listed", json_integer((json_int_t)b->hour));
    (void)json_object_set_new(o, "limit", json_integer((json_int_t)b->limit));
    for (size_t i = 0; i < b->officials.n; i++)
        (void)json_array_append_new(officials,
                                    json_stringn(b->officials.items[i].p, b->officials.items[i].n));
    (void)json_object_set_new(o, "signed_by", officials);
    (void)json_object_set_new(o, "letters", json_integer((json_int_t)b->letters));
    return o;
}

static cx_rc list_text(cx_breakers *v, bool all, cx_err *err) {
    static const char *const headings[] = {"held", "breaker", "since", "listed", "signed by", ">letters"};
    cx_table_text *table = cx_table_text_new(headings, sizeof headings / sizeof headings[0]);
    cx_rc rc = table == NULL ? CX_OUT_OF_MEMORY : CX_OK;
    size_t n = 0;
    for (size_t i = 0; rc == CX_OK && i < v->n; i++) {
        const cx_breaker_view *b = &v->list[i];
        char since[CX_TIME_TEXT], letters[NUMBER];
        if (b->id.n == 0 || (!b->tripped && !all))
            continue;
        (void)snprintf(letters, sizeof letters, "%zu", b->letters);
        const cx_view cells[] = {
            b->of,
            b->id,
            b->tripped ? cx_view_of(cx_time_format(b->since, since)) : CX_VIEW("released"),
            counted(v, b),
            joined(v, b),
            cx_view_of(letters)};
        rc = cx_table_text_row(table, cells);
        n += b->tripped;
    }
    if (rc != CX_OK)
        return cx_fail(err, rc, NULL);
    cx_table_text_print(&table, stdout);
    (void)printf(
        n > 0 ? "%zu held; chengxin breaker show NAME tells how it is released\n" : "nothing is held\n", n);
    return CX_OK;
}

static cx_rc list(cx_breakers *v, bool all, bool json, cx_err *err) {
    if (!json)
        return list_text(v, all, err);
    json_t *rows = json_array();
    for (size_t i = 0; i < v->n; i++)
        if (v->list[i].id.n > 0 && (v->list[i].tripped || all))
            (void)json_array_append_new(rows, to_json(&v->list[i]));
    return cx_print_json(rows, err);
}

static void say_how(cx_breakers *v, const cx_breaker_view *b) {
    cx_view officials = joined(v, b);
    if (!b->tripped) {
        (void)printf("released; what waits: chengxin letters list --reason %s\n", cx_breaker_reason);
        return;
    }
    (void)printf("released by  an official other than %.*s: the event BREAKER_RELEASE with \"breaker\": "
                 "\"%.*s\", sent by\n"
                 "             %s; then: ",
                 CX_VIEW_ARGS(officials), CX_VIEW_ARGS(b->id),
                 is_activation(b) ? "a department of that place" : "this department on its own topic");
    if (is_activation(b))
        (void)printf("chengxin policy activate, again\n");
    else
        (void)printf("chengxin letters redrive --department %.*s --reason %s\n", CX_VIEW_ARGS(b->of),
                     cx_breaker_reason);
}

static cx_rc show(cx_breakers *v, const char *name, bool json, cx_err *err) {
    const cx_breaker_view *b = NULL;
    char since[CX_TIME_TEXT];
    for (size_t i = 0; i < v->n; i++)
        if (v->list[i].id.n > 0 && (cx_view_is(v->list[i].of, name) || cx_view_is(v->list[i].id, name)))
            b = &v->list[i];
    if (b == NULL)
        return cx_fail(err, CX_NOT_FOUND,
                       "no breaker of that name has ever tripped; chengxin breaker list --all");
    if (json)
        return cx_print_json(to_json(b), err);
    (void)printf("%-12s %.*s\n", is_activation(b) ? "activation" : "department", CX_VIEW_ARGS(b->of));
    (void)printf("%-12s %.*s\n", "breaker", CX_VIEW_ARGS(b->id));
    (void)printf("%-12s %s\n", b->tripped ? "held since" : "tripped at", cx_time_format(b->since, since));
    if (b->limit > 0)
        (void)printf("%-12s listing %lld, where listing %lld trips\n", "why", (long long)b->hour,
                     (long long)b->limit);
    cx_letters_wanted wanted = {.reason = cx_breaker_reason, .from = CX_NO_TIME, .to = CX_NO_TIME};
    char department[NAME];
    (void)snprintf(department, sizeof department, "%.*s", CX_VIEW_ARGS(b->of));
    wanted.department = department;
    if (!is_activation(b))
        CX_TRY(cx_letters_print(&v->letters, &wanted, false, err));
    say_how(v, b);
    return CX_OK;
}

/* --- the command -------------------------------------------------------------------------------------- */
struct command {
    const char *name; /* show: of which */
    bool list, all, json;
};

static bool take_arguments(struct command *c, int argc, char **argv) {
    *c = (struct command){.list = argc > 1 && strcmp(argv[1], "list") == 0};
    bool show_one = argc > 2 && strcmp(argv[1], "show") == 0;
    int i = 2;
    if (show_one)
        c->name = argv[i++];
    for (; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            c->json = true;
        else if (strcmp(argv[i], "--all") == 0 && c->list)
            c->all = true;
        else
            return false;
    }
    return c->list || (show_one && c->name[0] != '-');
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct command c;
    cx_breakers *v = calloc(1, sizeof *v);
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL || v == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                                           : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !take_arguments(&c, argc, argv))
        rc = cx_fail(&err, CX_USAGE, "say list, or show NAME");
    if (rc == CX_OK)
        rc = cx_breakers_read(config, v, &err);
    if (rc == CX_OK)
        rc = c.list ? list(v, c.all, c.json, &err) : show(v, c.name, c.json, &err);
    if (v != NULL)
        cx_breakers_close(v);
    free(v);
    cx_config_destroy(&config);
    if (rc == CX_OK)
        return CX_EXIT_DONE;
    int code = cx_print_error("breaker", &err);
    return rc == CX_NOT_FOUND ? CX_EXIT_NO : code;
}

const cx_command cx_command_breaker = {
    .name = "breaker", .summary = "what a circuit breaker holds, and why", .help = help, .run = run};
