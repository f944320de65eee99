#include "ops/cli/acts.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "common/wire/encode.h"

enum { WHO_MOST = 64, WHY_MOST = 500 };

const char cx_operations_topic[] = "credit.operations";

cx_time cx_act_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (cx_time)now.tv_sec * CX_SECOND + now.tv_nsec / 1000000;
}

static bool is_said(const char *text, size_t most) {
    size_t n = text == NULL ? 0 : strlen(text);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ')
            return false;
    return n > 0 && n <= most && cx_view_is_utf8((cx_view){text, n});
}

void cx_act_account(char out[CX_ACT_ACCOUNT]) {
    const struct passwd *account = getpwuid(getuid());
    if (account != NULL)
        (void)snprintf(out, CX_ACT_ACCOUNT, "%s", account->pw_name);
    else
        (void)snprintf(out, CX_ACT_ACCOUNT, "uid-%u", (unsigned)getuid());
}

cx_rc cx_actor_make(const char *who, const char *why, cx_actor *out, cx_err *err) {
    uint64_t number;
    if (!is_said(who, WHO_MOST) || !is_said(why, WHY_MOST))
        return cx_fail(err, CX_USAGE,
                       "say who does it and why: --who NUMBER --why \"TEXT\" (at most %d and %d bytes)",
                       WHO_MOST, WHY_MOST);
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        return cx_fail(err, CX_FILE, "no random numbers");
    *out = (cx_actor){.who = who, .why = why, .at = cx_act_now()};
    (void)snprintf(out->id, sizeof out->id, "act-%016llx", (unsigned long long)number);
    cx_act_account(out->account);
    return CX_OK;
}

cx_rc cx_act_send_row(cx_producer *producer, const char *topic, const cx_type *type, const void *value,
                      cx_view key, cx_err *err) {
    cx_buffer buffer = {0};
    cx_outgoing m = {.partition = -1, .key = key, .timestamp = cx_act_now()};
    cx_rc rc = cx_encode_single(type, value, &buffer, err);
    m.value = cx_buffer_view(&buffer, 0);
    if (rc == CX_OK)
        rc = cx_producer_topic(producer, topic, &m.topic, err);
    if (rc == CX_OK)
        rc = cx_producer_send(producer, &m, err);
    cx_buffer_free(&buffer);
    return rc;
}

cx_rc cx_act_send(cx_producer *producer, const cx_actor *actor, cx_act act, cx_view key, cx_err *err) {
    act.id = cx_view_of(actor->id);
    act.at = actor->at;
    act.account = cx_view_of(actor->account);
    act.who = cx_view_of(actor->who);
    act.why = cx_view_of(actor->why);
    return cx_act_send_row(producer, cx_operations_topic, &cx_act_type, &act, key, err);
}

cx_rc cx_act_commit(const cx_config *config, const char *transactional_id,
                    cx_rc (*send)(void *context, cx_producer *producer, cx_err *err), void *context,
                    cx_err *err) {
    cx_producer *producer = NULL;
    cx_err unsaid = {0};
    CX_TRY(cx_producer_new(config, transactional_id, &producer, err));
    cx_rc rc = cx_producer_begin(producer, err);
    if (rc == CX_OK) {
        rc = send(context, producer, err);
        if (rc != CX_OK && cx_producer_abort(producer, &unsaid) != CX_OK)
            unsaid.rc = CX_OK; /* then the broker ends it when its time is over */
    }
    if (rc == CX_OK)
        rc = cx_producer_commit(producer, NULL, 0, NULL, err);
    cx_producer_destroy(&producer);
    return rc;
}

struct row {
    const char *topic;
    const cx_type *type;
    const void *value;
    cx_view key;
};

static cx_rc send_one(void *context, cx_producer *producer, cx_err *err) {
    const struct row *r = context;
    return cx_act_send_row(producer, r->topic, r->type, r->value, r->key, err);
}

cx_rc cx_act_commit_row(const cx_config *config, const char *transactional_id, const char *topic,
                        const cx_type *type, const void *value, cx_view key, cx_err *err) {
    struct row row = {topic, type, value, key};
    return cx_act_commit(config, transactional_id, send_one, &row, err);
}

/* --- being stopped ------------------------------------------------------------------------------------ */
static volatile sig_atomic_t stopped;

static void on_signal(int number) {
    (void)number;
    stopped = 1;
}

void cx_act_catch_stop(void) {
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

cx_rc cx_act_check_stop(cx_err *err) {
    return stopped == 0 ? CX_OK : cx_fail(err, CX_INTERRUPTED, "stopped by a signal: nothing was done");
}
