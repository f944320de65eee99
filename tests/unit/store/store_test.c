/* What the sinks decide without a server: classes of errors, COPY's bytes, columns, hexadecimal keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "common/store/cached.h"
#include "common/store/postgres.h"
#include "schemas/types.h"
#include "services/history/copy.h"
#include "services/history/sheets.h"

static void sqlstates_pass_or_end(void **state) {
    static const struct {
        const char *sqlstate;
        cx_rc rc;
    } cases[] = {
        {"08006", CX_STORE_AWAY}, {"08P01", CX_STORE_AWAY}, {"53100", CX_STORE_AWAY},
        {"53300", CX_STORE_AWAY}, {"57P01", CX_STORE_AWAY}, {"57P03", CX_STORE_AWAY},
        {"57014", CX_STORE_AWAY}, {"40P01", CX_STORE_AWAY}, {"55P03", CX_STORE_AWAY},
        {"25P03", CX_STORE_AWAY}, {"25006", CX_STORE_AWAY}, {"", CX_STORE_AWAY},
        {NULL, CX_STORE_AWAY},    {"42P01", CX_STORE},      {"42501", CX_STORE},
        {"22P04", CX_STORE},      {"23514", CX_STORE},      {"28000", CX_STORE},
        {"58030", CX_STORE},      {"55000", CX_STORE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(cases[i].rc, cx_pg_class(cases[i].sqlstate));
}

static void a_wrong_conninfo_is_refused_without_quoting_it(void **state) {
    (void)state;
    cx_pg *pg = NULL;
    cx_err err = {0};
    assert_int_equal(CX_CONFIG, cx_pg_open("password=canary-4711 nonsense", "cx_history", "test", &pg, &err));
    assert_null(pg);
    assert_null(strstr(err.text, "canary"));
    assert_int_equal(CX_STORE_AWAY,
                     cx_pg_open("host=/nowhere/at/all dbname=canary-4711", "cx_history", "test", &pg, &err));
    assert_null(strstr(err.text, "canary"));
}

static void redis_is_local_or_refused(void **state) {
    (void)state;
    cx_redis *redis = NULL;
    cx_err err = {0};
    assert_int_equal(CX_CONFIG, cx_redis_open("10.1.2.3:6379", "", "", &redis, &err));
    assert_int_equal(CX_CONFIG, cx_redis_open("127.0.0.1:99999", "", "", &redis, &err));
    assert_int_equal(CX_STORE_AWAY, cx_redis_open("/nowhere/at/all", "", "", &redis, &err));
    assert_null(redis);
}

/* Values and PostgreSQL's own encodings of them (from SELECT ... ::bytea of its send functions). */
static void values_become_copy_fields(void **state) {
    static const struct {
        cx_time time;
        int64_t wire;
    } times[] = {
        {0, -946684800000000},                 /* 1970-01-01 */
        {946684800000, 0},                     /* 2000-01-01 */
        {1767571200000, 820886400000000},      /* 2026-01-05 */
        {253402300799999, 252455615999999000}, /* the last millisecond of 9999 */
        {253402300800000, INT64_MAX},          /* infinity */
        {INT64_MAX, INT64_MAX},
        {CX_NO_TIME, INT64_MIN},
        {-62135596800000, -63082281600000000}, /* 0001-01-01 */
        {-62135596800001, INT64_MIN},
    };
    static const struct {
        cx_date date;
        int32_t wire;
    } dates[] = {{0, -10957},           {10957, 0},         {20458, 9501},        {2932896, 2921939},
                 {2932897, INT32_MAX},  {-719162, -730119}, {-719163, INT32_MIN}, {CX_NO_DATE, INT32_MIN},
                 {INT32_MAX, INT32_MAX}};
    (void)state;
    cx_buffer b = {0};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        int64_t big;
        b.n = 0;
        assert_int_equal(CX_OK, cx_copy_time(&b, times[i].time));
        assert_int_equal(12, b.n);
        (void)memcpy(&big, b.p + 4, 8);
        assert_int_equal(times[i].wire, (int64_t)__builtin_bswap64((uint64_t)big));
    }
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        int32_t big;
        b.n = 0;
        assert_int_equal(CX_OK, cx_copy_date(&b, dates[i].date));
        (void)memcpy(&big, b.p + 4, 4);
        assert_int_equal(dates[i].wire, (int32_t)__builtin_bswap32((uint32_t)big));
    }
    cx_buffer_free(&b);
}

static void arrays_become_copy_fields(void **state) {
    static const uint8_t two[] = {0, 0, 0, 31, 0, 0, 0, 1, 0, 0, 0,   0,   0, 0, 0, 25, 0,  0,
                                  0, 2, 0, 0,  0, 1, 0, 0, 0, 2, 'a', 'b', 0, 0, 0, 1,  'c'};
    static const uint8_t none[] = {0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25};
    cx_view items[] = {CX_VIEW("ab"), CX_VIEW("c")};
    cx_buffer b = {0};
    (void)state;
    assert_int_equal(CX_OK, cx_copy_texts(&b, (cx_view_array){items, 2}));
    assert_int_equal(sizeof two, b.n);
    assert_memory_equal(two, b.p, b.n);
    b.n = 0;
    assert_int_equal(CX_OK, cx_copy_texts(&b, (cx_view_array){NULL, 0}));
    assert_int_equal(sizeof none, b.n);
    assert_memory_equal(none, b.p, b.n);
    cx_buffer_free(&b);
}

static void every_column_has_its_field(void **state) {
    (void)state;
    for (int i = 0; i < CX_HISTORY_TABLES; i++) {
        cx_sheet *sheet = NULL;
        cx_err err = {0};
        assert_int_equal(CX_OK, cx_sheet_new(&cx_history_sheets[i], "history", 1, &sheet, &err));
        assert_non_null(strstr(cx_sheet_statement(sheet), cx_history_sheets[i].table));
        cx_sheet_destroy(&sheet);
    }
    static const cx_column wrong[] = {{"x", CX_COLUMN_VALUE, 0, "notice.nothing"}};
    const cx_sheet_spec spec = {"x", {&cx_dispatch_type, NULL}, wrong, 1};
    cx_sheet *sheet = NULL;
    cx_err err = {0};
    assert_int_equal(CX_CONFIG, cx_sheet_new(&spec, "history", 1, &sheet, &err));
    assert_null(sheet);
}

static void a_null_on_the_way_is_a_null(void **state) {
    static const cx_column columns[] = {{"a", CX_COLUMN_VALUE, 0, "notice.basis"},
                                        {"b", CX_COLUMN_VALUE, 0, "index"}};
    static const uint8_t row[] = {0, 2, 255, 255, 255, 255, 0, 0, 0, 4, 0, 0, 0, 7};
    const cx_sheet_spec spec = {"x", {&cx_dispatch_type, NULL}, columns, 2};
    cx_dispatch d = {.index = 7};
    cx_sheet *sheet = NULL;
    cx_err err = {0};
    (void)state;
    assert_int_equal(CX_OK, cx_sheet_new(&spec, "history", 1, &sheet, &err));
    assert_int_equal(CX_OK, cx_sheet_add(sheet, &(cx_row){.roots = {&d}}, &err));
    assert_int_equal(1, cx_sheet_rows(sheet));
    assert_int_equal(sizeof row, cx_sheet_bytes(sheet).n);
    assert_memory_equal(row, cx_sheet_bytes(sheet).p, sizeof row);
    cx_sheet_clear(sheet);
    assert_int_equal(0, cx_sheet_bytes(sheet).n);
    cx_sheet_destroy(&sheet);
}

static void keys_are_hexadecimal(void **state) {
    const uint8_t subject[16] = {0x00, 0x0f, 0xf0, 0xff, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    char hex[CX_CACHED_HEX];
    (void)state;
    assert_string_equal("000ff0ff0102030405060708090a0b0c", cx_cached_hex(subject, hex));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sqlstates_pass_or_end),
        cmocka_unit_test(a_wrong_conninfo_is_refused_without_quoting_it),
        cmocka_unit_test(redis_is_local_or_refused),
        cmocka_unit_test(values_become_copy_fields),
        cmocka_unit_test(arrays_become_copy_fields),
        cmocka_unit_test(every_column_has_its_field),
        cmocka_unit_test(a_null_on_the_way_is_a_null),
        cmocka_unit_test(keys_are_hexadecimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
