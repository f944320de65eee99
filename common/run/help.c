#include "common/run/help.h"

#include <stdio.h>
#include <string.h>

static const char rest[] =
    "Settings are read from /etc/chengxin/chengxin.properties, then FILE, then the environment (CHENGXIN_*), "
    "then\n"
    "the command line; chengxin.properties(5) has all of them, and `chengxin config` shows what is in "
    "force.\n"
    "Keys that begin with kafka. go to librdkafka.\n"
    "\n"
    "Several instances share the work as members of one group, each with a slot of its own (--slot 0, 1 "
    "...);\n"
    "the same slot started twice fences the older. Log lines are JSON, on standard error.\n"
    "\n"
    "  SIGTERM, SIGINT   commits what is done and ends, within shutdown.ms\n"
    "\n"
    "Exit codes: 0 after a clean shutdown; 1 where it cannot go on (fenced, a message of the spine that "
    "cannot be\n"
    "read, out of memory): nothing was advanced, and whoever supervises it starts it again; 2 for wrong "
    "settings.\n";

static void print_list(const char *heading, const char *const *names) {
    (void)printf("  %-7s", heading);
    for (size_t i = 0; names[i] != NULL; i++)
        (void)printf("%s %s", i == 0 ? "" : ",", names[i]);
    (void)printf("\n");
}

bool cx_help_wanted(const cx_help *help, int argc, char **argv) {
    if (argc < 2 || (strcmp(argv[1], "--help") != 0 && strcmp(argv[1], "-h") != 0))
        return false;
    (void)printf("chengxin-%s: %s.\n\n"
                 "usage: chengxin-%s [--config FILE] [--slot N] [--KEY VALUE ...]\n\n",
                 help->name, help->does, help->name);
    print_list("reads", help->reads);
    print_list("writes", help->writes);
    (void)printf("  serves  /metrics, /healthz and /readyz on port %d + 20 * slot (metrics.port)\n\n%s",
                 9464 + help->number, rest);
    return true;
}
