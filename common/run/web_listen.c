#include "common/run/web_listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 128, LOOPBACK = 127 };

static cx_rc fail_at(const char *where, cx_err *err) {
    return cx_fail(err, CX_CONFIG, "cannot listen on %s: %s", where, strerror(errno));
}

static cx_rc listen_on(int family, const struct sockaddr *at, socklen_t n, const char *where, int *fd,
                       cx_err *err) {
    int on = 1;
    *fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0)
        return fail_at(where, err);
    if (family == AF_INET)
        (void)setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(*fd, at, n) == 0 && listen(*fd, BACKLOG) == 0)
        return CX_OK;
    cx_rc rc = fail_at(where, err);
    (void)close(*fd);
    *fd = -1;
    return rc;
}

/* Whoever listened there before is dead, or fenced: the newer of two has the path. */
static cx_rc clear_path(const char *path, cx_err *err) {
    struct stat there;
    if (lstat(path, &there) != 0)
        return errno == ENOENT ? CX_OK : fail_at(path, err);
    if (!S_ISSOCK(there.st_mode))
        return cx_fail(err, CX_CONFIG, "%s is no socket", path);
    return unlink(path) == 0 ? CX_OK : fail_at(path, err);
}

cx_rc cx_web_listen_socket(const char *path, int *fd, cx_err *err) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    *fd = -1;
    if (strlen(path) >= sizeof at.sun_path)
        return cx_fail(err, CX_CONFIG, "%s is too long for a socket's name", path);
    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    CX_TRY(clear_path(at.sun_path, err));
    CX_TRY(listen_on(AF_UNIX, (const struct sockaddr *)&at, sizeof at, path, fd, err));
    if (chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) == 0)
        return CX_OK;
    cx_rc rc = fail_at(path, err);
    (void)close(*fd);
    *fd = -1;
    return rc;
}

cx_rc cx_web_listen_loopback(const char *address, int port, int *fd, cx_err *err) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    *fd = -1;
    if (inet_pton(AF_INET, address, &at.sin_addr) != 1 || ntohl(at.sin_addr.s_addr) >> 24 != LOOPBACK)
        return cx_fail(
            err, CX_CONFIG,
            "query.address must be a loopback address: there is no TLS here; put a proxy before it");
    return listen_on(AF_INET, (const struct sockaddr *)&at, sizeof at, address, fd, err);
}
