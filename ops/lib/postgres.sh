# A private PostgreSQL: made, started and stopped. Sourced by servers.sh, whose variables it uses: CX_VAR, CX_PG_PORT,
# CX_FSYNC. PostgreSQL refuses to run as root: there it runs as Debian's user postgres.

CX_PG_BIN=/usr/lib/postgresql/15/bin
CX_PG_ROLES="cx_history cx_auditor cx_query" # besides postgres, the owner; rights are given by schemas/sql

cx_pg_run() { # CMD...: as the server's user, keeping the pid
    if [ "$EUID" -eq 0 ]; then
        cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"
    else
        exec "$@"
    fi
}

# The home of data and socket: var/data/postgres; or, as root in a folder that user postgres cannot enter (such as
# /root), a folder of its own under /var/lib/postgresql, which `down --wipe` removes too.
cx_pg_home() {
    if [ "$EUID" -eq 0 ] && ! (cx_pg_run test -x "$CX_VAR" -a -x "$CX_VAR/data") 2>/dev/null; then
        printf '/var/lib/postgresql/chengxin-%s\n' "$(printf %s "$CX_VAR" | sha256sum | cut -c 1-12)"
    else
        printf '%s/data/postgres\n' "$CX_VAR"
    fi
}

cx_pg_socket_dir() { cx_socket_dir "$(cx_pg_home)/run" postgres; }

cx_pg_configure() {
    local home role config=$CX_ROOT/deploy/postgres
    home=$(cx_pg_home)
    mkdir -p "$home/run" "$(cx_pg_socket_dir)"
    cx_render "$config/postgresql.conf.in" "$CX_VAR/etc/postgresql.conf" "PORT=$CX_PG_PORT" "FSYNC=$CX_FSYNC" \
        "SOCKET_DIR=$(cx_pg_socket_dir)"
    cx_render "$config/pg_hba.conf.in" "$CX_VAR/etc/pg_hba.conf" "ROLES=${CX_PG_ROLES// /,}"
    for role in postgres $CX_PG_ROLES; do
        printf 'chengxin "%s" %s\n' "$(id -un)" "$role"
    done >"$CX_VAR/etc/pg_ident.conf"
    if [ "$EUID" -eq 0 ]; then
        chown postgres:postgres "$home" "$home/run" "$(cx_pg_socket_dir)"
    fi
    chmod 700 "$home"
}

cx_pg_init() {
    local home log=$CX_VAR/log/postgres.out sync=
    home=$(cx_pg_home)
    [ -f "$home/db/PG_VERSION" ] && return 0
    [ "$CX_FSYNC" = on ] || sync=--no-sync
    if ! (cx_pg_run $CX_PG_BIN/initdb --pgdata="$home/db" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
        --data-checksums --auth=reject $sync) >>"$log" 2>&1; then
        cx_show_log "$log"
        return 1
    fi
}

# cx_psql ARG...: as the owner, over the socket, every error final. Not Debian's wrapper in Perl, which takes ten times as long.
cx_psql() {
    PGOPTIONS=--client-min-messages=warning $CX_PG_BIN/psql -X -q -v ON_ERROR_STOP=1 -h "$(cx_pg_socket_dir)" -p "$CX_PG_PORT" \
        -U postgres "$@"
}

cx_pg_ready() { cx_psql -d template1 -c 'SELECT 1'; }

# The roles that may log in, and the database; what each may touch is said by schemas/sql.
cx_pg_provision() {
    local role secret statements=
    for role in $CX_PG_ROLES; do
        secret=$(cx_secret "$CX_VAR/secrets/postgres-$role") || return 1
        statements+="SELECT 'CREATE ROLE $role' WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '$role') \\gexec
SELECT 'ALTER ROLE $role LOGIN PASSWORD ''$secret''' FROM pg_authid WHERE rolname = '$role' AND rolpassword IS NULL \\gexec
"
    done
    cx_psql -d template1 <<SQL
$statements
SELECT 'CREATE DATABASE chengxin' WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'chengxin') \\gexec
\\connect chengxin
REVOKE ALL ON DATABASE chengxin FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE chengxin TO ${CX_PG_ROLES// /, };
SQL
}

cx_postgres_start() {
    local pidfile=$CX_VAR/run/postgres.pid home etc=$CX_VAR/etc
    cx_pg_configure && cx_pg_init || return 1
    home=$(cx_pg_home)
    cp "$etc/postgresql.conf" "$etc/pg_hba.conf" "$etc/pg_ident.conf" "$home/db/"
    [ "$EUID" -ne 0 ] || chown postgres:postgres "$home/db/"{postgresql,pg_hba,pg_ident}.conf
    cx_pg_forget_crashed "$home/db"
    cx_daemon "$pidfile" "$CX_VAR/log/postgres.out" bash -c 'source "$1"; cx_servers_load; cx_pg_run "$2" -D "$3"' \
        postgres "$CX_ROOT/ops/lib/servers.sh" "$CX_PG_BIN/postgres" "$home/db"
}

cx_postgres_await() {
    cx_wait 60 PostgreSQL "$CX_VAR/run/postgres.pid" "$CX_VAR/log/postgres.out" cx_pg_ready && cx_pg_provision
}

# After a kill -9 of the server its backends are still there for a moment, and its lock files name a pid that another
# process may have by now. When nobody works in the data folder any more, the locks are nobody's.
cx_pg_forget_crashed() {
    local db=$1 deadline=$((SECONDS + 20)) link busy=1
    while [ $busy = 1 ]; do
        busy=0
        for link in /proc/[0-9]*/cwd; do
            [ "$(readlink "$link" 2>/dev/null)" != "$db" ] || busy=1
        done
        [ $busy = 0 ] || [ "$SECONDS" -lt "$deadline" ] || return 0 # the server itself will say who is there
        [ $busy = 0 ] || sleep 0.1
    done
    rm -f "$db/postmaster.pid" "$(cx_pg_socket_dir)/.s.PGSQL.$CX_PG_PORT.lock"
}

cx_postgres_stop() { cx_stop "$CX_VAR/run/postgres.pid" INT 30 PostgreSQL; }

# What lies outside var/ (see cx_pg_home).
cx_pg_wipe() { rm -rf "$(cx_pg_home)"; }
