/* Where a key is at home: as librdkafka's partitioner has it, whatever the key; and splitting never mixes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <librdkafka/rdkafka.h>

#include "common/base/home.h"

enum { KEYS = 20000, LONGEST = 64 };

/* Any bytes, the same each time. */
static cx_view key_of(uint32_t n, char out[LONGEST]) {
    uint32_t x = n * 2654435761u + 1;
    size_t length = n % LONGEST;
    for (size_t i = 0; i < length; i++) {
        x = x * 1664525u + 1013904223u;
        out[i] = (char)(x >> 24);
    }
    return (cx_view){out, length};
}

static void as_the_producer_chooses(void **unused) {
    (void)unused;
    char bytes[LONGEST];
    for (uint32_t n = 0; n < KEYS; n++) {
        cx_view key = key_of(n, bytes);
        for (int32_t partitions = 1; partitions <= 32; partitions += 5)
            assert_int_equal(cx_home(key, partitions),
                             rd_kafka_msg_partitioner_murmur2(NULL, key.p, key.n, partitions, NULL, NULL));
    }
}

static void as_java_chooses(void **unused) {
    static const struct {
        const char *key;
        int32_t hash; /* org.apache.kafka.common.utils.Utils.murmur2, of its own test, without the sign */
    } cases[] = {{"21", -973932308},
                 {"foobar", -790332482},
                 {"a-little-bit-long-string", -985981536},
                 {"a-little-bit-longer-string", -1486304829},
                 {"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971}};
    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cx_home(cx_view_of(cases[i].key), INT32_MAX),
                         (cases[i].hash & 0x7fffffff) % INT32_MAX);
}

static void a_split_never_mixes(void **unused) {
    (void)unused;
    char bytes[LONGEST];
    int32_t moved = 0;
    for (uint32_t n = 0; n < KEYS; n++) {
        cx_view key = key_of(n, bytes);
        for (int32_t few = 1; few <= 12; few++)
            for (int32_t times = 2; times <= 4; times++)
                assert_int_equal(cx_home(key, few * times) % few, cx_home(key, few));
        moved += cx_home(key, 16) >= 8;
    }
    assert_in_range(moved, KEYS * 45 / 100, KEYS * 55 / 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(as_the_producer_chooses),
                                       cmocka_unit_test(as_java_chooses),
                                       cmocka_unit_test(a_split_never_mixes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
