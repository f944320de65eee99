/* chengxin rebuild postgres: the history sink's own code fills a second schema, which then takes the first
 * one's name. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/admin.h"
#include "common/bus/reader.h"
#include "ops/cli/rebuild.h"
#include "ops/cli/rebuild_inside.h"
#include "ops/cli/table_read.h"

enum { POLL_MS = 200, IDLE_POLLS = 100, PROGRESS_EVERY = 20000, AHEAD = 4 };

/* --- which chains there are
 * ---------------------------------------------------------------------------------- */
static cx_rc add_chains(void *context, const char *topic, int32_t partitions) {
    cx_rebuild_pg *r = context;
    for (int32_t p = 0; p < partitions; p++) {
        cx_rebuild_chain *more = realloc(r->chains, (r->chain_n + 1) * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        r->chains = more;
        r->chains[r->chain_n] = (cx_rebuild_chain){.topic = strdup(topic), .partition = p};
        if (r->chains[r->chain_n++].topic == NULL)
            return CX_OUT_OF_MEMORY;
    }
    return CX_OK;
}

static cx_rc find_chains(cx_rebuild_pg *r, cx_err *err) {
    const char *const named[] = {cx_history_decided, cx_history_notices, cx_history_access};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        int32_t n = 0;
        CX_TRY(cx_admin_partitions(r->admin, named[i], &n, err));
        if (add_chains(r, named[i], n) != CX_OK)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    return cx_admin_topics(r->admin, cx_history_rejected, add_chains, r, err);
}

/* --- reading into the new schema
 * ----------------------------------------------------------------------------- */
static cx_rc flush(cx_rebuild_pg *r, cx_err *err) {
    bool done = true;
    CX_TRY(cx_history_sink.write(&r->run, err));
    return cx_history_sink.settle(&r->run, true, &done, err);
}

/* The chain that grows is cut where it was signed to be, and must be what was signed. */
static cx_rc pass_heads(cx_rebuild_pg *r, cx_rebuild_chain *c, cx_err *err) {
    cx_claim *claim = cx_history_claim(&r->run, cx_view_of(c->topic), c->partition);
    size_t before = r->verify.differences;
    CX_ASSERT(claim != NULL);
    c->walk.chain = claim->chain;
    cx_heads_pass(&c->walk);
    claim->chain = c->walk.chain;
    return r->verify.differences == before
               ? CX_OK
               : cx_fail(err, CX_STORE,
                         "the log does not lead to what was signed (see above): nothing was changed");
}

static cx_rc take(cx_rebuild_pg *r, cx_rebuild_chain *c, const cx_message *m, cx_err *err) {
    bool full = false;
    cx_arena_reset(r->run.arena);
    cx_rc rc = cx_history_sink.take(&r->run, m, &full, err);
    if (rc != CX_OK)
        return cx_fail_in(err, "%s partition %d offset %lld", c->topic, (int)m->partition,
                          (long long)m->offset);
    if (r->rebuild->messages++ % PROGRESS_EVERY == 0)
        cx_rebuild_progress(r->rebuild, c->topic);
    c->next = m->offset + 1;
    CX_TRY(pass_heads(r, c, err));
    return full ? flush(r, err) : CX_OK;
}

static bool is_of(const cx_rebuild_chain *c, const cx_message *m) {
    return m->partition == c->partition && cx_view_is(m->topic, c->topic);
}

/* A reader's first message takes its time to come: a chain is asked for before its turn. */
static cx_rc open_chain(const cx_rebuild_pg *r, cx_rebuild_chain *c, int64_t until, cx_err *err) {
    cx_place from = {c->topic, c->partition, c->next, ""};
    if (c->next >= until || c->reader != NULL)
        return CX_OK;
    CX_TRY(cx_reader_new(r->rebuild->config, &c->reader, err));
    return cx_reader_assign(c->reader, &from, 1, err);
}

/* Up to `until`, or to the end that is committed. */
static cx_rc read_open(cx_rebuild_pg *r, cx_rebuild_chain *c, int64_t until, cx_err *err) {
    for (int idle = 0;;) {
        cx_read read;
        CX_TRY(cx_reader_poll(c->reader, POLL_MS, &read, err));
        idle = read.kind == CX_READ_NOTHING ? idle + 1 : 0;
        if (idle > IDLE_POLLS)
            return cx_fail(err, CX_BUS_AWAY, "%s does not answer", c->topic);
        bool ours = read.kind != CX_READ_NOTHING && is_of(c, &read.message);
        int64_t at = read.message.offset;
        cx_rc rc = CX_OK;
        if (read.kind == CX_READ_MESSAGE && ours && at < until)
            rc = take(r, c, &read.message, err);
        if (read.kind == CX_READ_MESSAGE)
            cx_message_release(&read.message);
        CX_TRY(rc);
        if (ours && (read.kind == CX_READ_END || at + 1 >= until))
            return CX_OK;
    }
}

static cx_rc read_chain(cx_rebuild_pg *r, cx_rebuild_chain *c, int64_t until, cx_err *err) {
    CX_TRY(open_chain(r, c, until, err));
    cx_rc rc = c->reader != NULL ? read_open(r, c, until, err) : CX_OK;
    cx_reader_destroy(&c->reader);
    return rc;
}

static cx_rc begin_chain(cx_rebuild_pg *r, cx_rebuild_chain *c, cx_err *err) {
    int64_t low = 0;
    c->walk = (cx_heads_walk){.verify = &r->verify, .where = "log"};
    c->walk.heads = cx_heads_of(r->heads, cx_view_of(c->topic), c->partition, &c->walk.n);
    CX_TRY(cx_admin_ends(r->admin, c->topic, c->partition, &low, &c->end, err));
    c->next = low;
    return low == 0 ? CX_OK : cx_rebuild_begin_behind(r, c, low, err);
}

static cx_rc read_all(cx_rebuild_pg *r, cx_err *err) {
    for (size_t i = 0; i < r->chain_n; i++)
        CX_TRY(begin_chain(r, &r->chains[i], err));
    for (size_t i = 0; i < r->chain_n; i++) {
        for (size_t k = i; k < r->chain_n && k < i + AHEAD; k++)
            CX_TRY(open_chain(r, &r->chains[k], r->chains[k].end, err));
        CX_TRY(read_chain(r, &r->chains[i], r->chains[i].end, err));
    }
    return flush(r, err);
}

/* What the old schema holds by now, which stands still. */
cx_rc cx_rebuild_catch_up(cx_rebuild_pg *r, const cx_pg_rows *offsets, cx_err *err) {
    for (int i = 0; i < cx_pg_rows_count(offsets); i++) {
        int64_t partition = 0, next = 0;
        const char *topic = cx_pg_value(offsets, i, 0);
        if (!cx_view_to_int64(cx_view_of(cx_pg_value(offsets, i, 1)), &partition) ||
            !cx_view_to_int64(cx_view_of(cx_pg_value(offsets, i, 2)), &next))
            return cx_fail(err, CX_STORE, "history.offsets holds no number where one belongs");
        for (size_t k = 0; k < r->chain_n; k++)
            if (r->chains[k].partition == partition && strcmp(r->chains[k].topic, topic) == 0)
                CX_TRY(read_chain(r, &r->chains[k], next, err));
    }
    return flush(r, err);
}

/* --- life
 * ---------------------------------------------------------------------------------------------------- */
static cx_rc open_sink(cx_rebuild_pg *r, cx_err *err) {
    cx_place *places = calloc(r->chain_n, sizeof *places);
    if (places == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < r->chain_n; i++)
        places[i] = (cx_place){r->chains[i].topic, r->chains[i].partition, CX_POSITION_NONE, ""};
    r->run = (cx_sink_run){.config = r->rebuild->config, .codec = r->rebuild->codec, .metrics = &r->metrics};
    r->run.arena = cx_arena_new(0);
    cx_rc rc = r->run.arena == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                                    : cx_history_open_in(&r->run, "history_next", err);
    if (rc == CX_OK)
        rc = cx_history_sink.place(&r->run, places, r->chain_n, err);
    free(places);
    return rc;
}

static cx_rc open_all(cx_rebuild_pg *r, cx_err *err) {
    const cx_config *config = r->rebuild->config;
    for (size_t i = 0; cx_history_types[i] != NULL; i++)
        CX_TRY(cx_codec_add(r->rebuild->codec, cx_history_types[i], err));
    CX_TRY(cx_codec_add(r->rebuild->codec, &cx_checkpoint_type, err));
    CX_TRY(cx_rebuild_schemas(r->rebuild, err));
    CX_TRY(cx_vault_init(err));
    CX_TRY(cx_key_read(cx_config_text(config, "vault.dir"), "checkpoint.pub", &r->verify.key, err));
    CX_TRY(cx_admin_new(config, &r->admin, err));
    CX_TRY(cx_rebuild_heads(r, err));
    CX_TRY(find_chains(r, err));
    CX_TRY(cx_pg_open(cx_config_text(config, "postgres.conninfo"), "postgres", "chengxin rebuild", &r->owner,
                      err));
    CX_TRY(cx_rebuild_schema(r, "history_next", true, err));
    CX_TRY(cx_pg_script(r->owner, "DROP SCHEMA IF EXISTS history_old CASCADE", err));
    return open_sink(r, err);
}

static void close_all(cx_rebuild_pg *r) {
    if (r->run.context != NULL)
        cx_history_sink.close(&r->run);
    for (size_t i = 0; i < r->chain_n; i++) {
        cx_reader_destroy(&r->chains[i].reader);
        free(r->chains[i].topic);
    }
    free(r->chains);
    cx_arena_destroy(&r->run.arena);
    cx_heads_destroy(&r->heads);
    cx_key_destroy(&r->verify.key);
    json_decref(r->verify.found);
    json_decref(r->verify.parts);
    cx_admin_destroy(&r->admin);
    cx_pg_close(&r->owner);
}

static cx_rc rebuild(cx_rebuild_pg *r, cx_err *err) {
    double began = cx_rebuild_now();
    CX_TRY(open_all(r, err));
    CX_TRY(read_all(r, err));
    r->rebuild->build_seconds = cx_rebuild_now() - began;
    return cx_rebuild_switch(r, err);
}

cx_rc cx_rebuild_postgres(cx_rebuild *asked, cx_err *err) {
    cx_rebuild_pg r = {.rebuild = asked};
    r.verify = (cx_verify){.config = asked->config,
                           .generation = asked->generation,
                           .codec = asked->codec,
                           .found = json_array(),
                           .parts = json_object()};
    cx_rc rc = rebuild(&r, err);
    close_all(&r);
    return rc;
}
