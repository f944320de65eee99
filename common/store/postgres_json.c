#include "common/store/postgres_json.h"

cx_rc cx_pg_json(cx_pg *pg, const char *sql, const char *const *values, int n, json_t **out, cx_err *err) {
    cx_pg_rows *rows = NULL;
    *out = NULL;
    cx_rc rc = cx_pg_query(pg, sql, values, n, &rows, err);
    const char *text = rc == CX_OK && cx_pg_rows_count(rows) > 0 ? cx_pg_value(rows, 0, 0) : NULL;
    if (text != NULL && (*out = json_loads(text, JSON_DECODE_ANY, NULL)) == NULL)
        rc = cx_fail(err, CX_STORE, "PostgreSQL answered with no JSON");
    cx_pg_rows_free(&rows);
    return rc;
}

cx_rc cx_pg_json_once(const char *conninfo, const char *role, const char *application, const char *sql,
                      const char *const *values, int n, json_t **out, cx_err *err) {
    cx_pg *pg = NULL;
    *out = NULL;
    cx_rc rc = cx_pg_open(conninfo, role, application, &pg, err);
    if (rc == CX_OK)
        rc = cx_pg_json(pg, sql, values, n, out, err);
    cx_pg_close(&pg);
    return rc;
}
