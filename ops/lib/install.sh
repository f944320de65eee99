#!/bin/bash
# Installs the packages of ops/packages.txt that are missing: quick and without root when none is.
# No service of Debian's is started by it, nor a PostgreSQL cluster of its own made: ours are private instances.

source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
set -u

cx_packages() { sed 's/#.*//' "$CX_ROOT/ops/packages.txt" | tr -d ' \t' | grep -v '^$'; }

cx_packages_missing() {
    comm -23 <(cx_packages | LC_ALL=C sort -u) \
        <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | LC_ALL=C sort -u)
}

# Runs as root. Our two files stand in the way of Debian's services only while we install.
cx_install_as_root() {
    local policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.d/chengxin.conf service rc
    made=() # global: the trap outlives this function
    trap 'rm -f "${made[@]}"' EXIT
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy && made+=($policy)
    fi
    mkdir -p "$(dirname $cluster)" && echo 'create_main_cluster = false' >$cluster && made+=($cluster)
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@"
    rc=$?
    for service in redis-server prometheus; do # nor may they start with the machine
        if [[ " $* " == *" $service "* ]] && command -v systemctl >/dev/null; then
            systemctl disable "$service" || true
        fi
    done
    return $rc
}

cx_install() {
    local missing log=$CX_ROOT/var/log/install.log
    mapfile -t missing < <(cx_packages_missing)
    [ ${#missing[@]} -gt 0 ] || return 0
    cx_say "installing ${#missing[@]} packages: ${missing[*]}"
    mkdir -p "$(dirname "$log")"
    if ! cx_as_root bash "$CX_ROOT/ops/lib/install.sh" --as-root "${missing[@]}" >"$log" 2>&1; then
        cx_show_log "$log"
        cx_die "apt-get could not install: ${missing[*]}"
    fi
}

if [ "${1:-}" = --as-root ]; then
    shift
    cx_install_as_root "$@"
else
    cx_install
fi
