/* Decode and encode of a 350-byte event of 16 fields: the plan, a decoder by hand, avro-c's generic one.
 *
 *     bench_wire [--json]
 *
 * Exits 1 when a budget of the architecture is missed. Each figure is the least of ROUNDS, in which the
 * contenders take turns. */
#include <avro.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/wire/decode.h"
#include "common/wire/encode.h"
#include "common/wire/schema.h"
#include "common/wire/visit.h"
#include "tests/bench/wire/by_hand.h"

enum { EVENTS = 256, ROUNDS = 15, REPEATS = 40 };

typedef struct bench {
    cx_arena *arena;
    const cx_type *type;
    cx_plan *plan;
    bench_event events[EVENTS];
    cx_view datums[EVENTS];
    cx_buffer buffer;
    avro_value_t value;
    avro_reader_t reader;
    avro_writer_t writer;
    char written[4096];
    bench_event sink;
} bench;

typedef cx_rc contender(bench *b, size_t i);

static cx_rc plan_decode(bench *b, size_t i) {
    return cx_plan_decode(b->plan, b->datums[i], b->arena, &b->sink, NULL);
}

static cx_rc hand_decode(bench *b, size_t i) {
    return by_hand_decode(b->datums[i], &b->sink);
}

/* --- avro-c: the value is kept and reused, and its fields are taken out by their numbers, its fastest way
 * --- */

static void avro_field(bench *b, size_t index, avro_value_t *field) {
    (void)avro_value_get_by_index(&b->value, index, field, NULL);
}

static void avro_text(bench *b, size_t index, cx_view *out) {
    avro_value_t field;
    size_t n = 1;
    avro_field(b, index, &field);
    (void)avro_value_get_string(&field, &out->p, &n);
    out->n = n - 1; /* it counts the NUL */
}

static void avro_number(bench *b, size_t index, int32_t *out) {
    avro_value_t field;
    avro_field(b, index, &field);
    (void)avro_value_get_int(&field, out);
}

/* Whether the union holds its second branch, which is not null. */
static bool avro_branch(bench *b, size_t index, avro_value_t *out) {
    avro_value_t field;
    int which = 0;
    avro_field(b, index, &field);
    (void)avro_value_get_discriminant(&field, &which);
    (void)avro_value_get_current_branch(&field, out);
    return which == 1;
}

static void avro_bind_rest(bench *b, bench_event *e) {
    avro_value_t field;
    const void *fixed = NULL;
    size_t n = 1;
    int number = 0;
    e->has_effective_on = avro_branch(b, 7, &field);
    if (e->has_effective_on)
        (void)avro_value_get_int(&field, &e->effective_on);
    avro_field(b, 8, &field);
    (void)avro_value_get_enum(&field, &number);
    e->role = (uint32_t)number;
    avro_field(b, 10, &field);
    (void)avro_value_get_fixed(&field, &fixed, &n);
    memcpy(e->subject, fixed, sizeof e->subject);
    avro_field(b, 11, &field);
    (void)avro_value_get_boolean(&field, &number);
    e->verified = number != 0;
    avro_field(b, 13, &field);
    (void)avro_value_get_double(&field, &e->amount);
    e->reason = (cx_view){NULL, 0};
    if (avro_branch(b, 14, &field)) {
        (void)avro_value_get_string(&field, &e->reason.p, &n);
        e->reason.n = n - 1;
    }
}

static cx_rc avro_decode(bench *b, size_t i) {
    avro_value_t field;
    bench_event *e = &b->sink;
    avro_reader_memory_set_source(b->reader, b->datums[i].p, (int64_t)b->datums[i].n);
    if (avro_value_read(b->reader, &b->value) != 0)
        return CX_TRUNCATED;
    avro_text(b, 0, &e->event_id);
    avro_number(b, 1, &e->jurisdiction);
    avro_field(b, 2, &field);
    (void)avro_value_get_long(&field, &e->issued_at);
    avro_number(b, 3, &e->happened_on);
    avro_text(b, 4, &e->number);
    avro_text(b, 5, &e->issuing_body);
    avro_text(b, 6, &e->legal_basis);
    avro_text(b, 9, &e->official);
    avro_text(b, 12, &e->item);
    avro_text(b, 15, &e->note);
    avro_bind_rest(b, e);
    return CX_OK;
}

static cx_rc plan_encode(bench *b, size_t i) {
    b->buffer.n = 0;
    return cx_encode(b->type, &b->events[i], &b->buffer, NULL);
}

static cx_rc hand_encode(bench *b, size_t i) {
    b->buffer.n = 0;
    return by_hand_encode(&b->events[i], &b->buffer);
}

static cx_rc avro_encode(bench *b, size_t i) {
    (void)i; /* the value that the last avro_decode left */
    avro_writer_reset(b->writer);
    return avro_value_write(b->writer, &b->value) == 0 ? CX_OK : CX_OVERSIZED;
}

static double now(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Nanoseconds for one event. */
static double measure(bench *b, contender *run) {
    double begin = now();
    for (int n = 0; n < REPEATS; n++)
        for (size_t i = 0; i < EVENTS; i++)
            CX_ASSERT(run(b, i) == CX_OK);
    return (now() - begin) / (REPEATS * EVENTS);
}

static void fill_event(bench_event *e, cx_arena *a, int i) {
    *e = (bench_event){
        .event_id = cx_arena_printf(a, "130100-fgw-2026-%08d", i * 7919),
        .jurisdiction = 130100,
        .issued_at = INT64_C(1790000000000) + i * 1009,
        .happened_on = 20600 + i,
        .number = cx_arena_printf(a, "冀石市监罚〔2026〕%d号", 100 + i),
        .issuing_body = cx_arena_printf(a, "130100.market.%03d", i % 24),
        .legal_basis = CX_VIEW("LAW-FOOD-SAFETY-2021-124-1"),
        .has_effective_on = i % 4 != 0,
        .effective_on = i % 4 != 0 ? 20610 + i : 0,
        .role = (uint32_t)i % 4,
        .official = cx_arena_printf(a, "off-%05d", i),
        .verified = i % 2 == 0,
        .item = CX_VIEW("P-0412-UNLICENSED-FOOD-PRODUCTION"),
        .amount = 1234.5 * i,
        .reason = i % 8 == 0 ? (cx_view){NULL, 0} : CX_VIEW("REPEATED_WITHIN_TWO_YEARS"),
        .note = cx_arena_printf(a, "%d/%s", i,
                                "ledger 7, page 12, entry 4; served by post; inspection of "
                                "3 premises; see annex B for the list of items; copies to two offices")};
    for (size_t k = 0; k < sizeof e->subject; k++)
        e->subject[k] = (uint8_t)(i * 31 + (int)k * 17);
}

static void prepare_avro(bench *b) {
    avro_schema_t schema = NULL;
    CX_ASSERT(avro_schema_from_json_length(BENCH_SCHEMA, sizeof BENCH_SCHEMA - 1, &schema) == 0);
    avro_value_iface_t *iface = avro_generic_class_from_schema(schema);
    CX_ASSERT(avro_generic_value_new(iface, &b->value) == 0);
    avro_value_iface_decref(iface);
    avro_schema_decref(schema);
    b->reader = avro_reader_memory(NULL, 0);
    b->writer = avro_writer_memory(b->written, sizeof b->written);
}

/* The bytes on average. */
static double prepare(bench *b) {
    cx_err err = {0};
    double bytes = 0;
    b->arena = cx_arena_new(0);
    CX_ASSERT(cx_schema_parse(CX_VIEW(BENCH_SCHEMA), b->arena, &b->type, &err) == CX_OK);
    CX_ASSERT(b->type->size == sizeof(bench_event));
    CX_ASSERT(cx_plan_compile((cx_view){NULL, 0}, b->type, &b->plan, &err) == CX_OK);
    for (int i = 0; i < EVENTS; i++) {
        fill_event(&b->events[i], b->arena, i);
        CX_ASSERT(plan_encode(b, (size_t)i) == CX_OK);
        b->datums[i] = cx_arena_copy(b->arena, cx_buffer_view(&b->buffer, 0));
        CX_ASSERT(hand_encode(b, (size_t)i) == CX_OK &&
                  cx_view_eq(b->datums[i], cx_buffer_view(&b->buffer, 0)));
        CX_ASSERT(plan_decode(b, (size_t)i) == CX_OK);
        CX_ASSERT(cx_struct_same(b->type, &b->sink, &b->events[i], NULL));
        CX_ASSERT(hand_decode(b, (size_t)i) == CX_OK);
        CX_ASSERT(cx_struct_same(b->type, &b->sink, &b->events[i], NULL));
        bytes += (double)b->datums[i].n / EVENTS;
    }
    prepare_avro(b);
    for (size_t i = 0; i < EVENTS; i++) {
        memset(&b->sink, 0, sizeof b->sink);
        CX_ASSERT(avro_decode(b, i) == CX_OK);
        CX_ASSERT(cx_struct_same(b->type, &b->sink, &b->events[i], NULL));
    }
    return bytes;
}

static void clean_up(bench *b) {
    avro_value_decref(&b->value);
    avro_reader_free(b->reader);
    avro_writer_free(b->writer);
    cx_plan_destroy(&b->plan);
    cx_buffer_free(&b->buffer);
    cx_arena_destroy(&b->arena);
}

typedef struct row {
    const char *name;
    double figure, baseline, ratio, budget;
    bool at_most; /* the budget is a most, else a least */
} row;

static bool print_row(const row *r, bool json) {
    bool kept = r->budget == 0 || (r->at_most ? r->ratio <= r->budget : r->ratio >= r->budget);
    if (json)
        (void)printf(
            "{\"name\": \"%s\", \"unit\": \"ns\", \"figure\": %.1f, \"baseline\": %.1f, \"ratio\": %.2f, "
            "\"budget\": %.2f, \"kept\": %s}\n",
            r->name, r->figure, r->baseline, r->ratio, r->budget, kept ? "true" : "false");
    else
        (void)printf("%-44s %8.1f ns   baseline %8.1f ns   ratio %6.2f   %s%s\n", r->name, r->figure,
                     r->baseline, r->ratio,
                     r->budget == 0 ? ""
                     : r->at_most   ? "at most 1.50"
                                    : "at least 10.00",
                     kept ? "" : "   MISSED");
    return kept;
}

int main(int argc, char **argv) {
    static bench b;
    static contender *const all[] = {plan_decode, hand_decode, avro_decode,
                                     plan_encode, hand_encode, avro_encode};
    double best[6] = {0};
    bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
    double bytes = prepare(&b);
    for (int round = 0; round < ROUNDS; round++)
        for (int c = 0; c < 6; c++) {
            double ns = measure(&b, all[c]);
            best[c] = round == 0 || ns < best[c] ? ns : best[c];
        }
    if (!json)
        (void)printf("16 fields, %.0f bytes on average\n", bytes);
    const row rows[] = {
        {"decode: plan, against by hand", best[0], best[1], best[0] / best[1], 1.5, true},
        {"decode: plan, times faster than avro-c", best[0], best[2], best[2] / best[0], 10, false},
        {"encode: plan, against by hand", best[3], best[4], best[3] / best[4], 0, true},
        {"encode: plan, times faster than avro-c", best[3], best[5], best[5] / best[3], 0, false}};
    bool kept = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        kept = print_row(&rows[i], json) && kept;
    clean_up(&b);
    return kept ? 0 : 1;
}
