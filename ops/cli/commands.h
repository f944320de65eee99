/* The table of subcommands, in the order in which --help shows them: one X(name) for each. */
#ifndef OPS_CLI_COMMANDS_H
#define OPS_CLI_COMMANDS_H

#include "ops/cli/command.h"

/* clang-format off */
#define CX_COMMANDS(X) \
    X(dmn) X(publish) X(status) X(explain) X(report) X(disclose) X(policy) \
    X(vault) X(replay) X(verify) X(receipt) X(rebuild) X(lag) \
    X(letters) X(breaker) X(subject) X(topics) X(department) X(token) X(assess) X(clock) X(config)
/* clang-format on */

#define CX_X(name) extern const cx_command cx_command_##name;
CX_COMMANDS(CX_X)
#undef CX_X

#endif
