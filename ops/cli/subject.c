/* chengxin subject: erasing a person. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

#include "common/base/home.h"
#include "common/bus/admin.h"
#include "common/vault/hash.h"
#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/decoding.h"
#include "ops/cli/inquiry.h"
#include "ops/cli/options.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"

static const char help[] =
    "usage: chengxin subject erase [PSEUDONYM|REFERENCE --department D] [--subject-file F] [--type T]\n"
    "                              --who NUMBER --why TEXT [--dry-run]\n"
    "\n"
    "Erases what is sealed of a subject: identifier, names, free text and consented facts, in "
    "credit.identities. From\n"
    "then on departments are sent the reference alone, and neither a replay nor a redriven message brings "
    "anything\n"
    "back. It cannot be undone. What the log says of the pseudonym stays: it is what an audit replays.\n"
    "\n"
    "The subject is a pseudonym (32 hexadecimal digits) or a department's reference; else an identifier on "
    "the first\n"
    "line of --subject-file, or of standard input: never an argument, where others can see it. --type says "
    "what it is,\n"
    "where its digits do not (PASSPORT, TAX_NUMBER ...).\n"
    "\n"
    "  --who --why  the official's number and the reason; they are kept in credit.operations\n"
    "  --dry-run    says how many rows would be erased\n"
    "\n"
    "A department's own message is in its inbound topic for 7 days, and what departments were sent is with "
    "them. What\n"
    "a department reports afterwards names the subject anew.\n"
    "\n"
    "Exit codes: 0 done, or done before; 1 failed: nothing was done; 2 wrong usage; 3 nothing is kept of the "
    "subject.\n"
    "\n"
    "example: chengxin subject erase --subject-file F --who OP-7 --why \"request 2026-17\"\n";

enum { SUBJECT = 16 };
static const char identities_topic[] = "credit.identities";

struct command {
    const char *argument, *file, *type, *department, *who, *why;
    bool dry;
};

/* A row of the subject's, as it stands. */
struct row {
    UT_hash_handle hh;
    cx_view key;
    bool erased;
};

struct search {
    const uint8_t *subject;
    cx_arena *arena;
    cx_decoding decoding;
    struct row *rows;
    size_t n, sealed;
    int32_t partitions;
};

/* --- what there is ------------------------------------------------------------------------------------ */
static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    struct search *s = context;
    struct row *row = NULL;
    const void *value = NULL;
    if (m->key.n < SUBJECT || memcmp(m->key.p, s->subject, SUBJECT) != 0 || m->value.p == NULL)
        return CX_OK;
    if (cx_home(m->key, s->partitions) != m->partition)
        return CX_OK; /* where it was before its partition was split */
    CX_TRY(cx_decoding_take(&s->decoding, &cx_identity_type, m, &value, err));
    HASH_FIND(hh, s->rows, m->key.p, (unsigned)m->key.n, row);
    if (row == NULL) {
        row = cx_arena_calloc(s->arena, 1, sizeof *row);
        cx_view key = cx_arena_copy(s->arena, m->key);
        if (row == NULL || key.p == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        row->key = key;
        row->erased = true;
        HASH_ADD_KEYPTR(hh, s->rows, key.p, (unsigned)key.n, row);
        s->n++;
    }
    bool erased = ((const cx_identity *)value)->state == CX_IDENTITY_STATE_ERASED;
    s->sealed += (size_t)row->erased - (size_t)erased;
    row->erased = erased;
    return CX_OK;
}

static cx_rc count_partitions(const cx_config *config, int32_t *n, cx_err *err) {
    cx_admin *admin = NULL;
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = cx_admin_partitions(admin, identities_topic, n, err);
    cx_admin_destroy(&admin);
    return rc;
}

static cx_rc find(const cx_config *config, struct search *s, cx_err *err) {
    static const cx_type *const types[] = {&cx_identity_type, NULL};
    if ((s->arena = cx_arena_new(0)) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_decoding_open(config, types, &s->decoding, err));
    CX_TRY(count_partitions(config, &s->partitions, err));
    CX_TRY(cx_topic_read(config, identities_topic, take, s, err));
    return s->n > 0 ? CX_OK : cx_fail(err, CX_NOT_FOUND, "nothing is kept of this subject");
}

/* --- erasing ------------------------------------------------------------------------------------------ */
struct erasing {
    const struct search *search;
    const cx_actor *actor;
};

static cx_rc send_all(void *context, cx_producer *producer, cx_err *err) {
    const struct erasing *e = context;
    const struct search *s = e->search;
    static const cx_identity erased = {
        .state = CX_IDENTITY_STATE_ERASED, .hour_key = CX_VIEW(""), .sealed = CX_VIEW("")};
    for (const struct row *row = s->rows; row != NULL; row = row->hh.next)
        if (!row->erased)
            CX_TRY(cx_act_send_row(producer, identities_topic, &cx_identity_type, &erased, row->key, err));
    CX_TRY(cx_act_send(producer, e->actor,
                       (cx_act){.kind = CX_ACT_KIND_ERASE,
                                .partition = -1,
                                .offset = -1,
                                .letter_partition = -1,
                                .letter_offset = -1,
                                .subject = s->subject},
                       (cx_view){(const char *)s->subject, SUBJECT}, err));
    return cx_act_check_stop(err);
}

static cx_rc erase(const cx_config *config, const struct search *s, cx_actor *actor, cx_err *err) {
    struct erasing erasing = {s, actor};
    cx_act_catch_stop();
    actor->at = cx_act_now(); /* what had come by then stays erased */
    return cx_act_commit(config, "credit.cli.subject", send_all, &erasing, err);
}

static cx_rc run_with(const cx_config *config, const struct command *c, cx_err *err) {
    uint8_t subject[SUBJECT];
    char hex[2 * SUBJECT + 1];
    cx_actor actor;
    CX_TRY(cx_actor_make(c->who, c->why, &actor, err));
    CX_TRY(cx_inquiry_subject(config, c->argument, c->file, c->type, c->department, subject, err));
    (void)cx_hex(subject, SUBJECT, hex);
    struct search s = {.subject = subject};
    cx_rc rc = find(config, &s, err);
    if (rc == CX_OK && s.sealed > 0 && !c->dry)
        rc = erase(config, &s, &actor, err);
    if (rc == CX_OK && s.sealed == 0)
        (void)printf("%s was erased before\n", hex);
    else if (rc == CX_OK)
        (void)printf("%s: %zu rows %s%s\n", hex, s.sealed, c->dry ? "would be erased" : "erased; ",
                     c->dry ? "" : actor.id);
    HASH_CLEAR(hh, s.rows);
    cx_decoding_close(&s.decoding);
    cx_arena_destroy(&s.arena);
    return rc;
}

/* --- the command -------------------------------------------------------------------------------------- */
static bool take_arguments(struct command *c, int argc, char **argv) {
    *c = (struct command){.type = ""};
    const cx_text_option texts[] = {{"--subject-file", &c->file},
                                    {"--type", &c->type},
                                    {"--department", &c->department},
                                    {"--who", &c->who},
                                    {"--why", &c->why}};
    if (argc < 2 || strcmp(argv[1], "erase") != 0)
        return false;
    for (int i = 2; i < argc; i++) {
        if (cx_take_text(texts, sizeof texts / sizeof texts[0], argc, argv, &i))
            continue;
        if (strcmp(argv[i], "--dry-run") == 0)
            c->dry = true;
        else if (argv[i][0] != '-' && c->argument == NULL)
            c->argument = argv[i];
        else
            return false;
    }
    return c->argument == NULL || c->file == NULL;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct command c;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !take_arguments(&c, argc, argv))
        rc = cx_fail(&err, CX_USAGE, "say erase, one subject, --who and --why");
    if (rc == CX_OK)
        rc = run_with(config, &c, &err);
    cx_config_destroy(&config);
    if (rc == CX_OK)
        return CX_EXIT_DONE;
    int code = cx_print_error("subject", &err);
    return rc == CX_NOT_FOUND ? CX_EXIT_NO : code;
}

const cx_command cx_command_subject = {
    .name = "subject", .summary = "erase what is sealed of a subject", .help = help, .run = run};
