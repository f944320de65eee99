/* Models for the benchmark, written as XML. */
#ifndef TESTS_BENCH_RULES_BENCH_MODELS_H
#define TESTS_BENCH_RULES_BENCH_MODELS_H

#include "common/rules/eval.h"

/* A FIRST table of 5 columns like a classification: item, amount, date, subject type, count; the last rule
 * matches everything. The text is malloc'ed. */
char *bench_table_model(size_t rules, size_t *n);
/* 5 decisions, each a table of 40 rules that reads the one before it. */
char *bench_chain_model(size_t *n);
/* Inputs for either, different for each i. Texts are static. */
void bench_inputs(const cx_decision *d, size_t rules, size_t i, cx_value *inputs);

#endif
