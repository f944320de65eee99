/* chengxin explain: the whole chain behind an event, a list entry, a measure or a notice. */
#include "ops/cli/explain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/store/postgres_json.h"
#include "common/vault/hash.h"
#include "ops/cli/command.h"
#include "ops/cli/commands.h"
#include "ops/cli/inquiry.h"
#include "ops/cli/print.h"

static const char help[] =
    "usage: chengxin explain ID --purpose CODE [--department D] [--verify] [--json]\n"
    "\n"
    "The chain back to the department's document: what was sent, what table and rule of which pack said of "
    "it, the\n"
    "entry's transitions, who was told what, and what they answered; and what it rests on: statutes, and the "
    "clauses of\n"
    "the city's own documents. From PostgreSQL and the published packs. The query is logged before it is "
    "answered (see\n"
    "chengxin status --help).\n"
    "\n"
    "  ID               a list entry (e.3.1207.0), a measure (m.3.1207.0.1), a notice (n.3.1207.0.1), or a "
    "department's\n"
    "                   event id, as DEPARTMENT/ID where several departments use it\n"
    "  --purpose CODE   as for chengxin status\n"
    "  --department D   on whose behalf\n"
    "  --verify         decides the subject's log again up to it, and compares with what was decided (see "
    "chengxin\n"
    "                   replay --help)\n"
    "  --json           the chain as one object\n"
    "\n"
    "Exit codes: 0 answered, 1 failed, 2 wrong usage, 3 refused, or nothing of that id is known, or --verify "
    "found a\n"
    "difference.\n"
    "\n"
    "example: chengxin explain e.3.1207.0 --purpose AUDIT\n";

struct wanted {
    const char *id, *purpose, *department;
    bool json, verify;
};

static bool read_arguments(int argc, char **argv, struct wanted *w) {
    *w = (struct wanted){0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            w->json = true;
        else if (strcmp(argv[i], "--verify") == 0)
            w->verify = true;
        else if (strcmp(argv[i], "--purpose") == 0 && i + 1 < argc)
            w->purpose = argv[++i];
        else if (strcmp(argv[i], "--department") == 0 && i + 1 < argc)
            w->department = argv[++i];
        else if (argv[i][0] != '-' && w->id == NULL)
            w->id = argv[i];
        else
            return false;
    }
    return w->id != NULL && w->purpose != NULL;
}

static cx_rc read_chain(const cx_config *config, const char *id, json_t **out, cx_err *err) {
    const char *const values[] = {id};
    return cx_pg_json_once(cx_config_text(config, "postgres.conninfo"), "cx_query", "chengxin explain",
                           "SELECT history.explain($1)", values, 1, out, err);
}

static cx_rc add_subject(cx_inquiry *q, const json_t *hex, cx_err *err) {
    cx_view text = {json_string_value(hex), json_string_length(hex)};
    if (q->n == CX_INQUIRY_SUBJECTS)
        return cx_fail(err, CX_USAGE, "the id concerns more than %d subjects: say DEPARTMENT/ID",
                       CX_INQUIRY_SUBJECTS);
    if (!cx_unhex(text, q->subjects[q->n], 16))
        return cx_fail(err, CX_STORE, "history holds no pseudonym where one belongs");
    q->n++;
    return CX_OK;
}

static cx_rc add_subjects(cx_inquiry *q, const json_t *chain, cx_err *err) {
    const json_t *many = json_object_get(chain, "subjects"); /* of one subject, all its pseudonyms */
    for (size_t i = 0; i < json_array_size(many); i++)
        CX_TRY(add_subject(q, json_array_get(many, i), err));
    return CX_OK;
}

static cx_rc print_chain(const json_t *chain, const struct wanted *w, cx_err *err) {
    if (chain == NULL)
        return cx_fail(err, CX_NOT_FOUND, "nothing of the id %s is known", w->id);
    if (!w->json)
        return cx_explain_print(chain);
    (void)(json_dumpf(chain, stdout, JSON_COMPACT | JSON_SORT_KEYS) == 0 && putchar('\n'));
    return CX_OK;
}

/* The chain says whom it is about, so it is read first; nothing of it leaves before the query is logged. */
static cx_rc answer(const cx_config *config, const struct wanted *w, bool *same, cx_err *err) {
    json_t *verdict = NULL;
    cx_inquiry q = {.purpose = w->purpose,
                    .department = w->department,
                    .question = CX_ACCESS_QUESTION_EXPLAIN,
                    .target = cx_view_of(w->id)};
    json_t *chain = NULL;
    cx_rc rc = read_chain(config, w->id, &chain, err);
    if (rc == CX_OK)
        rc = add_subjects(&q, chain, err);
    if (rc == CX_OK)
        rc = cx_inquiry_log(config, &q, err);
    if (rc == CX_OK && chain != NULL)
        rc = cx_explain_cite(config, chain, err);
    if (rc == CX_OK && w->verify && chain != NULL)
        rc = cx_explain_verify(config, chain, &q, &verdict, same, err);
    if (rc == CX_OK && w->json && verdict != NULL && json_object_set(chain, "verified", verdict) != 0)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (rc == CX_OK)
        rc = print_chain(chain, w, err);
    if (rc == CX_OK && verdict != NULL && !w->json)
        cx_explain_print_verdict(verdict);
    json_decref(verdict);
    json_decref(chain);
    return rc;
}

static int run(int argc, char **argv) {
    cx_err err = {0};
    struct wanted w;
    bool same = true;
    cx_config *config = cx_config_new();
    cx_rc rc = config == NULL ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                              : cx_config_take(config, &argc, argv, environ, &err);
    if (rc == CX_OK && !read_arguments(argc, argv, &w))
        rc = cx_fail(&err, CX_USAGE, "say an ID and --purpose CODE");
    if (rc == CX_OK && (strlen(w.id) > 128 || !cx_view_is_utf8(cx_view_of(w.id))))
        rc = cx_fail(&err, CX_USAGE, "that is no id");
    if (rc == CX_OK)
        rc = answer(config, &w, &same, &err);
    cx_config_destroy(&config);
    if (rc == CX_OK)
        return same ? CX_EXIT_DONE : CX_EXIT_NO;
    int code = cx_print_error("explain", &err);
    return rc == CX_PURPOSE_FORBIDDEN || rc == CX_NOT_FOUND ? CX_EXIT_NO : code;
}

const cx_command cx_command_explain = {.name = "explain",
                                       .summary = "the whole chain behind an event, entry, measure or notice",
                                       .help = help,
                                       .run = run};
