# Writes the configuration that all services and the command line share. Sourced after servers.sh.

# cx_config_write: var/etc/chengxin.properties, from where the servers are. Passwords stay in their own files.
# What var/etc/local.properties says wins: it comes last.
cx_config_write() {
    cx_servers_load
    cat >"$CX_VAR/etc/chengxin.properties" <<PROPERTIES
# Written by ops/lib/config.sh at each start; what each key means: chengxin config --help
kafka.bootstrap.servers=127.0.0.1:$CX_KAFKA_PORT
PROPERTIES
    [ ! -f "$CX_VAR/etc/local.properties" ] || cat "$CX_VAR/etc/local.properties" >>"$CX_VAR/etc/chengxin.properties"
}
