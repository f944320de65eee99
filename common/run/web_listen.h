/* Where common/run/web.c listens. For it alone. */
#ifndef CX_RUN_WEB_LISTEN_H
#define CX_RUN_WEB_LISTEN_H

#include "common/base/error.h"

/* A listening socket at that path, mode 660; one that was there is taken over. CX_CONFIG where the path is
 * too long, or something else lies there. */
CX_MUST_CHECK cx_rc cx_web_listen_socket(const char *path, int *fd, cx_err *err);
/* At an address that begins with 127. CX_CONFIG for any other, and where the port is taken. */
CX_MUST_CHECK cx_rc cx_web_listen_loopback(const char *address, int port, int *fd, cx_err *err);

#endif
