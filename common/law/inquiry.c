#include "common/law/inquiry.h"
#include "common/base/mistake.h"

#include <string.h>

/* The uses that the law knows (R46; purposes.csv of the national pack, compared by a test), and our own. What
 * is not here is refused: admission, graduation, degrees, promotion, teachers' evaluation, loans and hiring
 * among it. */
static const char *const allowed[] = {"OWN_REPORT",  "OBJECTION", "SUPERVISION", "LICENSING",
                                      "PROCUREMENT", "FUNDING",   "TITLES",      "RECRUITING",
                                      "COURT",       "AUDIT",     "OPERATION"};
const char cx_inquiry_purposes[] =
    "OWN_REPORT OBJECTION SUPERVISION LICENSING PROCUREMENT FUNDING TITLES RECRUITING "
    "(where a statute asks for it) COURT AUDIT OPERATION";

bool cx_inquiry_allowed(const char *purpose) {
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (strcmp(allowed[i], purpose) == 0)
            return true;
    return false;
}

static cx_rc log_row(const cx_inquiry *q, const cx_asked *asked, const cx_inquiry_log_to *to, size_t i,
                     cx_rc verdict, cx_err *err) {
    bool known = i < q->n;
    cx_access row = {.instance = asked->instance,
                     .sequence = asked->sequence + (int64_t)i,
                     .at = asked->at,
                     .who = asked->account,
                     .purpose = cx_view_of(q->purpose),
                     .question = q->question,
                     .subject = known ? q->subjects[i] : NULL,
                     .target = q->target,
                     .allowed = verdict == CX_OK,
                     .reason = verdict == CX_OK ? CX_VIEW("") : cx_view_of(cx_rc_name(verdict)),
                     .token = q->token,
                     .official = q->official,
                     .matter = q->matter};
    cx_view key = known ? (cx_view){(const char *)q->subjects[i], 16} : (cx_view){NULL, 0};
    return to->access(to->context, &row, key, err);
}

static cx_rc tell_subject(const cx_inquiry *q, const cx_asked *asked, const cx_inquiry_log_to *to, size_t i,
                          cx_err *err) {
    cx_queried body = {.who = q->department != NULL ? cx_view_of(q->department) : asked->account,
                       .purpose = cx_view_of(q->purpose)};
    cx_event event = {.body_kind = CX_EVENT_BODY_QUERIED, .body.queried = &body};
    (void)memcpy(event.subject, q->subjects[i], sizeof event.subject);
    return to->record(to->context, &event, err);
}

cx_rc cx_inquiry_rows(const cx_inquiry *q, cx_rc verdict, bool told, const cx_asked *asked,
                      const cx_inquiry_log_to *to, cx_err *err) {
    for (size_t i = 0; i < q->n || i == 0; i++) {
        if (verdict == CX_OK || !CX_MISTAKE(REFUSED_NOT_LOGGED))
            CX_TRY(log_row(q, asked, to, i, verdict, err));
        if (i < q->n && verdict == CX_OK && told && !CX_MISTAKE(SUBJECT_NOT_TOLD))
            CX_TRY(tell_subject(q, asked, to, i, err));
    }
    return CX_OK;
}

cx_rc cx_inquiry_ask(const cx_inquiry *q, const cx_asked *asked, const cx_inquiry_log_to *to, cx_err *err) {
    bool may = cx_inquiry_allowed(q->purpose);
    CX_TRY(cx_inquiry_rows(q, may ? CX_OK : CX_PURPOSE_FORBIDDEN, may, asked, to, err));
    cx_rc rc = to->commit(to->context, err);
    if (rc != CX_OK && !CX_MISTAKE(ANSWERED_WITHOUT_LOG))
        return rc;
    return may ? CX_OK
               : cx_fail(err, CX_PURPOSE_FORBIDDEN,
                         "not for this purpose; the query was logged. There are: %s", cx_inquiry_purposes);
}
