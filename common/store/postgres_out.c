#include "common/store/postgres_out.h"

#include <stdlib.h>
#include <string.h>

#include "common/store/postgres_inside.h"

enum { HEADER = 19, TRAILER = 2, SCRIPT_WAIT_MS = 600000 };

struct cx_pg_out {
    cx_pg *pg;
    char *chunk; /* libpq's */
    bool headed, ended;
};

cx_rc cx_pg_out_open(cx_pg *pg, const char *statement, cx_pg_out **out, cx_err *err) {
    PGresult *result = NULL;
    *out = NULL;
    if (PQsendQuery(pg->conn, statement) == 0)
        return cx_pg_fail(pg, NULL, "COPY", err);
    CX_TRY(cx_pg_only_result(pg, "COPY", &result, err));
    cx_rc rc = PQresultStatus(result) == PGRES_COPY_OUT ? CX_OK : cx_pg_fail(pg, result, "COPY", err);
    PQclear(result);
    CX_TRY(rc);
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (*out)->pg = pg;
    return CX_OK;
}

void cx_pg_out_close(cx_pg_out **out) {
    if (*out == NULL)
        return;
    PQfreemem((*out)->chunk);
    free(*out);
    *out = NULL;
}

/* -1: the end. */
static cx_rc next_chunk(cx_pg_out *o, int *n, cx_err *err) {
    int64_t deadline = cx_pg_now_ms() + CX_PG_WAIT_MS;
    PQfreemem(o->chunk);
    o->chunk = NULL;
    while ((*n = PQgetCopyData(o->pg->conn, &o->chunk, 1)) == 0)
        if (!cx_pg_await(o->pg, false, deadline))
            return cx_fail(err, CX_STORE_AWAY, "PostgreSQL, COPY: no answer in time");
        else if (PQconsumeInput(o->pg->conn) == 0)
            return cx_pg_fail(o->pg, NULL, "COPY", err);
    return *n >= -1 ? CX_OK : cx_pg_fail(o->pg, NULL, "COPY", err);
}

static cx_rc finish(cx_pg_out *o, cx_err *err) {
    PGresult *result = NULL;
    o->ended = true;
    CX_TRY(cx_pg_only_result(o->pg, "COPY", &result, err));
    cx_rc rc = PQresultStatus(result) == PGRES_COMMAND_OK ? CX_OK : cx_pg_fail(o->pg, result, "COPY", err);
    PQclear(result);
    return rc;
}

/* The server sends one row a chunk; the format's header stands before the first, its trailer alone at the
 * end. */
cx_rc cx_pg_out_next(cx_pg_out *o, cx_view *row, cx_err *err) {
    *row = (cx_view){NULL, 0};
    while (!o->ended) {
        int n = 0;
        CX_TRY(next_chunk(o, &n, err));
        if (n < 0)
            return finish(o, err);
        size_t skip = o->headed ? 0 : HEADER;
        if ((size_t)n < skip + TRAILER)
            return cx_fail(err, CX_STORE, "PostgreSQL, COPY: a row that is none");
        o->headed = true;
        cx_view rest = {o->chunk + skip, (size_t)n - skip};
        if (rest.n == TRAILER && memcmp(rest.p, "\377\377", TRAILER) == 0)
            continue;
        *row = rest;
        return CX_OK;
    }
    return CX_OK;
}

static uint32_t number_at(const char *p, int bytes) {
    uint32_t v = 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | (unsigned char)p[i];
    return v;
}

cx_view cx_pg_out_field(cx_view row, int i) {
    size_t at = 2;
    if (row.n < 2 || i < 0 || (uint32_t)i >= number_at(row.p, 2))
        return (cx_view){NULL, 0};
    for (;; i--) {
        if (row.n - at < 4)
            return (cx_view){NULL, 0};
        uint32_t length = number_at(row.p + at, 4);
        bool null = length == UINT32_MAX;
        at += 4;
        if (!null && length > row.n - at)
            return (cx_view){NULL, 0};
        if (i == 0)
            return null ? (cx_view){NULL, 0} : (cx_view){row.p + at, length};
        at += null ? 0 : length;
    }
}

cx_rc cx_pg_script(cx_pg *pg, const char *text, cx_err *err) {
    int64_t deadline = cx_pg_now_ms() + SCRIPT_WAIT_MS;
    cx_rc rc = CX_OK;
    if (PQsendQuery(pg->conn, text) == 0)
        return cx_pg_fail(pg, NULL, "a script", err);
    while (PQflush(pg->conn) > 0)
        if (!cx_pg_await(pg, true, deadline) || PQconsumeInput(pg->conn) == 0)
            return cx_fail(err, CX_STORE_AWAY, "PostgreSQL, a script: not sent in time");
    for (;;) { /* every statement's result: the first that failed is told */
        while (PQisBusy(pg->conn) != 0)
            if (!cx_pg_await(pg, false, deadline) || PQconsumeInput(pg->conn) == 0)
                return cx_fail(err, CX_STORE_AWAY, "PostgreSQL, a script: no answer in time");
        PGresult *result = PQgetResult(pg->conn);
        if (result == NULL)
            return rc;
        ExecStatusType status = PQresultStatus(result);
        if (rc == CX_OK && status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            rc = cx_pg_fail(pg, result, "a script", err);
        PQclear(result);
    }
}
