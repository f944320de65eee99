/* Answers of PostgreSQL that are one JSON value: our functions in schemas/sql give their reports and chains
 * so. */
#ifndef COMMON_STORE_POSTGRES_JSON_H
#define COMMON_STORE_POSTGRES_JSON_H

#include <jansson.h>

#include "common/store/postgres.h"

/* The first value of the first row, for the caller to release; *out is NULL where there is no row, or null.
 * Errors of cx_pg_query; STORE where it is no JSON. */
CX_MUST_CHECK cx_rc cx_pg_json(cx_pg *pg, const char *sql, const char *const *values, int n, json_t **out,
                               cx_err *err);
/* The same over a connection of its own (as cx_pg_open has it). */
CX_MUST_CHECK cx_rc cx_pg_json_once(const char *conninfo, const char *role, const char *application,
                                    const char *sql, const char *const *values, int n, json_t **out,
                                    cx_err *err);

#endif
