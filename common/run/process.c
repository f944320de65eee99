#include "common/run/process.h"

#include <signal.h>
#include <unistd.h>

#include "common/base/log.h"

enum { FIRST_WAIT_US = 100000, LONGEST_WAIT_US = 2000000 };

volatile int cx_process_stopping;

static void on_signal(int number) {
    (void)number;
    cx_process_stopping = 1;
}

static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
}

static cx_rc begin(const char *name, int argc, char **argv, cx_config **config, cx_err *err) {
    catch_signals();
    *config = cx_config_new();
    if (*config == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_config_take(*config, &argc, argv, environ, err));
    if (argc > 1)
        return cx_fail(err, CX_USAGE, "what is %s? Settings are given as --key value", argv[1]);
    int slot = (int)cx_config_integer(*config, "slot");
    CX_TRY(cx_log_open(name, slot, cx_config_text(*config, "log.level"), err));
    cx_log_info("%s starts", name);
    return CX_OK;
}

void cx_process_hurry(const cx_config *config) {
    (void)alarm((unsigned)(cx_config_integer(config, "shutdown.ms") + 999) / 1000);
}

static int end(const char *name, cx_rc rc, const cx_err *err, cx_config **config) {
    if (rc == CX_OK)
        cx_log_info("%s has stopped", name);
    else
        cx_log_failure(CX_LOG_ERROR, name, err);
    cx_config_destroy(config);
    return rc == CX_OK ? 0 : rc == CX_USAGE || rc == CX_CONFIG ? 2 : 1;
}

int cx_process_main(const cx_help *help, cx_rc (*run)(void *context, const cx_config *config, cx_err *err),
                    void *context, int argc, char **argv) {
    if (cx_help_wanted(help, argc, argv))
        return 0;
    cx_err err = {0};
    cx_config *config = NULL;
    cx_rc rc = begin(help->name, argc, argv, &config, &err);
    if (rc == CX_OK)
        rc = run(context, config, &err);
    return end(help->name, rc, &err, &config);
}

cx_rc cx_process_patiently(cx_rc (*open)(void *context, cx_err *err), void (*close)(void *context),
                           void *context, cx_err *err) {
    for (useconds_t wait = FIRST_WAIT_US; !cx_process_stopping;
         wait = wait < LONGEST_WAIT_US ? wait * 2 : wait) {
        cx_rc rc = open(context, err);
        if (rc == CX_OK || cx_rc_class(rc) != CX_CLASS_TRANSIENT)
            return rc;
        cx_log_failure(CX_LOG_WARN, "start", err);
        close(context);
        (void)usleep(wait);
    }
    return CX_OK;
}
