/* One subcommand of `chengxin`: a file of its own in ops/cli, a descriptor, a row in chengxin.c. */
#ifndef OPS_CLI_COMMAND_H
#define OPS_CLI_COMMAND_H

/* Exit codes of every command (README, "Exit codes"). */
enum {
    CX_EXIT_DONE = 0,
    CX_EXIT_FAILED = 1,
    CX_EXIT_USAGE = 2,
    CX_EXIT_NO = 3 /* the answer is "no", or "they differ" */
};

typedef struct cx_command {
    const char *name;    /* "dmn" */
    const char *summary; /* one line for `chengxin --help` */
    const char *help; /* the whole of `chengxin NAME --help`: usage, options, examples; ends in a newline */
    /* argv[0] is the command's name. Prints its own errors to stderr; returns an exit code. */
    int (*run)(int argc, char **argv);
} cx_command;

#endif
