#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "common/wire/buffer.h"
#include "common/wire/container.h"
#include "common/wire/varint.h"

/* A block, as it lies in the file and unpacked, and the head's values. */
enum { LARGEST = 64 * 1024 * 1024, SYNC = 16, MOST_ENTRIES = 1024 };

struct cx_container_reader {
    FILE *file;
    cx_buffer schema;
    bool deflate;
    uint8_t sync[SYNC];
    cx_buffer raw, unpacked;
    cx_view rest; /* of the block: datums still to come */
    int64_t left; /* how many */
    uint64_t records, lost;
    bool damaged;
};

static cx_rc damaged(cx_container_reader *r, cx_err *err, const char *what) {
    r->damaged = true;
    return cx_fail(err, CX_FILE, "the container %s", what);
}

static cx_rc read_exactly(cx_container_reader *r, void *out, size_t n, cx_err *err) {
    return fread(out, 1, n, r->file) == n ? CX_OK : damaged(r, err, "ends too early");
}

/* CX_NOT_FOUND at the end of the file, before the number's first byte. */
static cx_rc read_number(cx_container_reader *r, int64_t *out, cx_err *err) {
    uint8_t bytes[CX_VARINT_LONG];
    size_t n = 0;
    int c = 0x80;
    while (n < sizeof bytes && (c & 0x80) != 0 && (c = getc(r->file)) != EOF)
        bytes[n++] = (uint8_t)c;
    if (c == EOF && n == 0)
        return CX_NOT_FOUND;
    uint64_t raw;
    const uint8_t *p = bytes;
    if (cx_varint_careful(&p, bytes + n, &raw) != CX_OK)
        return damaged(r, err, "holds a number that is none");
    *out = cx_zigzag(raw);
    return CX_OK;
}

/* A length and as many bytes. */
static cx_rc read_sized(cx_container_reader *r, cx_buffer *out, cx_err *err) {
    int64_t n;
    cx_rc rc = read_number(r, &n, err);
    if (rc == CX_NOT_FOUND || (rc == CX_OK && (n < 0 || n > LARGEST)))
        return damaged(r, err, "ends too early, or holds a length out of range");
    CX_TRY(rc);
    out->n = 0;
    if (cx_buffer_reserve(out, (size_t)n) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(read_exactly(r, out->p, (size_t)n, err));
    out->n = (size_t)n;
    return CX_OK;
}

static cx_rc read_entry(cx_container_reader *r, cx_err *err) {
    CX_TRY(read_sized(r, &r->raw, err));
    bool schema = cx_view_is(cx_buffer_view(&r->raw, 0), "avro.schema");
    bool codec = cx_view_is(cx_buffer_view(&r->raw, 0), "avro.codec");
    cx_buffer *value = schema ? &r->schema : &r->unpacked;
    CX_TRY(read_sized(r, value, err));
    cx_view text = cx_buffer_view(value, 0);
    if (codec && !cx_view_is(text, "null") && !cx_view_is(text, "deflate"))
        return damaged(r, err, "is packed by another codec than null and deflate");
    r->deflate = codec ? cx_view_is(text, "deflate") : r->deflate;
    return CX_OK;
}

/* The magic, a map of metadata, the sync marker. */
static cx_rc read_head(cx_container_reader *r, cx_err *err) {
    char magic[4];
    if (fread(magic, 1, sizeof magic, r->file) != sizeof magic || memcmp(magic, "Obj\1", 4) != 0)
        return damaged(r, err, "is none: it does not begin with Obj");
    int entries = 0;
    for (int64_t count = 1, size; count != 0;) {
        cx_rc rc = read_number(r, &count, err);
        if (rc == CX_OK && count < 0 && count >= -MOST_ENTRIES) {
            rc = read_number(r, &size, err);
            count = -count;
        }
        if (rc == CX_NOT_FOUND || (rc == CX_OK && (count < 0 || count > MOST_ENTRIES - entries)))
            return damaged(r, err, "has a head that cannot be read");
        CX_TRY(rc);
        entries += (int)count;
        for (int64_t i = 0; i < count; i++)
            CX_TRY(read_entry(r, err));
    }
    if (r->schema.n == 0)
        return damaged(r, err, "names no schema");
    return read_exactly(r, r->sync, SYNC, err);
}

cx_rc cx_container_open(const char *path, cx_container_reader **out, cx_err *err) {
    cx_container_reader *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    r->file = fopen(path, "rb");
    cx_rc rc = r->file != NULL ? read_head(r, err) : cx_fail(err, CX_FILE, "cannot be opened");
    if (rc == CX_OK) {
        *out = r;
        return CX_OK;
    }
    cx_container_reader_destroy(&r);
    return err != NULL ? cx_fail_in(err, "%.200s", path) : rc;
}

cx_view cx_container_schema(const cx_container_reader *reader) {
    return cx_buffer_view(&reader->schema, 0);
}

uint64_t cx_container_lost(const cx_container_reader *reader) {
    return reader->lost;
}

/* Raw deflate (RFC 1951), bounded: a small block must not become a large one. */
static cx_rc inflate_block(cx_container_reader *r, cx_err *err) {
    z_stream z = {.next_in = r->raw.p, .avail_in = (uInt)r->raw.n};
    if (inflateInit2(&z, -15) != Z_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    int state = Z_OK;
    cx_rc rc = CX_OK;
    r->unpacked.n = 0;
    while (rc == CX_OK && state == Z_OK && r->unpacked.n <= LARGEST) {
        rc = cx_buffer_reserve(&r->unpacked, r->unpacked.n + 4096);
        size_t room = r->unpacked.room - r->unpacked.n;
        z.next_out = r->unpacked.p + r->unpacked.n;
        z.avail_out = (uInt)room;
        state = rc == CX_OK ? inflate(&z, Z_NO_FLUSH) : Z_MEM_ERROR;
        r->unpacked.n += room - z.avail_out;
    }
    (void)inflateEnd(&z);
    if (rc != CX_OK)
        return cx_fail(err, rc, NULL);
    bool whole = state == Z_STREAM_END && r->unpacked.n <= LARGEST;
    return whole ? CX_OK : damaged(r, err, "holds a block that cannot be unpacked");
}

/* CX_NOT_FOUND at the end of the file. */
static cx_rc read_block(cx_container_reader *r, cx_err *err) {
    uint8_t sync[SYNC];
    int64_t count;
    CX_TRY(read_number(r, &count, err));
    if (count < 0)
        return damaged(r, err, "holds a block of fewer than no records");
    CX_TRY(read_sized(r, &r->raw, err));
    CX_TRY(read_exactly(r, sync, SYNC, err));
    if (memcmp(sync, r->sync, SYNC) != 0)
        return damaged(r, err, "holds a block that ends without its marker");
    if (r->deflate)
        CX_TRY(inflate_block(r, err));
    r->rest = cx_buffer_view(r->deflate ? &r->unpacked : &r->raw, 0);
    r->left = count;
    if ((uint64_t)count > r->rest.n) /* a record takes a byte or more */
        return damaged(r, err, "holds a block with fewer bytes than records");
    return CX_OK;
}

/* A block with datums left; *more false at the end of the file. */
static cx_rc fill(cx_container_reader *r, bool *more, cx_err *err) {
    *more = true;
    while (r->left == 0) {
        if (r->rest.n > 0)
            return damaged(r, err, "holds a block that is longer than its records");
        cx_rc rc = read_block(r, err);
        if (rc == CX_NOT_FOUND) {
            *more = false;
            return ferror(r->file) != 0 ? damaged(r, err, "cannot be read to its end") : CX_OK;
        }
        CX_TRY(rc);
    }
    return CX_OK;
}

cx_rc cx_container_next(cx_container_reader *r, const cx_plan *plan, cx_arena *arena, void *out,
                        cx_view *datum, bool *more, cx_err *err) {
    if (r->damaged)
        return damaged(r, err, "is damaged, and is read no further");
    CX_TRY(fill(r, more, err));
    if (!*more)
        return CX_OK;
    cx_view begin = r->rest;
    uint64_t number = ++r->records;
    r->left--;
    cx_rc rc = cx_plan_decode_first(plan, &r->rest, arena, out, err);
    if (rc == CX_OK) {
        *datum = (cx_view){begin.p, begin.n - r->rest.n};
        return CX_OK;
    }
    r->lost += (uint64_t)r->left;
    r->records += (uint64_t)r->left;
    r->left = 0;
    r->rest.n = 0;
    if (err != NULL) {
        cx_err plain = *err;
        return cx_fail(err, rc, "record %llu, %.400s", (unsigned long long)number, plain.text);
    }
    return rc;
}

void cx_container_reader_destroy(cx_container_reader **reader) {
    cx_container_reader *r = *reader;
    if (r == NULL)
        return;
    if (r->file != NULL)
        (void)fclose(r->file);
    cx_buffer_free(&r->schema);
    cx_buffer_free(&r->raw);
    cx_buffer_free(&r->unpacked);
    free(r);
    *reader = NULL;
}
