/* Options of a command that take a text. */
#ifndef OPS_CLI_OPTIONS_H
#define OPS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct cx_text_option {
    const char *name;  /* "--who" */
    const char **text; /* where its value goes; not owned */
} cx_text_option;

/* Whether argv[*i] is one of the options and a value follows: then that is taken, and *i stands at it. */
bool cx_take_text(const cx_text_option *options, size_t n, int argc, char **argv, int *i);

#endif
