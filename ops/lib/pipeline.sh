# What ./ops/up does once the servers are up: keys, topics, schema, departments, policy pack, sample files, and the table
# at the end. Sourced after servers.sh and services.sh. Every step may be run again and then changes nothing.

# cx_chengxin ARG...: the command line on this instance; its words go to var/log/up.log too.
cx_chengxin() {
    CX_VAR=$CX_VAR "$CX_ROOT/ops/chengxin" "$@" 2>&1 | tee -a "$CX_VAR/log/up.log" | sed 's/^/    /'
    return "${PIPESTATUS[0]}"
}

# cx_quietly ARG...: the same, said only when it fails.
cx_quietly() {
    local output rc
    output=$(CX_VAR=$CX_VAR "$CX_ROOT/ops/chengxin" "$@" 2>&1)
    rc=$?
    printf '%s\n' "$output" >>"$CX_VAR/log/up.log"
    [ $rc -eq 0 ] || printf '%s\n' "$output" | sed 's/^/    /' >&2
    return $rc
}

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

# cx_pipeline_pack NAME: the folder of a jurisdiction's pack: the one that its sample is made for, else the newest version.
cx_pipeline_pack() {
    local folder=$CX_ROOT/deploy/policies/$1 version
    version=$(sed -n "s|^ \"pack\": \"$1/\(.*\)\",\$|\1|p" "$CX_ROOT/deploy/samples/$1/expected.json" 2>/dev/null)
    [ -n "$version" ] || version=$(ls -1 "$folder" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$version" ] || cx_die "no policy pack in $folder; there are: $(ls "$CX_ROOT/deploy/policies" | tr '\n' ' ')"
    printf '%s/%s\n' "$folder" "$version"
}

# cx_pipeline_departments PACK: the codes of the pack's departments and of its parents'.
cx_pipeline_departments() {
    local pack=$1 parent
    while :; do
        [ ! -f "$pack/departments.csv" ] || tail -n +2 "$pack/departments.csv" | cut -d , -f 1
        parent=$(sed -n 's/^parent=//p' "$pack/policy.properties")
        [ -n "$parent" ] || break
        pack=$CX_ROOT/deploy/policies/$parent
    done | grep -E '^[a-z0-9-]+$' | sort -u
}

# cx_pipeline_prepare PACK: keys, topics, PostgreSQL's schema, and the pack's departments.
cx_pipeline_prepare() {
    local pack=$1 departments
    cx_pipeline_try "chengxin vault init" cx_quietly vault init
    cx_pipeline_try "chengxin topics apply" cx_chengxin topics apply
    cx_pipeline_try "the schema" cx_pipeline_schema
    mapfile -t departments < <(cx_pipeline_departments "$pack")
    cx_pipeline_try "chengxin department add" cx_quietly department add "${departments[@]}"
    cx_say "${#departments[@]} departments"
}

# cx_pipeline_policy PACK: published, and activated unless this very pack (by its hash) was what we activated last.
cx_pipeline_policy() {
    local pack=$1 code hash mark=$CX_VAR/etc/pack.activated
    code=$(sed -n 's/^jurisdiction=//p' "$pack/policy.properties")
    cx_pipeline_try "chengxin policy publish" cx_chengxin policy publish "$pack"
    hash=$(tail -n 5 "$CX_VAR/log/up.log" | grep -oE '\b[0-9a-f]{64}\b' | tail -n 1)
    if [ -n "$hash" ] && [ "$hash" = "$(cat "$mark" 2>/dev/null)" ]; then
        cx_say "activated before"
        return 0
    fi
    cx_pipeline_try "chengxin policy activate" cx_chengxin policy activate "$pack" --jurisdiction "$code" \
        --who "ops/up" --why "activation of the pack that ./ops/up was asked for" --wait 60
    printf '%s\n' "$hash" >"$mark"
}

# cx_pipeline_settle SERVICE...: waits until all that was sent so far has gone through these services.
cx_pipeline_settle() {
    "$CX_ROOT/ops/lib/settle.py" --bootstrap "127.0.0.1:$CX_KAFKA_PORT" --deadline 300 \
        --conninfo "host='$(cx_pg_socket_dir)' port=$CX_PG_PORT dbname=chengxin user=cx_auditor" \
        --redis "$(cx_redis_socket)" --password-file "$CX_VAR/secrets/redis-query" "$@"
}

# cx_pipeline_publish FOLDER FILE DEPARTMENT ok|refused: files that must be refused are; rows may be, one by one.
cx_pipeline_publish() {
    local output rc
    output=$(CX_VAR=$CX_VAR "$CX_ROOT/ops/chengxin" publish "$1/$2" --department "$3" 2>&1)
    rc=$?
    printf '%s\n' "$output" >>"$CX_VAR/log/up.log"
    case $4.$rc in
    ok.0 | ok.3 | refused.[123]) ;;
    *) printf '%s\n' "$output" | tail -n 5 | sed 's/^/    | /' >&2 && return 1 ;;
    esac
}

# One line of a sample's manifest (deploy/samples/README.md).
cx_pipeline_step() { # FOLDER KIND FILE DEPARTMENT VALUE
    case $2 in
    clock) cx_pipeline_settle intake && cx_quietly clock --to "$5" && cx_pipeline_settle $(cx_services) ;;
    publish) # what a department says may answer what another said before
        cx_pipeline_settle intake && cx_pipeline_publish "$1" "$3" "$4" "$5"
        ;;
    checkpoint) ;;
    *) cx_die "$1/manifest.csv: what is \"$2\"?" ;;
    esac
}

# Double-publication files answer nothing: four departments at a time, each its own files one after the other. Lines of
# "DEPARTMENT FILE VALUE" on standard input.
cx_pipeline_bulk() { # FOLDER
    local folder=$1 department file value rc=0 running=0
    declare -A files
    while read -r department file value; do files[$department]+="$file $value"$'\n'; done
    for department in "${!files[@]}"; do
        while read -r file value; do
            [ -z "$file" ] || cx_pipeline_publish "$folder" "$file" "$department" "$value" || exit 1
        done <<<"${files[$department]}" &
        running=$((running + 1))
        if [ $running -ge 4 ]; then
            wait -n || rc=1
            running=$((running - 1))
        fi
    done
    while [ $running -gt 0 ]; do
        wait -n || rc=1
        running=$((running - 1))
    done
    return $rc
}

# cx_pipeline_sample NAME: the city's sample in the manifest's order, from where an earlier run was interrupted.
cx_pipeline_sample() {
    local folder=$CX_ROOT/deploy/samples/$1 progress=$CX_VAR/etc/sample.progress order kind file department value done=0 steps=0 bulk=
    [ -f "$folder/manifest.csv" ] || cx_die "no sample for \"$1\"; say --no-sample, or one of: $(cx_pipeline_samples)"
    [ ! -f "$progress" ] || done=$(<"$progress")
    while IFS=, read -r order kind file department value; do
        [ "$order" -gt "$done" ] || continue
        steps=$((steps + 1))
        if [ "$kind" = publish ] && [[ $file == *.csv ]]; then
            bulk+="$department $file $value"$'\n'
            continue
        fi
        if [ -n "$bulk" ]; then
            cx_pipeline_try "publishing the double-publication files" cx_pipeline_bulk "$folder" <<<"${bulk%$'\n'}"
            bulk=
        fi
        cx_pipeline_try "step $order of the sample ($kind $file $value)" \
            cx_pipeline_step "$folder" "$kind" "$file" "$department" "$value" </dev/null
        printf '%s\n' "$order" >"$progress"
        [ "$kind" != clock ] || cx_say "${value%T*}"
    done < <(tail -n +2 "$folder/manifest.csv" | tr -d '\r')
    [ -z "$bulk" ] || cx_pipeline_try "publishing the double-publication files" cx_pipeline_bulk "$folder" <<<"${bulk%$'\n'}"
    cx_pipeline_try "waiting for the sample" cx_pipeline_settle $(cx_services)
    cx_say "$steps steps; all of it is through"
}

cx_pipeline_samples() { (cd "$CX_ROOT/deploy/samples" && ls -d */ 2>/dev/null | tr -d / | tr '\n' ' '); }

# cx_pipeline_birth NAME: the first tick of the sample's virtual log.
cx_pipeline_birth() {
    /usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["start"])' "$CX_ROOT/deploy/samples/$1/expected.json"
}

# cx_pipeline_report SHOW: the table of what became of the sample; with SHOW=1 also one subject's status and explanation
# (which, like every look at a subject, are queries that the log records).
cx_pipeline_report() {
    local subject entry
    cx_psql -d chengxin -f "$CX_ROOT/ops/lib/report.sql" 2>>"$CX_VAR/log/up.log" | sed 's/^/    /'
    read -r subject entry < <(cx_psql -d chengxin -At -F ' ' -c "
        SELECT encode(e.subject, 'hex'), e.entry FROM history.entries e JOIN history.notices n USING (generation, entry)
        GROUP BY e.generation, e.subject, e.entry
        HAVING (array_agg(e.state ORDER BY e.version DESC))[1] = 'IN_FORCE' AND count(DISTINCT n.notice) >= 3 ORDER BY count(DISTINCT n.notice), 2 LIMIT 1")
    [ -n "$subject" ] || return 0
    if [ "$1" = 1 ]; then
        cx_step "one subject's status: ./ops/chengxin status $subject --purpose OPERATION"
        cx_chengxin status "$subject" --purpose OPERATION || return 1
        cx_step "and why: ./ops/chengxin explain $entry --purpose OPERATION"
        cx_chengxin explain "$entry" --purpose OPERATION || return 1
    else
        cx_say "ask: ./ops/chengxin status $subject --purpose OPERATION; ./ops/chengxin explain $entry --purpose OPERATION"
    fi
}
