/* The small HTTP server, by sockets that behave and others that do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/run/web.h"

enum { BODY = 64, ROOM = 4096, TURNS = 2000 };
static char path[64];

static bool knows(const char *name) {
    return strcmp(name, "/ask") == 0;
}

static cx_web *web_open(void) {
    cx_web *web = NULL;
    cx_err err = {0};
    (void)snprintf(path, sizeof path, "/tmp/chengxin-web-test-%d", (int)getpid());
    const cx_web_spec spec = {
        .socket = path, .address = "", .body_most = BODY, .connections = 16, .seconds = 30, .knows = knows};
    if (cx_web_open(&spec, &web, &err) != CX_OK)
        fail_msg("%s", err.text);
    return web;
}

static int client(void) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void say(int fd, const char *text) {
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Answers whatever comes with its body, until the client has heard `wanted` or its connection has ended. */
static const char *hear(cx_web *web, int fd, const char *wanted) {
    static char heard[ROOM];
    size_t n = 0;
    (void)memset(heard, 0, sizeof heard);
    for (int i = 0; i < TURNS && strstr(heard, wanted) == NULL; i++) {
        assert_int_equal(cx_web_turn(web, 5, NULL), CX_OK);
        for (cx_web_request *r; (r = cx_web_next(web)) != NULL;) {
            char text[2 * BODY];
            int m = snprintf(text, sizeof text, "<%.*s|%.*s%s>", CX_VIEW_ARGS(r->body),
                             CX_VIEW_ARGS(r->bearer), r->too_large ? "|large" : "");
            cx_web_answer(web, r, 200, (cx_view){text, (size_t)m}, 7);
        }
        ssize_t got = recv(fd, heard + n, sizeof heard - 1 - n, 0);
        if (got == 0)
            break;
        n += got > 0 ? (size_t)got : 0;
    }
    return heard;
}

#define HEAD "POST /ask HTTP/1.1\r\nHost: x\r\n"

static void requests_are_answered(void **state) {
    cx_web *web = web_open();
    struct stat there;
    int fd = client();
    (void)state;
    assert_int_equal(stat(path, &there), 0);
    assert_int_equal(there.st_mode & 0777, 0660);
    say(fd, HEAD "Authorization: Bearer abc\r\nContent-Length: 5\r\n\r\nhello");
    const char *heard = hear(web, fd, "<hello|abc>");
    assert_non_null(strstr(heard, "<hello|abc>"));
    assert_non_null(strstr(heard, "Cache-Control: no-store"));
    assert_non_null(strstr(heard, "Retry-After: 7"));
    say(fd, HEAD "Content-Length: 0\r\n\r\n"); /* the same connection again */
    assert_non_null(strstr(hear(web, fd, "<|>"), "<|>"));
    say(fd, HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    assert_non_null(strstr(hear(web, fd, "<abcde|>"), "<abcde|>"));
    (void)close(fd);
    cx_web_close(&web);
    assert_int_not_equal(stat(path, &there), 0);
}

static void other_paths_and_methods_are_not(void **state) {
    static const struct {
        const char *request, *status;
    } cases[] = {{"GET /ask HTTP/1.1\r\nHost: x\r\n\r\n", " 405 "},
                 {"POST /ask/91350100M000100Y43 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", " 404 "},
                 {"GET / HTTP/1.0\r\n\r\n", " 404 "},
                 {"\r\n\r\nnonsense\r\n\r\n", ""}};
    cx_web *web = web_open();
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = client();
        say(fd, cases[i].request);
        assert_non_null(
            strstr(hear(web, fd, cases[i].status[0] != '\0' ? cases[i].status : "400"), cases[i].status));
        (void)close(fd);
    }
    cx_web_close(&web);
}

static void a_body_that_is_too_long(void **state) {
    static char request[20 * BODY], body[16 * BODY];
    cx_web *web = web_open();
    int fd = client();
    (void)state;
    (void)memset(body, 'x', sizeof body - 1);
    (void)snprintf(request, sizeof request, HEAD "Content-Length: %d\r\n\r\n%.*s", BODY + 1, BODY + 1, body);
    say(fd, request);
    assert_non_null(strstr(hear(web, fd, "|large>"), "<||large>"));
    (void)close(fd);
    fd = client(); /* far too long: no answer, the connection ends */
    (void)snprintf(request, sizeof request, HEAD "Content-Length: %zu\r\n\r\n%s", sizeof body - 1, body);
    say(fd, request);
    assert_string_equal(hear(web, fd, "<"), "");
    (void)close(fd);
    cx_web_close(&web);
}

/* One that says half a request and waits holds up nobody; nor does one that goes away. */
static void slow_and_lost_clients(void **state) {
    cx_web *web = web_open();
    int slow = client(), lost = client(), quick = client();
    (void)state;
    say(slow, HEAD "Content-Length: 5\r\n\r\nhe");
    say(lost, HEAD "Content-Length: 2\r\n\r\nab");
    (void)close(lost);
    say(quick, HEAD "Content-Length: 2\r\n\r\nok");
    assert_non_null(strstr(hear(web, quick, "<ok|>"), "<ok|>"));
    say(slow, "llo");
    assert_non_null(strstr(hear(web, slow, "<hello|>"), "<hello|>"));
    int waiting = client();
    say(waiting, HEAD "Content-Length: 2\r\n\r\nxy");
    for (int i = 0; i < 10; i++)
        assert_int_equal(cx_web_turn(web, 1, NULL), CX_OK);
    assert_non_null(cx_web_next(web)); /* taken, and never answered */
    cx_web_close(&web);
    (void)close(slow);
    (void)close(quick);
    (void)close(waiting);
}

/* Of two of the same slot the newer has the path, and the older's end does not take it away. */
static void the_newer_has_the_path(void **state) {
    cx_web *older = web_open(), *newer = web_open();
    struct stat there;
    (void)state;
    cx_web_close(&older);
    int fd = client();
    say(fd, HEAD "Content-Length: 2\r\n\r\nok");
    assert_non_null(strstr(hear(newer, fd, "<ok|>"), "<ok|>"));
    (void)close(fd);
    cx_web_close(&newer);
    assert_int_not_equal(stat(path, &there), 0);
}

static void where_it_listens(void **state) {
    cx_web *web = NULL;
    const cx_web_spec far = {.socket = "", .address = "0.0.0.0", .body_most = BODY, .knows = knows};
    const cx_web_spec odd = {.socket = "", .address = "nowhere", .body_most = BODY, .knows = knows};
    const cx_web_spec file = {.socket = "/dev/null", .address = "", .body_most = BODY, .knows = knows};
    cx_err err = {0};
    (void)state;
    assert_int_equal(cx_web_open(&far, &web, &err), CX_CONFIG);
    assert_non_null(strstr(err.text, "loopback"));
    assert_int_equal(cx_web_open(&odd, &web, &err), CX_CONFIG);
    assert_int_equal(cx_web_open(&file, &web, &err), CX_CONFIG);
    assert_null(web);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_answered),   cmocka_unit_test(other_paths_and_methods_are_not),
        cmocka_unit_test(a_body_that_is_too_long), cmocka_unit_test(slow_and_lost_clients),
        cmocka_unit_test(the_newer_has_the_path),  cmocka_unit_test(where_it_listens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
