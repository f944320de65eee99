/* Error and reason codes: one table gives every code its class, its text and what to do about it.
 *
 * Every fallible function returns cx_rc, which the compiler makes the caller look at, and may fill a
 * caller-owned cx_err with a sentence. docs/errors.md is generated from the same table.
 * Thread-safety: everything here is pure or works on the caller's memory.
 */
#ifndef CX_BASE_ERROR_H
#define CX_BASE_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/reasons.h"

/* What a caller may do with a failure (architecture, "Exactly once, twice over"). */
typedef enum cx_class {
    CX_CLASS_OK,
    CX_CLASS_VERDICT,   /* data: the event was refused, or changes nothing; the pipeline goes on */
    CX_CLASS_POISON,    /* this message can never be processed: a dead letter, at intake only */
    CX_CLASS_TRANSIENT, /* something is away for now: pause, retry, skip nothing */
    CX_CLASS_FATAL,     /* fenced, misconfigured, out of memory: exit non-zero, advance nothing */
    CX_CLASS_USAGE      /* a person's mistake at the command line or in a file */
} cx_class;

typedef enum cx_rc {
    CX_OK = 0,
#define CX_X(code, class, text, advice, basis) CX_##code,
    CX_REASON_MAP(CX_X)
#undef CX_X
        CX_RC_COUNT
} cx_rc;

#define CX_MUST_CHECK __attribute__((warn_unused_result))
#define CX_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* Where a failure is described. The caller owns it; an empty one is {0}. Never holds an identifier,
 * a name or free text of an event: what goes in here may be logged. */
typedef struct cx_err {
    cx_rc rc;
    char text[512];
} cx_err;

/* "WRONG_CHECK_DIGIT" for CX_WRONG_CHECK_DIGIT; "OK" for CX_OK. Never NULL. */
const char *cx_rc_name(cx_rc rc);
/* One sentence, in English. Never NULL. */
const char *cx_rc_text(cx_rc rc);
/* What to do next, one sentence; may be "". */
const char *cx_rc_advice(cx_rc rc);
/* The invariant or article behind the code ("I-CAPACITY"), or "". */
const char *cx_rc_basis(cx_rc rc);
cx_class cx_rc_class(cx_rc rc);
const char *cx_class_name(cx_class class);
/* The code with that name, or CX_RC_COUNT when there is none. `n` bytes, need not end in NUL. */
cx_rc cx_rc_by_name(const char *name, size_t n);

/* Fills *err (NULL is allowed) and returns rc, so that `return cx_fail(err, CX_X, "...", ...)` reads
 * as one step. A NULL format takes the table's text. */
cx_rc cx_fail(cx_err *err, cx_rc rc, const char *format, ...) CX_PRINTF(3, 4);
/* Puts "context: " before the text already in *err and returns its rc. */
cx_rc cx_fail_in(cx_err *err, const char *format, ...) CX_PRINTF(2, 3);
/* Neither ever returns CX_OK: the compiler and the analyser, which see one source at a time, are told. */
static inline cx_rc cx_is_failure(cx_rc rc) {
    if (rc == CX_OK)
        __builtin_unreachable();
    return rc;
}
#define cx_fail(...) cx_is_failure((cx_fail)(__VA_ARGS__))
#define cx_fail_in(...) cx_is_failure((cx_fail_in)(__VA_ARGS__))

/* Hand a failure to the caller at once; for use where nothing has to be released. */
#define CX_TRY(expr)                                                                                         \
    do {                                                                                                     \
        cx_rc cx_try_rc = (expr);                                                                            \
        if (cx_try_rc != CX_OK)                                                                              \
            return cx_try_rc;                                                                                \
    } while (0)

/* A programmer's error ends the process at once, in every build. */
#define CX_ASSERT(cond) ((cond) ? (void)0 : cx_assert_failed(#cond, __FILE__, __LINE__))
_Noreturn void cx_assert_failed(const char *cond, const char *file, int line);

#endif
