#include "tests/chaos/mistakes/once.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void path_of(const char *name, char out[PATH_MAX]) {
    const char *prefix = getenv("CX_MISTAKE");
    (void)snprintf(out, PATH_MAX, "%s.%s", prefix != NULL ? prefix : "", name);
}

bool cx_mistake_waits(const char *name) {
    char path[PATH_MAX];
    path_of(name, path);
    return getenv("CX_MISTAKE") != NULL && access(path, F_OK) != 0;
}

void cx_mistake_die(const char *name) {
    char path[PATH_MAX];
    path_of(name, path);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)close(fd);
    (void)raise(SIGKILL);
}
