/* What a query leaves behind before it is answered (I-ACCESS): a row of the access log for each subject, or
 * one without, the refused query's too; and QUERIED in the log of each subject whose status is told. Where
 * the rows go is the caller's: one transaction of the bus, or a test's model of it.
 *
 * Pure apart from what the caller's functions do. Thread-safe as they are.
 */
#ifndef CX_LAW_INQUIRY_H
#define CX_LAW_INQUIRY_H

#include "common/base/time.h"
#include "schemas/types.h"

enum { CX_INQUIRY_SUBJECTS = 64 };

typedef struct cx_inquiry {
    const char *purpose;    /* as typed */
    const char *department; /* on whose behalf, so that a recall reaches it; NULL: the account itself */
    cx_access_question question;
    cx_view target; /* the id asked for, or empty */
    uint8_t subjects[CX_INQUIRY_SUBJECTS][16];
    size_t n;
    cx_view token, official, matter; /* as Access.avsc has them; empty: none */
} cx_inquiry;

/* Who asks, of which process, and when. */
typedef struct cx_asked {
    cx_view account, instance;
    cx_time at;
    int64_t sequence; /* of the first row; the others follow it */
} cx_asked;

/* Where the rows go. Nothing is there before `commit` gave CX_OK. */
typedef struct cx_inquiry_log_to {
    void *context;
    cx_rc (*access)(void *context, const cx_access *row, cx_view key, cx_err *err);
    cx_rc (*record)(void *context, const cx_event *event, cx_err *err);
    cx_rc (*commit)(void *context, cx_err *err);
} cx_inquiry_log_to;

/* Hands over the rows of an inquiry, n of them or one, without a commit: `verdict` is why it was refused, or
 * CX_OK; `told`: its answer tells the subject's status, so that a recall reaches who asked. */
CX_MUST_CHECK cx_rc cx_inquiry_rows(const cx_inquiry *q, cx_rc verdict, bool told, const cx_asked *asked,
                                    const cx_inquiry_log_to *to, cx_err *err);

/* Purposes for which the command line may be used, for --help. */
extern const char cx_inquiry_purposes[];
bool cx_inquiry_allowed(const char *purpose);

/* For the command line: judges the purpose, and commits. CX_OK: logged, and it may be answered.
 * CX_PURPOSE_FORBIDDEN: logged, and refused. Anything else: it could not be logged, so there is no answer. */
CX_MUST_CHECK cx_rc cx_inquiry_ask(const cx_inquiry *q, const cx_asked *asked, const cx_inquiry_log_to *to,
                                   cx_err *err);

#endif
