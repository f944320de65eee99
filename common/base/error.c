#include "common/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reason {
    const char *name;
    cx_class class;
    const char *text;
    const char *advice;
    const char *basis;
};

static const struct reason reasons[CX_RC_COUNT] = {[CX_OK] = {"OK", CX_CLASS_OK, "done", "", ""},
#define CX_X(code, class_, text_, todo_, basis_)                                                             \
    [CX_##code] = {#code, CX_CLASS_##class_, text_, todo_, basis_},
                                                   CX_REASON_MAP(CX_X)
#undef CX_X
};

static const struct reason *reason_of(cx_rc rc) {
    CX_ASSERT((unsigned)rc < CX_RC_COUNT);
    return &reasons[rc];
}

const char *cx_rc_name(cx_rc rc) {
    return reason_of(rc)->name;
}
const char *cx_rc_text(cx_rc rc) {
    return reason_of(rc)->text;
}
const char *cx_rc_advice(cx_rc rc) {
    return reason_of(rc)->advice;
}
const char *cx_rc_basis(cx_rc rc) {
    return reason_of(rc)->basis;
}
cx_class cx_rc_class(cx_rc rc) {
    return reason_of(rc)->class;
}

const char *cx_class_name(cx_class class) {
    static const char *const names[] = {"ok", "verdict", "poison", "transient", "fatal", "usage"};
    CX_ASSERT((size_t) class < sizeof names / sizeof names[0]);
    return names[class];
}

cx_rc cx_rc_by_name(const char *name, size_t n) {
    for (unsigned i = 0; i < CX_RC_COUNT; i++)
        if (strlen(reasons[i].name) == n && memcmp(reasons[i].name, name, n) == 0)
            return (cx_rc)i;
    return CX_RC_COUNT;
}

cx_rc(cx_fail)(cx_err *err, cx_rc rc, const char *format, ...) {
    CX_ASSERT(rc != CX_OK && (unsigned)rc < CX_RC_COUNT);
    if (err == NULL)
        return rc;
    err->rc = rc;
    if (format == NULL) {
        (void)snprintf(err->text, sizeof err->text, "%s", cx_rc_text(rc));
        return rc;
    }
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return rc;
}

cx_rc(cx_fail_in)(cx_err *err, const char *format, ...) {
    CX_ASSERT(err != NULL && err->rc != CX_OK);
    char told[sizeof err->text];
    (void)memcpy(told, err->text, sizeof told);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof err->text)
        (void)snprintf(err->text + n, sizeof err->text - (size_t)n, ": %s", told);
    return err->rc;
}

_Noreturn void cx_assert_failed(const char *cond, const char *file, int line) {
    (void)fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, cond);
    abort();
}
