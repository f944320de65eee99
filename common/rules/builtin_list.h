/* Functions that make one value of a list. Internal to common/rules. */
#ifndef CX_RULES_BUILTIN_LIST_H
#define CX_RULES_BUILTIN_LIST_H

#include "common/rules/interp.h"

/* f(list) and f(a, b, c) mean the same. */
cx_value cx_args_list(const cx_value *args, size_t n);

cx_value cx_fn_min(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_max(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_sum(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_mean(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_product(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_median(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_stddev(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_mode(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_all(cx_eval *e, const cx_value *args, size_t n);
cx_value cx_fn_any(cx_eval *e, const cx_value *args, size_t n);

#endif
