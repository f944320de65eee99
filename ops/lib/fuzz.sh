#!/bin/bash
# fuzz.sh PROGRAM NEW SEEDS [SECONDS]: runs a libFuzzer target for 15 s, or that long (10 minutes with CX_LONG=1), on
# the committed inputs in SEEDS and on what earlier runs found in NEW. Inputs that crash it are written to NEW.crash/.
# The short run begins with the same random seed each time, so that a change is judged by what it changed; the long one
# looks further.
set -eu
program=$1 new=$2 seeds=$3
seconds=${4:-15} seed=1
[ -z "${CX_LONG:-}" ] || seconds=600 seed=0 # 0: by the time
mkdir -p "$new" "$new.crash"
folders=("$new")
[ ! -d "$seeds" ] || folders+=("$seeds")
exec "$program" -seed=$seed -max_total_time=$seconds -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$new.crash/" "${folders[@]}"
