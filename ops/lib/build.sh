# Configures and builds a preset of CMakePresets.json. Sourced after common.sh.

# cx_build PRESET LOG [TARGET]: quiet when it goes well; the errors themselves when it does not.
cx_build() {
    local preset=$1 log=$2 targets=()
    [ -z "${3:-}" ] || targets=(--target "$3")
    mkdir -p "$(dirname "$log")"
    if ! (cd "$CX_ROOT" && cmake --preset "$preset" && cmake --build --preset "$preset" -j "$(nproc)" "${targets[@]}") >"$log" 2>&1; then
        grep -E -A 4 'error:|CMake Error|undefined reference|FAILED:' "$log" | head -n 40 | sed 's/^/    | /' >&2
        printf '    the log: %s\n' "$log" >&2
        return 1
    fi
}
