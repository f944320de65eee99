/* chengxin-clock: a tick in every partition, every second; activations PROPOSED, then ACTIVATED or HELD. */
#include "common/run/process.h"
#include "services/clock/open.h"

int main(int argc, char **argv) {
    cx_err err = {0};
    cx_config *config = NULL;
    cx_rc rc = cx_process_open("clock", argc, argv, &config, &err);
    if (rc == CX_OK)
        rc = cx_clock_run(config, &err);
    return cx_process_close("clock", rc, &err, &config);
}
