/* chengxin-clock: a tick in every partition, every second; activations PROPOSED, then ACTIVATED or HELD. */
#include "common/run/help.h"
#include "common/run/process.h"
#include "services/clock/open.h"

static const char *const reads[] = {"credit.activations", "credit.reports",
                                    "intake's positions in credit.in.*", NULL};
static const char *const writes[] = {"credit.records", NULL};
static const cx_help help = {
    .name = "clock",
    .number = CX_CLOCK_NUMBER,
    .does = "writes a tick to every partition of the log each second, and the activations of "
            "policy packs that every stage has made ready",
    .reads = reads,
    .writes = writes};

int main(int argc, char **argv) {
    if (cx_help_wanted(&help, argc, argv))
        return 0;
    cx_err err = {0};
    cx_config *config = NULL;
    cx_rc rc = cx_process_open("clock", argc, argv, &config, &err);
    if (rc == CX_OK)
        rc = cx_clock_run(config, &err);
    return cx_process_close("clock", rc, &err, &config);
}
