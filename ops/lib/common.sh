# Shared by the scripts of ops/: messages, waiting, pid files. Sourced; defines functions and CX_ROOT only.
#
# A pid file holds "PID STARTTIME" (field 22 of /proc/PID/stat), so that a number which the kernel has given to
# another process since then is never taken for ours, and never signalled.

CX_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CX_T0=${CX_T0:-$(date +%s)}

# A step, with the seconds since the script began.
cx_step() { printf '==> [%3ds] %s\n' "$(($(date +%s) - CX_T0))" "$*"; }
cx_say() { printf '    %s\n' "$*"; }
cx_warn() { printf '    warning: %s\n' "$*" >&2; }
cx_die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# cx_show_log FILE: the end of a log, on stderr, and where the rest is.
cx_show_log() {
    [ -s "$1" ] && tail -n 15 "$1" | sed 's/^/    | /' >&2
    printf '    the log: %s\n' "$1" >&2
}

# cx_as_root CMD...: runs it as root, by sudo when we are somebody else.
cx_as_root() {
    if [ "$EUID" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || cx_die "installing packages needs root: run as root, or install sudo"
        sudo -- "$@"
    fi
}

cx_starttime() { # PID -> its start time in clock ticks since boot; fails when there is no such process
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    stat=${stat##*) } # the command's name may hold spaces and brackets
    set -- $stat
    [ "$1" != Z ] || return 1 # a zombie is gone
    printf '%s\n' "${20}"
}

cx_pid() { # PIDFILE -> the live process's pid; fails when it is gone
    local pid started
    { read -r pid started <"$1"; } 2>/dev/null || return 1
    [ "$(cx_starttime "$pid")" = "$started" ] || return 1
    printf '%s\n' "$pid"
}

# cx_daemon PIDFILE LOG CMD...: starts CMD in a session of its own. Descriptors 8 and 9 (locks) are not inherited, and
# there are no core files: they would hold what people are called.
cx_daemon() {
    local pidfile=$1 log=$2 pid started
    shift 2
    mkdir -p "$(dirname "$pidfile")" "$(dirname "$log")"
    (ulimit -c 0 && exec setsid "$@") >>"$log" 2>&1 </dev/null 8>&- 9>&- &
    pid=$!
    disown "$pid" 2>/dev/null || true
    started=$(cx_starttime "$pid") || {
        cx_show_log "$log"
        return 1
    }
    printf '%s %s\n' "$pid" "$started" >"$pidfile"
}

# cx_wait SECONDS WHAT PIDFILE LOG CMD...: until CMD succeeds. Fails at once when the process has ended.
cx_wait() {
    local deadline=$((SECONDS + $1)) what=$2 pidfile=$3 log=$4
    shift 4
    until "$@" >/dev/null 2>&1; do
        if [ -n "$pidfile" ] && ! cx_pid "$pidfile" >/dev/null; then
            printf 'error: %s: the process ended before it was ready\n' "$what" >&2
            cx_show_log "$log"
            return 1
        fi
        if [ "$SECONDS" -ge "$deadline" ]; then
            printf 'error: %s: not ready in time\n' "$what" >&2
            cx_show_log "$log"
            return 1
        fi
        sleep 0.1
    done
}

# cx_stop PIDFILE SIGNAL SECONDS WHAT: asks it to end, waits, and in the end kills it; no process is no error.
cx_stop() {
    local pidfile=$1 signal=$2 deadline=$((SECONDS + $3)) what=$4 pid
    if pid=$(cx_pid "$pidfile"); then
        kill "-$signal" "$pid" 2>/dev/null || cx_as_root kill "-$signal" "$pid" || true
        while cx_pid "$pidfile" >/dev/null; do
            if [ "$SECONDS" -ge "$deadline" ]; then
                cx_warn "$what did not stop in time; killing it (pid $pid)"
                kill -KILL "$pid" 2>/dev/null || true
                deadline=$((SECONDS + 10))
            fi
            sleep 0.05
        done
    fi
    rm -f "$pidfile"
}

# cx_render TEMPLATE TARGET NAME=VALUE...: replaces @NAME@; an unknown @NAME@ left over is a mistake of ours.
cx_render() {
    local template=$1 target=$2 text pair
    shift 2
    text=$(<"$template")
    for pair in "$@"; do
        text=${text//@${pair%%=*}@/${pair#*=}}
    done
    if [[ $text =~ @[A-Z_]+@ ]]; then
        cx_die "$template: no value for ${BASH_REMATCH[0]}"
    fi
    mkdir -p "$(dirname "$target")"
    printf '%s\n' "$text" >"$target"
}

# cx_secret FILE: makes a 192-bit password there, mode 600, unless it is there already; prints it.
cx_secret() {
    if [ ! -s "$1" ]; then
        mkdir -p -m 700 "$(dirname "$1")"
        (umask 077 && head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$1")
    fi
    cat "$1"
}
