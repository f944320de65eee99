/* Container files: what is written is read back, here and by avro-c; damaged files are refused, each with a
 * reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <avro.h>

#include "common/wire/container.h"
#include "common/wire/encode.h"
#include "common/wire/visit.h"
#include "schemas/types.h"
#include "tests/unit/wire/random_value.h"

enum { RECORDS = 3000, BLOCK = 4 * 1024 * 1024 };

static cx_arena *arena;
static char path[64];
static cx_plan *plan;

static int set_up(void **state) {
    (void)state;
    arena = cx_arena_new(0);
    (void)snprintf(path, sizeof path, "/tmp/cx-container-%ld", (long)getpid());
    return arena == NULL || cx_plan_compile((cx_view){NULL, 0}, &cx_credit_event_type, &plan, NULL) != CX_OK;
}

static int tear_down(void **state) {
    (void)state;
    cx_plan_destroy(&plan);
    cx_arena_destroy(&arena);
    return unlink(path) != 0;
}

static void encode_random(rng *r, cx_buffer *bytes) {
    cx_credit_event event = {0};
    random_value(r, &cx_credit_event_type, arena, &event);
    bytes->n = 0;
    assert_int_equal(cx_encode(&cx_credit_event_type, &event, bytes, NULL), CX_OK);
}

static void write_file(bool deflate, cx_buffer *all) {
    rng r = {7};
    cx_buffer bytes = {0};
    cx_err err = {0};
    cx_container_writer *writer;
    if (cx_container_create(path, cx_view_of(cx_credit_event_type.json), deflate, &writer, &err) != CX_OK)
        fail_msg("%s", err.text);
    for (int i = 0; i < RECORDS; i++) {
        encode_random(&r, &bytes);
        assert_int_equal(cx_container_append(writer, cx_buffer_view(&bytes, 0), &err), CX_OK);
        assert_int_equal(cx_buffer_append(all, bytes.p, bytes.n), CX_OK);
    }
    assert_int_equal(cx_container_finish(&writer, &err), CX_OK);
    assert_null(writer);
    cx_buffer_free(&bytes);
    cx_arena_reset(arena);
}

/* Reads as long as it goes; the bytes of all records, and how it ended. */
static cx_rc read_file(cx_buffer *all, int *records, cx_err *err) {
    cx_container_reader *reader;
    CX_TRY(cx_container_open(path, &reader, err));
    cx_rc rc = CX_OK;
    bool more = true;
    while (rc == CX_OK && more) {
        cx_credit_event event;
        cx_view datum;
        rc = cx_container_next(reader, plan, arena, &event, &datum, &more, err);
        if (rc == CX_OK && more) {
            assert_int_equal(cx_buffer_append(all, datum.p, datum.n), CX_OK);
            ++*records;
        }
        cx_arena_reset(arena);
    }
    cx_container_reader_destroy(&reader);
    return rc;
}

/* avro-c reads the file too: it is one to others. Its bytes are ours, so it may. */
static int count_by_avro_c(void) {
    avro_file_reader_t reader;
    assert_int_equal(avro_file_reader(path, &reader), 0);
    avro_schema_t schema = avro_file_reader_get_writer_schema(reader);
    avro_value_iface_t *iface = avro_generic_class_from_schema(schema);
    avro_value_t value;
    assert_int_equal(avro_generic_value_new(iface, &value), 0);
    int n = 0;
    while (avro_file_reader_read_value(reader, &value) == 0) {
        avro_value_reset(&value);
        n++;
    }
    avro_value_decref(&value);
    avro_value_iface_decref(iface);
    avro_schema_decref(schema);
    (void)avro_file_reader_close(reader);
    return n;
}

static void comes_back(bool deflate) {
    cx_buffer written = {0}, read = {0};
    cx_err err = {0};
    int records = 0;
    write_file(deflate, &written);
    if (read_file(&read, &records, &err) != CX_OK)
        fail_msg("%s", err.text);
    assert_int_equal(records, RECORDS);
    assert_int_equal(written.n, read.n);
    assert_memory_equal(written.p, read.p, read.n);
    assert_int_equal(count_by_avro_c(), RECORDS);
    cx_buffer_free(&written);
    cx_buffer_free(&read);
}

static void plain_comes_back(void **state) {
    (void)state;
    comes_back(false);
}

static void deflated_comes_back(void **state) {
    (void)state;
    comes_back(true);
}

static void put_file(const uint8_t *bytes, size_t n) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static size_t get_file(uint8_t *bytes, size_t room) {
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, room, f);
    assert_int_equal(fclose(f), 0);
    assert_true(n < room);
    return n;
}

/* A file cut anywhere is read up to a block's end, or refused; never is a record made up. */
static void cut_files(void **state) {
    (void)state;
    static uint8_t bytes[8u << 20];
    cx_buffer written = {0}, read = {0};
    write_file(false, &written);
    size_t n = get_file(bytes, sizeof bytes);
    rng r = {3};
    for (int i = 0; i < 60; i++) {
        cx_err err = {0};
        int records = 0;
        read.n = 0;
        put_file(bytes, i < 30 ? (size_t)i * 3 : rng_below(&r, (uint32_t)n));
        cx_rc rc = read_file(&read, &records, &err);
        assert_int_equal(rc, CX_FILE);
        assert_true(err.text[0] != '\0' && read.n <= written.n);
        if (read.n > 0)
            assert_memory_equal(read.p, written.p, read.n);
    }
    cx_buffer_free(&written);
    cx_buffer_free(&read);
}

/* Random damage: a reason, or records that the plan accepts; whatever comes, no crash and no end of memory.
 */
static void damaged_files(void **state) {
    (void)state;
    static uint8_t bytes[8u << 20], damaged[8u << 20];
    cx_buffer written = {0}, read = {0};
    rng r = {4};
    for (int round = 0; round < 2; round++) {
        write_file(round == 1, &written);
        size_t n = get_file(bytes, sizeof bytes - 64), refused = 0;
        for (int i = 0; i < 60; i++) {
            cx_err err = {0};
            int records = 0;
            read.n = 0;
            memcpy(damaged, bytes, n);
            put_file(damaged, random_damage(&r, damaged, n));
            refused += read_file(&read, &records, &err) != CX_OK;
        }
        assert_true(refused > 10);
    }
    cx_buffer_free(&written);
    cx_buffer_free(&read);
}

/* A record that is refused costs its block; the next block is read. */
static void next_block_is_read(void **state) {
    (void)state;
    rng r = {9};
    cx_buffer bytes = {0};
    cx_container_writer *writer;
    cx_container_reader *reader;
    cx_err err = {0};
    assert_int_equal(cx_container_create(path, cx_view_of(cx_credit_event_type.json), false, &writer, &err),
                     CX_OK);
    encode_random(&r, &bytes);
    assert_int_equal(cx_container_append(writer, cx_buffer_view(&bytes, 0), &err), CX_OK);
    assert_int_equal(cx_container_append(writer, (cx_view){"\2\0", 2}, &err), CX_OK); /* event_id is a NUL */
    static const char filler[BLOCK]; /* the block is full then: the next record begins another */
    assert_int_equal(cx_container_append(writer, (cx_view){filler, BLOCK - bytes.n - 2}, &err), CX_OK);
    assert_int_equal(cx_container_append(writer, cx_buffer_view(&bytes, 0), &err), CX_OK);
    assert_int_equal(cx_container_finish(&writer, &err), CX_OK);

    cx_credit_event event;
    cx_view datum;
    bool more;
    assert_int_equal(cx_container_open(path, &reader, &err), CX_OK);
    assert_int_equal(cx_container_next(reader, plan, arena, &event, &datum, &more, &err), CX_OK);
    assert_int_equal(cx_container_next(reader, plan, arena, &event, &datum, &more, &err), CX_NUL_IN_STRING);
    assert_memory_equal(err.text, "record 2, event_id: ", 20);
    assert_int_equal(cx_container_lost(reader), 1);
    assert_int_equal(cx_container_next(reader, plan, arena, &event, &datum, &more, &err), CX_OK);
    assert_true(more);
    assert_true(cx_view_eq(datum, cx_buffer_view(&bytes, 0)));
    cx_container_reader_destroy(&reader);
    cx_buffer_free(&bytes);
}

static void refusals(void **state) {
    (void)state;
    cx_container_reader *reader;
    cx_container_writer *writer;
    cx_err err = {0};
    assert_int_equal(cx_container_open("/nonexistent/file", &reader, &err), CX_FILE);
    assert_int_equal(cx_container_create("/nonexistent/file", CX_VIEW("\"int\""), false, &writer, &err),
                     CX_FILE);
    assert_int_equal(cx_container_create(path, CX_VIEW("{"), false, &writer, &err), CX_SCHEMA_INVALID);
    put_file((const uint8_t *)"Obj\1\2\24avro.codec\14snappy\0", 25);
    assert_int_equal(cx_container_open(path, &reader, &err), CX_FILE);
    assert_non_null(strstr(err.text, "codec"));
    /* Two blocks of metadata, of 1 entry and of 2^31-1: their sum is no number of entries. */
    put_file((const uint8_t *)"Obj\1\2\2a\2b\376\377\377\377\17", 14);
    assert_int_equal(cx_container_open(path, &reader, &err), CX_FILE);
    assert_non_null(strstr(err.text, "head"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_comes_back),   cmocka_unit_test(deflated_comes_back),
        cmocka_unit_test(cut_files),          cmocka_unit_test(damaged_files),
        cmocka_unit_test(next_block_is_read), cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
