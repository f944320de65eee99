/* What lies in files and sockets, and what leaves the machine. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/cli/assess.h"

enum { PATH_ROOM = 4096 };

static bool ends_in(const char *name, const char *end) {
    size_t n = strlen(name), m = strlen(end);
    return n >= m && strcmp(name + n - m, end) == 0;
}

/* Root's, ours, or of the account whose folder it lies in. */
static bool is_trusted(const char *path, uid_t owner) {
    char folder[PATH_ROOM];
    struct stat is;
    const char *slash = strrchr(path, '/');
    int n = slash != NULL && slash != path ? (int)(slash - path) : 1;
    (void)snprintf(folder, sizeof folder, "%.*s", n, slash != NULL ? path : ".");
    return owner == 0 || owner == geteuid() || (stat(folder, &is) == 0 && is.st_uid == owner);
}

/* That nobody has one of these rights; a path that is not there, or empty, is no deviation. */
static void closed(cx_assess *a, const char *path, mode_t rights, mode_t advice) {
    struct stat is;
    if (path[0] == '\0' || stat(path, &is) != 0)
        return;
    a->looked_at++;
    if ((is.st_mode & rights) != 0)
        cx_assess_tell(a, "%s: mode %03o; chmod %03o", path, (unsigned)is.st_mode & 0777U, (unsigned)advice);
    if (!is_trusted(path, is.st_uid))
        cx_assess_tell(a, "%s: belongs to account %u, its folder to another", path, (unsigned)is.st_uid);
}

/* A folder of keys: the secret ones, and that nobody else writes the public ones. */
static cx_rc look_at_keys(cx_assess *a, const char *folder, bool may_be_missing, cx_err *err) {
    char path[PATH_ROOM];
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return may_be_missing && errno == ENOENT ? CX_OK
                                                 : cx_fail(err, CX_FILE, "%s: %s", folder, strerror(errno));
    for (const struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        bool secret = ends_in(e->d_name, ".key") || ends_in(e->d_name, ".sec");
        if (!secret && !ends_in(e->d_name, ".pub"))
            continue;
        if (snprintf(path, sizeof path, "%s/%s", folder, e->d_name) < PATH_ROOM)
            closed(a, path, secret ? 077 : 022, secret ? 0600 : 0644);
    }
    (void)closedir(dir);
    return CX_OK;
}

cx_rc cx_assess_files(cx_assess *a, cx_err *err) {
    static const char *const passwords[] = {"redis.password.file", "query.redis.password.file",
                                            "rebuild.redis.password.file"};
    char path[PATH_ROOM];
    const char *vault = cx_config_text(a->config, "vault.dir");
    closed(a, vault, 077, 0700);
    CX_TRY(look_at_keys(a, vault, false, err));
    (void)snprintf(path, sizeof path, "%s/departments", vault);
    CX_TRY(look_at_keys(a, path, true, err));
    (void)snprintf(path, sizeof path, "%s/handover", vault);
    closed(a, path, 077, 0700);
    CX_TRY(look_at_keys(a, path, true, err));
    for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++)
        closed(a, cx_config_text(a->config, passwords[i]), 077, 0600);
    closed(a, cx_config_text(a->config, "state.dir"), 077, 0700);
    closed(a, cx_config_text(a->config, "query.socket"), 007, 0660);
    closed(a, cx_config_text(a->config, "redis.socket"), 007, 0700);
    return CX_OK;
}

/* --- channels ----------------------------------------------------------------------------------------- */
static bool is_here(cx_view host) {
    static const char *const names[] = {"127.", "localhost", "[::1]", "::1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (host.n >= strlen(names[i]) && memcmp(host.p, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static void look_at_bus(cx_assess *a) {
    const char *protocol = cx_config_text(a->config, "kafka.security.protocol");
    bool here = true;
    for (cx_view rest = cx_view_of(cx_config_text(a->config, "kafka.bootstrap.servers")); rest.n > 0;)
        here = is_here(cx_view_trim(cx_view_split(rest, ',', &rest))) && here;
    bool proves = strcmp(protocol, "SASL_SSL") == 0 || strcmp(protocol, "sasl_ssl") == 0 ||
                  ((strcmp(protocol, "SSL") == 0 || strcmp(protocol, "ssl") == 0) &&
                   cx_config_text(a->config, "kafka.ssl.certificate.location")[0] != '\0');
    a->looked_at++;
    if (!here && !proves)
        cx_assess_tell(
            a,
            "Kafka on another machine: security.protocol is %s, neither SASL_SSL nor SSL with a certificate",
            protocol[0] != '\0' ? protocol : "PLAINTEXT");
}

/* libpq's "key=value", quoted or not; p NULL: it is not there. */
static cx_view conninfo(const char *text, const char *key) {
    const char *at = text;
    size_t n = strlen(key);
    while ((at = strstr(at, key)) != NULL && ((at != text && at[-1] != ' ') || at[n] != '='))
        at += n;
    if (at == NULL)
        return (cx_view){NULL, 0};
    at += n + 1;
    return *at == '\'' ? (cx_view){at + 1, strcspn(at + 1, "'")} : (cx_view){at, strcspn(at, " ")};
}

static void look_at_stores(cx_assess *a) {
    const char *info = cx_config_text(a->config, "postgres.conninfo"),
               *redis = cx_config_text(a->config, "redis.socket");
    cx_view host = conninfo(info, "host"), mode = conninfo(info, "sslmode");
    a->looked_at += 3;
    if (host.n > 0 && host.p[0] != '/' && !is_here(host) && !cx_view_is(mode, "verify-full"))
        cx_assess_tell(a, "PostgreSQL on another machine: sslmode in postgres.conninfo is not verify-full");
    if (redis[0] != '/' && strchr(redis, '/') == NULL && !is_here(cx_view_of(redis)))
        cx_assess_tell(a, "redis.socket is neither a path nor an address of this machine");
    if (cx_config_text(a->config, "query.socket")[0] == '\0' &&
        !is_here(cx_view_of(cx_config_text(a->config, "query.address"))))
        cx_assess_tell(a, "query.address is none of this machine, and the query service has no TLS");
}

cx_rc cx_assess_channels(cx_assess *a, cx_err *err) {
    (void)err;
    look_at_bus(a);
    look_at_stores(a);
    return CX_OK;
}
