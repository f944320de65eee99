/* What a service says of itself: --help, and the man page that is made of it (docs/make_man.py). */
#ifndef CX_RUN_HELP_H
#define CX_RUN_HELP_H

#include <stdbool.h>

typedef struct cx_help {
    const char *name;         /* "intake": the program is chengxin-intake */
    int number;               /* its place in the list of services */
    const char *does;         /* one sentence without a capital or a full stop */
    const char *const *reads; /* topics, or what else; end in NULL */
    const char *const *writes;
} cx_help;

/* Prints it where the first argument is --help or -h; whether it did. */
bool cx_help_wanted(const cx_help *help, int argc, char **argv);

#endif
