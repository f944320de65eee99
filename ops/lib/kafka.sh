# The Kafka broker: fetched from Maven Central, checked, formatted, started and stopped. Sourced by servers.sh,
# whose variables it uses: CX_VAR, CX_LIBS, CX_KAFKA_VERSION, CX_KAFKA_PORT, CX_KAFKA_CONTROLLER_PORT, CX_KAFKA_HEAP.

cx_kafka_libs() { printf '%s/%s/libs\n' "$CX_LIBS" "$CX_KAFKA_VERSION"; }

# Fetches the jars unless they are there, and compares each with its pinned SHA-256.
cx_kafka_fetch() {
    local libs sums=$CX_ROOT/deploy/kafka/checksums-$CX_KAFKA_VERSION.txt log=$CX_LIBS/fetch-$CX_KAFKA_VERSION.log
    libs=$(cx_kafka_libs)
    [ -f "$sums" ] || cx_die "Kafka $CX_KAFKA_VERSION is not one of ours: $(cx_kafka_versions)"
    mkdir -p "$CX_LIBS"
    (
        flock 8
        cmp -s "$sums" "$libs/.verified" && exit 0
        cx_say "fetching Kafka $CX_KAFKA_VERSION from Maven Central (about 60 MB)"
        rm -rf "$libs"
        if ! mvn -q -B -f "$CX_ROOT/deploy/kafka/pom.xml" "-Dkafka.version=$CX_KAFKA_VERSION" \
            dependency:copy-dependencies "-DoutputDirectory=$libs" >"$log" 2>&1; then
            cx_show_log "$log"
            cx_die "Maven could not fetch Kafka $CX_KAFKA_VERSION"
        fi
        cx_kafka_verify "$libs" "$sums" "$log" || cx_die "Kafka $CX_KAFKA_VERSION: the jars are not the pinned ones"
        cp "$sums" "$libs/.verified"
    ) 8>"$CX_LIBS/.lock"
}

# The same jars, no fewer and no more, each with its checksum.
cx_kafka_verify() {
    local libs=$1 sums=$2 log=$3
    if ! (cd "$libs" && sha256sum --quiet --check "$sums") >>"$log" 2>&1; then
        cx_show_log "$log"
        return 1
    fi
    if ! diff <(cd "$libs" && ls -1 | LC_ALL=C sort) <(awk '{print $2}' "$sums" | LC_ALL=C sort) >>"$log"; then
        cx_show_log "$log"
        return 1
    fi
}

cx_kafka_versions() { (cd "$CX_ROOT/deploy/kafka" && ls checksums-*.txt | sed 's/checksums-\(.*\)\.txt/\1/' | tr '\n' ' '); }

# cx_kafka_java HEAP CLASS ARG...: a class of the distribution, with our logging. What lives for minutes only is not worth
# Java's second compiler and its concurrent collector, which take a fifth of all a test's processors.
cx_kafka_java() {
    local heap=$1 how="-XX:+UseG1GC -XX:MaxGCPauseMillis=20"
    [ "${CX_KAFKA_BRIEF:-}" != yes ] || how="-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
    shift
    # bash's exec lets the daemon's pid be Java's own
    exec java "-Xms$heap" "-Xmx$heap" $how -XX:+ExitOnOutOfMemoryError -Djava.awt.headless=true -Djava.net.preferIPv4Stack=true \
        "-Dlog4j.configuration=file:$CX_VAR/etc/kafka-log4j.properties" -cp "$(cx_kafka_libs)/*" "$@"
}

cx_kafka_configure() {
    local config=$CX_VAR/etc/kafka.properties extra=$CX_ROOT/deploy/kafka/server-${CX_KAFKA_VERSION%%.*}.properties.in
    [ -f "$extra" ] || extra=/dev/null # what this major version alone wants
    cat "$CX_ROOT/deploy/kafka/server.properties.in" "$extra" >"$config.in"
    cx_render "$config.in" "$config" "PORT=$CX_KAFKA_PORT" "CONTROLLER_PORT=$CX_KAFKA_CONTROLLER_PORT" \
        "DATA=$CX_VAR/data/kafka"
    rm -f "$config.in"
    cx_render "$CX_ROOT/deploy/kafka/log4j.properties.in" "$CX_VAR/etc/kafka-log4j.properties" "LOG=$CX_VAR/log/kafka.log"
}

# A new cluster id for a new data folder: a broker never takes another log for its own.
cx_kafka_format() {
    local log=$CX_VAR/log/kafka.out id
    [ -f "$CX_VAR/data/kafka/meta.properties" ] && return 0
    id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'AZ' | tr -d '=')
    if ! (CX_KAFKA_BRIEF=yes && cx_kafka_java 128m kafka.tools.StorageTool format --ignore-formatted \
        --cluster-id "$id" --config "$CX_VAR/etc/kafka.properties") >>"$log" 2>&1; then
        cx_show_log "$log"
        return 1
    fi
}

cx_kafka_ready() { kcat -b "127.0.0.1:$CX_KAFKA_PORT" -L -m 2; }

cx_kafka_start() {
    local pidfile=$CX_VAR/run/kafka.pid
    cx_kafka_fetch && cx_kafka_configure && cx_kafka_format || return 1
    cx_daemon "$pidfile" "$CX_VAR/log/kafka.out" bash -c 'source "$1"; cx_servers_load; cx_kafka_java "$CX_KAFKA_HEAP" kafka.Kafka "$2"' \
        kafka "$CX_ROOT/ops/lib/servers.sh" "$CX_VAR/etc/kafka.properties"
}

cx_kafka_await() {
    cx_wait 60 "Kafka $CX_KAFKA_VERSION" "$CX_VAR/run/kafka.pid" "$CX_VAR/log/kafka.out" cx_kafka_ready
}

cx_kafka_stop() { cx_stop "$CX_VAR/run/kafka.pid" TERM 30 Kafka; }
