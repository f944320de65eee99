#!/bin/bash
# Keeps the schemas as they are now as a version, self-contained and with their fingerprints, in schemas/versions/N:
# what later schemas must stay compatible with, both ways (test wire_evolution).
#
#   schemas/freeze.sh N [--again]      --again: replaces a version that was never released
#
# The new version is written beside, read back, and only then put in the old one's place.

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
mkdir -p "$here/versions"
new=$(mktemp -d "$here/versions/.$version.XXXXXX")
trap 'rm -rf "$new"' EXIT
/usr/bin/python3 -B "$here/generate.py" --only-schemas --out "$new/a" "${files[@]/#/$here/}"
# Read back one by one, as somebody does who has nothing but the version, the schemas say the same again.
for name in "${names[@]}"; do
    /usr/bin/python3 -B "$here/generate.py" --only-schemas --out "$new/$name" "$new/a/$name.avsc"
    cmp "$new/a/$name.avsc" "$new/$name/$name.avsc"
    grep -qxFf "$new/$name/fingerprints" "$new/a/fingerprints"
done
[ "$(wc -l <"$new/a/fingerprints")" -eq ${#names[@]} ]

chmod 755 "$new/a"
[ ! -e "$out" ] || mv "$out" "$new/old"
mv "$new/a" "$out"
echo "freeze: ${#names[@]} schemas in ${out#"$PWD/"}"
