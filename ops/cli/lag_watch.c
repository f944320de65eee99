/* Look after look: on a screen, or for Prometheus. */
#include "ops/cli/lag_watch.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/run/metrics.h"
#include "ops/cli/grid.h"
#include "ops/cli/lag_show.h"

enum { KEEP_MS = 60000 };

static volatile sig_atomic_t stopping;

static void on_signal(int number) {
    (void)number;
    stopping = 1;
}

/* A signal ends the pause, and a closed pipe the writing, rather than the process. */
static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    stopping = 0;
}

static void pause_until(cx_time until) {
    for (cx_time now = cx_lag_wall(); stopping == 0 && now < until; now = cx_lag_wall()) {
        struct timespec rest = {(until - now) / 1000, (until - now) % 1000 * 1000000};
        (void)nanosleep(&rest, NULL);
    }
}

/* The newest look, judged by the one before, which it replaces. */
static cx_rc look_again(const cx_config *config, cx_admin *admin, const cx_lag_wanted *wanted,
                        cx_lag **newest, cx_err *err) {
    cx_lag *lag = NULL;
    cx_rc rc = cx_lag_take(config, admin, wanted, &lag, err);
    if (rc != CX_OK) {
        cx_lag_destroy(&lag);
        return rc;
    }
    cx_lag_judge(lag, *newest, wanted);
    cx_lag_destroy(newest);
    *newest = lag;
    return CX_OK;
}

/* --- --watch ------------------------------------------------------------------------------------------- */

/* Home, and what is left of the screen before is cleared behind what is written: nothing flickers. */
static cx_rc show_screen(const cx_lag *lag, bool all, bool screen) {
    size_t lines = 0, width = cx_grid_terminal(stdout, &lines);
    char time[CX_TIME_TEXT], *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    if (to == NULL)
        return CX_OUT_OF_MEMORY;
    (void)fprintf(to, "%.19s, Ctrl-C ends\n", cx_time_format(lag->at, time));
    cx_rc rc = cx_lag_show(lag, all, width, screen ? lines - (lines > 1) : 0, to);
    if (fclose(to) != 0)
        rc = CX_OUT_OF_MEMORY;
    if (rc == CX_OK && screen)
        (void)fputs("\033[H", stdout);
    for (const char *line = text, *end; rc == CX_OK && line != NULL && *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        if (end == NULL)
            break;
        (void)printf("%.*s%s\n", (int)(end - line), line, screen ? "\033[K" : "");
    }
    if (screen)
        (void)fputs("\033[J", stdout);
    free(text);
    return rc == CX_OK && fflush(stdout) != 0 ? CX_FILE : rc;
}

static cx_rc show_away(const cx_err *why, bool screen, bool json) {
    if (json)
        return CX_OK; /* one object for each look that there is */
    (void)printf("%s%s%s\n", screen ? "\033[H" : "", why->text, screen ? "\033[K\033[J" : "");
    return fflush(stdout) != 0 ? CX_FILE : CX_OK;
}

cx_rc cx_lag_watch(const cx_config *config, cx_admin *admin, const cx_lag_wanted *wanted, bool all, bool json,
                   int64_t every_s, cx_err *err) {
    bool screen = !json && isatty(STDOUT_FILENO);
    cx_lag *lag = NULL;
    cx_rc rc = CX_OK;
    catch_signals();
    if (screen)
        (void)fputs("\033[?25l\033[2J", stdout); /* no cursor */
    while (rc == CX_OK && stopping == 0) {
        cx_time began = cx_lag_wall();
        cx_err why = {0};
        rc = look_again(config, admin, wanted, &lag, &why);
        if (rc == CX_OK)
            rc = json ? cx_lag_show_json(lag, stdout) : show_screen(lag, all, screen);
        else if (cx_rc_class(rc) == CX_CLASS_TRANSIENT)
            rc = show_away(&why, screen, json);
        else
            *err = why;
        if (rc == CX_OK && json && fflush(stdout) != 0)
            rc = CX_FILE;
        if (rc == CX_OK)
            pause_until(began + every_s * CX_SECOND);
    }
    if (screen)
        (void)fputs("\033[?25h", stdout);
    cx_lag_destroy(&lag);
    if (rc == CX_FILE && err->rc == CX_OK) /* nobody reads any more */
        return CX_OK;
    return rc == CX_OK || err->rc == rc ? rc : cx_fail(err, rc, NULL);
}

/* --- --serve ------------------------------------------------------------------------------------------- */

struct serving {
    pthread_mutex_t lock;
    char *text; /* of the newest look */
    size_t n;
    cx_time at; /* of it; 0: none yet */
};

/* Scrapes are answered from what is ready: a look takes longer than a scrape may. */
static char *page(void *context, size_t *n) {
    struct serving *s = context;
    (void)pthread_mutex_lock(&s->lock);
    bool fresh = cx_lag_wall() - s->at < KEEP_MS && s->at != 0;
    char up[128];
    int up_n = snprintf(up, sizeof up,
                        "# HELP chengxin_lag_up Whether the last look at the cluster succeeded.\n"
                        "# TYPE chengxin_lag_up gauge\nchengxin_lag_up %d\n",
                        fresh);
    *n = (size_t)up_n + (fresh ? s->n : 0);
    char *copy = malloc(*n + 1);
    if (copy != NULL) {
        (void)memcpy(copy, up, (size_t)up_n);
        if (fresh && s->n > 0)
            (void)memcpy(copy + up_n, s->text, s->n);
        copy[*n] = '\0';
    }
    (void)pthread_mutex_unlock(&s->lock);
    return copy;
}

static bool is_ready(void *context) {
    struct serving *s = context;
    (void)pthread_mutex_lock(&s->lock);
    bool ready = s->at != 0 && cx_lag_wall() - s->at < KEEP_MS;
    (void)pthread_mutex_unlock(&s->lock);
    return ready;
}

static bool is_healthy(void *context) {
    (void)context;
    return true;
}

static cx_rc publish(struct serving *s, const cx_lag *lag, cx_err *err) {
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    cx_rc rc = to == NULL ? CX_OUT_OF_MEMORY : cx_lag_show_metrics(lag, to);
    if (to == NULL || fclose(to) != 0 || rc != CX_OK) {
        free(text);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    (void)pthread_mutex_lock(&s->lock);
    free(s->text);
    s->text = text;
    s->n = n;
    s->at = cx_lag_wall();
    (void)pthread_mutex_unlock(&s->lock);
    return CX_OK;
}

cx_rc cx_lag_serve(const cx_config *config, cx_admin *admin, const cx_lag_wanted *wanted, int64_t port,
                   int64_t every_s, cx_err *err) {
    static struct serving s = {.lock = PTHREAD_MUTEX_INITIALIZER};
    const cx_metrics_pages pages = {&s, page, is_ready, is_healthy};
    cx_metrics_server *server = NULL;
    cx_lag *lag = NULL;
    CX_TRY(
        cx_metrics_serve_pages(&pages, cx_config_text(config, "metrics.address"), (int)port, &server, err));
    catch_signals();
    (void)fprintf(stderr, "metrics on http://%s:%d/metrics\n", cx_config_text(config, "metrics.address"),
                  (int)port);
    cx_rc rc = CX_OK;
    while (rc == CX_OK && stopping == 0) {
        cx_time began = cx_lag_wall();
        cx_err why = {0};
        rc = look_again(config, admin, wanted, &lag, &why);
        if (rc == CX_OK)
            rc = publish(&s, lag, err);
        else if (cx_rc_class(rc) == CX_CLASS_TRANSIENT)
            rc = CX_OK; /* chengxin_lag_up tells */
        else
            *err = why;
        if (rc == CX_OK)
            pause_until(began + every_s * CX_SECOND);
    }
    cx_metrics_stop(&server);
    free(s.text);
    cx_lag_destroy(&lag);
    return rc;
}
