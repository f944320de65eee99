#!/bin/bash
# start|stop: the servers that the tests of a run share, in three lanes (see lib/cxtest/servers.py: shared). The others start
# with the first test that takes one.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=${CX_KAFKA_VERSION:-3.9.2}
build=${CX_BUILD:-$root/build/release}
folder=$root/var/test/servers-${build##*/}-$version
case $1 in
start) exec "$root/ops/lib/servers.sh" start --dir "$folder-a" --kafka "$version" --heap 768m --fsync off ;;
stop)
    for lane in a b c; do
        [ ! -e "$folder-$lane" ] || "$root/ops/lib/servers.sh" wipe --dir "$folder-$lane"
    done
    ;;
esac
