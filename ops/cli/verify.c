/* chengxin verify: whether Redis, PostgreSQL, the topics and the log decided again agree, or which subjects
 * differ and how. */
#include "ops/cli/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"
#include "schemas/types.h"

static const char help[] =
    "usage: chengxin verify [redis] [postgres] [replay] [--key FILE] [--json]\n"
    "\n"
    "Compares, and writes nothing:\n"
    "\n"
    "  redis      every subject's row in Redis with its newest one in credit.status, and no subject more\n"
    "  postgres   the rows of schema history with the messages that they were made of, row by row; the chain "
    "over those\n"
    "             messages, in the database and on the bus, with the signed heads in credit.checkpoints\n"
    "  replay     credit.classified, decided, notices and status with the log decided again (chengxin "
    "replay)\n"
    "\n"
    "None named: all three. A row is ALTERED (and which columns), REMOVED, INSERTED or REORDERED. The "
    "pipeline may be at "
    "work.\n"
    "\n"
    "  --key FILE   the public key of the checkpoints; without it checkpoint.pub in the setting vault.dir\n"
    "  --json       the result as one JSON object\n"
    "\n"
    "Exit 0: they agree; 1: failed; 2: wrong usage; 3: they differ. What is signed, and what to do: "
    "docs/checkpoints.md\n"
    "\n"
    "example: chengxin verify postgres\n";

typedef enum verify_part { REDIS, POSTGRES, REPLAY, PARTS } verify_part;

static const struct {
    const char *name;
    cx_rc (*run)(cx_verify *verify, cx_err *err);
} parts[PARTS] = {[REDIS] = {"redis", cx_verify_redis},
                  [POSTGRES] = {"postgres", cx_verify_postgres},
                  [REPLAY] = {"replay", cx_verify_replay}};

struct asked {
    bool wanted[PARTS], any;
    const char *key;
};

/* --- what is found ---------------------------------------------------------------------------------------
 */
static void print_difference(const json_t *d) {
    static const char *const first[] = {"where", "what", "table", "topic", "subject"};
    const char *key;
    json_t *value;
    const char *between = "";
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        const char *text = json_string_value(json_object_get(d, first[i]));
        (void)printf("%s%s", text != NULL ? between : "", text != NULL ? text : "");
        between = " ";
    }
    json_object_foreach((json_t *)(uintptr_t)d, key, value) {
        bool shown = false;
        for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
            shown = shown || strcmp(key, first[i]) == 0;
        char *text = shown ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        if (text != NULL)
            (void)printf(" %s=%s", key, text);
        free(text);
    }
    (void)putchar('\n');
}

void cx_verify_tell(cx_verify *v, json_t *difference) {
    if (v->differences++ < (v->json ? CX_VERIFY_SHOWN_JSON : CX_VERIFY_SHOWN) && difference != NULL) {
        if (v->json)
            (void)json_array_append(v->found, difference);
        else
            print_difference(difference);
    }
    json_decref(difference);
}

void cx_verify_count(cx_verify *v, const char *part, const char *name, size_t n) {
    json_t *counts = json_object_get(v->parts, part);
    if (counts == NULL) {
        counts = json_object();
        (void)json_object_set_new(v->parts, part, counts);
    }
    json_int_t before = json_integer_value(json_object_get(counts, name));
    (void)json_object_set_new(counts, name, json_integer(before + (json_int_t)n));
}

static void report(const cx_verify *v) {
    if (v->json) {
        json_t *object = json_pack("{s:b, s:I, s:O, s:O}", "same", (int)(v->differences == 0), "differences",
                                   (json_int_t)v->differences, "compared", v->parts, "found", v->found);
        (void)(json_dumpf(object, stdout, JSON_COMPACT | JSON_SORT_KEYS) == 0 && putchar('\n'));
        json_decref(object);
        return;
    }
    const char *part, *name;
    json_t *counts, *n;
    if (v->differences > CX_VERIFY_SHOWN)
        (void)printf("... and %zu more\n", v->differences - CX_VERIFY_SHOWN);
    json_object_foreach(v->parts, part, counts) {
        (void)printf("%s: compared", part);
        const char *between = " ";
        json_object_foreach(counts, name, n) {
            (void)printf("%s%lld %s", between, (long long)json_integer_value(n), name);
            between = ", ";
        }
        (void)putchar('\n');
    }
    if (v->differences == 0)
        (void)printf("they agree\n");
    else
        (void)printf("%zu differences\n", v->differences);
}

/* --- the work --------------------------------------------------------------------------------------------
 */
static cx_rc take_schema(void *context, const cx_message *m, cx_err *err) {
    cx_verify *v = context;
    bool is_new = false;
    cx_err why = {0};
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(v->codec, m->value, &is_new, &why);
    if (rc == CX_OUT_OF_MEMORY || rc == CX_CONFIG)
        return cx_fail(err, rc, "%s", why.text);
    return CX_OK; /* one that cannot be read matters when a message names it */
}

static cx_rc open_verify(cx_verify *v, const struct asked *asked, cx_err *err) {
    static const cx_type *const types[] = {&cx_decided_type, &cx_dispatch_type, &cx_rejection_type,
                                           &cx_access_type,  &cx_status_type,   &cx_checkpoint_type};
    v->generation = (int)cx_config_integer(v->config, "log.generation");
    v->found = json_array();
    v->parts = json_object();
    v->codec = cx_codec_new();
    if (v->found == NULL || v->parts == NULL || v->codec == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_registry_open(v->config, &v->registry, err)); /* credit.rejected is framed as it has it */
    cx_registry_serve(v->registry, v->codec);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        CX_TRY(cx_codec_add(v->codec, types[i], err));
    CX_TRY(cx_vault_init(err));
    if (asked->wanted[POSTGRES])
        CX_TRY(asked->key != NULL
                   ? cx_key_read_file(asked->key, &v->key, err)
                   : cx_key_read(cx_config_text(v->config, "vault.dir"), "checkpoint.pub", &v->key, err));
    return cx_topic_read(v->config, "credit.schemas", take_schema, v, err);
}

static cx_rc take_arguments(int argc, char **argv, cx_verify *v, struct asked *asked, cx_err *err) {
    for (int i = 1; i < argc; i++) {
        bool known = strcmp(argv[i], "--json") == 0;
        v->json = v->json || known;
        if (strcmp(argv[i], "--key") == 0 && i + 1 < argc) {
            asked->key = argv[++i];
            known = true;
        }
        for (int p = 0; p < PARTS; p++)
            if (strcmp(argv[i], parts[p].name) == 0)
                known = asked->any = asked->wanted[p] = true;
        if (!known)
            return cx_fail(err, CX_USAGE, "%s is not understood; there are redis, postgres and replay",
                           argv[i]);
    }
    for (int p = 0; p < PARTS && !asked->any; p++)
        asked->wanted[p] = true;
    return CX_OK;
}

static cx_rc verify(cx_config *config, int argc, char **argv, cx_verify *v, cx_err *err) {
    struct asked asked = {.key = NULL};
    CX_TRY(cx_config_take(config, &argc, argv, environ, err));
    CX_TRY(take_arguments(argc, argv, v, &asked, err));
    CX_TRY(open_verify(v, &asked, err));
    for (int i = 0; i < PARTS; i++)
        if (asked.wanted[i])
            CX_TRY(parts[i].run(v, err));
    return CX_OK;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    cx_config *config = cx_config_new();
    cx_verify v = {.config = config};
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL) : verify(config, argc, argv, &v, &err);
    if (rc == CX_OK)
        report(&v);
    int code = rc != CX_OK ? cx_print_error("verify", &err) : v.differences == 0 ? CX_EXIT_DONE : CX_EXIT_NO;
    json_decref(v.found);
    json_decref(v.parts);
    cx_codec_destroy(&v.codec);
    cx_registry_close(&v.registry);
    cx_key_destroy(&v.key);
    cx_config_destroy(&config);
    return code;
}

const cx_command cx_command_verify = {
    "verify", "whether Redis, PostgreSQL and the log agree, and nobody changed them", help, run};
