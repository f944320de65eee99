/* What several threads touch at once, so that ThreadSanitizer can look on (preset tsan; elsewhere the outcome
 * alone is looked at): a service's figures while its server is asked, the log, and the history's writer,
 * which hands plain memory from one thread to another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/run/metrics.h"
#include "services/history/writer.h"

enum { CLIENTS = 3, QUESTIONS = 30, LOGGERS = 4, LINES = 200, JOBS = 500 };

/* --- figures ------------------------------------------------------------------------------------------ */
static cx_metrics metrics;
static uint16_t port;
static atomic_int asking = CLIENTS;

static bool ask(const char *path, const char *wanted) {
    char answer[4096];
    size_t n = 0;
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool sent = connect(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
                dprintf(fd, "GET %s HTTP/1.0\r\n\r\n", path) > 0;
    for (ssize_t got;
         sent && n < sizeof answer - 1 && (got = read(fd, answer + n, sizeof answer - 1 - n)) > 0;)
        n += (size_t)got;
    answer[n] = '\0';
    (void)close(fd);
    return strstr(answer, wanted) != NULL;
}

static void *client(void *wrong) {
    for (int i = 0; i < QUESTIONS; i++)
        *(int *)wrong += !ask("/metrics", "chengxin_events_total") + !ask("/healthz", " 200 ");
    atomic_fetch_sub(&asking, 1);
    return NULL;
}

static uint16_t free_port(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    (void)close(fd);
    return ntohs(at.sin_port);
}

/* The loop of a service: counts, and now and then takes up another pack. */
static void count(uint8_t round) {
    const uint8_t packs[2][CX_METRICS_HASH] = {{round}, {(uint8_t)(round + 1)}};
    cx_metrics_packs(&metrics, packs, 1 + round % 2);
    atomic_fetch_add(&metrics.events, 1);
    atomic_fetch_add(&metrics.turns, 1);
    atomic_store(&metrics.tick, 1800000000000 + round);
    cx_histogram_add(&metrics.commit_seconds, round * 1000u);
    cx_histogram_count(&metrics.batch_events, round);
}

static void figures_while_the_server_is_asked(void **state) {
    (void)state;
    pthread_t threads[CLIENTS];
    int wrong[CLIENTS] = {0};
    char text[16];
    cx_config *config = cx_config_new();
    cx_metrics_server *server = NULL;
    port = free_port();
    (void)snprintf(metrics.stage, sizeof metrics.stage, "tested");
    (void)snprintf(text, sizeof text, "%d", port);
    assert_int_equal(cx_config_set(config, "metrics.port", text, "test", NULL), CX_OK);
    assert_int_equal(cx_metrics_serve(&metrics, config, 0, &server, NULL), CX_OK);
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, client, &wrong[i]), 0);
    for (uint8_t round = 0; atomic_load(&asking) > 0; round++)
        count(round);
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(wrong[i], 0);
    }
    cx_metrics_stop(&server);
    cx_config_destroy(&config);
}

/* --- the log ------------------------------------------------------------------------------------------ */
static void *logger(void *name) {
    for (int i = 0; i < LINES; i++)
        cx_log_info("from %s, line %d\nthe same line", (const char *)name, i);
    return NULL;
}

static void lines_stay_whole(void **state) {
    (void)state;
    static char names[LOGGERS][4] = {"one", "two", "six", "ten"};
    char path[] = "/tmp/cx_threads_XXXXXX", line[512];
    pthread_t threads[LOGGERS];
    int file = mkstemp(path), kept = dup(STDERR_FILENO), whole = 0;
    assert_int_equal(cx_log_open("tested", 0, "info", NULL), CX_OK);
    assert_true(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    for (int i = 0; i < LOGGERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, logger, names[i]), 0);
    for (int i = 0; i < LOGGERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    FILE *from = fopen(path, "r");
    assert_non_null(from);
    while (fgets(line, sizeof line, from) != NULL)
        whole += strncmp(line, "{\"time\":", 8) == 0 && strstr(line, "\\u000athe same line\"}\n") != NULL;
    (void)fclose(from);
    (void)unlink(path);
    (void)close(file);
    (void)close(kept);
    assert_int_equal(whole, LOGGERS * LINES);
}

/* --- the history's writer ----------------------------------------------------------------------------- */
/* Plain memory: its owner changes hands with each job. */
typedef struct batch {
    long sum;
    int rows[64];
    bool fail;
} batch;

static cx_rc write_batch(void *context, cx_err *err) {
    batch *b = context;
    for (int i = 0; i < 64; i++)
        b->sum += b->rows[i];
    return b->fail ? cx_fail(err, CX_STORE_AWAY, "asked to") : CX_OK;
}

static void memory_changes_hands(void **state) {
    (void)state;
    cx_writer *writer = NULL;
    cx_err err = {0};
    static batch b;
    long wanted = 0;
    assert_int_equal(cx_writer_new(&writer, &err), CX_OK);
    for (int job = 0; job < JOBS; job++) {
        for (int i = 0; i < 64; i++)
            wanted += b.rows[i] = job + i;
        b.fail = job % 7 == 3;
        cx_writer_start(writer, write_batch, &b);
        for (int look = 0; job % 2 == 0 && look < 100 && cx_writer_is_busy(writer); look++)
            ;
        assert_int_equal(cx_writer_wait(writer, &err), b.fail ? CX_STORE_AWAY : CX_OK);
        assert_int_equal(cx_writer_wait(writer, &err), CX_OK); /* told once */
        assert_int_equal(b.sum, wanted);
    }
    cx_writer_start(writer, write_batch, &b);
    cx_writer_destroy(&writer); /* waits for what is in work */
    assert_null(writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures_while_the_server_is_asked),
                                       cmocka_unit_test(lines_stay_whole),
                                       cmocka_unit_test(memory_changes_hands)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
