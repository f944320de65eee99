/* chengxin-clock: a tick in every partition, every second; activations PROPOSED, then ACTIVATED or HELD. */
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
    return cx_process_main(&help, cx_clock_run, NULL, argc, argv);
}
