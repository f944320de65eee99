#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bus/groups.h"
#include "common/bus/peek.h"
#include "common/run/metadata.h"
#include "ops/cli/acts.h"
#include "ops/cli/repartition.h"

static const char ours[] = "credit.";
enum { LOOK_MS = 60000, PAUSE_MS = 250 };

const cx_split_input cx_split_inputs[] = {
    {"credit.classifier", "credit.records"}, {"credit.registrar", "credit.classified"},
    {"credit.sanctioner", "credit.decided"}, {"credit.points", "credit.decided"},
    {"credit.courier", "credit.notices"},    {NULL, NULL}};
static const char *const topics[] = {
    "credit.classified", "credit.decided", "credit.notices", "credit.status",     "credit.state",
    "credit.measures",   "credit.points",  "credit.records", "credit.identities", NULL};
/* --- partitions --------------------------------------------------------------------------------------- */
/* Where it was begun, credit.records has the new number already, and the old one stands where it was told. */
static cx_rc find_from(cx_repartition *job, int32_t records, cx_err *err) {
    job->begun = records == job->into;
    job->from = records;
    for (size_t i = 0; topics[i] != NULL; i++) {
        int32_t n = 0;
        CX_TRY(cx_admin_partitions(job->admin, topics[i], &n, err));
        job->from = n < job->from ? n : job->from;
        if (n != records && !(job->begun && n < job->into))
            return cx_fail(err, CX_TOPIC_PARTITIONS, "%s has %d partitions, credit.records has %d", topics[i],
                           (int)n, (int)records);
    }
    return CX_OK;
}

cx_rc cx_split_look(cx_repartition *job, bool *done, cx_err *err) {
    int32_t records = 0;
    CX_TRY(cx_admin_partitions(job->admin, "credit.records", &records, err));
    CX_TRY(find_from(job, records, err));
    *done = job->begun && job->from == job->into;
    if (*done)
        return CX_OK;
    if (job->into <= job->from || job->into % job->from != 0 || job->into > CX_SPLIT_MOST)
        return cx_fail(err, CX_USAGE,
                       "there are %d partitions: a new number is a multiple of that, and at most %d",
                       (int)job->from, CX_SPLIT_MOST);
    return CX_OK;
}

/* --- who runs, and what was read ------------------------------------------------------------------------ */
static cx_rc look_at_group(void *context, const char *group, size_t members) {
    cx_err *err = context;
    if (members == 0 || strncmp(group, ours, sizeof ours - 1) != 0)
        return CX_OK;
    return cx_fail(err, CX_STILL_RUNNING, "%s has %zu members", group, members);
}

static cx_rc find_member(cx_repartition *job, cx_err *err) {
    const cx_groups_visit visit = {.context = err, .group = look_at_group};
    return cx_groups_list(job->admin, NULL, &visit, err);
}

/* A member that has ended is one until its session is over. */
cx_rc cx_split_stopped(cx_repartition *job, int patience_ms, cx_err *err) {
    cx_rc rc = find_member(job, err);
    for (int waited = 0; rc == CX_STILL_RUNNING && waited < patience_ms; waited += PAUSE_MS) {
        (void)usleep(PAUSE_MS * 1000);
        CX_TRY(cx_act_check_stop(err));
        rc = find_member(job, err);
    }
    return rc;
}

struct held {
    cx_place places[CX_SPLIT_MOST];
    char texts[CX_SPLIT_MOST][CX_ADMIN_METADATA];
};

/* Of the partitions from `first` to before `end`. */
static cx_rc committed(cx_repartition *job, const cx_split_input *in, int32_t first, int32_t end,
                       struct held *h, cx_err *err) {
    for (int32_t p = first; p < end; p++)
        h->places[p] = (cx_place){in->topic, p, CX_POSITION_NONE, ""};
    return cx_admin_committed(job->admin, in->group, h->places + first, (size_t)(end - first),
                              h->texts + first, err);
}

/* Behind the cut, where it is begun: a clock may have ticked since. */
static bool is_read(const cx_repartition *job, const cx_split_input *in, const cx_peek *peek) {
    bool records = strcmp(in->topic, "credit.records") == 0;
    return peek->kind == CX_PEEK_END || (records && job->begun && peek->kind == CX_PEEK_MESSAGE &&
                                         peek->offset == job->cuts[peek->partition]);
}

static cx_rc look_at_ends(cx_repartition *job, const cx_split_input *in, const struct held *h, cx_err *err) {
    cx_peek *peeks = calloc((size_t)job->from, sizeof *peeks);
    if (peeks == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t p = 0; p < job->from; p++) {
        int64_t at = h->places[p].offset == CX_POSITION_NONE ? 0 : h->places[p].offset;
        peeks[p] = (cx_peek){.topic = in->topic, .partition = p, .offset = at};
    }
    cx_rc rc = cx_peek_all(job->config, true, peeks, (size_t)job->from, LOOK_MS, err);
    for (int32_t p = 0; rc == CX_OK && p < job->from; p++)
        if (!is_read(job, in, &peeks[p]))
            rc = cx_fail(err, CX_NOT_DRAINED, "%s has not read all of %s partition %d: it stands at %lld",
                         in->group, in->topic, (int)peeks[p].partition, (long long)peeks[p].offset);
    free(peeks);
    return rc;
}

/* Nobody walks, and nothing waits for a count. */
static cx_rc look_beside(cx_repartition *job, const cx_split_input *in, const struct held *h, cx_err *err) {
    bool first = strcmp(in->topic, "credit.records") == 0;
    for (int32_t p = 0; p < job->from; p++) {
        cx_metadata m;
        CX_TRY(cx_metadata_parse(h->texts[p], &m, err));
        if (m.walk.kind != CX_WALK_NONE)
            return cx_fail(err, CX_NOT_DRAINED, "%s is in the middle of a walk in partition %d", in->group,
                           (int)p);
        if (m.tick != CX_NO_TIME && m.tick > job->tick)
            job->tick = m.tick;
        if (first && !job->begun)
            job->cuts[p] = h->places[p].offset == CX_POSITION_NONE ? 0 : h->places[p].offset;
    }
    return CX_OK;
}

static cx_rc nothing_is_proposed(cx_repartition *job, cx_err *err) {
    static char text[1][CX_ADMIN_METADATA];
    cx_place place = {"credit.activations", 0, CX_POSITION_NONE, ""};
    cx_metadata m;
    CX_TRY(cx_admin_committed(job->admin, "credit.clock", &place, 1, text, err));
    CX_TRY(cx_metadata_parse(text[0], &m, err));
    return m.counting[0] == '\0'
               ? CX_OK
               : cx_fail(err, CX_NOT_DRAINED, "the activation %s is proposed: let the clock answer it first",
                         m.counting);
}

cx_rc cx_split_drained(cx_repartition *job, cx_err *err) {
    struct held *h = malloc(sizeof *h);
    if (h == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = nothing_is_proposed(job, err);
    for (const cx_split_input *in = cx_split_inputs; rc == CX_OK && in->group != NULL; in++) {
        rc = committed(job, in, 0, job->from, h, err);
        if (rc == CX_OK)
            rc = look_at_ends(job, in, h, err);
        if (rc == CX_OK)
            rc = look_beside(job, in, h, err);
    }
    free(h);
    return rc;
}

/* --- positions ------------------------------------------------------------------------------------------ */
/* Those that have none yet. */
static cx_rc set_positions(cx_repartition *job, const cx_split_input *in, const struct held *h, cx_err *err) {
    size_t n = 0;
    cx_place *places = calloc((size_t)job->into, sizeof *places);
    if (places == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (int32_t p = job->from; p < job->into; p++) {
        const cx_place *old = &h->places[p % job->from];
        if (old->offset != CX_POSITION_NONE && h->places[p].offset == CX_POSITION_NONE)
            places[n++] = (cx_place){in->topic, p, 0, old->metadata};
    }
    cx_rc rc = cx_admin_set_positions(job->admin, in->group, places, n, err);
    free(places);
    return rc;
}

cx_rc cx_split_positions(cx_repartition *job, const cx_split_input *in, cx_err *err) {
    struct held *h = malloc(sizeof *h);
    if (h == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = committed(job, in, 0, job->into, h, err);
    if (rc == CX_OK)
        rc = set_positions(job, in, h, err);
    free(h);
    return rc;
}
