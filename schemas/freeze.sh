#!/bin/bash
# Keeps the schemas as they are now as a version, self-contained and with their fingerprints, in schemas/versions/N:
# what later schemas must stay compatible with, both ways (test wire_evolution).
#
#   schemas/freeze.sh N [--again]      --again: replaces a version that was never released

set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${1:-}
[[ $version =~ ^[1-9][0-9]*$ ]] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
out=$here/versions/$version
if [ -e "$out" ] && [ "${2:-}" != --again ]; then
    echo "freeze: version $version is there already: take the next number" >&2
    exit 1
fi
mapfile -t names <"$here/order.txt"
files=("${names[@]/%/.avsc}")
files=("${files[@]/#/$here/}")
rm -rf "$out"
/usr/bin/python3 -B "$here/generate.py" --only-schemas --out "$out" "${files[@]}"
echo "freeze: ${#names[@]} schemas in ${out#"$PWD/"}"
