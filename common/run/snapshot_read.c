#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/run/snapshot.h"

enum { MARKER = 16, PIECE = 1 << 16, NAME = 64, LONG = 10 };

struct cx_snapshot {
    FILE *from;
    char path[CX_SNAPSHOT_PATH];
    int64_t left; /* bytes of the file that have not been read */
    cx_snapshot_place place;
    uint8_t marker[MARKER];
    uint8_t *block; /* what is at hand of it: from `at` to `end` */
    size_t room;
    const uint8_t *at, *end;
    int64_t rows; /* of it that have not been given */
};

/* --- names -------------------------------------------------------------------------------------------- */
void cx_snapshot_name(const char *stage, int32_t generation, int32_t partition, cx_date day,
                      char out[CX_SNAPSHOT_FILE]) {
    char date[CX_DATE_TEXT];
    (void)snprintf(out, CX_SNAPSHOT_FILE, "%s/%d-%d-%s.avro", stage, (int)generation, (int)partition,
                   cx_date_format(day, date));
}

bool cx_snapshot_path(const cx_config *config, const char *file, char out[CX_SNAPSHOT_PATH]) {
    const char *dir = cx_config_text(config, "state.dir");
    int n = snprintf(out, CX_SNAPSHOT_PATH, "%s/%s", dir, file);
    return dir[0] != '\0' && n > 0 && n < CX_SNAPSHOT_PATH;
}

/* The day in "1-0-2026-03-03.avro", where the name is of that generation and partition. */
static cx_date day_of(cx_view name, cx_view first) {
    cx_view last = CX_VIEW(".avro");
    cx_date day = CX_NO_DATE;
    if (name.n <= first.n + last.n || memcmp(name.p, first.p, first.n) != 0 ||
        memcmp(name.p + name.n - last.n, last.p, last.n) != 0)
        return CX_NO_DATE;
    bool good = cx_date_parse((cx_view){name.p + first.n, name.n - first.n - last.n}, &day);
    return good ? day : CX_NO_DATE;
}

cx_date cx_snapshot_newest(const cx_config *config, const char *stage, int32_t generation, int32_t partition,
                           cx_date before) {
    char path[CX_SNAPSHOT_PATH], first[NAME];
    cx_date newest = CX_NO_DATE;
    int n = snprintf(first, sizeof first, "%d-%d-", (int)generation, (int)partition);
    DIR *folder = cx_snapshot_path(config, stage, path) ? opendir(path) : NULL;
    for (const struct dirent *e; folder != NULL && (e = readdir(folder)) != NULL;) {
        cx_date day = day_of(cx_view_of(e->d_name), (cx_view){first, (size_t)n});
        if (day > newest && (before == CX_NO_DATE || day < before))
            newest = day;
    }
    if (folder != NULL)
        (void)closedir(folder);
    return newest;
}

/* --- bytes -------------------------------------------------------------------------------------------- */
static cx_rc damaged(const cx_snapshot *s, const char *how, cx_err *err) {
    return cx_fail(err, CX_FILE, "%s: %s", s->path, how);
}

static cx_rc get(cx_snapshot *s, void *to, size_t n, cx_err *err) {
    if ((int64_t)n > s->left || fread(to, 1, n, s->from) != n)
        return damaged(s, "it ends too early", err);
    s->left -= (int64_t)n;
    return CX_OK;
}

/* A length or a count: zigzag, and never negative in what is written here. */
static cx_rc get_number(cx_snapshot *s, int64_t most, int64_t *out, cx_err *err) {
    uint64_t value = 0;
    uint8_t byte = 0x80;
    for (unsigned shift = 0; byte >= 0x80; shift += 7) {
        CX_TRY(get(s, &byte, 1, err));
        if (shift >= 63)
            return damaged(s, "a number is too long", err);
        value |= (uint64_t)(byte & 0x7F) << shift;
    }
    *out = (int64_t)(value >> 1);
    return (value & 1) == 0 && *out <= most ? CX_OK : damaged(s, "a number is out of range", err);
}

/* Of the block at hand. */
static cx_rc view_of(cx_snapshot *s, cx_view *out, cx_err *err) {
    uint64_t value = 0;
    bool more = true;
    for (unsigned shift = 0; more && s->at < s->end && shift < 63; shift += 7) {
        more = *s->at >= 0x80;
        value |= (uint64_t)(*s->at++ & 0x7F) << shift;
    }
    if (more || (value & 1) != 0 || value >> 1 > (uint64_t)(s->end - s->at))
        return damaged(s, "a row is longer than its block", err);
    *out = (cx_view){(const char *)s->at, (size_t)(value >> 1)};
    s->at += value >> 1;
    return CX_OK;
}

/* --- the head ----------------------------------------------------------------------------------------- */
static cx_rc take_entry(cx_snapshot *s, const char *name, const char *text, cx_err *err) {
    const struct {
        const char *name;
        int64_t *to;
    } numbers[] = {{"chengxin.origin", &s->place.origin},
                   {"chengxin.next", &s->place.next},
                   {"chengxin.changelog", &s->place.changelog},
                   {"chengxin.written", &s->place.written}};
    int64_t number = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(name, numbers[i].name) == 0)
            return cx_view_to_int64(cx_view_of(text), numbers[i].to) ? CX_OK : damaged(s, name, err);
    if (strcmp(name, "chengxin.place") == 0)
        return cx_metadata_parse(text, &s->place.metadata, err);
    if (strcmp(name, "chengxin.stage") == 0) {
        (void)snprintf(s->place.stage, sizeof s->place.stage, "%s", text);
        return CX_OK;
    }
    bool generation = strcmp(name, "chengxin.generation") == 0;
    if (!generation && strcmp(name, "chengxin.partition") != 0)
        return CX_OK; /* schema and codec: the hash says that we wrote them */
    if (!cx_view_to_int64(cx_view_of(text), &number) || number < 0 || number > INT32_MAX)
        return damaged(s, name, err);
    *(generation ? &s->place.generation : &s->place.partition) = (int32_t)number;
    return CX_OK;
}

static cx_rc get_text(cx_snapshot *s, char *out, size_t size, cx_err *err) {
    int64_t n = 0;
    CX_TRY(get_number(s, (int64_t)size - 1, &n, err));
    CX_TRY(get(s, out, (size_t)n, err));
    out[n] = '\0';
    return CX_OK;
}

static cx_rc read_head(cx_snapshot *s, cx_err *err) {
    char magic[4], name[NAME], text[CX_METADATA_TEXT];
    int64_t entries = 0, end = 0;
    CX_TRY(get(s, magic, sizeof magic, err));
    if (memcmp(magic, "Obj\x01", sizeof magic) != 0)
        return damaged(s, "it is no snapshot of state", err);
    CX_TRY(get_number(s, 100, &entries, err));
    for (int64_t i = 0; i < entries; i++) {
        CX_TRY(get_text(s, name, sizeof name, err));
        CX_TRY(get_text(s, text, sizeof text, err));
        CX_TRY(take_entry(s, name, text, err));
    }
    CX_TRY(get_number(s, 0, &end, err));
    CX_TRY(get(s, s->marker, MARKER, err));
    bool whole = s->place.stage[0] != '\0' && s->place.metadata.tick != CX_NO_TIME;
    return whole ? CX_OK : damaged(s, "it does not say where it was taken", err);
}

/* --- life --------------------------------------------------------------------------------------------- */
/* Before anything in it is believed. */
static cx_rc check(cx_snapshot *s, const cx_snapshot_sum *sum, cx_err *err) {
    uint8_t *piece = malloc(PIECE), hash[CX_HASH256];
    struct stat st;
    cx_hashing hashing;
    if (piece == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_hash_begin(&hashing);
    for (size_t n; (n = fread(piece, 1, PIECE, s->from)) > 0;)
        cx_hash_add(&hashing, piece, n);
    cx_hash_end(&hashing, hash);
    free(piece);
    bool read = ferror(s->from) == 0 && fstat(fileno(s->from), &st) == 0;
    if (!read)
        return damaged(s, strerror(errno), err);
    if (st.st_size != sum->bytes || memcmp(hash, sum->hash, sizeof hash) != 0)
        return damaged(s, "it is not the file whose hash is in credit.checkpoints", err);
    s->left = sum->bytes;
    rewind(s->from);
    return CX_OK;
}

cx_rc cx_snapshot_open(const char *path, const cx_snapshot_sum *sum, cx_snapshot **out, cx_err *err) {
    cx_snapshot *s = *out = calloc(1, sizeof *s);
    if (s == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)snprintf(s->path, sizeof s->path, "%s", path);
    s->place.metadata = cx_metadata_none;
    s->from = fopen(path, "re");
    cx_rc rc = s->from != NULL ? check(s, sum, err) : damaged(s, strerror(errno), err);
    if (rc == CX_OK)
        rc = read_head(s, err);
    if (rc != CX_OK)
        cx_snapshot_close(out);
    return rc;
}

const cx_snapshot_place *cx_snapshot_where(const cx_snapshot *s) {
    return &s->place;
}

static cx_rc next_block(cx_snapshot *s, cx_err *err) {
    uint8_t marker[MARKER];
    int64_t size = 0;
    CX_TRY(get_number(s, s->left, &s->rows, err));
    CX_TRY(get_number(s, s->left, &size, err));
    if ((size_t)size > s->room) {
        uint8_t *more = realloc(s->block, (size_t)size);
        if (more == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        s->block = more;
        s->room = (size_t)size;
    }
    CX_TRY(get(s, s->block, (size_t)size, err));
    CX_TRY(get(s, marker, MARKER, err));
    s->at = s->block;
    s->end = s->block + size;
    bool good = s->rows > 0 && memcmp(marker, s->marker, MARKER) == 0;
    return good ? CX_OK : damaged(s, "a block does not end where it should", err);
}

cx_rc cx_snapshot_next(cx_snapshot *s, cx_view *key, cx_view *value, cx_err *err) {
    *key = *value = (cx_view){NULL, 0};
    if (s->rows == 0 && s->left == 0)
        return CX_OK;
    if (s->rows == 0)
        CX_TRY(next_block(s, err));
    s->rows--;
    CX_TRY(view_of(s, key, err));
    return view_of(s, value, err);
}

void cx_snapshot_close(cx_snapshot **snapshot) {
    cx_snapshot *s = *snapshot;
    if (s == NULL)
        return;
    if (s->from != NULL)
        (void)fclose(s->from);
    free(s->block);
    free(s);
    *snapshot = NULL;
}
