# What ./ops/up does once the servers are up: topics, schema, departments, policy pack, sample files, and the table at
# the end. Sourced after servers.sh. Every step may be run again and then changes nothing.

CX_SAMPLES=$CX_ROOT/deploy/samples

# cx_chengxin ARG...: the command line on this instance; its words go to the log too.
cx_chengxin() { CX_VAR=$CX_VAR "$CX_ROOT/ops/chengxin" "$@" 2>&1 | tee -a "$CX_VAR/log/up.log" | sed 's/^/    /'; return "${PIPESTATUS[0]}"; }

cx_pipeline_try() { # WHAT CMD...
    local what=$1
    shift
    "$@" || cx_die "$what failed; the log: $CX_VAR/log/up.log"
}

cx_pipeline_schema() {
    local file
    for file in "$CX_ROOT"/schemas/sql/*.sql; do
        cx_psql -d chengxin --single-transaction -f "$file" >>"$CX_VAR/log/up.log" 2>&1 || {
            cx_show_log "$CX_VAR/log/up.log"
            return 1
        }
    done
}

# cx_pipeline_prepare SAMPLE: topics, PostgreSQL's schema, and the departments of the sample.
cx_pipeline_prepare() {
    local sample=$1 department
    cx_pipeline_try "chengxin topics apply" cx_chengxin topics apply
    cx_pipeline_try "the schema" cx_pipeline_schema
    [ "$sample" = 0 ] || while read -r department; do
        cx_pipeline_try "chengxin department add $department" cx_chengxin department add "$department"
    done <"$CX_SAMPLES/departments"
}

# cx_pipeline_policy NAME: the newest version of the pack, published and activated.
cx_pipeline_policy() {
    local folder=$CX_ROOT/deploy/policies/$1 version
    version=$(ls -1 "$folder" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$version" ] || cx_die "no policy pack in $folder; there are: $(ls "$CX_ROOT/deploy/policies" | tr '\n' ' ')"
    cx_pipeline_try "chengxin policy publish" cx_chengxin policy publish "$folder/$version"
    cx_pipeline_try "chengxin policy activate" cx_chengxin policy activate "$folder/$version" --wait
}

# Each sample file lies in a folder named after the department that publishes it; the files' names give their order.
cx_pipeline_sample() {
    local file
    while read -r file; do
        cx_pipeline_try "publishing $file" cx_chengxin publish "$CX_SAMPLES/$file" --department "$(dirname "$file")"
    done < <(cd "$CX_SAMPLES" && find . -mindepth 2 -type f -printf '%f\t%P\n' | LC_ALL=C sort | cut -f 2)
    cx_pipeline_try "waiting for the sample" cx_chengxin lag --wait
}

cx_pipeline_report() { cx_chengxin lag --summary; }
