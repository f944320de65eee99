# The services, in the order in which they start (and, from the spine's beginning to its end, stop). Sourced by ops/up,
# ops/down and the tests' harness. This list is the only one.

CX_SERVICES_ALL="intake clock classifier registrar sanctioner courier points cache history query bridge"

# Those that this tree has, and that have something to do: a bridge only where the other end is set.
cx_services() {
    local name
    for name in $CX_SERVICES_ALL; do
        [ "$name" != bridge ] || grep -qs '^bridge\.target=.' "$CX_VAR/etc/local.properties" || continue
        [ ! -f "$CX_ROOT/services/$name/main.c" ] || printf '%s\n' "$name"
    done
}

cx_service_program() { printf '%s/services/%s/chengxin-%s\n' "${CX_BUILD:-$CX_ROOT/build/release}" "$1" "$1"; }

# cx_service_port NAME SLOT: where its /metrics, /healthz and /readyz are: CX_METRICS_PORT + its place in the list, 20
# further for each slot.
cx_service_port() {
    local name n=0
    for name in $CX_SERVICES_ALL; do
        [ "$name" != "$1" ] || break
        n=$((n + 1))
    done
    printf '%s\n' $((CX_METRICS_PORT + n + 20 * $2))
}

# cx_service_start NAME [SLOT]: slot 0 is the service; further slots share its group. Its environment is the caller's. One
# that runs is left alone, unless its program was built anew since it started.
cx_service_start() {
    local name=$1 slot=${2:-0} id=$1 pid
    [ "$slot" = 0 ] || id=$name-$slot
    if pid=$(cx_pid "$CX_VAR/run/$id.pid"); then
        [[ $(readlink "/proc/$pid/exe") == *" (deleted)" ]] || return 0
        cx_stop "$CX_VAR/run/$id.pid" TERM 15 "$id"
    fi
    cx_daemon "$CX_VAR/run/$id.pid" "$CX_VAR/log/$id.log" "$(cx_service_program "$name")" \
        --config "$CX_VAR/etc/chengxin.properties" --slot "$slot" --metrics.port "$(cx_service_port "$name" "$slot")"
}

# cx_service_ready NAME SLOT: whether /readyz of that process says 200.
cx_service_ready() {
    local port line
    port=$(cx_service_port "$1" "$2")
    exec 7<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET /readyz HTTP/1.0\r\n\r\n' >&7
    read -r line <&7
    exec 7>&-
    [[ $line == *" 200 "* ]]
}

cx_service_wait() { # NAME [SLOT [SECONDS]]
    local slot=${2:-0} id=$1
    [ "$slot" = 0 ] || id=$1-$slot
    cx_wait "${3:-30}" "$id" "$CX_VAR/run/$id.pid" "$CX_VAR/log/$id.log" cx_service_ready "$1" "$slot"
}

# cx_exporter_start [OPTION...]: the exporter of lag and freshness, for Prometheus: on the port before the services'.
cx_exporter_start() {
    local pid
    if pid=$(cx_pid "$CX_VAR/run/lag.pid"); then
        [[ $(readlink "/proc/$pid/exe") == *" (deleted)" ]] || return 0
        cx_stop "$CX_VAR/run/lag.pid" TERM 15 lag
    fi
    cx_daemon "$CX_VAR/run/lag.pid" "$CX_VAR/log/lag.log" "${CX_BUILD:-$CX_ROOT/build/release}/ops/cli/chengxin" lag \
        --serve $((CX_METRICS_PORT - 1)) --config "$CX_VAR/etc/chengxin.properties" "$@"
}

# Every service that runs in this instance, whatever its slot: SIGTERM, and 15 s to commit what it holds.
cx_services_stop() {
    local name pidfile
    cx_stop "$CX_VAR/run/lag.pid" TERM 15 lag
    for name in $CX_SERVICES_ALL; do
        for pidfile in "$CX_VAR/run/$name.pid" "$CX_VAR/run/$name"-[0-9]*.pid; do
            [ ! -e "$pidfile" ] || cx_stop "$pidfile" TERM 15 "$(basename "$pidfile" .pid)"
        done
    done
}
