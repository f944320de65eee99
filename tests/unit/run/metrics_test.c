/* Metrics: the text that Prometheus reads, and the three places over HTTP. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <arpa/inet.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/run/metrics.h"

static cx_metrics metrics;

static int set_up(void **state) {
    (void)state;
    (void)snprintf(metrics.stage, sizeof metrics.stage, "tested");
    metrics.slot = 3;
    atomic_store(&metrics.tick, 1800000000500);
    atomic_store(&metrics.received_to, CX_NO_TIME);
    atomic_store(&metrics.events, 42);
    atomic_store(&metrics.rejects[CX_TRUNCATED], 7);
    atomic_store(&metrics.retries[CX_BUS_AWAY], 2);
    static const uint8_t packs[2][CX_METRICS_HASH] = {{0xab}, {0xcd}};
    cx_metrics_packs(&metrics, packs, 2);
    cx_histogram_count(&metrics.batch_events, 1);
    cx_histogram_count(&metrics.batch_events, 50000);
    cx_histogram_add(&metrics.commit_seconds, 999);
    cx_histogram_add(&metrics.commit_seconds, 5000);
    cx_histogram_add(&metrics.commit_seconds, 60000000000u);
    return 0;
}

static void the_text_says_what_was_counted(void **state) {
    (void)state;
    static const char *const wanted[] = {
        "chengxin_events_total{stage=\"tested\",slot=\"3\"} 42\n",
        "chengxin_rejects_total{stage=\"tested\",slot=\"3\",reason=\"TRUNCATED\"} 7\n",
        "chengxin_tick_seconds{stage=\"tested\",slot=\"3\"} 1800000000.5\n",
        "chengxin_retries_total{stage=\"tested\",slot=\"3\",reason=\"BUS_AWAY\"} 2\n",
        "chengxin_retries_total{stage=\"tested\",slot=\"3\",reason=\"STORE_AWAY\"} 0\n",
        "chengxin_rejects_total{stage=\"tested\",slot=\"3\",reason=\"NOT_AVRO\"} 0\n",
        "pack=\"ab00000000000000000000000000000000000000000000000000000000000000\",place=\"1\"} 1\n",
        "pack=\"cd00000000000000000000000000000000000000000000000000000000000000\",place=\"2\"} 1\n",
        "chengxin_batch_events_bucket{stage=\"tested\",slot=\"3\",le=\"1\"} 1\n",
        "chengxin_batch_events_bucket{stage=\"tested\",slot=\"3\",le=\"16384\"} 1\n",
        "chengxin_batch_events_bucket{stage=\"tested\",slot=\"3\",le=\"65536\"} 2\n",
        "chengxin_batch_events_sum{stage=\"tested\",slot=\"3\"} 50001\n",
        "chengxin_build_info{stage=\"tested\",slot=\"3\",version=\"",
        "process_resident_memory_bytes ",
        "chengxin_commit_seconds_bucket{stage=\"tested\",slot=\"3\",le=\"2.5e-07\"} 0\n",
        "chengxin_commit_seconds_bucket{stage=\"tested\",slot=\"3\",le=\"1e-06\"} 1\n",
        "chengxin_commit_seconds_bucket{stage=\"tested\",slot=\"3\",le=\"1.6e-05\"} 2\n",
        "chengxin_commit_seconds_bucket{stage=\"tested\",slot=\"3\",le=\"+Inf\"} 3\n",
        "chengxin_commit_seconds_count{stage=\"tested\",slot=\"3\"} 3\n",
    };
    size_t n = 0;
    char *text = cx_metrics_text(&metrics, &n);
    assert_non_null(text);
    assert_int_equal(strlen(text), n);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strstr(text, wanted[i]) == NULL)
            fail_msg("missing: %s in\n%s", wanted[i], text);
    assert_null(strstr(text, "chengxin_received_to_seconds")); /* not known: not said */
    free(text);
}

/* The answer to GET path, cut at 4 KiB. */
static void get(uint16_t port, const char *path, char out[4096]) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_true(dprintf(fd, "GET %s HTTP/1.0\r\n\r\n", path) > 0);
    size_t n = 0;
    for (ssize_t got; n < 4095 && (got = read(fd, out + n, 4095 - n)) > 0;)
        n += (size_t)got;
    out[n] = '\0';
    (void)close(fd);
}

static uint16_t free_port(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    (void)close(fd);
    return ntohs(at.sin_port);
}

static void three_places_over_http(void **state) {
    (void)state;
    char port[16], answer[4096];
    uint16_t number = free_port();
    cx_config *config = cx_config_new();
    cx_metrics_server *server = NULL, *second = NULL;
    (void)snprintf(port, sizeof port, "%d", number);
    assert_int_equal(cx_config_set(config, "metrics.port", port, "test", NULL), CX_OK);
    assert_int_equal(cx_metrics_serve(&metrics, config, 0, &server, NULL), CX_OK);
    get(number, "/healthz", answer);
    assert_non_null(strstr(answer, " 200 "));
    atomic_store(&metrics.ready, false);
    get(number, "/readyz", answer);
    assert_non_null(strstr(answer, " 503 "));
    atomic_store(&metrics.ready, true);
    get(number, "/readyz", answer);
    assert_non_null(strstr(answer, " 200 "));
    get(number, "/metrics", answer);
    assert_non_null(strstr(answer, "chengxin_events_total"));
    get(number, "/etc/passwd", answer);
    assert_non_null(strstr(answer, " 404 "));
    cx_metrics_stop(&server);
    assert_null(server);
    assert_int_equal(cx_config_set(config, "metrics.port", "-1", "test", NULL), CX_OK);
    assert_int_equal(cx_metrics_serve(&metrics, config, 0, &second, NULL), CX_OK);
    assert_null(second);
    cx_config_destroy(&config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_says_what_was_counted),
        cmocka_unit_test(three_places_over_http),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
