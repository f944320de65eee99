/* What the parts of `chengxin dmn` share. */
#ifndef OPS_CLI_DMN_H
#define OPS_CLI_DMN_H

#include <stdio.h>

#include <jansson.h>

#include "common/rules/eval.h"
#include "ops/cli/command.h"

/* Each gets what follows its own name; argv[0] is that name. They print errors and return an exit code. */
int cx_dmn_check(int argc, char **argv);
int cx_dmn_eval(int argc, char **argv);
int cx_dmn_tck(int argc, char **argv);
int cx_dmn_bench(int argc, char **argv);

/* A whole file ("-": standard input), from malloc; the caller frees out->p. Says what failed on stderr. */
bool cx_dmn_read(const char *path, cx_view *out);
/* Loads a model and prints its error and warnings; NULL after a failure. The caller destroys it. */
cx_model *cx_dmn_load(const char *path);
/* The decision of that name, or NULL after saying which there are. */
const cx_decision *cx_dmn_decision(const cx_model *model, const char *name);

/* JSON to a value: numbers keep their digits, objects become contexts. In the arena; null when it is full. */
cx_value cx_dmn_value(const json_t *json, cx_arena *arena);
/* Puts a JSON object's members into the decision's slots; false, with a message, when one is no input. */
bool cx_dmn_inputs(const cx_decision *decision, const json_t *object, cx_arena *arena, cx_value *inputs);
/* One value as JSON: decimals exact, dates as texts. */
void cx_dmn_print(FILE *to, cx_value v, cx_arena *arena);
void cx_dmn_print_text(FILE *to, cx_view text);

#endif
