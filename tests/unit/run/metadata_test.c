/* What is committed beside an offset is read back as it was; what is damaged is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "common/run/metadata.h"

static void expect_same(const cx_metadata *a, const cx_metadata *b) {
    assert_int_equal(a->tick, b->tick);
    assert_int_equal(a->received_to, b->received_to);
    assert_int_equal(a->is_virtual, b->is_virtual);
    assert_int_equal(a->pack_n, b->pack_n);
    assert_memory_equal(a->packs, b->packs, sizeof a->packs);
    assert_string_equal(a->counting, b->counting);
    assert_int_equal(a->counted, b->counted);
    assert_int_equal(a->limit, b->limit);
    assert_int_equal(a->walk.kind, b->walk.kind);
    assert_int_equal(a->walk.index, b->walk.index);
    assert_int_equal(a->walk.key_n, b->walk.key_n);
    assert_memory_equal(a->walk.key, b->walk.key, a->walk.key_n);
}

static void expect_round(const cx_metadata *m) {
    char text[CX_METADATA_TEXT];
    cx_metadata back;
    assert_int_equal(cx_metadata_format(m, text, NULL), CX_OK);
    assert_int_equal(cx_metadata_parse(text, &back, NULL), CX_OK);
    expect_same(m, &back);
}

static void nothing_is_empty(void **unused) {
    (void)unused;
    char text[CX_METADATA_TEXT];
    cx_metadata back;
    assert_int_equal(cx_metadata_format(&cx_metadata_none, text, NULL), CX_OK);
    assert_string_equal(text, "1");
    assert_int_equal(cx_metadata_parse("", &back, NULL), CX_OK);
    expect_same(&cx_metadata_none, &back);
}

static void everything_comes_back(void **unused) {
    (void)unused;
    cx_metadata m = cx_metadata_none;
    m.tick = 1800000000123;
    m.received_to = 1799999999999;
    m.is_virtual = true;
    expect_round(&m);
    uint8_t hash[CX_HASH];
    for (int p = 0; p < 40; p++) {
        for (int i = 0; i < CX_HASH; i++)
            hash[i] = (uint8_t)(p * 37 + i * 101);
        assert_int_equal(cx_metadata_activate(&m, hash, NULL), CX_OK);
        assert_int_equal(cx_metadata_activate(&m, hash, NULL), CX_OK); /* the same again */
    }
    assert_int_equal(m.pack_n, 40);
    expect_round(&m);
    (void)snprintf(m.counting, sizeof m.counting, "a-1795383931772-13eac9f49b4efd50");
    m.counted = 17;
    m.limit = INT64_MAX;
    m.walk = (cx_walk_place){.kind = CX_WALK_DUE, .index = 70000, .due = 1800000000000, .key_n = 17};
    for (uint8_t i = 0; i < 17; i++)
        m.walk.key[i] = (uint8_t)(i * 16);
    expect_round(&m);
    m.walk.kind = CX_WALK_ACTIVATION;
    m.walk.key_n = 0;
    expect_round(&m);
}

static void too_much_is_refused(void **unused) {
    (void)unused;
    cx_metadata m = cx_metadata_none;
    cx_err err = {0};
    uint8_t hash[CX_HASH] = {0};
    for (int p = 0; p < CX_METADATA_PACKS; p++) {
        hash[0] = (uint8_t)p;
        assert_int_equal(cx_metadata_activate(&m, hash, NULL), CX_OK);
    }
    hash[1] = 1;
    assert_int_equal(cx_metadata_activate(&m, hash, &err), CX_CONFIG);
    m.walk = (cx_walk_place){.kind = CX_WALK_DUE, .index = 1, .due = 1, .key_n = CX_METADATA_KEY};
    expect_round(&m); /* all that there can be fits in what the broker keeps */
}

static void damage_is_noticed(void **unused) {
    (void)unused;
    static const char *const bad[] = {"2",           "1;t",        "1;t12",  "1;t12,12",    "1;t12,12,2",
                                      "1;tx,1,0",    "1;pAAAA",    "1;wd,1", "1;wx,1,1,00", "1;wd,1,1,0",
                                      "1;wd,1,1,zz", "1;wd,-1,1,", "1;q",    "1;c1",        "1;cx,a",
                                      "1;c1,a b",    "hello"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cx_metadata back;
        if (cx_metadata_parse(bad[i], &back, NULL) != CX_POSITION_LOST)
            fail_msg("\"%s\" was accepted", bad[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_empty),
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(damage_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
