#!/bin/bash
# fuzz.sh PROGRAM NEW SEEDS [SECONDS]: runs a libFuzzer target for 15 s, or that long (10 minutes with CX_LONG=1), on
# the committed inputs in SEEDS and on what earlier runs found in NEW. Inputs that crash it are written to NEW.crash/.
set -eu
program=$1 new=$2 seeds=$3
seconds=${4:-15}
[ -z "${CX_LONG:-}" ] || seconds=600
mkdir -p "$new" "$new.crash"
folders=("$new")
[ ! -d "$seeds" ] || folders+=("$seeds")
exec "$program" -max_total_time=$seconds -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$new.crash/" "${folders[@]}"
