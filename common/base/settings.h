/* Every setting of the services and of the command line: one row each. What reads a setting, the
 * reference manual and the completion of flags all come from this table.
 *
 * X(key, TYPE, least, most, "default", "description"). Types: TEXT (least and most are lengths), INTEGER,
 * BOOLEAN (true, false), CHOICE (the description ends in the choices: "...: a|b|c"), PATH.
 * Keys that begin with "kafka." pass through to librdkafka and need no row; those it must not be given
 * are refused (common/bus/settings.c).
 */
#ifndef CX_BASE_SETTINGS_H
#define CX_BASE_SETTINGS_H

#define CX_SETTINGS(X)                                                                                       \
    CX_SETTINGS_RUN(X)                                                                                       \
    CX_SETTINGS_CLOCK(X) CX_SETTINGS_QUERY(X) CX_SETTINGS_BRIDGE(X) CX_SETTINGS_PLACES(X)

#define CX_SETTINGS_RUN(X)                                                                                   \
    X("kafka.bootstrap.servers", TEXT, 1, 4096, "127.0.0.1:9092",                                            \
      "Brokers to begin with, host:port,host:port.")                                                         \
    X("slot", INTEGER, 0, 999, "0",                                                                          \
      "Number of this instance among those of its service. The same slot started twice fences the older.")   \
    X("log.generation", INTEGER, 1, 1000000, "1",                                                            \
      "Number of this log, for the sinks: raised when its topics are made anew, or get other partitions.")   \
    X("log.level", CHOICE, 0, 0, "info", "What is logged: error|warn|info|debug")                            \
    X("metrics.address", TEXT, 1, 64, "127.0.0.1", "Address on which metrics and readiness are served.")     \
    X("metrics.port", INTEGER, -1, 65535, "0",                                                               \
      "Port of /metrics, /healthz and /readyz; 0: 9464 + the service's number + 20 * slot; -1: none.")       \
    X("batch.max.events", INTEGER, 1, 1000000, "50000", "Most input messages in one transaction.")           \
    X("batch.max.ms", INTEGER, 1, 5000, "250", "Longest time, in ms, that a transaction stays open.")        \
    X("batch.linger.ms", INTEGER, 0, 1000, "2",                                                              \
      "How long, in ms, a batch waits for more once nothing is at hand.")                                    \
    X("memory.queue.kb", INTEGER, 1024, 4194304, "81920",                                                    \
      "KiB that librdkafka may hold of messages fetched, and again of messages to be sent.")                 \
    X("schema.registry.url", TEXT, 0, 1024, "",                                                              \
      "Confluent-compatible schema registry: its framing is read, and written to departments; empty: none.") \
    X("retry.max.ms", INTEGER, 1, 60000, "1000",                                                             \
      "Longest pause, in ms, between tries of what is transient.")                                           \
    X("shutdown.ms", INTEGER, 100, 600000, "10000", "Longest time, in ms, that a clean shutdown may take.")

#define CX_SETTINGS_CLOCK(X)                                                                                 \
    X("clock.kind", CHOICE, 0, 0, "wall",                                                                    \
      "How a new log's time runs; a log that has a tick keeps its kind: wall|virtual")                       \
    X("clock.start", TEXT, 0, 40, "",                                                                        \
      "First tick of a new virtual log, for example 2026-01-01; empty: now.")                                \
    X("clock.inbound.keep.ms", INTEGER, 1000, 604800000, "604800000",                                        \
      "How long, in ms, what intake has committed stays in the inbound topics.")                             \
    X("clock.interval.ms", INTEGER, 10, 60000, "1000", "Time, in ms, between two ticks.")                    \
    X("clock.stages", TEXT, 0, 256, "classifier,registrar,sanctioner",                                       \
      "Stages that must have compiled a pack before it is activated; the registrar must have counted, too.")

#define CX_SETTINGS_QUERY(X)                                                                                 \
    X("query.socket", PATH, 0, 107, "",                                                                      \
      "Unix socket on which the query service listens, with -SLOT behind it from slot 1 on; empty: "         \
      "query.address.")                                                                                      \
    X("query.address", TEXT, 1, 64, "127.0.0.1", "Loopback address on which the query service listens.")     \
    X("query.port", INTEGER, 0, 65535, "0", "Its port; 0: 9590 + slot.")                                     \
    X("query.rate.minute", INTEGER, 1, 1000000, "600", "Queries of one token in a minute, at most.")         \
    X("query.rate.day", INTEGER, 1, 100000000, "20000", "Queries of one token in a day, at most.")

#define CX_SETTINGS_BRIDGE(X)                                                                                \
    X("bridge.peer", INTEGER, 0, 999999, "0",                                                                \
      "Jurisdiction of the installation at the other end of the bridge, as exchange.csv of the pack names "  \
      "it.")                                                                                                 \
    X("bridge.from", INTEGER, 0, 999999, "0",                                                                \
      "Our own jurisdiction, under which the other end keeps how far the bridge has come.")                  \
    X("bridge.target", PATH, 0, 4096, "",                                                                    \
      "File with the kafka.* settings with which the other end's cluster is reached.")

/* Where things are. */
#define CX_SETTINGS_PLACES(X)                                                                                \
    X("state.dir", PATH, 0, 4096, "var/data/state", "Where snapshots of state are kept; empty: none are.")   \
    X("state.snapshot.days", INTEGER, 1, 36500, "30", "Days after which a snapshot of state is removed.")    \
    X("state.snapshot.pause.ms", INTEGER, 0, 86400000, "60000",                                              \
      "Shortest time, in ms, between two snapshots of a partition, where midnights follow faster.")          \
    X("replay.save.records", INTEGER, 1, 1000000000, "500000",                                               \
      "Events of a partition after which chengxin replay --save keeps how far it has come.")                 \
    X("topics.file", PATH, 0, 4096, "deploy/kafka/topics.csv", "The declared topics.")                       \
    X("security.dir", PATH, 0, 4096, "deploy/security", "The inventory of what is kept: chengxin assess.")   \
    X("topics.partitions", INTEGER, 1, 1024, "4", "Partitions of every topic of the spine, when created.")   \
    X("topics.replication", INTEGER, 1, 9, "1", "Replicas of every topic, when created; 3 in production.")   \
    X("pack.dir", PATH, 0, 4096, "deploy/policies/shijiazhuang/2026-01",                                     \
      "Policy pack that tells `chengxin publish` what a double-publication row becomes.")                    \
    X("log.dir", PATH, 0, 4096, "var/log", "Where the scripts put each service's log.")                      \
    X("vault.dir", PATH, 0, 4096, "var/secrets/vault", "Where the vault's keys are.")                        \
    X("postgres.conninfo", TEXT, 0, 4096, "dbname=chengxin", "How libpq reaches PostgreSQL.")                \
    X("redis.socket", PATH, 0, 4096, "var/run/redis.sock", "Redis's Unix socket.")                           \
    X("redis.user", TEXT, 0, 64, "cache", "Redis's user.")                                                   \
    X("redis.password.file", PATH, 0, 4096, "var/secrets/redis-cache", "File with that user's password.")    \
    X("query.redis.user", TEXT, 0, 64, "query", "Redis's user of whoever only reads: chengxin status.")      \
    X("query.redis.password.file", PATH, 0, 4096, "var/secrets/redis-query",                                 \
      "File with that user's password.")                                                                     \
    X("rebuild.redis.user", TEXT, 0, 64, "admin", "Redis's user of chengxin rebuild redis.")                 \
    X("rebuild.redis.password.file", PATH, 0, 4096, "var/secrets/redis-admin",                               \
      "File with that user's password.")                                                                     \
    X("sql.dir", PATH, 0, 4096, "schemas/sql", "PostgreSQL's schema, for chengxin rebuild postgres.")

#endif
