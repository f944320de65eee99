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

/* The uses that the law knows (R46), and our own. What is not here is refused: admission, graduation,
 * degrees, promotion, teachers' evaluation, loans and hiring among it. */
static const char *const allowed[] = {"OWN_REPORT",  "OBJECTION", "SUPERVISION", "LICENSING",
                                      "PROCUREMENT", "FUNDING",   "TITLES",      "RECRUITING",
                                      "COURT",       "AUDIT",     "OPERATION"};
const char cx_inquiry_purposes[] =
    "OWN_REPORT OBJECTION SUPERVISION LICENSING PROCUREMENT FUNDING TITLES RECRUITING "
    "(where a statute asks for it) COURT AUDIT OPERATION";

static bool is_allowed(const char *purpose) {
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (strcmp(allowed[i], purpose) == 0)
            return true;
    return false;
}

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

static cx_rc send_queried(cx_producer *producer, const cx_inquiry *q, const char *account, size_t i,
                          cx_err *err) {
    cx_queried body = {.who = cx_view_of(q->department != NULL ? q->department : account),
                       .purpose = cx_view_of(q->purpose)};
    cx_event event = {.body_kind = CX_EVENT_BODY_QUERIED, .body.queried = &body};
    (void)memcpy(event.subject, q->subjects[i], sizeof event.subject);
    return send_row(producer, "credit.records", &cx_event_type, &event,
                    (cx_view){(const char *)q->subjects[i], 16}, err);
}

/* A row for each subject, or one without. */
static cx_rc send_all(cx_producer *producer, const cx_inquiry *q, const char *instance, bool may,
                      cx_err *err) {
    char account[ACCOUNT];
    account_name(account);
    for (size_t i = 0; i < q->n || i == 0; i++) {
        bool known = i < q->n;
        cx_access row = {.instance = cx_view_of(instance),
                         .sequence = (int64_t)i,
                         .at = wall_clock(),
                         .who = cx_view_of(account),
                         .purpose = cx_view_of(q->purpose),
                         .question = q->question,
                         .subject = known ? q->subjects[i] : NULL,
                         .target = q->target,
                         .allowed = may,
                         .reason = may ? CX_VIEW("") : CX_VIEW("PURPOSE_FORBIDDEN")};
        cx_view key = known ? (cx_view){(const char *)q->subjects[i], 16} : (cx_view){NULL, 0};
        CX_TRY(send_row(producer, "credit.access", &cx_access_type, &row, key, err));
        if (known && may)
            CX_TRY(send_queried(producer, q, account, i, err));
    }
    return CX_OK;
}

static cx_rc log_in(const cx_config *config, const cx_inquiry *q, const char *instance, unsigned slot,
                    bool may, cx_err *err) {
    char id[64];
    cx_producer *producer = NULL;
    (void)snprintf(id, sizeof id, "credit.cli.inquiry-%u", slot);
    CX_TRY(cx_producer_new(config, id, &producer, err));
    cx_rc rc = cx_producer_begin(producer, err);
    if (rc == CX_OK)
        rc = send_all(producer, q, instance, may, err);
    if (rc == CX_OK)
        rc = cx_producer_commit(producer, NULL, 0, NULL, err);
    cx_producer_destroy(&producer);
    return rc;
}

cx_rc cx_inquiry_log(const cx_config *config, const cx_inquiry *q, cx_err *err) {
    char instance[INSTANCE];
    unsigned slot = 0;
    cx_rc rc = CX_FENCED; /* another inquiry of the same slot: try another */
    bool may = is_allowed(q->purpose);
    CX_ASSERT(q->n <= CX_INQUIRY_SUBJECTS);
    if (!cx_view_is_code(cx_view_of(q->purpose), 64))
        return cx_fail(err, CX_USAGE, "--purpose takes a code: %s", cx_inquiry_purposes);
    for (int i = 0; i < TRIES && rc == CX_FENCED; i++) {
        CX_TRY(random_instance(instance, &slot, err));
        rc = log_in(config, q, instance, slot, may, err);
    }
    if (rc != CX_OK)
        return cx_fail_in(err, "the query cannot be logged, so it is not answered");
    return may ? CX_OK
               : cx_fail(err, CX_PURPOSE_FORBIDDEN,
                         "not for this purpose; the query was logged. There are: %s", cx_inquiry_purposes);
}
