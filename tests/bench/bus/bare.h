/* The baselines' inside: what the files of tests/bench/bus share.
 *
 *   bare copy   consume -> copy -> produce in transactions, and nothing else
 *   bare read   a topic from its beginning to its end: seconds, messages, bytes
 *   bare pace   what stands on standard input, published evenly: when each message was handed over
 *
 * The clients are configured by common/bus/conf.h from the services' own settings: the same queue limits,
 * lingers and checks. Everything else is librdkafka and libsodium as they come. A failure ends the program.
 */
#ifndef TESTS_BENCH_BUS_BARE_H
#define TESTS_BENCH_BUS_BARE_H

#include <librdkafka/rdkafka.h>

#include "common/bus/conf.h"

enum { BARE_OUTPUTS = 16, BARE_CALLS = 16, BARE_BYTES = 65536, BARE_TOPIC = 256 };

/* So many messages of that size for each one read; the fraction is owed until it is whole. */
typedef struct bare_output {
    char topic[BARE_TOPIC];
    rd_kafka_topic_t *rkt;
    double each, owed;
    size_t key, value; /* bytes */
    bool in_place;     /* into the partition of the message read, as a changelog's rows are */
} bare_output;

/* So many calls of libsodium over so many bytes for each message read. */
typedef struct bare_call {
    char kind[16];
    double each, owed;
    size_t bytes;
} bare_call;

typedef struct bare_copy_plan {
    const char *group, *topic; /* a name, or a pattern that begins with ^ */
    size_t events;             /* stops when so many were read and committed */
    size_t batch;              /* most messages in a transaction */
    double rate;               /* of pace: messages a second */
    bare_output outputs[BARE_OUTPUTS];
    size_t output_n;
    bare_call calls[BARE_CALLS];
    size_t call_n;
} bare_copy_plan;

void bare_die(const char *what, const char *why);
double bare_now(void); /* seconds of a clock that only runs forward */
/* How many of `each` are due now. */
size_t bare_due(double each, double *owed);
rd_kafka_t *bare_client(const cx_config *config, cx_conf_kind kind, rd_kafka_conf_t **conf);

void bare_copy(const cx_config *config, bare_copy_plan *plan);
void bare_read(const cx_config *config, const char *topic);
/* Messages are topic and value, each behind its length in four bytes, little endian. Prints a line for each:
 * the wall clock's seconds. */
void bare_pace(const cx_config *config, double rate);
/* bare_calls.c: "hash" (keyed BLAKE2b-128), "key" (keyed BLAKE2b-256), "seal", "open" (XChaCha20-Poly1305),
 * "stream" (XChaCha20), "text" (base64). Dies where the kind is none of these. */
void bare_calls_open(void);
void bare_calls(bare_call *calls, size_t n);

#endif
