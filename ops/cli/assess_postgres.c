/* Who may what in PostgreSQL, and what goes into its log. */
#include <stdio.h>
#include <string.h>

#include "common/store/postgres.h"
#include "ops/cli/assess.h"

static cx_rc ask(const cx_assess *a, const char *sql, cx_pg_rows **rows, cx_err *err) {
    cx_pg *pg = NULL;
    CX_TRY(
        cx_pg_open(cx_config_text(a->config, "postgres.conninfo"), "cx_query", "chengxin assess", &pg, err));
    cx_rc rc = cx_pg_query(pg, sql, NULL, 0, rows, err);
    cx_pg_close(&pg);
    return rc;
}

/* Every right on a table or view of the schema that is not its owner's; of a month's own partition, too. */
static const char rights_sql[] =
    "SELECT 'history.' || c.relname, coalesce(r.rolname, 'everybody'), x.privilege_type, c.relispartition "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) x "
    "LEFT JOIN pg_roles r ON r.oid = x.grantee "
    "WHERE n.nspname = 'history' AND c.relkind IN ('r', 'p', 'v', 'm') AND x.grantee <> c.relowner ORDER BY "
    "1, 2, 3";

static bool may(const cx_assess *a, cx_view table, cx_view role, cx_view right) {
    const cx_view *row = cx_assess_declared(a, "table", table);
    bool counts = cx_view_is(table, "history.offsets");
    if (row == NULL)
        return false;
    if (cx_view_is(right, "SELECT"))
        return cx_assess_word(row[CX_INVENTORY_READERS], role);
    return cx_view_is(role, "cx_history") &&
           (cx_view_is(right, "INSERT") || (counts && cx_view_is(right, "UPDATE")));
}

static cx_rc look_at_rights(cx_assess *a, cx_err *err) {
    cx_pg_rows *rows = NULL;
    CX_TRY(ask(a, rights_sql, &rows, err));
    for (int i = 0; i < cx_pg_rows_count(rows); i++) {
        const char *table = cx_pg_value(rows, i, 0), *role = cx_pg_value(rows, i, 1),
                   *right = cx_pg_value(rows, i, 2);
        bool month = cx_pg_value(rows, i, 3)[0] == 't';
        a->looked_at++;
        if (month || !may(a, cx_view_of(table), cx_view_of(role), cx_view_of(right)))
            cx_assess_tell(a, "%s may %s %s: not declared; REVOKE it", role, right, table);
    }
    cx_pg_rows_free(&rows);
    return CX_OK;
}

static cx_rc look_at_tables(cx_assess *a, cx_err *err) {
    cx_pg_rows *rows = NULL;
    CX_TRY(ask(a,
               "SELECT 'history.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
               "WHERE n.nspname = 'history' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT "
               "c.relispartition ORDER BY 1",
               &rows, err));
    for (int i = 0; i < cx_pg_rows_count(rows); i++) {
        a->looked_at++;
        if (cx_assess_declared(a, "table", cx_view_of(cx_pg_value(rows, i, 0))) == NULL)
            cx_assess_tell(a, "%s: a table that the inventory does not know", cx_pg_value(rows, i, 0));
    }
    cx_pg_rows_free(&rows);
    return CX_OK;
}

/* Those that may enter the database: ours, and the owner of the schema. */
static cx_rc look_at_roles(cx_assess *a, cx_err *err) {
    cx_pg_rows *rows = NULL;
    CX_TRY(ask(a,
               "SELECT r.rolname, r.rolsuper FROM pg_roles r WHERE r.rolcanlogin AND r.rolname NOT IN "
               "('cx_history', "
               "'cx_auditor', 'cx_query') AND r.oid <> (SELECT nspowner FROM pg_namespace WHERE nspname = "
               "'history') "
               "AND (r.rolsuper OR has_database_privilege(r.oid, current_database(), 'CONNECT')) ORDER BY 1",
               &rows, err));
    for (int i = 0; i < cx_pg_rows_count(rows); i++)
        cx_assess_tell(a, "role %s may enter the database%s: not declared", cx_pg_value(rows, i, 0),
                       cx_pg_value(rows, i, 1)[0] == 't' ? ", as a superuser" : "");
    a->looked_at++;
    cx_pg_rows_free(&rows);
    return CX_OK;
}

cx_rc cx_assess_grants(cx_assess *a, cx_err *err) {
    CX_TRY(look_at_tables(a, err));
    CX_TRY(look_at_rights(a, err));
    return look_at_roles(a, err);
}

cx_rc cx_assess_logging(cx_assess *a, cx_err *err) {
    static const char *const wanted[][2] = {{"log_statement", "none"},
                                            {"log_min_error_statement", "panic"},
                                            {"log_min_duration_statement", "-1"},
                                            {"log_parameter_max_length", "0"},
                                            {"log_parameter_max_length_on_error", "0"},
                                            {"log_error_verbosity", "terse"},
                                            {"password_encryption", "scram-sha-256"}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        char sql[96];
        cx_pg_rows *rows = NULL;
        (void)snprintf(sql, sizeof sql, "SHOW %s", wanted[i][0]);
        CX_TRY(ask(a, sql, &rows, err));
        a->looked_at++;
        if (strcmp(cx_pg_value(rows, 0, 0), wanted[i][1]) != 0)
            cx_assess_tell(a, "PostgreSQL's %s is %s; %s keeps personal data out of its log and passwords",
                           wanted[i][0], cx_pg_value(rows, 0, 0), wanted[i][1]);
        cx_pg_rows_free(&rows);
    }
    return CX_OK;
}
