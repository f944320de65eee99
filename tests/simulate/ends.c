/* Intake and the courier, message by message; and what departments and the clock publish of a history. */
#include "services/courier/decide.h"
#include "services/intake/decide.h"
#include "tests/property/credit.h"
#include "tests/simulate/inside.h"

const cx_broker_topic cx_sim_inputs[CX_BROKER_GROUPS] = {[CX_STAGES_CLASSIFIER] = CX_TOPIC_RECORDS,
                                                         [CX_STAGES_REGISTRAR] = CX_TOPIC_CLASSIFIED,
                                                         [CX_STAGES_SANCTIONER] = CX_TOPIC_DECIDED,
                                                         [CX_SIM_INTAKE] = CX_TOPIC_IN,
                                                         [CX_SIM_COURIER] = CX_TOPIC_NOTICES};

bool cx_sim_open_ends(cx_sim *sim) {
    static const cx_type *const types[] = {&cx_event_type, &cx_dispatch_type, &cx_notice_type,
                                           &cx_rejection_type};
    bool ok = (sim->codec = cx_codec_new()) != NULL && (sim->arena = cx_arena_new(0)) != NULL;
    for (size_t i = 0; ok && i < sizeof types / sizeof types[0]; i++)
        ok = cx_codec_add(sim->codec, types[i], NULL) == CX_OK;
    return ok;
}

/* --- what one message brings about -------------------------------------------------------------------- */
/* One effect, encoded as on the bus. */
typedef struct handing {
    cx_sim *sim;
    cx_sim_take take;
    void *context;
    int32_t partition; /* of the input */
} handing;

static cx_rc hand_on(const handing *h, cx_broker_topic topic, const cx_effect *e, const cx_type *type) {
    cx_view bytes;
    int32_t partition = h->partition;
    if (topic == CX_TOPIC_RECORDS)
        partition =
            cx_chain_partition(cx_play_chain(h->sim->run.play), ((const cx_event *)e->value)->subject);
    CX_TRY(cx_codec_encode(h->sim->codec, type, e->value, &bytes, h->sim->err));
    return h->take(h->context, topic, partition, e->key, bytes);
}

/* The line that was the n-th message of the history. */
static const char *line_of(const cx_history *history, size_t number) {
    size_t n = 0;
    for (size_t i = 0; i < history->n; i++) {
        const char *line = history->lines[i];
        bool message =
            strncmp(line, "day ", 4) != 0 && strncmp(line, "law ", 4) != 0 && strncmp(line, "query ", 6) != 0;
        if (message && line[0] != '\0' && n++ == number)
            return line;
    }
    return "";
}

cx_rc cx_sim_intake(cx_sim *sim, int32_t partition, cx_view number, cx_sim_take take, void *context) {
    const cx_ledger *l = cx_play_ledger(sim->run.play);
    int64_t n = 0;
    cx_line line;
    cx_intake_prepared prepared;
    if (!cx_view_to_int64(number, &n) || (size_t)n >= l->sent_n)
        return cx_fail(sim->err, CX_USAGE, "no such message");
    const cx_sent *s = &l->sent[n];
    cx_arena_reset(sim->arena);
    cx_line_split(cx_view_of(line_of(&sim->history, (size_t)n)), &line);
    CX_TRY(cx_credit_prepare(s->event, &line, s->day, sim->arena, &prepared));
    cx_step step = {.event = s->event,
                    .message = number,
                    .department = s->department,
                    .origin = {0, s->number},
                    .received_at = cx_time_of_date(s->day),
                    .now = CX_NO_TIME,
                    .prepared = &prepared,
                    .arena = sim->arena};
    handing h = {sim, take, context, partition};
    CX_TRY(cx_intake_decide(&step));
    for (const cx_effect *e = step.first; e != NULL; e = e->next) {
        if (e->output == CX_INTAKE_RECORDS)
            CX_TRY(hand_on(&h, CX_TOPIC_RECORDS, e, &cx_event_type));
        if (e->output == CX_INTAKE_REJECTED)
            CX_TRY(hand_on(&h, CX_TOPIC_REJECTED, e, &cx_rejection_type));
    }
    return CX_OK;
}

cx_rc cx_sim_courier(cx_sim *sim, int32_t partition, cx_view dispatch, cx_sim_take take, void *context) {
    const cx_courier_prepared prepared = {.reference = CX_VIEW("ref"), .identity = {NULL, 0}};
    const void *value;
    handing h = {sim, take, context, partition};
    cx_arena_reset(sim->arena);
    CX_TRY(cx_codec_decode(sim->codec, &cx_dispatch_type, dispatch, sim->arena, &value, sim->err));
    const cx_dispatch *d = value;
    cx_step step = {.event = d, .prepared = d->notice != NULL ? &prepared : NULL, .arena = sim->arena};
    CX_TRY(cx_courier_decide(&step));
    for (const cx_effect *e = step.first; e != NULL; e = e->next)
        CX_TRY(hand_on(&h, CX_TOPIC_DELIVERED, e,
                       e->output == CX_COURIER_NOTICES ? &cx_notice_type : &cx_rejection_type));
    return CX_OK;
}

/* --- publishing --------------------------------------------------------------------------------------- */
/* One department's messages keep their order. */
static void send(cx_sim *sim) {
    const cx_sent *s = &cx_play_ledger(sim->run.play)->sent[sim->sent];
    int32_t partition = 0;
    cx_arena_reset(sim->arena);
    for (size_t i = 0; i < s->department.n; i++)
        partition = (partition + (uint8_t)s->department.p[i]) % CX_BROKER_PARTITIONS;
    cx_broker_publish(sim->broker, CX_TOPIC_IN, partition, (cx_view){NULL, 0},
                      cx_arena_printf(sim->arena, "%zu", sim->sent));
    sim->sent++;
}

/* The next ticks, activations, queries of the log, as they follow each other there. */
static void log_next(cx_sim *sim) {
    const cx_chain_log *log = cx_chain_log_of(cx_play_chain(sim->run.play), CX_CHAIN_RECORDS);
    bool any = false;
    for (; sim->logged < log->n; sim->logged++) {
        const cx_chain_message *m = &log->items[sim->logged];
        const cx_event *e = m->value;
        if (e->header != NULL && any)
            return;
        if (e->header != NULL || e->cause != NULL)
            continue; /* the simulated intake, and the simulated registrar, make their own */
        cx_broker_publish(sim->broker, CX_TOPIC_RECORDS, m->partition, m->key, m->bytes);
        any = true;
    }
}

bool cx_sim_publish(cx_sim *sim, int most) {
    const cx_history *h = &sim->history;
    if (sim->line == 0)
        log_next(sim); /* the first activation and tick */
    for (int n = 0; n < most && sim->line < h->n; n++, sim->line++) {
        const char *line = h->lines[sim->line];
        if (strncmp(line, "day ", 4) == 0 || strncmp(line, "law ", 4) == 0 || strncmp(line, "query ", 6) == 0)
            log_next(sim);
        else if (line[0] != '\0' && sim->sent < cx_play_ledger(sim->run.play)->sent_n)
            send(sim);
    }
    return sim->line < h->n;
}
