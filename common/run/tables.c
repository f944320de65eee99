/* What a stage reads beside its input, from the beginning: packs, schemas, rows that others write. */
#include <stdlib.h>
#include <string.h>

#include "common/base/home.h"
#include "common/base/log.h"
#include "common/run/inside.h"
#include "schemas/types.h"

static const char policies_topic[] = "credit.policies", schemas_topic[] = "credit.schemas";
enum { START_MS = 60000, POLL_MS = 100 };

static cx_rc add_topic(cx_run *run, cx_admin *admin, const char *topic, int32_t *partitions, cx_err *err) {
    cx_tables *t = &run->tables;
    int32_t n = 0;
    CX_TRY(cx_admin_partitions(admin, topic, &n, err));
    *partitions = n;
    cx_place *more = realloc(t->places, (t->place_n + (size_t)n) * sizeof *more);
    if (more == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    t->places = more;
    for (int32_t p = 0; p < n; p++) {
        int64_t low = 0, high = 0;
        CX_TRY(cx_admin_ends(admin, topic, p, &low, &high, err));
        t->places[t->place_n++] = (cx_place){topic, p, high, ""};
    }
    return CX_OK;
}

static cx_rc assign_all(cx_run *run, cx_err *err) {
    cx_tables *t = &run->tables;
    cx_place *from = calloc(t->place_n, sizeof *from);
    if (from == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < t->place_n; i++) {
        from[i] = t->places[i];
        from[i].offset = CX_POSITION_BEGINNING;
    }
    cx_rc rc = cx_reader_assign(t->reader, from, t->place_n, err);
    free(from);
    t->open_ends = t->place_n;
    return rc;
}

cx_rc cx_tables_open(cx_run *run, cx_err *err) {
    cx_tables *t = &run->tables;
    cx_admin *admin = NULL;
    int32_t n = 0;
    if (run->stage->side_topic != NULL && (t->side = cx_state_new()) == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_admin_new(run->config, &admin, err));
    cx_rc rc = add_topic(run, admin, schemas_topic, &n, err);
    if (rc == CX_OK && run->stage->policies != NULL)
        rc = add_topic(run, admin, policies_topic, &n, err);
    if (rc == CX_OK && run->stage->side_topic != NULL)
        rc = add_topic(run, admin, run->stage->side_topic, &t->side_partitions, err);
    cx_admin_destroy(&admin);
    if (rc == CX_OK)
        rc = cx_reader_new(run->config, &t->reader, err);
    if (rc == CX_OK)
        rc = assign_all(run, err);
    uint64_t began = cx_metrics_now();
    while (rc == CX_OK && t->open_ends > 0) {
        rc = cx_tables_poll(run, POLL_MS, err);
        if (cx_metrics_now() - began > START_MS * 1000000ull && t->side == NULL)
            rc = cx_fail(err, CX_BUS_AWAY, "packs and schemas cannot be read to their ends");
    }
    return rc == CX_OK ? cx_reader_follow(t->reader, run->config, err) : rc;
}

void cx_tables_close(cx_run *run) {
    cx_tables *t = &run->tables;
    for (size_t i = 0; i < t->pack_n; i++)
        if (t->packs[i].object != NULL)
            run->stage->policies->destroy(&t->packs[i].object);
    free(t->packs);
    free(t->places);
    cx_state_destroy(&t->side);
    cx_reader_destroy(&t->reader);
    *t = (cx_tables){0};
}

static cx_compiled_pack *find_pack(const cx_tables *t, const uint8_t hash[CX_HASH]) {
    for (size_t i = 0; i < t->pack_n; i++)
        if (memcmp(t->packs[i].hash, hash, CX_HASH) == 0)
            return &t->packs[i];
    return NULL;
}

static cx_rc take_pack(cx_run *run, const cx_message *m, cx_err *err) {
    cx_tables *t = &run->tables;
    const void *pack = NULL;
    if (m->value.p == NULL || m->key.n != CX_HASH || find_pack(t, (const uint8_t *)m->key.p) != NULL)
        return CX_OK;
    cx_compiled_pack *more = realloc(t->packs, (t->pack_n + 1) * sizeof *more);
    cx_arena *arena = cx_arena_new(0);
    if (more == NULL || arena == NULL) {
        t->packs = more != NULL ? more : t->packs;
        cx_arena_destroy(&arena);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    t->packs = more;
    cx_compiled_pack made = {0};
    (void)memcpy(made.hash, m->key.p, CX_HASH);
    cx_err why = {0};
    cx_rc rc = cx_codec_decode(run->codec, &cx_policy_pack_type, m->value, arena, &pack, &why);
    if (rc == CX_OK)
        rc = run->stage->policies->compile(pack, &made.object, &why);
    cx_arena_destroy(&arena);
    if (rc == CX_OUT_OF_MEMORY)
        return cx_fail(err, rc, NULL);
    if (rc != CX_OK) /* it does no harm until it is activated, which the clock will not do */
        cx_log_failure(CX_LOG_WARN, "a published pack cannot be compiled", &why);
    t->packs[t->pack_n++] = made;
    t->changed = true;
    return CX_OK;
}

static cx_rc take_schema(cx_run *run, const cx_message *m, cx_err *err) {
    bool is_new = false;
    cx_err why = {0};
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(run->codec, m->value, &is_new, &why);
    if (rc == CX_OUT_OF_MEMORY || rc == CX_CONFIG)
        return cx_fail(err, rc, "%s", why.text);
    if (rc != CX_OK)
        cx_log_failure(CX_LOG_WARN, "a published schema cannot be read", &why);
    return CX_OK;
}

static cx_rc take(cx_run *run, const cx_message *m, cx_err *err) {
    if (cx_view_is(m->topic, schemas_topic))
        return take_schema(run, m, err);
    if (cx_view_is(m->topic, policies_topic))
        return take_pack(run, m, err);
    bool (*wanted)(cx_view) = run->stage->side_wanted;
    if (m->key.n == 0 || (wanted != NULL && !wanted(m->key)))
        return CX_OK;
    /* Where partitions were split, a row's old place says nothing, nor that it has left that: partitions come
     * in any order, and what was erased since must not come back. */
    if (cx_home(m->key, run->tables.side_partitions) != m->partition)
        return CX_OK;
    run->tables.side_read++;
    cx_rc rc = cx_state_load(run->tables.side, m->key, m->value);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static void take_end(cx_tables *t, const cx_message *end) {
    for (size_t i = 0; i < t->place_n; i++) {
        cx_place *p = &t->places[i];
        if (p->partition != end->partition || !cx_view_is(end->topic, p->topic) ||
            p->offset == CX_POSITION_NONE || end->offset < p->offset)
            continue;
        p->offset = CX_POSITION_NONE;
        t->open_ends--;
    }
}

cx_rc cx_tables_poll(cx_run *run, int timeout_ms, cx_err *err) {
    for (;;) {
        cx_read read;
        CX_TRY(cx_reader_poll(run->tables.reader, timeout_ms, &read, err));
        if (read.kind == CX_READ_NOTHING)
            return CX_OK;
        if (read.kind == CX_READ_END) {
            take_end(&run->tables, &read.message);
            continue;
        }
        cx_rc rc = take(run, &read.message, err);
        cx_message_release(&read.message);
        if (rc != CX_OK)
            return rc;
        timeout_ms = 0;
    }
}

cx_rc cx_tables_pack(const cx_run *run, const uint8_t hash[CX_HASH], const void **compiled, cx_err *err) {
    const cx_compiled_pack *pack = find_pack(&run->tables, hash);
    if (pack == NULL)
        return cx_fail(err, CX_ROW_NOT_YET, "a pack that is in force has not been read yet");
    *compiled = pack->object;
    return pack->object != NULL ? CX_OK
                                : cx_fail(err, CX_PACK_INVALID, "a pack that is in force cannot be compiled");
}
