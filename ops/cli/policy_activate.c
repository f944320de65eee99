/* chengxin policy activate: asks the clock, and waits for its answer in the log. */
#include <stdio.h>
#include <string.h>

#include "common/vault/hash.h"
#include "common/wire/decode.h"
#include "common/wire/framing.h"
#include "ops/cli/acts.h"
#include "ops/cli/command.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"
#include "schemas/types.h"

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
    (void)snprintf(r->id, sizeof r->id, "a-%lld-%s", (long long)cx_act_now(), cx_hex(r->hash, 8, hash));
    cx_activation_request request = {.id = cx_view_of(r->id),
                                     .jurisdiction = (int32_t)jurisdiction,
                                     .who = cx_view_of(r->who),
                                     .why = cx_view_of(r->why)};
    (void)memcpy(request.pack, r->hash, CX_PACK_HASH);
    return cx_act_commit_row(config, "credit.cli.policy", "credit.activations", &cx_activation_request_type,
                             &request, cx_view_of(r->id), err);
}

struct outcome {
    const struct request *request;
    cx_arena *arena;
    cx_plans *plans;
    bool activated, held;
    int64_t listed, limit;
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
    const cx_activation *a = event.body.activation;
    o->activated |= a->state == CX_ACTIVATION_STATE_ACTIVATED;
    if (a->state != CX_ACTIVATION_STATE_HELD)
        return CX_OK; /* the proposal in another partition may be read behind the answer in this one */
    o->held = true;
    o->listed = a->listed;
    o->limit = a->limit;
    return CX_OK;
}

/* Reads the log again and again until the request was answered or the time is over. */
static cx_rc wait_for_outcome(const cx_config *config, const struct request *r, struct outcome *o,
                              cx_err *err) {
    *o = (struct outcome){
        .request = r, .arena = cx_arena_new(0), .plans = cx_plans_new(&cx_event_type, cx_limits_default)};
    cx_rc rc = o->arena == NULL || o->plans == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    cx_time end = cx_act_now() + r->wait * CX_SECOND;
    while (rc == CX_OK && !o->activated && !o->held && cx_act_now() < end)
        rc = cx_topic_read(config, "credit.records", look_for_outcome, o, err);
    cx_arena_destroy(&o->arena);
    cx_plans_destroy(&o->plans);
    return rc;
}

static void print_outcome(const struct request *r, const struct outcome *o) {
    char hash[2 * CX_PACK_HASH + 1];
    if (o->held && o->listed > o->limit)
        (void)printf(
            "%s HELD: it would make %lld more subjects listable, where %lld may be; another official "
            "releases it by a BreakerRelease of a.%s.%.32s, and then it is asked for again\n",
            r->id, (long long)o->listed, (long long)o->limit, r->jurisdiction,
            cx_hex(r->hash, CX_PACK_HASH, hash));
    else
        (void)printf("%s %s\n", r->id,
                     o->activated  ? "activated"
                     : o->held     ? "HELD: some stage could not use the pack; their logs say why"
                     : r->wait > 0 ? "asked for; the clock has not answered yet: do all stages run?"
                                   : "asked for");
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
    bool published = false;
    if (rc == CX_OK)
        rc = cx_policy_is_published(config, r.hash, &published, &err);
    if (rc == CX_OK && !published)
        rc = cx_fail(&err, CX_NOT_FOUND, "that pack was not published; run: chengxin policy publish FOLDER");
    if (rc == CX_OK)
        rc = send_request(config, &r, &err);
    struct outcome o = {.activated = false};
    if (rc == CX_OK && r.wait > 0)
        rc = wait_for_outcome(config, &r, &o, &err);
    if (rc != CX_OK)
        return cx_print_error("policy", &err);
    print_outcome(&r, &o);
    return o.held ? CX_EXIT_NO : r.wait > 0 && !o.activated ? CX_EXIT_FAILED : CX_EXIT_DONE;
}
