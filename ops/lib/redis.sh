# A private Redis: configured, started and stopped. Sourced by servers.sh, whose variables it uses: CX_VAR,
# CX_REDIS_PORT. Nobody enters without a password; each user has what its service needs (deploy/redis/users.acl.in).
# The user `default` is off: nobody can be it. It has all rights all the same, for Redis 7.0 reads its own append-only
# file with them: without, it skips what stands there in transactions, as every call of a function does.

CX_REDIS_USERS="admin cache query"

cx_redis_socket() { printf '%s/redis.sock\n' "$(cx_socket_dir "$CX_VAR/run" redis)"; }

cx_redis_configure() {
    local user hashes=()
    mkdir -p "$CX_VAR/data/redis" && mkdir -p -m 700 "$(dirname "$(cx_redis_socket)")"
    for user in $CX_REDIS_USERS; do
        hashes+=("${user^^}=$(cx_secret "$CX_VAR/secrets/redis-$user" | sha256sum | cut -d ' ' -f 1)")
    done
    (umask 077 && cx_render "$CX_ROOT/deploy/redis/users.acl.in" "$CX_VAR/etc/redis-users.acl" "${hashes[@]}") || return 1
    cx_render "$CX_ROOT/deploy/redis/redis.conf.in" "$CX_VAR/etc/redis.conf" "PORT=$CX_REDIS_PORT" \
        "DATA=$CX_VAR/data/redis" "SOCKET=$(cx_redis_socket)" "ACL=$CX_VAR/etc/redis-users.acl"
}

# cx_redis_cli ARG...: as the administrator; the password goes by the environment, which ps does not show.
cx_redis_cli() {
    REDISCLI_AUTH=$(cat "$CX_VAR/secrets/redis-admin") redis-cli --user admin -s "$(cx_redis_socket)" "$@"
}

cx_redis_ready() { [ "$(cx_redis_cli ping)" = PONG ]; }

cx_redis_start() {
    local pidfile=$CX_VAR/run/redis.pid
    cx_redis_configure || return 1
    cx_daemon "$pidfile" "$CX_VAR/log/redis.log" redis-server "$CX_VAR/etc/redis.conf"
}

cx_redis_await() { cx_wait 30 Redis "$CX_VAR/run/redis.pid" "$CX_VAR/log/redis.log" cx_redis_ready; }

cx_redis_stop() { cx_stop "$CX_VAR/run/redis.pid" TERM 30 Redis; }
