#!/bin/bash
# The three servers, Kafka, PostgreSQL and Redis, as private instances in one folder, on loopback ports of their own.
# ops/up, the tests and the benchmarks all use these functions.
#
#   ops/lib/servers.sh start   [--dir DIR] [--kafka VERSION] [--heap SIZE] [--fsync off] [--brief yes]
#                          [SERVER...]
#   ops/lib/servers.sh stop    [--dir DIR] [SERVER...]      stops by pid, in order; nothing running is no error
#   ops/lib/servers.sh status  [--dir DIR]                  one line a server; exit 1 when one is down
#   ops/lib/servers.sh env     [--dir DIR]                  KEY=VALUE: ports, sockets, secrets' files, connection strings
#   ops/lib/servers.sh wipe    [--dir DIR]                  stops them and removes their data
#   ops/lib/servers.sh psql|redis-cli [--dir DIR] ARG...    a client, as the administrator
#   ops/lib/servers.sh kafka-tool [--dir DIR] CLASS ARG...  a class of Kafka's distribution
#
# SERVER is kafka, postgres or redis (all three when none is named). DIR (default: var/ of the tree; CX_VAR) holds
# etc/ (rendered configuration), data/, log/, run/ (pid files "PID STARTTIME", sockets), secrets/ (mode 700).
# --brief yes: a broker that lives for minutes, as a test's.
# The first start in a folder chooses version and ports (19092.. when free, else free ones) and writes them to
# etc/servers.env; later calls read them there. PostgreSQL: database chengxin; owner postgres and roles cx_history,
# cx_auditor, cx_query, by peer over the socket from the account that started it, by scram on TCP. Redis: users admin,
# cache, query. Passwords are in secrets/postgres-ROLE and secrets/redis-USER.
#
# An example:  ops/lib/servers.sh start --dir /tmp/me && eval "$(ops/lib/servers.sh env --dir /tmp/me)"
#              kcat -b "$CX_KAFKA_BOOTSTRAP" -L; psql "$CX_PG_CONNINFO"; ops/lib/servers.sh wipe --dir /tmp/me

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$CX_ROOT/ops/lib/kafka.sh"
source "$CX_ROOT/ops/lib/postgres.sh"
source "$CX_ROOT/ops/lib/redis.sh"

CX_SERVERS="kafka postgres redis"
export CX_VAR=${CX_VAR:-$CX_ROOT/var}
export CX_LIBS=${CX_LIBS:-$CX_ROOT/var/kafka} # the jars are shared by all instances
CX_SAVED="CX_KAFKA_VERSION CX_KAFKA_HEAP CX_KAFKA_BRIEF CX_FSYNC CX_KAFKA_PORT CX_KAFKA_CONTROLLER_PORT CX_PG_PORT CX_REDIS_PORT CX_METRICS_PORT"

cx_servers_load() { [ ! -f "$CX_VAR/etc/servers.env" ] || source "$CX_VAR/etc/servers.env"; }

cx_saved() { sed -n "s/^$1=//p" "$CX_VAR/etc/servers.env"; } # NAME -> what the last start wrote

# What is asked for wins over what was saved; what neither says gets its default. Ports are saved once.
cx_servers_settle() {
    local name asked=() pair free
    for name in $CX_SAVED; do
        [ -z "${!name:-}" ] || asked+=("$name=${!name}")
    done
    cx_servers_load
    for pair in "${asked[@]}"; do printf -v "${pair%%=*}" %s "${pair#*=}"; done
    CX_KAFKA_VERSION=${CX_KAFKA_VERSION:-3.9.2} CX_KAFKA_HEAP=${CX_KAFKA_HEAP:-1g} CX_KAFKA_BRIEF=${CX_KAFKA_BRIEF:-no} CX_FSYNC=${CX_FSYNC:-on}
    read -ra free < <(cx_free_ports)
    for name in ${CX_SAVED#*CX_FSYNC}; do
        [ -n "${!name:-}" ] || printf -v "$name" %s "${free[0]}"
        free=("${free[@]:1}")
    done
    if [ -f "$CX_VAR/data/kafka/meta.properties" ] && [ "$(cx_saved CX_KAFKA_VERSION)" != "$CX_KAFKA_VERSION" ]; then
        cx_die "the data in $CX_VAR are Kafka $(cx_saved CX_KAFKA_VERSION)'s; begin anew (--fresh) for $CX_KAFKA_VERSION"
    fi
    mkdir -p "$CX_VAR"/{etc,data,log,run,secrets} "$CX_VAR"/data/{kafka,redis}
    chmod 700 "$CX_VAR"/{log,secrets} "$CX_VAR"/data/{kafka,redis} # what departments sent is in there in clear
    chmod 711 "$CX_VAR/data"                                        # user postgres passes through
    for name in $CX_SAVED; do printf '%s=%s\n' "$name" "${!name}"; done >"$CX_VAR/etc/servers.env"
}

# The well-known ports where all are free (and we are the tree's own instance); else a free block of 200, for two
# instances must not meet, below the range that the kernel gives to outgoing connections. The last is the first of 160
# for the services' metrics.
cx_free_ports() {
    CX_WELL_KNOWN=$([ "$CX_VAR" = "$CX_ROOT/var" ] && echo 1) /usr/bin/python3 - <<'PY'
import os, random, socket

def free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

ports = [19092, 19093, 15432, 16379, 9464]
if not os.environ.get("CX_WELL_KNOWN") or not all(map(free, ports)):
    blocks = [[b, b + 1, b + 2, b + 3, b + 20] for b in range(20000, 32400, 200)]
    random.shuffle(blocks)
    ports = next(block for block in blocks if all(map(free, block)))
print(*ports)
PY
}

# cx_socket_dir DIR NAME: DIR, unless the kernel's 107 bytes for a socket's name do not hold one in it: then a short
# folder of this instance's own.
cx_socket_dir() {
    if [ ${#1} -le 85 ]; then
        printf '%s\n' "$1"
    else
        printf '/tmp/chengxin-%s-%s-%s\n' "$2" "$EUID" "$(printf %s "$CX_VAR" | sha256sum | cut -c 1-12)"
    fi
}

# Where the query service listens.
cx_query_socket() { printf '%s/query.sock\n' "$(cx_socket_dir "$CX_VAR/run" query)"; }

# One that runs is waited for and completed as well: an earlier start may have been interrupted.
cx_servers_start() {
    local server began was
    cx_servers_settle
    for server in "$@"; do
        began=$(date +%s%N) was=up
        if ! cx_pid "$CX_VAR/run/$server.pid" >/dev/null; then
            was=down
            "cx_${server}_start" || cx_die "$server did not start; its logs are in $CX_VAR/log/"
        fi
        "cx_${server}_await" || cx_die "$server is not ready; its logs are in $CX_VAR/log/"
        if [ $was = up ]; then
            cx_say "$(printf '%-8s was up' "$server")"
        else
            cx_say "$(printf '%-8s up in %d ms' "$server" $((($(date +%s%N) - began) / 1000000)))"
        fi
    done
}

cx_servers_stop() { # in the reverse order
    local server reversed=
    cx_servers_load
    for server in "$@"; do reversed="$server $reversed"; done
    for server in $reversed; do "cx_${server}_stop"; done
}

cx_servers_status() {
    local server pid down=0
    for server in $CX_SERVERS; do
        if pid=$(cx_pid "$CX_VAR/run/$server.pid"); then
            cx_say "$(printf '%-8s pid %s' "$server" "$pid")"
        else
            cx_say "$(printf '%-8s down' "$server")"
            down=1
        fi
    done
    return $down
}

cx_servers_env() {
    local name
    cx_servers_load
    for name in $CX_SAVED; do printf '%s=%q\n' "$name" "${!name}"; done
    printf '%s=%q\n' CX_DIR "$CX_VAR" CX_SECRETS "$CX_VAR/secrets" CX_KAFKA_BOOTSTRAP "127.0.0.1:$CX_KAFKA_PORT" \
        CX_PG_SOCKET_DIR "$(cx_pg_socket_dir)" CX_REDIS_SOCKET "$(cx_redis_socket)" \
        CX_QUERY_SOCKET "$(cx_query_socket)" \
        CX_PG_CONNINFO "host='$(cx_pg_socket_dir)' port=$CX_PG_PORT dbname=chengxin user=postgres"
}

cx_servers_wipe() {
    cx_servers_stop $CX_SERVERS
    cx_pg_wipe
    rm -rf "$(cx_pg_socket_dir)" "$(dirname "$(cx_redis_socket)")" "$(dirname "$(cx_query_socket)")"
    rm -rf "$CX_VAR"/{data,log,run,etc,secrets}
}

cx_servers_main() {
    local verb=${1:-} rest=()
    shift || true
    while [ $# -gt 0 ]; do
        case $1 in
        --dir) CX_VAR=$(realpath -m "$2") && shift ;;
        --kafka) CX_KAFKA_VERSION=$2 && shift ;;
        --heap) CX_KAFKA_HEAP=$2 && shift ;;
        --fsync) CX_FSYNC=$2 && shift ;;
        --brief) CX_KAFKA_BRIEF=$2 && shift ;;
        *) rest+=("$1") && case $verb in psql | redis-cli | kafka-tool) shift && rest+=("$@") && break ;; esac ;;
        esac
        shift
    done
    case $verb in
    start | stop)
        [ ${#rest[@]} -gt 0 ] || rest=($CX_SERVERS)
        "cx_servers_$verb" "${rest[@]}"
        ;;
    status | env | wipe) "cx_servers_$verb" ;;
    psql) cx_servers_load && cx_psql -d chengxin "${rest[@]}" ;;
    redis-cli) cx_servers_load && cx_redis_cli "${rest[@]}" ;;
    kafka-tool) cx_servers_load && CX_KAFKA_BRIEF=yes && cx_kafka_java 256m "${rest[@]}" ;;
    *) sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && return 2 ;;
    esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -u
    cx_servers_main "$@"
fi
