# Writes the configuration that all services and the command line share. Sourced after servers.sh.

# cx_config_write [KEY=VALUE...]: var/etc/chengxin.properties, from where the servers are. Passwords stay in their own files.
# What var/etc/local.properties says wins: it comes last.
cx_config_write() {
    cx_servers_load
    mkdir -p -m 700 "$(dirname "$(cx_query_socket)")"
    cat >"$CX_VAR/etc/chengxin.properties" <<PROPERTIES
# Written by ops/lib/config.sh at each start; what each key means: chengxin config --help
kafka.bootstrap.servers=127.0.0.1:$CX_KAFKA_PORT
postgres.conninfo=host='$(cx_pg_socket_dir)' port=$CX_PG_PORT dbname=chengxin user=cx_history
redis.socket=$(cx_redis_socket)
redis.user=cache
redis.password.file=$CX_VAR/secrets/redis-cache
query.socket=$(cx_query_socket)
query.redis.user=query
query.redis.password.file=$CX_VAR/secrets/redis-query
rebuild.redis.password.file=$CX_VAR/secrets/redis-admin
sql.dir=$CX_ROOT/schemas/sql
vault.dir=$CX_VAR/secrets/vault
state.dir=$CX_VAR/data/state
log.dir=$CX_VAR/log
topics.file=$CX_ROOT/deploy/kafka/topics.csv
security.dir=$CX_ROOT/deploy/security
PROPERTIES
    [ $# -eq 0 ] || printf '%s\n' "$@" >>"$CX_VAR/etc/chengxin.properties"
    [ ! -f "$CX_VAR/etc/local.properties" ] || cat "$CX_VAR/etc/local.properties" >>"$CX_VAR/etc/chengxin.properties"
}
