/* chengxin letters: what was sent home to the departments, and what an operator does about it. */
#include "ops/cli/letters.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin letters list [WHICH] [--all] [--count] [--json]\n"
    "       chengxin letters show DEPARTMENT PARTITION:OFFSET [--json]\n"
    "       chengxin letters redrive --department D [WHICH] --who NUMBER --why TEXT [--again] [--alone] "
    "[--dry-run]\n"
    "                                [--json]\n"
    "       chengxin letters discard --department D [WHICH] --who NUMBER --why TEXT [--again] [--dry-run] "
    "[--json]\n"
    "\n"
    "Dead letters: what was refused and sent home. A letter is named by its department and the place of its "
    "message\n"
    "in credit.in.DEPARTMENT.\n"
    "\n"
    "WHICH, all of what is given:\n"
    "  --department D   of this department\n"
    "  --position P:O   partition P, offset O: this one letter (with --department)\n"
    "  --reason CODE    refused with this reason (docs/errors.md)\n"
    "  --event ID       about this event\n"
    "  --from T --to T  refused from T on, and before T: 2026-03-02 or 2026-03-02T08:30:00 (China)\n"
    "\n"
    "  list      open letters; --all: those that were redriven or discarded too; --count: how many, by "
    "department\n"
    "            and reason, and since when\n"
    "  show      one letter: why, what it rests on, what rests on it, and what was done about it\n"
    "  redrive   asks intake to read the department's own message again, within 7 days of its arrival. It "
    "then takes\n"
    "            the newest place in the log; what was refused because of it follows behind it in its old "
    "order\n"
    "            (--alone: does not). An event that was accepted meanwhile is a duplicate: nothing happens.\n"
    "            Another content is never sent so: a correction is the department's own new message\n"
    "  discard   notes that nothing is to be done\n"
    "\n"
    "  --who --why   the official's number and the reason: they are kept in credit.operations\n"
    "  --again       also what was redriven or discarded before\n"
    "  --dry-run     shows what would be done\n"
    "\n"
    "All letters of one command are acted on together, or none. Exit codes: 0 done; 1 failed: nothing was "
    "done;\n"
    "2 wrong usage; 3 there is no such letter, or none of those meant can be acted on.\n"
    "\n"
    "example: chengxin letters redrive --department market --reason UNKNOWN_SCHEMA --who OP-7 --why \"schema "
    "published\"\n";

struct command {
    cx_letters_wanted wanted;
    const char *verb, *who, *why;
    bool json, count;
};

static bool take_place(const char *text, cx_letters_wanted *w) {
    int64_t partition = -1, offset = -1;
    cx_view rest, head = cx_view_split(cx_view_of(text), ':', &rest);
    w->has_place = cx_view_to_int64(head, &partition) && cx_view_to_int64(rest, &offset) && partition >= 0 &&
                   partition <= INT32_MAX && offset >= 0;
    w->place = (cx_position){(int32_t)partition, offset};
    return w->has_place;
}

static bool take_flag(struct command *c, const char *name) {
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"--json", &c->json},          {"--count", &c->count},        {"--all", &c->wanted.all},
                 {"--again", &c->wanted.again}, {"--alone", &c->wanted.alone}, {"--dry-run", &c->wanted.dry}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(name, flags[i].name) == 0) {
            *flags[i].flag = true;
            return true;
        }
    return false;
}

static bool take_value(struct command *c, const char *name, const char *value) {
    const struct {
        const char *name;
        const char **text;
    } texts[] = {{"--department", &c->wanted.department},
                 {"--reason", &c->wanted.reason},
                 {"--event", &c->wanted.event},
                 {"--who", &c->who},
                 {"--why", &c->why}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].text = value;
            return true;
        }
    if (strcmp(name, "--position") == 0)
        return take_place(value, &c->wanted);
    if (strcmp(name, "--from") == 0)
        return cx_time_parse(cx_view_of(value), &c->wanted.from);
    return strcmp(name, "--to") == 0 && cx_time_parse(cx_view_of(value), &c->wanted.to);
}

static bool is_act(const struct command *c) {
    return strcmp(c->verb, "redrive") == 0 || strcmp(c->verb, "discard") == 0;
}

static cx_rc check(const struct command *c, cx_err *err) {
    const cx_letters_wanted *w = &c->wanted;
    bool show = strcmp(c->verb, "show") == 0;
    if (!is_act(c) && !show && strcmp(c->verb, "list") != 0)
        return cx_fail(err, CX_USAGE, "say list, show, redrive or discard");
    if (is_act(c) && w->department == NULL)
        return cx_fail(err, CX_USAGE, "say whose letters: --department D");
    if (w->department != NULL && !cx_view_is_code(cx_view_of(w->department), 64))
        return cx_fail(err, CX_USAGE, "\"%s\" is no department's name", w->department);
    if (w->has_place && w->department == NULL)
        return cx_fail(err, CX_USAGE, "--position is a place in one department's topic: say --department D");
    if (show && !w->has_place)
        return cx_fail(err, CX_USAGE, "show takes DEPARTMENT PARTITION:OFFSET");
    if (!is_act(c) && (c->who != NULL || c->why != NULL || w->again || w->alone || w->dry))
        return cx_fail(err, CX_USAGE, "%s only looks: no --who, --why, --again, --alone, --dry-run", c->verb);
    return CX_OK;
}

static cx_rc take_arguments(struct command *c, int argc, char **argv, cx_err *err) {
    *c = (struct command){.verb = argc > 1 ? argv[1] : "", .wanted = {.from = CX_NO_TIME, .to = CX_NO_TIME}};
    int i = 2;
    if (strcmp(c->verb, "show") == 0 && argc > 3 && argv[2][0] != '-') {
        c->wanted.department = argv[2];
        if (!take_place(argv[3], &c->wanted))
            return cx_fail(err, CX_USAGE, "\"%s\" is no place: PARTITION:OFFSET", argv[3]);
        i = 4;
    }
    for (; i < argc; i++) {
        if (take_flag(c, argv[i]))
            continue;
        if (i + 1 >= argc || !take_value(c, argv[i], argv[i + 1]))
            return cx_fail(err, CX_USAGE, "%s %s is not understood", argv[i],
                           i + 1 < argc ? argv[i + 1] : "");
        i++;
    }
    return check(c, err);
}

/* --- acting ------------------------------------------------------------------------------------------- */
/* A letter that was named and cannot be acted on is told apart from none. */
static cx_rc check_named(const cx_letters *letters, const cx_letters_wanted *w, cx_err *err) {
    if (!w->has_place)
        return CX_OK;
    const cx_letter *l = cx_letters_find(letters, w->department, w->place);
    if (l == NULL)
        return cx_fail(err, CX_NOT_FOUND,
                       "%s has no letter about %d:%lld; chengxin letters list --department %s", w->department,
                       (int)w->place.partition, (long long)w->place.offset, w->department);
    if (l->state == CX_LETTER_GONE)
        return cx_fail(err, CX_POSITION_GONE, NULL);
    if (l->state == CX_LETTER_OPEN || w->again)
        return CX_OK;
    const cx_act *last = &l->acts[l->act_n - 1];
    char at[CX_TIME_TEXT];
    return cx_fail(err, CX_NOT_FOUND, "it was %s at %s by %.*s, and not refused since; --again does it again",
                   l->state == CX_LETTER_REDRIVEN ? "redriven" : "discarded", cx_time_format(last->at, at),
                   CX_VIEW_ARGS(last->who));
}

static cx_rc act(const cx_config *config, const cx_letters *letters, const struct command *c, bool *any,
                 cx_err *err) {
    bool redrive = strcmp(c->verb, "redrive") == 0;
    cx_actor actor = {0};
    cx_letters_done done = {0};
    cx_rc rc = cx_actor_make(c->who, c->why, &actor, err);
    cx_act_catch_stop();
    if (rc == CX_OK)
        rc = redrive ? cx_letters_redrive(config, letters, &c->wanted, &actor, &done, err)
                     : cx_letters_discard(config, letters, &c->wanted, &actor, &done, err);
    if (rc == CX_OK && c->wanted.has_place && done.left_n > 0 && done.n == 0)
        rc = cx_fail(err, done.why[0], NULL);
    else if (rc == CX_OK)
        rc = cx_letters_print_done(redrive ? "redriven" : "discarded",
                                   c->wanted.dry || done.n == 0 ? NULL : actor.id, &done, c->json, err);
    *any = done.n > 0;
    cx_letters_done_free(&done);
    return rc;
}

/* --- the command -------------------------------------------------------------------------------------- */
static cx_rc look(const cx_letters *letters, const struct command *c, cx_err *err) {
    const cx_letters_wanted *w = &c->wanted;
    if (strcmp(c->verb, "list") == 0)
        return c->count ? cx_letters_print_counts(letters, w, c->json, err)
                        : cx_letters_print(letters, w, c->json, err);
    const cx_letter *l = cx_letters_find(letters, w->department, w->place);
    return l != NULL ? cx_letter_print(letters, l, c->json, err)
                     : cx_fail(err, CX_NOT_FOUND, "%s has no letter about %d:%lld", w->department,
                               (int)w->place.partition, (long long)w->place.offset);
}

static cx_rc run_with(const cx_config *config, const struct command *c, bool *any, cx_err *err) {
    cx_letters letters = {0};
    bool one = strcmp(c->verb, "list") == 0; /* else what rests on it may be another department's */
    cx_actor unused;
    *any = true;
    if (is_act(c))
        CX_TRY(cx_actor_make(c->who, c->why, &unused, err));
    cx_rc rc = cx_letters_read(config, one ? c->wanted.department : NULL, &letters, err);
    if (rc == CX_OK && !one)
        rc = cx_letters_know(&letters, c->wanted.department, err);
    if (rc == CX_OK && is_act(c)) {
        rc = check_named(&letters, &c->wanted, err);
        if (rc == CX_OK)
            rc = act(config, &letters, c, any, err);
    } else if (rc == CX_OK) {
        rc = look(&letters, c, err);
    }
    cx_letters_close(&letters);
    return rc;
}

/* What cannot be acted on is an answer; the rest is a failure. */
static int code_of(cx_rc rc, bool any, const cx_err *err) {
    if (rc == CX_OK)
        return any ? CX_EXIT_DONE : CX_EXIT_NO;
    int code = cx_print_error("letters", err);
    return rc == CX_NOT_FOUND || rc == CX_POSITION_GONE || rc == CX_REDRIVE_TOO_LATE ? CX_EXIT_NO : code;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct command c;
    bool any = false;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK)
        rc = take_arguments(&c, argc, argv, &err);
    if (rc == CX_OK)
        rc = run_with(config, &c, &any, &err);
    cx_config_destroy(&config);
    return code_of(rc, any, &err);
}

const cx_command cx_command_letters = {
    .name = "letters", .summary = "dead letters: list, show, redrive, discard", .help = help, .run = run};
