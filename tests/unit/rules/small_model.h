/* Small models for tests, from a few words. */
#ifndef TESTS_UNIT_RULES_SMALL_MODEL_H
#define TESTS_UNIT_RULES_SMALL_MODEL_H

#include "common/rules/eval.h"

#define SMALL_HEAD "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"m\" id=\"m\">"
#define SMALL_TAIL "</definitions>"

/* A decision "d" that is one FEEL expression over the inputs x and y. text is escaped here. */
char *small_expression(const char *text);
/* A decision "d" with one table over the inputs a, b, c. columns: "number", "string|\"A\",\"B\"" ..., NULL at
 * the end; rows: cells and output separated by ";", NULL at the end. Rules are called r1, r2 ... */
char *small_table(const char *policy, const char *const *columns, const char *const *rows,
                  const char *output);
/* Loads text, which is freed; fails the test with the error's text when it cannot be loaded. */
cx_model *small_load(char *text);

#endif
