/* chengxin policy publish, activate, list: packs on the log. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/bus/producer.h"
#include "common/law/review.h"
#include "common/vault/hash.h"
#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/framing.h"
#include "ops/cli/command.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"
#include "schemas/types.h"

static const char policies_topic[] = "credit.policies";
static const char activations_topic[] = "credit.activations";
static const char records_topic[] = "credit.records";

static cx_time wall_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (cx_time)now.tv_sec * CX_SECOND + now.tv_nsec / 1000000;
}

/* One message, in a transaction of its own. */
static cx_rc send_one(const cx_config *config, const char *topic, cx_view key, const cx_type *type,
                      const void *value, cx_err *err) {
    cx_producer *producer = NULL;
    cx_buffer buffer = {0};
    cx_outgoing message = {.partition = -1, .key = key, .timestamp = wall_clock()};
    cx_rc rc = cx_encode_single(type, value, &buffer, err);
    message.value = cx_buffer_view(&buffer, 0);
    if (rc == CX_OK)
        rc = cx_producer_new(config, "policy", &producer, err);
    if (rc == CX_OK)
        rc = cx_producer_topic(producer, topic, &message.topic, err);
    if (rc == CX_OK)
        rc = cx_producer_begin(producer, err);
    if (rc == CX_OK)
        rc = cx_producer_send(producer, &message, err);
    if (rc == CX_OK)
        rc = cx_producer_commit(producer, NULL, 0, NULL, err);
    cx_producer_destroy(&producer);
    cx_buffer_free(&buffer);
    return rc;
}

/* --- publish
 * ------------------------------------------------------------------------------------------------------ */

struct search {
    const uint8_t *hash;
    bool found;
};

static cx_rc look_for(void *context, const cx_message *message, cx_err *err) {
    (void)err;
    struct search *s = context;
    s->found |= message->value.n > 0 && message->key.n == CX_PACK_HASH &&
                memcmp(message->key.p, s->hash, CX_PACK_HASH) == 0;
    return CX_OK;
}

static cx_rc send_pack(const cx_config *config, const cx_pack_folder *folder, cx_err *err) {
    cx_policy_pack pack = {.name = cx_arena_printf(folder->arena, "%.*s/%.*s",
                                                   CX_VIEW_ARGS(cx_pack_name(folder->pack)),
                                                   CX_VIEW_ARGS(cx_pack_version(folder->pack)))};
    (void)memcpy(pack.hash, folder->hash, sizeof pack.hash);
    pack.files.items = cx_arena_calloc(folder->arena, folder->n + 1, sizeof *pack.files.items);
    if (pack.files.items == NULL || pack.name.p == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < folder->n; i++)
        pack.files.items[i] =
            (cx_policy_file){.path = folder->files[i].path, .bytes = folder->files[i].bytes};
    pack.files.n = folder->n;
    return send_one(config, policies_topic, (cx_view){(const char *)folder->hash, CX_PACK_HASH},
                    &cx_policy_pack_type, &pack, err);
}

static void keep_first_error(void *context, cx_review_kind kind, const char *file, cx_view row,
                             const char *what) {
    cx_err *err = context;
    if (kind == CX_REVIEW_ERROR && err->rc == CX_OK)
        (void)cx_fail(err, CX_PACK_INVALID, "%s, %.*s: %s", file, CX_VIEW_ARGS(row), what);
}

/* Nobody publishes what `policy check` refuses. */
static cx_rc check_pack(const cx_pack_folder *folder, cx_err *err) {
    cx_err found = {.rc = CX_OK};
    CX_TRY(cx_pack_review(folder->pack, keep_first_error, &found));
    if (found.rc != CX_OK)
        *err = found;
    return found.rc;
}

int cx_policy_publish(const cx_config *config, int argc, char **argv) {
    if (argc != 2) {
        (void)fprintf(stderr, "chengxin policy publish: give one folder; see chengxin policy --help\n");
        return CX_EXIT_USAGE;
    }
    cx_pack_folder folder;
    cx_err err = {0};
    cx_rc rc = cx_pack_folder_read(argv[1], &folder, &err);
    if (rc != CX_OK)
        return cx_print_error("policy", &err);
    struct search s = {folder.hash, false};
    rc = check_pack(&folder, &err);
    if (rc == CX_OK)
        rc = cx_topic_read(config, policies_topic, look_for, &s, &err);
    if (rc == CX_OK && !s.found)
        rc = send_pack(config, &folder, &err);
    char hash[2 * CX_PACK_HASH + 1];
    (void)cx_hex(folder.hash, CX_PACK_HASH, hash);
    cx_pack_folder_release(&folder);
    if (rc != CX_OK)
        return cx_print_error("policy", &err);
    (void)printf("%s %s\n", hash, s.found ? "was published before" : "published");
    return CX_EXIT_DONE;
}

/* --- activate
 * ------------------------------------------------------------------------------------------------------- */

struct request {
    uint8_t hash[CX_PACK_HASH];
    const char *what, *jurisdiction, *who, *why;
    int wait; /* seconds */
    char id[64];
};

static bool take_request(struct request *r, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char **value = strcmp(argv[i], "--jurisdiction") == 0 ? &r->jurisdiction
                             : strcmp(argv[i], "--who") == 0        ? &r->who
                             : strcmp(argv[i], "--why") == 0        ? &r->why
                                                                    : NULL;
        int64_t seconds;
        if (value != NULL && i + 1 < argc)
            *value = argv[++i];
        else if (strcmp(argv[i], "--wait") == 0 && i + 1 < argc &&
                 cx_view_to_int64(cx_view_of(argv[++i]), &seconds) && seconds >= 0 && seconds <= 3600)
            r->wait = (int)seconds;
        else if (argv[i][0] != '-' && r->what == NULL)
            r->what = argv[i];
        else
            return false;
    }
    return r->what != NULL && r->jurisdiction != NULL && r->who != NULL && r->why != NULL;
}

static cx_rc find_hash(struct request *r, cx_err *err) {
    if (cx_unhex(cx_view_of(r->what), r->hash, CX_PACK_HASH))
        return CX_OK;
    cx_pack_folder folder;
    CX_TRY(cx_pack_folder_read(r->what, &folder, err));
    (void)memcpy(r->hash, folder.hash, CX_PACK_HASH);
    cx_pack_folder_release(&folder);
    return CX_OK;
}

static cx_rc send_request(const cx_config *config, struct request *r, cx_err *err) {
    int64_t jurisdiction;
    if (!cx_view_to_int64(cx_view_of(r->jurisdiction), &jurisdiction) || jurisdiction < 100000 ||
        jurisdiction > 999999)
        return cx_fail(err, CX_USAGE, "--jurisdiction is a code of six digits, such as 130100");
    char hash[2 * 8 + 1];
    (void)snprintf(r->id, sizeof r->id, "a-%lld-%s", (long long)wall_clock(), cx_hex(r->hash, 8, hash));
    cx_activation_request request = {.id = cx_view_of(r->id),
                                     .jurisdiction = (int32_t)jurisdiction,
                                     .who = cx_view_of(r->who),
                                     .why = cx_view_of(r->why)};
    (void)memcpy(request.pack, r->hash, CX_PACK_HASH);
    return send_one(config, activations_topic, cx_view_of(r->id), &cx_activation_request_type, &request, err);
}

struct outcome {
    const struct request *request;
    cx_arena *arena;
    cx_plans *plans;
    bool activated, held;
};

static cx_rc look_for_outcome(void *context, const cx_message *message, cx_err *err) {
    (void)err;
    struct outcome *o = context;
    cx_frame frame;
    cx_event event;
    cx_arena_reset(o->arena);
    if (message->key.n > 0 || cx_frame_read(message->value, &frame, NULL) != CX_OK)
        return CX_OK; /* activations have no key */
    const cx_plan *plan = cx_plans_find(o->plans, frame.fingerprint);
    if (plan == NULL || cx_plan_decode(plan, frame.datum, o->arena, &event, NULL) != CX_OK ||
        event.body_kind != CX_EVENT_BODY_ACTIVATION || !cx_view_is(event.body.activation->id, o->request->id))
        return CX_OK;
    o->activated |= event.body.activation->state == CX_ACTIVATION_STATE_ACTIVATED;
    o->held |= event.body.activation->state == CX_ACTIVATION_STATE_HELD;
    return CX_OK;
}

/* Reads the log again and again until the request was answered or the time is over. */
static cx_rc wait_for_outcome(const cx_config *config, const struct request *r, struct outcome *o,
                              cx_err *err) {
    *o = (struct outcome){r, cx_arena_new(0), cx_plans_new(&cx_event_type, cx_limits_default), false, false};
    cx_rc rc = o->arena == NULL || o->plans == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    cx_time end = wall_clock() + r->wait * CX_SECOND;
    while (rc == CX_OK && !o->activated && !o->held && wall_clock() < end)
        rc = cx_topic_read(config, records_topic, look_for_outcome, o, err);
    cx_arena_destroy(&o->arena);
    cx_plans_destroy(&o->plans);
    return rc;
}

int cx_policy_activate(const cx_config *config, int argc, char **argv) {
    struct request r = {.wait = 0};
    cx_err err = {0};
    if (!take_request(&r, argc, argv)) {
        (void)fprintf(stderr,
                      "chengxin policy activate: give a folder or hash, --jurisdiction, --who and --why\n");
        return CX_EXIT_USAGE;
    }
    cx_rc rc = find_hash(&r, &err);
    struct search s = {r.hash, false};
    if (rc == CX_OK)
        rc = cx_topic_read(config, policies_topic, look_for, &s, &err);
    if (rc == CX_OK && !s.found)
        rc = cx_fail(&err, CX_NOT_FOUND, "that pack was not published; run: chengxin policy publish FOLDER");
    if (rc == CX_OK)
        rc = send_request(config, &r, &err);
    struct outcome o = {.activated = false};
    if (rc == CX_OK && r.wait > 0)
        rc = wait_for_outcome(config, &r, &o, &err);
    if (rc != CX_OK)
        return cx_print_error("policy", &err);
    (void)printf("%s %s\n", r.id,
                 o.activated  ? "activated"
                 : o.held     ? "HELD: it would list abnormally many subjects; see chengxin breaker list"
                 : r.wait > 0 ? "asked for; the clock has not answered yet: do all stages run?"
                              : "asked for");
    return o.held ? CX_EXIT_NO : r.wait > 0 && !o.activated ? CX_EXIT_FAILED : CX_EXIT_DONE;
}

/* --- list
 * -------------------------------------------------------------------------------------------------------------
 */

struct listing {
    cx_arena *arena;
    cx_plans *plans;
    cx_table_text *table;
    bool json;
    size_t n;
};

static cx_rc list_pack(void *context, const cx_message *message, cx_err *err) {
    struct listing *l = context;
    cx_frame frame;
    cx_policy_pack pack;
    cx_arena_reset(l->arena);
    if (message->value.n == 0 || cx_frame_read(message->value, &frame, NULL) != CX_OK)
        return CX_OK;
    const cx_plan *plan = cx_plans_find(l->plans, frame.fingerprint);
    if (plan == NULL || cx_plan_decode(plan, frame.datum, l->arena, &pack, NULL) != CX_OK)
        return CX_OK;
    char hash[2 * CX_PACK_HASH + 1], files[24], when[CX_TIME_TEXT];
    (void)cx_hex(pack.hash, CX_PACK_HASH, hash);
    (void)snprintf(files, sizeof files, "%zu", pack.files.n);
    (void)cx_time_format(message->timestamp, when);
    if (l->json) {
        (void)printf("%s{\"hash\": \"%s\", \"name\": \"%.*s\", \"files\": %s, \"published\": \"%s\"}",
                     l->n++ == 0 ? "" : ", ", hash, CX_VIEW_ARGS(pack.name), files, when);
        return CX_OK;
    }
    const cx_view cells[] = {pack.name, cx_view_of(files), cx_view_of(when), cx_view_of(hash)};
    return cx_table_text_row(l->table, cells) == CX_OK ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

int cx_policy_list(const cx_config *config, int argc, char **argv) {
    static const char *const headings[] = {"pack", ">files", "published", "hash"};
    struct listing l = {cx_arena_new(0), cx_plans_new(&cx_policy_pack_type, cx_limits_default),
                        cx_table_text_new(headings, 4), argc == 2 && strcmp(argv[1], "--json") == 0, 0};
    cx_err err = {0};
    if (l.json)
        (void)printf("[");
    cx_rc rc = l.arena == NULL || l.plans == NULL || l.table == NULL
                   ? cx_fail(&err, CX_OUT_OF_MEMORY, NULL)
                   : cx_topic_read(config, policies_topic, list_pack, &l, &err);
    if (l.json)
        (void)printf("]\n");
    else if (l.table != NULL && rc == CX_OK)
        cx_table_text_print(&l.table, stdout);
    cx_arena_destroy(&l.arena);
    cx_plans_destroy(&l.plans);
    return rc == CX_OK ? CX_EXIT_DONE : cx_print_error("policy", &err);
}
