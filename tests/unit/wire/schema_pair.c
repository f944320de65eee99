#include "tests/unit/wire/schema_pair.h"

#include <stdio.h>
#include <string.h>

#include "common/wire/visit.h"

enum { FIELDS = 5, DEEPEST = 3, BRANCHES = 4, TEXT = 200 };

/* --- schemas --- */

typedef struct pair {
    rng *r;
    cx_buffer *writer, *reader;
    int names; /* how many were given */
} pair;

static void add(cx_buffer *out, const char *text, int n) {
    CX_ASSERT(n >= 0 && n < TEXT && cx_buffer_append(out, text, (size_t)n) == CX_OK);
}

/* printf to the end of a buffer. */
#define put(out, ...)                                                                                        \
    do {                                                                                                     \
        char put_text[TEXT];                                                                                 \
        add(out, put_text, snprintf(put_text, sizeof put_text, __VA_ARGS__));                                \
    } while (0)

static void both(pair *p, const char *text) {
    put(p->writer, "%s", text);
    put(p->reader, "%s", text);
}

static void random_record(pair *p, int depth);

static void random_number(pair *p) {
    static const char *const kinds[] = {"\"int\"", "\"long\"", "\"float\"", "\"double\""};
    uint32_t from = rng_below(p->r, 4);
    put(p->writer, "%s", kinds[from]);
    put(p->reader, "%s", kinds[from + rng_below(p->r, 4 - from)]);
}

/* Each side takes some of five symbols, beginning anywhere. */
static void random_symbols(pair *p, cx_buffer *out, int name, bool preset) {
    uint32_t from = rng_below(p->r, 5), n = 1 + rng_below(p->r, 5);
    put(out, "{\"type\":\"enum\",\"name\":\"E%d\",\"symbols\":[", name);
    for (uint32_t i = 0; i < n; i++)
        put(out, "%s\"S%u\"", i > 0 ? "," : "", (from + i) % 5);
    put(out, "]");
    if (preset)
        put(out, ",\"default\":\"S%u\"", from);
    put(out, "}");
}

static void random_plain(pair *p, int depth) {
    char fixed[TEXT];
    int name = p->names++;
    switch (rng_below(p->r, depth < DEEPEST ? 8 : 6)) {
    case 0:
        both(p, "\"boolean\"");
        break;
    case 1:
        both(p, "\"bytes\"");
        break;
    case 2:
        put(p->writer, "\"string\"");
        put(p->reader, "%s", rng_below(p->r, 3) == 0 ? "\"bytes\"" : "\"string\"");
        break;
    case 3:
        random_symbols(p, p->writer, name, rng_below(p->r, 2) == 0);
        random_symbols(p, p->reader, name, rng_below(p->r, 2) == 0);
        break;
    case 4:
        (void)snprintf(fixed, sizeof fixed, "{\"type\":\"fixed\",\"name\":\"F%d\",\"size\":%u}", name,
                       rng_below(p->r, 5));
        both(p, fixed);
        break;
    case 5:
        random_number(p);
        break;
    case 6:
        both(p, "{\"type\":\"array\",\"items\":");
        random_plain(p, depth + 1);
        both(p, "}");
        break;
    default:
        random_record(p, depth + 1);
    }
}

/* Some of the branches, beginning anywhere; they may be written in a circle since none of them is like
 * another. */
static void some_branches(pair *p, cx_buffer *out, const char *const branches[BRANCHES]) {
    uint32_t from = rng_below(p->r, BRANCHES), n = 1 + rng_below(p->r, BRANCHES);
    put(out, "[");
    for (uint32_t i = 0; i < n; i++)
        put(out, "%s%s", i > 0 ? "," : "", branches[(from + i) % BRANCHES]);
    put(out, "]");
}

static void random_union(pair *p) {
    char record[2][TEXT];
    int name = p->names++;
    (void)snprintf(record[0], TEXT,
                   "{\"type\":\"record\",\"name\":\"U%d\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}",
                   name);
    (void)snprintf(record[1], TEXT,
                   "{\"type\":\"record\",\"name\":\"U%d\",\"fields\":[{\"name\":\"x\",\"type\":\"long\"}]}",
                   name);
    const char *const writers[BRANCHES] = {"\"null\"", "\"int\"", "\"string\"", record[0]};
    const char *const readers[BRANCHES] = {"\"null\"", "\"double\"", "\"string\"", record[1]};
    some_branches(p, p->writer, writers);
    some_branches(p, p->reader, readers);
}

/* A type alone, or beside null; for each side by itself. */
static void random_nullable(pair *p, int depth) {
    uint32_t writers = rng_below(p->r, 3), readers = rng_below(p->r, 3);
    put(p->writer, "%s", writers == 0 ? "" : writers == 1 ? "[\"null\"," : "[");
    put(p->reader, "%s", readers == 0 ? "" : readers == 1 ? "[\"null\"," : "[");
    random_plain(p, depth);
    put(p->writer, "%s", writers == 0 ? "" : writers == 1 ? "]" : ",\"null\"]");
    put(p->reader, "%s", readers == 0 ? "" : readers == 1 ? "]" : ",\"null\"]");
}

static void new_field(cx_buffer *out, uint32_t kind, int name) {
    static const char *const kinds[] = {
        "\"long\",\"default\":7", "\"string\",\"default\":\"preset\"", "\"boolean\",\"default\":true",
        "[\"null\",\"string\"],\"default\":null", "[\"long\",\"null\"],\"default\":7"};
    put(out, "{\"name\":\"n%d\",\"type\":%s},", name, kinds[kind]);
}

/* The first `n` of the bytes from `at` on go behind the others: fields in another order. */
static void rotate(cx_buffer *out, size_t at, size_t n) {
    cx_buffer first = {0};
    CX_ASSERT(cx_buffer_append(&first, out->p + at, n) == CX_OK);
    memmove(out->p + at, out->p + at + n, out->n - at - n);
    memcpy(out->p + out->n - n, first.p, n);
    cx_buffer_free(&first);
}

static void random_field(pair *p, uint32_t number, int depth) {
    char head[TEXT];
    size_t before = p->reader->n;
    (void)snprintf(head, sizeof head, "{\"name\":\"f%u\",\"type\":", number);
    both(p, head);
    if (rng_below(p->r, 6) == 0)
        random_union(p);
    else
        random_nullable(p, depth);
    both(p, "},");
    uint32_t fate = rng_below(p->r, 8);
    if (fate == 0) /* dropped by the reader */
        p->reader->n = before;
    if (fate == 1)
        new_field(p->reader, rng_below(p->r, 5), p->names++);
}

static void random_record(pair *p, int depth) {
    char head[TEXT];
    (void)snprintf(head, sizeof head, "{\"type\":\"record\",\"name\":\"R%d\",\"fields\":[", p->names++);
    both(p, head);
    size_t begin = p->reader->n, cut = begin;
    uint32_t n = 1 + rng_below(p->r, FIELDS), turn = rng_below(p->r, 2 * n);
    for (uint32_t i = 0; i < n; i++) {
        cut = i == turn ? p->reader->n : cut;
        random_field(p, i, depth);
    }
    rotate(p->reader, begin, cut - begin);
    both(p, "{\"name\":\"last\",\"type\":\"int\"}]}");
}

void random_schema_pair(rng *r, cx_buffer *writer, cx_buffer *reader) {
    pair p = {.r = r, .writer = writer, .reader = reader};
    writer->n = reader->n = 0;
    random_record(&p, 0);
}
