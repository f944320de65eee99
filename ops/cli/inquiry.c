#include "ops/cli/inquiry.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "common/bus/producer.h"
#include "common/wire/encode.h"

enum { ACCOUNT = 64, INSTANCE = 40, SLOTS = 64, TRIES = 5 };

static cx_time wall_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (cx_time)now.tv_sec * CX_SECOND + now.tv_nsec / 1000000;
}

static void account_name(char out[ACCOUNT]) {
    const struct passwd *who = getpwuid(getuid());
    if (who != NULL)
        (void)snprintf(out, ACCOUNT, "%s", who->pw_name);
    else
        (void)snprintf(out, ACCOUNT, "uid-%u", (unsigned)getuid());
}

static cx_rc random_instance(char out[INSTANCE], unsigned *slot, cx_err *err) {
    uint64_t number[2];
    if (getrandom(number, sizeof number, 0) != sizeof number)
        return cx_fail(err, CX_FILE, "no random numbers");
    (void)snprintf(out, INSTANCE, "cli-%016llx", (unsigned long long)number[0]);
    *slot = (unsigned)(number[1] % SLOTS);
    return CX_OK;
}

/* One message of the transaction. */
static cx_rc send_row(cx_producer *producer, const char *topic, const cx_type *type, const void *value,
                      cx_view key, cx_err *err) {
    cx_buffer buffer = {0};
    cx_outgoing m = {.partition = -1, .key = key, .timestamp = wall_clock()};
    cx_rc rc = cx_encode_single(type, value, &buffer, err);
    m.value = cx_buffer_view(&buffer, 0);
    if (rc == CX_OK)
        rc = cx_producer_topic(producer, topic, &m.topic, err);
    if (rc == CX_OK)
        rc = cx_producer_send(producer, &m, err);
    cx_buffer_free(&buffer);
    return rc;
}

static cx_rc send_access(void *producer, const cx_access *row, cx_view key, cx_err *err) {
    return send_row(producer, "credit.access", &cx_access_type, row, key, err);
}

static cx_rc send_record(void *producer, const cx_event *event, cx_err *err) {
    return send_row(producer, "credit.records", &cx_event_type, event,
                    (cx_view){(const char *)event->subject, sizeof event->subject}, err);
}

static cx_rc commit(void *producer, cx_err *err) {
    return cx_producer_commit(producer, NULL, 0, NULL, err);
}

static cx_rc log_in(const cx_config *config, const cx_inquiry *q, const char *instance, unsigned slot,
                    cx_err *err) {
    char id[64], account[ACCOUNT];
    cx_producer *producer = NULL;
    account_name(account);
    (void)snprintf(id, sizeof id, "credit.cli.inquiry-%u", slot);
    CX_TRY(cx_producer_new(config, id, &producer, err));
    cx_inquiry_log_to to = {producer, send_access, send_record, commit};
    cx_asked asked = {cx_view_of(account), cx_view_of(instance), wall_clock()};
    cx_rc rc = cx_producer_begin(producer, err);
    if (rc == CX_OK)
        rc = cx_inquiry_ask(q, &asked, &to, err);
    cx_producer_destroy(&producer);
    return rc;
}

cx_rc cx_inquiry_log(const cx_config *config, const cx_inquiry *q, cx_err *err) {
    char instance[INSTANCE];
    unsigned slot = 0;
    cx_rc rc = CX_FENCED; /* another inquiry of the same slot: try another */
    CX_ASSERT(q->n <= CX_INQUIRY_SUBJECTS);
    if (!cx_view_is_code(cx_view_of(q->purpose), 64))
        return cx_fail(err, CX_USAGE, "--purpose takes a code: %s", cx_inquiry_purposes);
    for (int i = 0; i < TRIES && rc == CX_FENCED; i++) {
        CX_TRY(random_instance(instance, &slot, err));
        rc = log_in(config, q, instance, slot, err);
    }
    if (rc != CX_OK && rc != CX_PURPOSE_FORBIDDEN)
        return cx_fail_in(err, "the query cannot be logged, so it is not answered");
    return rc;
}
