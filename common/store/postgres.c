#include "common/store/postgres_inside.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct cx_pg_rows {
    PGresult *result;
};

enum { COPY_CHUNK = 1 << 16, CONSTRAINT_SHOWN = 63 };

/* --- errors -------------------------------------------------------------------------------------------- */

cx_rc cx_pg_class(const char *sqlstate) {
    static const char *const passing[] = {
        "08",    /* connection */
        "53",    /* too many connections, disk full, out of memory */
        "57P",   /* shutting down, crashed, starting, terminated */
        "40",    /* serialisation, deadlock, completion unknown */
        "55P03", /* lock not available */
        "25P03", /* idle in a transaction for too long */
        "25006", /* read-only: a server that is being promoted */
        "57014", /* cancelled */
    };
    if (sqlstate == NULL || sqlstate[0] == '\0')
        return CX_STORE_AWAY;
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
        if (strncmp(sqlstate, passing[i], strlen(passing[i])) == 0)
            return CX_STORE_AWAY;
    return CX_STORE;
}

cx_rc cx_pg_fail(const cx_pg *pg, const PGresult *result, const char *what, cx_err *err) {
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (PQstatus(pg->conn) != CONNECTION_OK || state == NULL)
        return cx_fail(err, CX_STORE_AWAY, "PostgreSQL, %s: connection lost%s%s", what,
                       state != NULL ? ", SQLSTATE " : "", state != NULL ? state : "");
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    return cx_fail(err, cx_pg_class(state), "PostgreSQL, %s: SQLSTATE %s%s%.*s", what, state,
                   constraint != NULL ? ", constraint " : "", CONSTRAINT_SHOWN,
                   constraint != NULL ? constraint : "");
}

/* --- waiting ------------------------------------------------------------------------------------------- */

int64_t cx_pg_now_ms(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until the socket can be read (or written, too). false: not in time, or no socket any more. */
bool cx_pg_await(const cx_pg *pg, bool write, int64_t deadline) {
    for (;;) {
        int64_t left = deadline - cx_pg_now_ms();
        struct pollfd p = {PQsocket(pg->conn), (short)(write ? POLLIN | POLLOUT : POLLIN), 0};
        if (left <= 0 || p.fd < 0)
            return false;
        int n = poll(&p, 1, (int)left);
        if (n > 0)
            return true;
        if (n == 0 || errno != EINTR)
            return false;
    }
}

/* Everything queued goes out. */
static cx_rc flush(cx_pg *pg, const char *what, int64_t deadline, cx_err *err) {
    int left;
    while ((left = PQflush(pg->conn)) > 0)
        if (!cx_pg_await(pg, true, deadline) || PQconsumeInput(pg->conn) == 0)
            break;
    return left == 0 ? CX_OK : cx_fail(err, CX_STORE_AWAY, "PostgreSQL, %s: not sent in time", what);
}

/* The next result, NULL at the end of the command. */
static cx_rc next_result(cx_pg *pg, const char *what, int64_t deadline, PGresult **out, cx_err *err) {
    while (PQisBusy(pg->conn) != 0)
        if (!cx_pg_await(pg, false, deadline))
            return cx_fail(err, CX_STORE_AWAY, "PostgreSQL, %s: no answer in time", what);
        else if (PQconsumeInput(pg->conn) == 0)
            return cx_pg_fail(pg, NULL, what, err);
    *out = PQgetResult(pg->conn);
    return CX_OK;
}

/* The command's only result, drained to its end; ours to clear, whatever it says. */
cx_rc cx_pg_only_result(cx_pg *pg, const char *what, PGresult **out, cx_err *err) {
    int64_t deadline = cx_pg_now_ms() + CX_PG_WAIT_MS;
    PGresult *first = NULL, *more = NULL;
    cx_rc rc = flush(pg, what, deadline, err);
    if (rc == CX_OK)
        rc = next_result(pg, what, deadline, &first, err);
    while (rc == CX_OK && first != NULL) {
        ExecStatusType status = PQresultStatus(first);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
            break; /* the data comes next */
        rc = next_result(pg, what, deadline, &more, err);
        if (rc != CX_OK || more == NULL)
            break;
        PQclear(more);
    }
    if (rc == CX_OK && first == NULL)
        rc = cx_pg_fail(pg, NULL, what, err);
    if (rc != CX_OK) {
        PQclear(first);
        first = NULL;
    }
    *out = first;
    return rc;
}

/* --- connection ---------------------------------------------------------------------------------------- */

static cx_rc check_conninfo(const char *conninfo, cx_err *err) {
    char *said = NULL; /* may quote a password */
    PQconninfoOption *options = PQconninfoParse(conninfo, &said);
    PQfreemem(said);
    if (options == NULL)
        return cx_fail(err, CX_CONFIG, "postgres.conninfo is not a connection string of libpq");
    PQconninfoFree(options);
    return CX_OK;
}

cx_rc cx_pg_open(const char *conninfo, const char *role, const char *application, cx_pg **out, cx_err *err) {
    *out = NULL;
    CX_TRY(check_conninfo(conninfo, err));
    cx_pg *pg = calloc(1, sizeof *pg);
    if (pg == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    const char *const names[] = {"connect_timeout", "dbname",  "user", "application_name",
                                 "client_encoding", "options", NULL};
    const char *const values[] = {
        "5",    conninfo,
        role,   application,
        "UTF8", "-c timezone=UTC -c datestyle=ISO,YMD -c search_path=pg_catalog -c extra_float_digits=3",
        NULL};
    pg->conn = PQconnectdbParams(names, values, 1);
    cx_rc rc = CX_OK;
    if (pg->conn == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    else if (PQstatus(pg->conn) != CONNECTION_OK && PQconnectionNeedsPassword(pg->conn))
        rc = cx_fail(err, CX_CONFIG, "PostgreSQL wants a password for role %s: see postgres.conninfo", role);
    else if (PQstatus(pg->conn) != CONNECTION_OK)
        rc = cx_fail(err, CX_STORE_AWAY, "PostgreSQL: no connection as %s", role);
    else if (PQsetnonblocking(pg->conn, 1) != 0)
        rc = cx_fail(err, CX_STORE, "PostgreSQL: no non-blocking connection");
    if (rc != CX_OK)
        cx_pg_close(&pg);
    *out = pg;
    return rc;
}

void cx_pg_close(cx_pg **pg) {
    if (*pg == NULL)
        return;
    if ((*pg)->conn != NULL)
        PQfinish((*pg)->conn);
    free(*pg);
    *pg = NULL;
}

/* --- statements ---------------------------------------------------------------------------------------- */

cx_rc cx_pg_query(cx_pg *pg, const char *sql, const char *const *values, int n, cx_pg_rows **rows,
                  cx_err *err) {
    if (rows != NULL)
        *rows = NULL;
    if (PQsendQueryParams(pg->conn, sql, n, NULL, values, NULL, NULL, 0) == 0)
        return cx_pg_fail(pg, NULL, "sending a statement", err);
    PGresult *result = NULL;
    CX_TRY(cx_pg_only_result(pg, "a statement", &result, err));
    ExecStatusType status = PQresultStatus(result);
    cx_rc rc = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
                   ? CX_OK
                   : cx_pg_fail(pg, result, "a statement", err);
    if (rc == CX_OK && rows != NULL) {
        *rows = calloc(1, sizeof **rows);
        if (*rows == NULL)
            rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        else
            (*rows)->result = result;
    }
    if (rc != CX_OK || rows == NULL)
        PQclear(result);
    return rc;
}

int cx_pg_rows_count(const cx_pg_rows *rows) {
    return PQntuples(rows->result);
}

const char *cx_pg_value(const cx_pg_rows *rows, int row, int column) {
    return PQgetisnull(rows->result, row, column) != 0 ? NULL : PQgetvalue(rows->result, row, column);
}

void cx_pg_rows_free(cx_pg_rows **rows) {
    if (*rows == NULL)
        return;
    PQclear((*rows)->result);
    free(*rows);
    *rows = NULL;
}

/* --- transactions -------------------------------------------------------------------------------------- */

/* A statement that must answer with just that tag. */
static cx_rc command(cx_pg *pg, const char *sql, const char *tag, cx_err *err) {
    if (PQsendQuery(pg->conn, sql) == 0)
        return cx_pg_fail(pg, NULL, sql, err);
    PGresult *result = NULL;
    CX_TRY(cx_pg_only_result(pg, sql, &result, err));
    cx_rc rc = CX_OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        rc = cx_pg_fail(pg, result, sql, err);
    else if (strcmp(PQcmdStatus(result), tag) != 0)
        rc = cx_fail(err, CX_STORE, "PostgreSQL answered %s with %s", sql, PQcmdStatus(result));
    PQclear(result);
    return rc;
}

cx_rc cx_pg_begin(cx_pg *pg, cx_err *err) {
    return command(pg, "BEGIN", "BEGIN", err);
}

cx_rc cx_pg_commit(cx_pg *pg, cx_err *err) {
    return command(pg, "COMMIT", "COMMIT", err);
}

void cx_pg_rollback(cx_pg *pg) {
    cx_err ignored;
    if (PQstatus(pg->conn) == CONNECTION_OK && PQtransactionStatus(pg->conn) != PQTRANS_IDLE &&
        command(pg, "ROLLBACK", "ROLLBACK", &ignored) != CX_OK)
        return; /* the server rolls back when the connection ends */
}

/* --- copy ---------------------------------------------------------------------------------------------- */

static cx_rc put(cx_pg *pg, const char *bytes, size_t n, int64_t deadline, cx_err *err) {
    while (n > 0) {
        size_t part = n < COPY_CHUNK ? n : COPY_CHUNK;
        int sent = PQputCopyData(pg->conn, bytes, (int)part);
        if (sent < 0)
            return cx_pg_fail(pg, NULL, "COPY", err);
        if (sent > 0) {
            bytes += part;
            n -= part;
        }
        CX_TRY(flush(pg, "COPY", deadline, err));
    }
    return CX_OK;
}

cx_rc cx_pg_copy(cx_pg *pg, const char *statement, const void *rows, size_t n, cx_err *err) {
    static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";
    static const char trailer[] = "\377\377";
    if (PQsendQuery(pg->conn, statement) == 0)
        return cx_pg_fail(pg, NULL, "COPY", err);
    PGresult *result = NULL;
    CX_TRY(cx_pg_only_result(pg, "COPY", &result, err));
    bool open = PQresultStatus(result) == PGRES_COPY_IN;
    cx_rc rc = open ? CX_OK : cx_pg_fail(pg, result, "COPY", err);
    PQclear(result);
    CX_TRY(rc);
    int64_t deadline = cx_pg_now_ms() + CX_PG_WAIT_MS;
    CX_TRY(put(pg, header, sizeof header - 1, deadline, err));
    CX_TRY(put(pg, rows, n, deadline, err));
    CX_TRY(put(pg, trailer, sizeof trailer - 1, deadline, err));
    if (PQputCopyEnd(pg->conn, NULL) < 0)
        return cx_pg_fail(pg, NULL, "COPY", err);
    CX_TRY(cx_pg_only_result(pg, "COPY", &result, err));
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        rc = cx_pg_fail(pg, result, "COPY", err);
    PQclear(result);
    return rc;
}
