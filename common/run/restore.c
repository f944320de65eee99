/* State of newly owned partitions, read from their changelogs up to the ends that were there when the
 * committed offsets had become stable; from a snapshot on, where there is one that may be used. The true end,
 * past open transactions: a marker may be a moment late there. */
#include <stdlib.h>

#include "common/base/log.h"
#include "common/run/inside.h"

enum { POLL_MS = 200 };

struct restoring {
    cx_run *run;
    cx_place *places; /* changelog partitions; offset: the end wanted, CX_POSITION_NONE once reached */
    cx_part **parts;
    int64_t *passed; /* offset up to which each has been read */
    int64_t *from;   /* where reading begins */
    size_t n, open;
};

const char *cx_run_changelog(const cx_stage *stage) {
    for (size_t i = 0; i < stage->output_count; i++)
        if (stage->outputs[i].kind == CX_OUTPUT_STATE)
            return stage->outputs[i].topic;
    return NULL;
}

static cx_rc gather(struct restoring *r, cx_err *err) {
    const char *changelog = cx_run_changelog(r->run->stage);
    size_t n = 0;
    for (const cx_part *p = r->run->parts; p != NULL; p = p->next_part)
        n++;
    r->places = calloc(n + 1, sizeof *r->places);
    r->parts = calloc(n + 1, sizeof *r->parts);
    r->passed = calloc(n + 1, sizeof *r->passed);
    r->from = calloc(n + 1, sizeof *r->from);
    if (r->places == NULL || r->parts == NULL || r->passed == NULL || r->from == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (cx_part *p = r->run->parts; p != NULL; p = p->next_part) {
        if (!p->owned || p->restored)
            continue;
        p->restored = changelog == NULL;
        if (changelog == NULL)
            continue;
        cx_state_destroy(&p->state);
        if ((p->state = cx_state_new()) == NULL)
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        r->places[r->n] = (cx_place){changelog, p->partition, 0, ""};
        r->parts[r->n++] = p;
    }
    return CX_OK;
}

static cx_rc find_ends(struct restoring *r, cx_err *err) {
    cx_admin *admin = NULL;
    int64_t wanted = 0;
    CX_TRY(cx_admin_new(r->run->config, &admin, err));
    cx_rc rc = CX_OK;
    for (size_t i = 0; rc == CX_OK && i < r->n; i++) {
        int64_t low = 0, high = 0;
        rc = cx_admin_ends(admin, r->places[i].topic, r->places[i].partition, &low, &high, err);
        r->places[i].offset = low < high ? high : CX_POSITION_NONE;
        r->open += low < high;
        r->passed[i] = r->from[i] = low;
        r->parts[i]->restored = low >= high;
        wanted += high - low;
    }
    cx_admin_destroy(&admin);
    atomic_store(&r->run->metrics.restore_read, 0);
    atomic_store(&r->run->metrics.restore_wanted, wanted);
    return rc;
}

/* Snapshots first: what they hold need not be read. */
static cx_rc take_files(struct restoring *r, cx_err *err) {
    struct cx_restore_files *files = NULL;
    cx_rc rc = cx_restore_files_open(r->run, cx_run_changelog(r->run->stage), &files, err);
    for (size_t i = 0; rc == CX_OK && i < r->n; i++) {
        if (r->places[i].offset == CX_POSITION_NONE)
            continue;
        rc = cx_restore_file(files, r->parts[i], r->places[i].offset, &r->from[i], err);
        atomic_fetch_sub(&r->run->metrics.restore_wanted, r->from[i] - r->passed[i]);
        r->passed[i] = r->from[i];
    }
    cx_restore_files_close(&files);
    return rc;
}

static size_t index_of(const struct restoring *r, int32_t partition) {
    size_t i = 0;
    while (i < r->n && r->places[i].partition != partition)
        i++;
    return i;
}

static cx_rc take_row(const struct restoring *r, cx_part *part, const cx_message *m, cx_err *err) {
    if (r->run->stage->row_type(m->key) == NULL)
        return cx_fail(err, CX_NOT_DECODED,
                       "changelog of %s partition %d offset %lld: a key of no known kind",
                       r->run->stage->name, (int)m->partition, (long long)m->offset);
    cx_rc rc = cx_state_load(part->state, m->key, m->value);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

struct indexing {
    cx_run *run;
    cx_err *err;
};

static cx_rc due_of(void *context, cx_view key, cx_view value, cx_time *due) {
    const struct indexing *in = context;
    const cx_stage *stage = in->run->stage;
    const void *row = NULL;
    cx_arena_reset(in->run->arena);
    cx_rc rc =
        cx_codec_decode_head(in->run->codec, stage->row_type(key), value, in->run->arena, &row, in->err);
    if (rc != CX_OK)
        return cx_fail(in->err, rc == CX_OUT_OF_MEMORY ? rc : CX_NOT_DECODED, "changelog of %s: %s",
                       stage->name, cx_rc_name(rc));
    *due = stage->row_due(key, row);
    return CX_OK;
}

/* A row was written many times: only what it is in the end is looked at, and there its head. */
static cx_rc finish(const struct restoring *r, cx_part *part, cx_err *err) {
    struct indexing in = {r->run, err};
    cx_rc rc = CX_OK;
    if (r->run->stage->row_due != NULL)
        rc = cx_state_index(part->state, due_of, &in);
    part->restored = rc == CX_OK;
    return rc != CX_OUT_OF_MEMORY ? rc : cx_fail(err, rc, NULL);
}

/* Offsets passed, those of what compaction has taken away too: read comes to what was wanted. */
static void count_progress(struct restoring *r, size_t i, int64_t next) {
    if (next > r->places[i].offset)
        next = r->places[i].offset;
    atomic_fetch_add(&r->run->metrics.restore_read, next - r->passed[i]);
    r->passed[i] = next;
}

static cx_rc take(struct restoring *r, cx_read *read, cx_err *err) {
    size_t i = read->kind == CX_READ_NOTHING ? r->n : index_of(r, read->message.partition);
    cx_rc rc = CX_OK;
    if (i < r->n && r->places[i].offset != CX_POSITION_NONE) {
        if (read->kind == CX_READ_MESSAGE) {
            rc = take_row(r, r->parts[i], &read->message, err);
            count_progress(r, i, read->message.offset + 1);
        } else if (read->message.offset >= r->places[i].offset) {
            count_progress(r, i, r->places[i].offset);
            r->places[i].offset = CX_POSITION_NONE;
            rc = finish(r, r->parts[i], err);
            r->open--;
        }
    }
    cx_message_release(&read->message);
    return rc;
}

static cx_rc read_all(struct restoring *r, cx_err *err) {
    cx_reader *reader = NULL;
    cx_place *from = calloc(r->n, sizeof *from);
    if (from == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->places[i].offset != CX_POSITION_NONE)
            from[n++] = (cx_place){r->places[i].topic, r->places[i].partition, r->from[i], ""};
    cx_rc rc = cx_reader_new(r->run->config, &reader, err);
    if (rc == CX_OK)
        rc = cx_reader_assign(reader, from, n, err);
    while (rc == CX_OK && r->open > 0) {
        cx_read read;
        atomic_fetch_add_explicit(&r->run->metrics.turns, 1, memory_order_relaxed);
        rc = cx_reader_poll(reader, POLL_MS, &read, err);
        if (rc == CX_OK)
            rc = take(r, &read, err);
    }
    cx_reader_destroy(&reader);
    free(from);
    return rc;
}

cx_rc cx_run_restore(cx_run *run, cx_err *err) {
    if (!run->restore_needed)
        return CX_OK;
    struct restoring r = {.run = run};
    uint64_t began = cx_metrics_now();
    cx_rc rc = gather(&r, err);
    if (rc == CX_OK && r.n > 0)
        rc = find_ends(&r, err);
    if (rc == CX_OK && r.open > 0)
        rc = take_files(&r, err);
    if (rc == CX_OK && r.open > 0)
        rc = read_all(&r, err);
    free(r.places);
    free(r.parts);
    free(r.passed);
    free(r.from);
    if (rc != CX_OK)
        return rc;
    run->restore_needed = false;
    cx_run_tell_holdings(run);
    cx_histogram_add(&run->metrics.restore_seconds, cx_metrics_now() - began);
    if (r.n > 0)
        cx_log_info("state of %zu partitions restored in %llu ms", r.n,
                    (unsigned long long)((cx_metrics_now() - began) / 1000000u));
    return CX_OK;
}
