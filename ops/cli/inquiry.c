#include "ops/cli/inquiry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "common/bus/producer.h"
#include "ops/cli/acts.h"

enum { INSTANCE = 40, SLOTS = 64, TRIES = 5 };

static cx_rc random_instance(char out[INSTANCE], unsigned *slot, cx_err *err) {
    uint64_t number[2];
    if (getrandom(number, sizeof number, 0) != sizeof number)
        return cx_fail(err, CX_FILE, "no random numbers");
    (void)snprintf(out, INSTANCE, "cli-%016llx", (unsigned long long)number[0]);
    *slot = (unsigned)(number[1] % SLOTS);
    return CX_OK;
}

static cx_rc send_access(void *producer, const cx_access *row, cx_view key, cx_err *err) {
    return cx_act_send_row(producer, "credit.access", &cx_access_type, row, key, err);
}

static cx_rc send_record(void *producer, const cx_event *event, cx_err *err) {
    return cx_act_send_row(producer, "credit.records", &cx_event_type, event,
                           (cx_view){(const char *)event->subject, sizeof event->subject}, err);
}

static cx_rc commit(void *producer, cx_err *err) {
    return cx_producer_commit(producer, NULL, 0, NULL, err);
}

static cx_rc log_in(const cx_config *config, const cx_inquiry *q, const char *instance, unsigned slot,
                    cx_err *err) {
    char id[64], account[CX_ACT_ACCOUNT];
    cx_producer *producer = NULL;
    cx_act_account(account);
    (void)snprintf(id, sizeof id, "credit.cli.inquiry-%u", slot);
    CX_TRY(cx_producer_new(config, id, &producer, err));
    cx_inquiry_log_to to = {producer, send_access, send_record, commit};
    cx_asked asked = {cx_view_of(account), cx_view_of(instance), cx_act_now(), 0};
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
