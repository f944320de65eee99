/* One decision: rows looked up, decide called, effects sent and kept. */
#include <stdio.h>
#include <string.h>

#include "common/run/inside.h"
#include "schemas/types.h"

enum { ROWS_MS = 50 };

static cx_rc find_row(cx_run *run, const cx_part *part, cx_view key, const void **out, cx_err *err) {
    const cx_stage *stage = run->stage;
    const cx_state *rows = stage->side_topic != NULL ? run->tables.side : part->state;
    const cx_type *type = stage->side_topic != NULL ? stage->side_type : stage->row_type(key);
    *out = NULL;
    cx_view value = rows == NULL ? (cx_view){NULL, 0} : cx_state_get(rows, key);
    if (value.p == NULL)
        return CX_OK;
    if (type == NULL)
        return cx_fail(err, CX_NOT_DECODED, "a row of state has a key of no known kind");
    cx_err why = {0};
    if (cx_codec_decode(run->codec, type, value, run->arena, out, &why) != CX_OK)
        return cx_fail(err, why.rc == CX_OUT_OF_MEMORY ? why.rc : CX_NOT_DECODED, "a row of state: %s",
                       why.text);
    return CX_OK;
}

struct cx_side {
    cx_run *run;
    const cx_part *part;
};

cx_rc cx_side_find(const cx_side *side, cx_view key, const void **row, cx_err *err) {
    CX_ASSERT(side->run->stage->side_topic != NULL);
    return find_row(side->run, side->part, key, row, err);
}

static cx_rc look_up(cx_run *run, const cx_part *part, cx_step *step, cx_err *err) {
    cx_view keys[CX_STEP_KEYS];
    int n = 0;
    if (run->stage->keys == NULL)
        return CX_OK;
    cx_rc rc = run->stage->keys(step, keys, &n);
    if (rc != CX_OK)
        return cx_fail(err, rc, NULL);
    CX_ASSERT(n >= 0 && n <= CX_STEP_KEYS);
    for (int i = 0; i < n; i++)
        CX_TRY(find_row(run, part, keys[i], &step->rows[i], err));
    return CX_OK;
}

/* Message times are the log's: the tick at which this was decided; before any tick, and at intake, the
 * broker's time of the input. */
static cx_time time_of(const cx_step *step) {
    cx_time at = step->now != CX_NO_TIME ? step->now : step->received_at;
    return at > 0 ? at : 1;
}

static uint64_t fnv(uint64_t seed, cx_view text) {
    for (size_t i = 0; i < text.n; i++)
        seed = (seed ^ (unsigned char)text.p[i]) * 0x100000001b3u;
    seed ^= seed >> 32;
    return seed * 0x9e3779b97f4a7c15u;
}

struct headers {
    cx_message_header list[CX_EFFECT_HEADERS];
    size_t n;
    char pack[2 * CX_HASH + 1], tick[CX_INT64_TEXT], origin[3 * CX_INT64_TEXT], trace[56];
};

static void add_header(struct headers *h, const char *name, const char *text) {
    h->list[h->n++] = (cx_message_header){name, cx_view_of(text)};
}

/* Not by printf, which took a tenth of the courier's time. */
static char *put_hex(char *out, const uint8_t *bytes, size_t n) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
    return out;
}

static char *put_number(char *out, uint64_t number) {
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
    return put_hex(out, bytes, sizeof bytes);
}

/* partition.offset.index */
static void put_origin(char out[3 * CX_INT64_TEXT], const cx_step *step, int32_t index) {
    char *at = cx_int64_print(step->origin.partition, out);
    *at++ = '.';
    at = cx_int64_print(step->origin.offset, at);
    *at++ = '.';
    (void)cx_int64_print(index, at);
}

/* 00-<16 bytes>-<8 bytes>-01, as W3C trace context wants it. */
static void put_trace(char *out, cx_view id, cx_view origin) {
    (void)memcpy(out, "00-", 3);
    char *at = put_number(out + 3, fnv(0xcbf29ce484222325u, id) | 1);
    at = put_number(at, fnv(0x84222325cbf29ceu, id));
    *at++ = '-';
    at = put_number(at, fnv(0x9e3779b97f4a7c15u, origin) | 1);
    (void)memcpy(at, "-01", 4);
}

/* Ids that derive from the event, so that a second try says the same. */
static void make_headers(const cx_step *step, const cx_about *about, struct headers *h) {
    h->n = 0;
    if (about->pack != NULL) {
        (void)put_hex(h->pack, about->pack, CX_HASH);
        add_header(h, "cx-pack", h->pack);
    }
    (void)cx_int64_print(time_of(step), h->tick);
    add_header(h, "cx-tick", h->tick);
    put_origin(h->origin, step, about->index);
    add_header(h, "cx-origin", h->origin);
    cx_view origin = cx_view_of(h->origin);
    put_trace(h->trace, about->event_id.n > 0 ? about->event_id : origin, origin);
    add_header(h, "traceparent", h->trace);
}

static cx_rc topic_of(cx_run *run, const cx_output *output, const cx_effect *effect, cx_topic **topic,
                      cx_err *err) {
    if (output->kind != CX_OUTPUT_BY_DEPARTMENT)
        return cx_producer_topic(run->producer, output->topic, topic, err);
    char name[CX_TOPIC_NAME];
    if (!cx_view_is_code(effect->department, CX_DEPARTMENT_NAME))
        return cx_fail(err, CX_NOT_DECODED, "an effect names no department");
    (void)snprintf(name, sizeof name, "%s%.*s", output->topic, CX_VIEW_ARGS(effect->department));
    return cx_producer_topic(run->producer, name, topic, err);
}

static cx_rc put_row(cx_run *run, cx_part *part, const cx_effect *effect, cx_view value, cx_err *err) {
    cx_time due = CX_NO_TIME;
    if (effect->value != NULL && run->stage->row_due != NULL)
        due = run->stage->row_due(effect->key, effect->value);
    cx_rc rc = cx_state_put(part->state, effect->key, value, due);
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static void count_rejection(cx_run *run, const cx_rejection *rejection) {
    cx_rc reason = cx_rc_by_name(rejection->reason.p, rejection->reason.n);
    if (reason < CX_RC_COUNT)
        atomic_fetch_add(&run->metrics.rejects[reason], 1);
}

/* Departments read as their registry frames it, where there is one; the spine never. */
static cx_rc encode(cx_run *run, const cx_effect *effect, const cx_type *type, cx_view *value, cx_err *err) {
    bool framed =
        run->registry != NULL && run->stage->outputs[effect->output].kind == CX_OUTPUT_BY_DEPARTMENT;
    return framed ? cx_codec_encode_confluent(run->codec, type, run->schema_ids[effect->output],
                                              effect->value, value, err)
                  : cx_codec_encode(run->codec, type, effect->value, value, err);
}

static cx_rc send_effect(cx_run *run, cx_part *part, const cx_step *step, const cx_about *about,
                         const cx_effect *effect, cx_err *err) {
    CX_ASSERT(effect->output >= 0 && (size_t)effect->output < run->stage->output_count);
    const cx_output *output = &run->stage->outputs[effect->output];
    if (output->kind == CX_OUTPUT_COUNT) {
        const cx_activation_count *count = effect->value;
        part->now.counted += count->listed;
        if (count->limit != 0)
            part->now.limit = count->limit;
        return CX_OK;
    }
    const cx_type *type = output->type != NULL ? output->type : run->stage->row_type(effect->key);
    cx_view value = {NULL, 0};
    cx_err why = {0};
    if (type == NULL)
        return cx_fail(err, CX_NOT_DECODED, "an effect on %s has a key of no known kind", output->topic);
    if (effect->value != NULL && encode(run, effect, type, &value, &why) != CX_OK)
        return cx_fail(err, why.rc == CX_OUT_OF_MEMORY ? why.rc : CX_NOT_DECODED, "encoding for %s: %s",
                       output->topic, why.text);
    cx_outgoing m = {
        .partition = effect->partition, .key = effect->key, .value = value, .timestamp = time_of(step)};
    if (output->kind == CX_OUTPUT_STATE ||
        (effect->key.n == 0 && output->kind == CX_OUTPUT_TOPIC && m.partition < 0))
        m.partition = part->partition;
    if (effect->key.n == 0)
        m.key.p = NULL;
    if (output->rejections)
        count_rejection(run, effect->value);
    struct headers headers;
    if (output->headers) {
        make_headers(step, about, &headers);
        m.headers = headers.list;
        m.header_count = headers.n;
    }
    CX_TRY(topic_of(run, output, effect, &m.topic, err));
    CX_TRY(cx_producer_send(run->producer, &m, err));
    return output->kind == CX_OUTPUT_STATE ? put_row(run, part, effect, value, err) : CX_OK;
}

/* Decide's code alone tells what went wrong: its text is the table's. */
static cx_rc decide(cx_run *run, cx_part *part, cx_step *step, cx_err *err) {
    const cx_hooks *hooks = run->stage->hooks;
    CX_TRY(look_up(run, part, step, err));
    if (hooks != NULL && hooks->prepare != NULL)
        CX_TRY(hooks->prepare(run->hooks, step, err));
    if (hooks != NULL && hooks->screen != NULL)
        CX_TRY(hooks->screen(run->hooks, step, &(cx_side){run, part}, err));
    cx_rc rc = run->stage->decide(step);
    if (rc != CX_OK)
        return cx_fail(err, rc, NULL);
    return hooks != NULL && hooks->finish != NULL ? hooks->finish(run->hooks, step, err) : CX_OK;
}

static void fill(cx_run *run, const cx_part *part, cx_step *step) {
    step->arena = run->arena;
    step->partitions = run->partitions;
    step->policies = part->policies;
    step->department = part->taken.department;
    step->message = part->taken.value;
    step->first = step->last = NULL;
    step->effects = 0;
}

/* A row of the side table that has not come yet may be on its way, as behind a pause of ours: it is waited
 * for as long as any come, and as the transaction may stay open. Put off, the message would have its
 * partition paused and fetched anew, which takes half a second where no other partition has anything. */
static cx_rc decide_with_rows(cx_run *run, cx_part *part, cx_step *step, cx_err *err) {
    for (;;) {
        fill(run, part, step);
        cx_rc rc = decide(run, part, step, err);
        uint64_t before = run->tables.side_read;
        if (rc != CX_ROW_NOT_YET || run->tables.side == NULL || cx_batch_is_full(run, cx_metrics_now()))
            return rc;
        CX_TRY(cx_tables_poll(run, ROWS_MS, err));
        if (run->tables.side_read == before)
            return rc;
    }
}

static cx_rc send_all(cx_run *run, cx_part *part, const cx_step *step, const cx_about *about, cx_err *err) {
    uint64_t began = cx_metrics_begin(run->batch_events);
    for (const cx_effect *e = step->first; e != NULL; e = e->next)
        CX_TRY(send_effect(run, part, step, about, e, err));
    cx_metrics_end(&run->metrics.encode_seconds, began);
    run->batch_events++;
    return CX_OK;
}

cx_rc cx_run_reject(cx_run *run, cx_part *part, cx_step *step, const cx_about *about, const cx_err *why,
                    cx_err *err) {
    fill(run, part, step);
    cx_rc rc = run->stage->reject(step, why->rc, cx_err_field(why), about->event_id, part->taken.value);
    return rc != CX_OK ? cx_fail(err, rc, NULL) : send_all(run, part, step, about, err);
}

cx_rc cx_run_step(cx_run *run, cx_part *part, cx_step *step, const cx_about *about, cx_err *err) {
    cx_err why = {0};
    uint64_t began = cx_metrics_begin(run->batch_events);
    cx_rc rc = decide_with_rows(run, part, step, &why);
    cx_metrics_end(&run->metrics.decide_seconds, began);
    if (rc == CX_OK)
        return send_all(run, part, step, about, err);
    if (cx_rc_class(rc) == CX_CLASS_POISON && run->stage->reject != NULL)
        return cx_run_reject(run, part, step, about, &why, err);
    if (err != NULL)
        *err = why;
    return rc;
}
