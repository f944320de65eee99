#include "tests/unit/ops/replay/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/model/packs.h"
#include "tests/model/random.h"

cx_codec *history_codec(void) {
    static const cx_type *const types[] = {&cx_event_type, &cx_classified_type, &cx_decided_type,
                                           &cx_dispatch_type, NULL};
    cx_codec *codec = cx_codec_new();
    for (size_t i = 0; types[i] != NULL; i++)
        assert_int_equal(cx_codec_add(codec, types[i], NULL), CX_OK);
    return codec;
}

void history_begin(history *h) {
    *h = (history){.chain = cx_chain_new(HISTORY_PARTITIONS), .arena = cx_arena_new(0)};
    h->memory = (memory){.chain = h->chain, .codec = history_codec()};
    assert_int_equal(cx_model_pack(NULL, "tests/model/pack", 1, &h->packs[HISTORY_BASE], NULL), CX_OK);
    assert_int_equal(
        cx_model_pack("tests/model/pack", "tests/model/pack-milder", 2, &h->packs[HISTORY_MILDER], NULL),
        CX_OK);
}

void history_end(history *h) {
    cx_buffer_free(&h->memory.changed);
    cx_codec_destroy(&h->memory.codec);
    cx_chain_destroy(&h->chain);
    cx_arena_destroy(&h->arena);
    for (int i = 0; i < HISTORY_PACKS; i++)
        cx_pack_destroy(&h->packs[i]);
}

memory *history_play(history *h, uint64_t seed, int first, int later) {
    cx_err err = {0};
    memory *m = &h->memory;
    cx_arena_reset(h->arena);
    cx_random r = cx_random_begin(seed, h->chain, h->arena, h->packs[first], h->packs[later]);
    for (int i = 0; i < HISTORY_STEPS; i++)
        if (cx_random_step(&r, &err) != CX_OK)
            fail_msg("seed %llu, step %d: %s", (unsigned long long)seed, i, err.text);
    for (int i = 0; i < HISTORY_PACKS; i++)
        m->packs[i] = h->packs[i];
    m->instead = NULL;
    m->restore = NULL;
    m->mistake = NONE;
    m->low = 0;
    return m;
}
