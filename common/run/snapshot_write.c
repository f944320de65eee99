#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/run/snapshot.h"

enum { MARKER = 16, LONG = 10 };

static const char schema[] =
    "{\"type\":\"record\",\"name\":\"StateRow\",\"namespace\":\"chengxin\",\"fields\":["
    "{\"name\":\"key\",\"type\":\"bytes\"},{\"name\":\"value\",\"type\":\"bytes\"}]}";

/* The file as it grows: whole blocks go out, the block in hand is in `room`. */
struct out {
    int fd;
    bool failed;
    uint8_t *room;
    size_t n;         /* bytes of the block in hand */
    int64_t in_block; /* its rows */
    uint8_t marker[MARKER];
    cx_hashing hashing;
    cx_snapshot_sum *sum;
};

static void put(struct out *o, const void *bytes, size_t n) {
    const char *at = bytes;
    for (size_t left = n; !o->failed && left > 0;) {
        ssize_t written = write(o->fd, at, left);
        if (written < 0 && errno == EINTR)
            continue;
        o->failed = written <= 0;
        at += o->failed ? 0 : written;
        left -= o->failed ? 0 : (size_t)written;
    }
    cx_hash_add(&o->hashing, bytes, n);
    o->sum->bytes += (int64_t)n;
}

/* Zigzag, of what is not negative. */
static size_t number(uint64_t value, uint8_t text[LONG]) {
    size_t n = 0;
    for (value <<= 1; value >= 0x80; value >>= 7)
        text[n++] = (uint8_t)(value | 0x80);
    text[n++] = (uint8_t)value;
    return n;
}

static void put_number(struct out *o, uint64_t value) {
    uint8_t text[LONG];
    put(o, text, number(value, text));
}

/* --- the head ----------------------------------------------------------------------------------------- */
static void put_entry(struct out *o, const char *name, cx_view value) {
    put_number(o, strlen(name));
    put(o, name, strlen(name));
    put_number(o, value.n);
    put(o, value.p, value.n);
}

/* Not by printf, which may take a lock. */
static void put_digits(struct out *o, const char *name, int64_t value) {
    char text[CX_INT64_TEXT];
    put_entry(o, name, (cx_view){text, (size_t)(cx_int64_print(value, text) - text)});
}

static void put_head(struct out *o, const cx_snapshot_place *p, const char *metadata) {
    put(o, "Obj\x01", 4);
    put_number(o, 10);
    put_entry(o, "avro.schema", cx_view_of(schema));
    put_entry(o, "avro.codec", CX_VIEW("null"));
    put_entry(o, "chengxin.stage", cx_view_of(p->stage));
    put_digits(o, "chengxin.generation", p->generation);
    put_digits(o, "chengxin.partition", p->partition);
    put_digits(o, "chengxin.origin", p->origin);
    put_digits(o, "chengxin.next", p->next);
    put_digits(o, "chengxin.changelog", p->changelog);
    put_digits(o, "chengxin.written", p->written);
    put_entry(o, "chengxin.place", cx_view_of(metadata));
    put_number(o, 0);
    cx_hash128(&(cx_view){metadata, strlen(metadata)}, 1, o->marker);
    put(o, o->marker, MARKER);
}

/* --- the rows ----------------------------------------------------------------------------------------- */
static void flush(struct out *o) {
    if (o->in_block == 0)
        return;
    put_number(o, (uint64_t)o->in_block);
    put_number(o, o->n);
    put(o, o->room, o->n);
    put(o, o->marker, MARKER);
    o->n = 0;
    o->in_block = 0;
}

static void keep(struct out *o, const void *bytes, size_t n) {
    if (n > 0)
        (void)memcpy(o->room + o->n, bytes, n);
    o->n += n;
}

static bool put_row(void *context, cx_view key, cx_view value) {
    struct out *o = context;
    uint8_t key_n[LONG], value_n[LONG];
    size_t k = number(key.n, key_n), v = number(value.n, value_n), all = k + key.n + v + value.n;
    if (o->n + all > CX_SNAPSHOT_ROOM)
        flush(o);
    o->sum->rows++;
    if (all > CX_SNAPSHOT_ROOM) { /* a block of its own */
        put_number(o, 1);
        put_number(o, all);
        put(o, key_n, k);
        put(o, key.p, key.n);
        put(o, value_n, v);
        put(o, value.p, value.n);
        put(o, o->marker, MARKER);
        return !o->failed;
    }
    keep(o, key_n, k);
    keep(o, key.p, key.n);
    keep(o, value_n, v);
    keep(o, value.p, value.n);
    o->in_block++;
    return !o->failed;
}

bool cx_snapshot_write(int fd, const cx_snapshot_place *place, const char *metadata, const cx_state *state,
                       uint8_t *room, cx_snapshot_sum *sum) {
    struct out o = {.fd = fd, .room = room, .sum = sum};
    *sum = (cx_snapshot_sum){.bytes = 0};
    cx_hash_begin(&o.hashing);
    put_head(&o, place, metadata);
    if (!cx_state_each(state, put_row, &o))
        return false;
    flush(&o);
    cx_hash_end(&o.hashing, sum->hash);
    return !o.failed && fsync(fd) == 0;
}
