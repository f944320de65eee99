/* Snapshots of state: what is written is read again, and nothing else is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/run/snapshot.h"

enum { ROWS = 5000, LARGE = 3 * CX_SNAPSHOT_ROOM };

static char folder[] = "/tmp/cx-snapshot-XXXXXX";
static char path[64];
static uint8_t room[CX_SNAPSHOT_ROOM];

static cx_view key_of(int i, char text[16]) {
    return (cx_view){text, (size_t)snprintf(text, 16, "key-%d", i)};
}

static cx_view value_of(int i, char text[128]) {
    return (cx_view){text, (size_t)snprintf(text, 128, "value %d %0*d", i, i % 90 + 1, 0)};
}

static cx_state *make_state(int rows) {
    cx_state *state = cx_state_new();
    char key[16], value[128];
    assert_non_null(state);
    for (int i = 0; i < rows; i++)
        assert_int_equal(cx_state_load(state, key_of(i, key), value_of(i, value)), CX_OK);
    return state;
}

static cx_snapshot_place make_place(void) {
    cx_snapshot_place place = {.stage = "registrar",
                               .generation = 2,
                               .partition = 3,
                               .origin = 4711,
                               .next = 4712,
                               .changelog = 815,
                               .written = 1767571200123,
                               .metadata = cx_metadata_none};
    place.metadata.tick = 1772467200000;
    place.metadata.received_to = 1772467199000;
    place.metadata.is_virtual = true;
    (void)memset(place.metadata.packs[0], 0xAB, CX_HASH);
    place.metadata.pack_n = 1;
    return place;
}

static cx_snapshot_sum save(const cx_state *state) {
    char text[CX_METADATA_TEXT];
    cx_snapshot_sum sum;
    cx_snapshot_place place = make_place();
    assert_int_equal(cx_metadata_format(&place.metadata, text, NULL), CX_OK);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_true(cx_snapshot_write(fd, &place, text, state, room, &sum));
    assert_int_equal(close(fd), 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, sum.bytes);
    assert_int_equal(sum.rows, cx_state_rows(state));
    return sum;
}

/* Reads everything into a table of its own. */
static cx_state *load(const cx_snapshot_sum *sum) {
    cx_snapshot *snapshot = NULL;
    cx_err err = {0};
    cx_state *state = cx_state_new();
    assert_int_equal(cx_snapshot_open(path, sum, &snapshot, &err), CX_OK);
    const cx_snapshot_place *at = cx_snapshot_where(snapshot), expected = make_place();
    assert_string_equal(at->stage, "registrar");
    assert_int_equal(at->generation, 2);
    assert_int_equal(at->partition, 3);
    assert_int_equal(at->origin, 4711);
    assert_int_equal(at->next, 4712);
    assert_int_equal(at->changelog, 815);
    assert_int_equal(at->written, 1767571200123);
    assert_int_equal(at->metadata.tick, expected.metadata.tick);
    assert_true(at->metadata.is_virtual);
    assert_int_equal(at->metadata.pack_n, 1);
    assert_memory_equal(at->metadata.packs[0], expected.metadata.packs[0], CX_HASH);
    for (cx_view key, value;;) {
        assert_int_equal(cx_snapshot_next(snapshot, &key, &value, &err), CX_OK);
        if (key.p == NULL)
            break;
        assert_null(cx_state_get(state, key).p);
        assert_int_equal(cx_state_load(state, key, value), CX_OK);
    }
    cx_snapshot_close(&snapshot);
    assert_null(snapshot);
    return state;
}

static void check_same(const cx_state *a, int rows) {
    char key[16], value[128];
    assert_int_equal(cx_state_rows(a), rows);
    for (int i = 0; i < rows; i++)
        assert_true(cx_view_eq(cx_state_get(a, key_of(i, key)), value_of(i, value)));
}

static void what_is_written_is_read(void **unused) {
    (void)unused;
    const int sizes[] = {0, 1, ROWS};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        cx_state *state = make_state(sizes[i]);
        cx_snapshot_sum sum = save(state);
        cx_state *again = load(&sum);
        check_same(again, sizes[i]);
        cx_state_destroy(&state);
        cx_state_destroy(&again);
    }
}

static void a_row_may_be_larger_than_a_block(void **unused) {
    (void)unused;
    cx_state *state = make_state(10);
    char *large = malloc(LARGE);
    assert_non_null(large);
    (void)memset(large, 'x', LARGE);
    assert_int_equal(cx_state_load(state, CX_VIEW("large"), (cx_view){large, LARGE}), CX_OK);
    cx_snapshot_sum sum = save(state);
    cx_state *again = load(&sum);
    assert_int_equal(cx_state_rows(again), 11);
    assert_true(cx_view_eq(cx_state_get(again, CX_VIEW("large")), (cx_view){large, LARGE}));
    cx_state_destroy(&state);
    cx_state_destroy(&again);
    free(large);
}

static void refused(const cx_snapshot_sum *sum) {
    cx_snapshot *snapshot = NULL;
    cx_err err = {0};
    assert_int_equal(cx_snapshot_open(path, sum, &snapshot, &err), CX_FILE);
    assert_null(snapshot);
    assert_non_null(strstr(err.text, path));
}

static void write_at(off_t at, uint8_t xor) {
    uint8_t byte;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= xor;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

static void a_damaged_file_is_refused(void **unused) {
    (void)unused;
    cx_state *state = make_state(ROWS);
    cx_snapshot_sum sum = save(state);
    for (off_t at = 0; at < sum.bytes; at += sum.bytes / 50) {
        write_at(at, 0x10);
        refused(&sum);
        write_at(at, 0x10);
    }
    cx_state *again = load(&sum);
    cx_state_destroy(&again);
    assert_int_equal(truncate(path, sum.bytes - 1), 0);
    refused(&sum);
    assert_int_equal(unlink(path), 0);
    refused(&sum);
    cx_state_destroy(&state);
}

/* What somebody wrote whose hash is in credit.checkpoints all the same: an end, never a crash. */
static void a_file_that_is_nonsense_is_refused(void **unused) {
    (void)unused;
    cx_state *state = make_state(200);
    cx_snapshot_sum sum = save(state);
    static uint8_t bytes[1 << 16];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, bytes, sizeof bytes);
    assert_int_equal(close(fd), 0);
    assert_int_equal(n, sum.bytes);
    for (ssize_t at = 0; at < n; at += 7) {
        cx_snapshot *snapshot = NULL;
        cx_err err = {0};
        cx_view key = {"", 0}, value;
        write_at(at, 0xFF);
        bytes[at] ^= 0xFF;
        cx_hash256(&(cx_view){(const char *)bytes, (size_t)n}, 1, sum.hash);
        cx_rc rc = cx_snapshot_open(path, &sum, &snapshot, &err);
        while (rc == CX_OK && key.p != NULL)
            rc = cx_snapshot_next(snapshot, &key, &value, &err);
        assert_true(rc == CX_OK || rc == CX_FILE || rc == CX_POSITION_LOST);
        cx_snapshot_close(&snapshot);
        write_at(at, 0xFF);
        bytes[at] ^= 0xFF;
    }
    cx_state_destroy(&state);
}

static void names_tell_the_day(void **unused) {
    (void)unused;
    char name[CX_SNAPSHOT_FILE], file[CX_SNAPSHOT_PATH], sub[64];
    cx_date day, later;
    cx_config *config = cx_config_new();
    assert_true(cx_date_parse(CX_VIEW("2026-03-03"), &day) && cx_date_parse(CX_VIEW("2026-03-09"), &later));
    cx_snapshot_name("registrar", 1, 12, day, name);
    assert_string_equal(name, "registrar/1-12-2026-03-03.avro");
    assert_int_equal(cx_config_set(config, "state.dir", folder, "test", NULL), CX_OK);
    assert_int_equal(cx_snapshot_newest(config, "registrar", 1, 12, CX_NO_DATE), CX_NO_DATE);
    (void)snprintf(sub, sizeof sub, "%s/registrar", folder);
    assert_int_equal(mkdir(sub, 0700), 0);
    const char *const there[] = {"1-12-2026-03-03.avro",      "1-12-2026-03-09.avro", "1-1-2026-04-01.avro",
                                 "1-12-2026-05-01.avro.part", "2-12-2026-06-01.avro", "1-12-nonsense.avro"};
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        (void)snprintf(name, sizeof name, "registrar/%s", there[i]);
        assert_true(cx_snapshot_path(config, name, file));
        assert_int_equal(close(open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)), 0);
    }
    assert_int_equal(cx_snapshot_newest(config, "registrar", 1, 12, CX_NO_DATE), later);
    assert_int_equal(cx_snapshot_newest(config, "registrar", 1, 12, later), day);
    assert_int_equal(cx_snapshot_newest(config, "registrar", 1, 12, day), CX_NO_DATE);
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        (void)snprintf(name, sizeof name, "registrar/%s", there[i]);
        assert_true(cx_snapshot_path(config, name, file));
        assert_int_equal(unlink(file), 0);
    }
    assert_int_equal(rmdir(sub), 0);
    assert_int_equal(cx_config_set(config, "state.dir", "", "test", NULL), CX_OK);
    assert_false(cx_snapshot_path(config, name, file));
    cx_config_destroy(&config);
}

static int begin(void **unused) {
    (void)unused;
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/rows.avro", folder);
    return 0;
}

static int end(void **unused) {
    (void)unused;
    (void)unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),   cmocka_unit_test(a_row_may_be_larger_than_a_block),
        cmocka_unit_test(a_damaged_file_is_refused), cmocka_unit_test(a_file_that_is_nonsense_is_refused),
        cmocka_unit_test(names_tell_the_day),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
