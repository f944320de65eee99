/* Conformance cases in the layout of the DMN Technology Compatibility Kit (testCases.xsd). */
#ifndef CX_RULES_TCK_H
#define CX_RULES_TCK_H

#include "common/rules/eval.h"

typedef struct cx_tck_result {
    cx_view name;      /* of the decision */
    cx_value expected; /* null also when an error is expected: in FEEL an error is null */
    bool error_expected;
} cx_tck_result;

typedef struct cx_tck_case {
    cx_view id;
    cx_view invocable; /* a decision service or knowledge model to call; empty for decisions */
    const cx_entry *inputs;
    size_t input_count;
    const cx_tck_result *results;
    size_t result_count;
} cx_tck_case;

typedef struct cx_tck_file {
    cx_view model; /* the .dmn file's name */
    const cx_tck_case *cases;
    size_t case_count;
} cx_tck_file;

/* Reads one file of cases; everything in *out lives in the arena. MODEL_XML, MODEL_INVALID. */
CX_MUST_CHECK cx_rc cx_tck_load(cx_view xml, const char *file, cx_arena *arena, cx_tck_file *out,
                                cx_err *err);
/* Evaluates one result of a case. *actual lives in the arena. NOT_FOUND when the model has no such decision.
 */
CX_MUST_CHECK cx_rc cx_tck_eval(const cx_model *model, const cx_tck_case *c, const cx_tck_result *r,
                                cx_time now, unsigned flags, cx_arena *arena, cx_answer *actual, cx_err *err);
/* Whether a value is what was expected. A number of 8 decimals or more may differ by less
 * than 1e-8: the kit's were calculated in binary floating point. */
bool cx_tck_agrees(cx_value expected, cx_value actual);

#endif
