/* chengxin: the command line. Each subcommand is a descriptor in a file of its own. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ops/cli/command.h"
#include "ops/cli/commands.h"

static const cx_command *const commands[] = {
#define CX_X(name) &cx_command_##name,
    CX_COMMANDS(CX_X)
#undef CX_X
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void print_help(FILE *to) {
    (void)fprintf(to, "usage: chengxin COMMAND [ARGUMENT...]\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        (void)fprintf(to, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    (void)fprintf(to, "\nchengxin COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 "
                      "the answer is no.\n");
}

static const cx_command *command_of(const char *name) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int run_command(const cx_command *command, int argc, char **argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(command->help, stdout) < 0 ? CX_EXIT_FAILED : CX_EXIT_DONE;
    return command->run(argc, argv);
}

int main(int argc, char **argv) {
    (void)signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_help(stderr);
        return CX_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return CX_EXIT_DONE;
    }
    const cx_command *command = command_of(argv[1]);
    if (command == NULL) {
        (void)fprintf(stderr, "chengxin: there is no command \"%s\"; chengxin --help lists them\n", argv[1]);
        return CX_EXIT_USAGE;
    }
    int code = run_command(command, argc - 1, argv + 1);
    if (fflush(stdout) != 0 && code == CX_EXIT_DONE)
        return CX_EXIT_FAILED;
    return code;
}
