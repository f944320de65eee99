#!/bin/bash
# start|stop: the servers that the tests of a run share (see lib/cxtest/servers.py: shared).
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=${CX_KAFKA_VERSION:-3.9.2}
build=${CX_BUILD:-$root/build/release}
folder=$root/var/test/servers-${build##*/}-$version
case $1 in
start) exec "$root/ops/lib/servers.sh" start --dir "$folder" --kafka "$version" --heap 768m --fsync off ;;
stop) exec "$root/ops/lib/servers.sh" wipe --dir "$folder" ;;
esac
