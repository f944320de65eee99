/* What may be asked of the query service, and the form of a request's body (schemas/openapi/query.json, which
 * a test compares with this table). A body is one JSON object of at most CX_QUERY_BODY bytes with exactly the
 * members that its path has; anything else is QUERY_FORM. The error names the member, never its value.
 */
#ifndef SERVICES_QUERY_FORM_H
#define SERVICES_QUERY_FORM_H

#include <jansson.h>

#include "common/base/error.h"
#include "common/base/time.h"
#include "schemas/types.h"

enum { CX_QUERY_BODY = 4096, CX_QUERY_CODE = 64, CX_QUERY_MINUTES = 30 * 24 * 60 };

/* Members of a body, as bits. */
typedef enum cx_query_field {
    CX_FIELD_PURPOSE = 1,
    CX_FIELD_OFFICIAL = 2,
    CX_FIELD_MATTER = 4,
    CX_FIELD_SUBJECT = 8,
    CX_FIELD_AGAINST = 16,
    CX_FIELD_AT = 32,
    CX_FIELD_KNOWN_AT = 64,
    CX_FIELD_FOR = 128,
    CX_FIELD_MINUTES = 256
} cx_query_field;
enum { CX_QUERY_FIELDS = 9 };
/* Their names, from bit 0 on. */
extern const char *const cx_query_field_names[CX_QUERY_FIELDS];

typedef struct cx_query_route {
    const char *path;
    cx_access_question question;
    unsigned required, optional;
    unsigned own; /* members that are required of who shows a subject's own token: instead of `required` */
    const char *purpose; /* where the path has but one; else the body's */
} cx_query_route;
enum { CX_QUERY_ROUTES = 6 };
extern const cx_query_route cx_query_routes[CX_QUERY_ROUTES];
/* NULL: there is none. */
const cx_query_route *cx_query_route_of(const char *path);

/* How a body names a subject. */
typedef enum cx_named_by {
    CX_NAMED_NOT,
    CX_NAMED_BY_ID,
    CX_NAMED_BY_REFERENCE,
    CX_NAMED_BY_TOKEN
} cx_named_by;
typedef struct cx_query_named {
    cx_named_by by;
    cx_view value; /* secret */
    cx_view type;  /* of an id; empty: told by itself */
} cx_query_named;

typedef struct cx_query_form {
    json_t *root;        /* owns all that follows */
    const char *purpose; /* "" where none was given */
    cx_view official, matter;
    cx_query_named subject, against;
    cx_time at, known_at; /* CX_NO_TIME: not given */
    const char *for_;
    int64_t minutes;
} cx_query_form;

/* `own`: a subject's own token is shown. QUERY_FORM, OUT_OF_MEMORY; what was read of the form stays in *out.
 */
CX_MUST_CHECK cx_rc cx_query_form_read(const cx_query_route *route, bool own, cx_view body,
                                       cx_query_form *out, cx_err *err);
void cx_query_form_free(cx_query_form *form);

#endif
