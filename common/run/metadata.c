#include "common/run/metadata.h"

#include <stdio.h>
#include <string.h>

const cx_metadata cx_metadata_none = {.tick = CX_NO_TIME, .received_to = CX_NO_TIME};

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
enum { HASH_TEXT = 43 };

struct writer {
    char *out;
    size_t n;
    bool full;
};

static void put(struct writer *w, const char *text, size_t n) {
    if (w->n + n >= CX_METADATA_TEXT) {
        w->full = true;
        return;
    }
    (void)memcpy(w->out + w->n, text, n);
    w->n += n;
    w->out[w->n] = '\0';
}

static void put_number(struct writer *w, const char *before, int64_t number) {
    char text[40];
    int n = snprintf(text, sizeof text, "%s%lld", before, (long long)number);
    put(w, text, (size_t)n);
}

static void put_hash(struct writer *w, const uint8_t hash[CX_HASH]) {
    char text[HASH_TEXT];
    uint32_t bits = 0, held = 0;
    size_t n = 0;
    for (int i = 0; i < CX_HASH; i++) {
        bits = bits << 8 | hash[i];
        for (held += 8; held >= 6; held -= 6)
            text[n++] = base64[bits >> (held - 6) & 63];
    }
    text[n++] = base64[bits << (6 - held) & 63];
    put(w, text, n);
}

static void put_walk(struct writer *w, const cx_walk_place *walk) {
    put(w, walk->kind == CX_WALK_DUE ? ";wd," : ";wa,", 4);
    put_number(w, "", walk->index);
    put_number(w, ",", walk->due == CX_NO_TIME ? 0 : walk->due);
    put(w, ",", 1);
    for (size_t i = 0; i < walk->key_n; i++) {
        char hex[3];
        (void)snprintf(hex, sizeof hex, "%02x", walk->key[i]);
        put(w, hex, 2);
    }
}

cx_rc cx_metadata_format(const cx_metadata *m, char out[CX_METADATA_TEXT], cx_err *err) {
    struct writer w = {out, 0, false};
    put(&w, "1", 1);
    if (m->tick != CX_NO_TIME) {
        put_number(&w, ";t", m->tick);
        put_number(&w, ",", m->received_to == CX_NO_TIME ? 0 : m->received_to);
        put(&w, m->is_virtual ? ",1" : ",0", 2);
    }
    for (size_t i = 0; i < m->pack_n; i++) {
        put(&w, i == 0 ? ";p" : ",", i == 0 ? 2 : 1);
        put_hash(&w, m->packs[i]);
    }
    if (m->counting[0] != '\0') {
        put_number(&w, ";c", m->counted);
        put(&w, ",", 1);
        put(&w, m->counting, strlen(m->counting));
        put_number(&w, ",", m->limit);
    }
    if (m->walk.kind != CX_WALK_NONE)
        put_walk(&w, &m->walk);
    return w.full ? cx_fail(err, CX_CONFIG, "a partition's metadata is over %d bytes", CX_METADATA_TEXT)
                  : CX_OK;
}

static bool read_hash(cx_view text, uint8_t hash[CX_HASH]) {
    if (text.n != HASH_TEXT)
        return false;
    uint32_t bits = 0, held = 0;
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *at = memchr(base64, text.p[i], 64);
        if (at == NULL)
            return false;
        bits = bits << 6 | (uint32_t)(at - base64);
        held += 6;
        if (held >= 8 && n < CX_HASH) {
            held -= 8;
            hash[n++] = (uint8_t)(bits >> held);
        }
    }
    return n == CX_HASH;
}

static bool read_tick(cx_view text, cx_metadata *m) {
    cx_view rest;
    if (!cx_view_to_int64(cx_view_split(text, ',', &rest), &m->tick))
        return false;
    cx_view received = cx_view_split(rest, ',', &rest);
    m->is_virtual = cx_view_is(rest, "1");
    return cx_view_to_int64(received, &m->received_to) && (m->is_virtual || cx_view_is(rest, "0"));
}

static bool read_packs(cx_view text, cx_metadata *m) {
    while (text.n > 0) {
        if (m->pack_n == CX_METADATA_PACKS ||
            !read_hash(cx_view_split(text, ',', &text), m->packs[m->pack_n]))
            return false;
        m->pack_n++;
    }
    return true;
}

static bool read_count(cx_view text, cx_metadata *m) {
    cx_view rest, id;
    if (!cx_view_to_int64(cx_view_split(text, ',', &rest), &m->counted))
        return false;
    id = cx_view_split(rest, ',', &rest);
    if (!cx_view_is_code(id, sizeof m->counting - 1) || (rest.n > 0 && !cx_view_to_int64(rest, &m->limit)))
        return false;
    (void)memcpy(m->counting, id.p, id.n);
    m->counting[id.n] = '\0';
    return true;
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_walk(cx_view text, cx_walk_place *walk) {
    cx_view rest;
    cx_view kind = cx_view_split(text, ',', &rest);
    int64_t index;
    walk->kind = cx_view_is(kind, "d") ? CX_WALK_DUE : CX_WALK_ACTIVATION;
    if (!cx_view_is(kind, "d") && !cx_view_is(kind, "a"))
        return false;
    if (!cx_view_to_int64(cx_view_split(rest, ',', &rest), &index) || index < 0 || index > INT32_MAX)
        return false;
    walk->index = (int32_t)index;
    if (!cx_view_to_int64(cx_view_split(rest, ',', &rest), &walk->due))
        return false;
    if (rest.n % 2 != 0 || rest.n / 2 > CX_METADATA_KEY)
        return false;
    walk->key_n = rest.n / 2;
    for (size_t i = 0; i < walk->key_n; i++) {
        int high = hex_digit(rest.p[2 * i]), low = hex_digit(rest.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        walk->key[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

cx_rc cx_metadata_parse(const char *text, cx_metadata *out, cx_err *err) {
    *out = cx_metadata_none;
    if (text[0] == '\0')
        return CX_OK;
    cx_view rest;
    bool good = cx_view_is(cx_view_split(cx_view_of(text), ';', &rest), "1");
    while (good && rest.n > 0) {
        cx_view part = cx_view_split(rest, ';', &rest);
        cx_view body = part.n > 1 ? (cx_view){part.p + 1, part.n - 1} : (cx_view){NULL, 0};
        char kind = part.n > 0 ? part.p[0] : '\0';
        good = kind == 't'   ? read_tick(body, out)
               : kind == 'p' ? read_packs(body, out)
               : kind == 'c' ? read_count(body, out)
               : kind == 'w' ? read_walk(body, &out->walk)
                             : false;
    }
    return good ? CX_OK : cx_fail(err, CX_POSITION_LOST, "the metadata of a committed offset cannot be read");
}

cx_rc cx_metadata_activate(cx_metadata *m, const uint8_t hash[CX_HASH], cx_err *err) {
    for (size_t i = 0; i < m->pack_n; i++)
        if (memcmp(m->packs[i], hash, CX_HASH) == 0)
            return CX_OK;
    if (m->pack_n == CX_METADATA_PACKS)
        return cx_fail(err, CX_CONFIG, "more than %d packs were activated on this log", CX_METADATA_PACKS);
    (void)memcpy(m->packs[m->pack_n++], hash, CX_HASH);
    return CX_OK;
}
