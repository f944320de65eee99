/* The clock service: time as data, and the law's switches, in every partition of credit.records.
 *
 * A consumer of credit.activations (one partition, so one of several clocks is at work) that writes a tick to
 * every partition each second, in one transaction with its position; the position's metadata
 * (common/run/metadata.h) holds the last tick, the kind of time and the activation that was PROPOSED.
 * One thread.
 */
#ifndef CX_CLOCK_CLOCK_H
#define CX_CLOCK_CLOCK_H

#include "common/bus/admin.h"
#include "common/bus/producer.h"
#include "common/bus/reader.h"
#include "common/run/codec.h"
#include "common/run/metadata.h"
#include "common/run/metrics.h"
#include "common/run/state.h"
#include "schemas/types.h"

typedef struct cx_inbox cx_inbox;

typedef struct cx_clock {
    const cx_config *config;
    char instance[96];
    int32_t partitions;
    cx_metrics metrics;
    cx_admin *admin;
    cx_consumer *consumer;
    cx_producer *producer;
    bool producer_broken;
    cx_codec *codec;
    cx_arena *arena;
    cx_reader *reports_reader;
    cx_state *reports; /* key -> encoded Report */
    cx_inbox *inbox;
    bool owner;      /* credit.activations is ours */
    int64_t next;    /* its next offset */
    cx_metadata now; /* as of the last commit */
    cx_message held; /* the request in work; handle NULL: none */
    bool paused;
    cx_time trimmed_at;            /* steady time; 0: not yet */
    cx_time held_since;            /* steady time */
    cx_time base_log, base_steady; /* a virtual log's time runs on from base_log since base_steady */
} cx_clock;

/* Wall time, and time that only runs forward, ms. */
cx_time cx_clock_wall(void);
cx_time cx_clock_steady(void);

/* inbox.c: the oldest arrival that intake has not committed; CX_NO_TIME for none. Where it cannot be told
 * in time, the one told before: freshness is never overstated. */
cx_rc cx_inbox_new(const cx_config *config, cx_inbox **out, cx_err *err);
void cx_inbox_destroy(cx_inbox **inbox);
cx_rc cx_inbox_oldest(cx_inbox *inbox, cx_admin *admin, cx_time *arrival, cx_err *err);

/* What intake has committed: *n places of those partitions that it has. They are the inbox's, to be changed
 * as one likes until it is asked again. */
cx_rc cx_inbox_committed(cx_inbox *inbox, cx_admin *admin, cx_place **places, size_t *n, cx_err *err);

/* trim.c: removes from the inbound topics what is old and done with, now and then. A failure is logged: time
 * goes on. */
void cx_clock_trim(cx_clock *clock);

/* reports.c: what the stages have told. */
cx_rc cx_reports_open(cx_clock *clock, cx_err *err);
cx_rc cx_reports_poll(cx_clock *clock, cx_err *err);
/* Whether every running instance of every stage that must has compiled it; a stage that does not run has not.
 */
cx_rc cx_reports_compiled(cx_clock *clock, const uint8_t hash[CX_HASH], bool *all, cx_err *err);
/* Whether the registrars have counted every partition for that activation, what it comes to, and how many it
 * may be: as the partition says that allows most, for one may know of a release before the others do. */
cx_rc cx_reports_counted(cx_clock *clock, cx_view activation, bool *all, int64_t *listed, int64_t *limit,
                         cx_err *err);

/* write.c: one transaction. */
cx_rc cx_clock_begin(cx_clock *clock, cx_err *err);
cx_rc cx_clock_tick(cx_clock *clock, cx_time tick, cx_time received_to, cx_err *err);
/* listed, limit: what the registrars counted, and might have. */
cx_rc cx_clock_activation(cx_clock *clock, const cx_activation_request *request, cx_activation_state state,
                          int64_t listed, int64_t limit, cx_err *err);
/* With the position `next` and `now` as metadata; on success both are the clock's. */
cx_rc cx_clock_commit(cx_clock *clock, int64_t next, const cx_metadata *now, cx_err *err);
/* Gives up what is open. */
void cx_clock_drop(cx_clock *clock);

/* start.c: the consumer's callbacks, and whether the log has ever had a tick. */
cx_rc cx_clock_assigned(void *clock, cx_place *places, size_t n, cx_err *err);
void cx_clock_revoked(void *clock);

/* request.c: goes on with the request in work. */
cx_rc cx_clock_request(cx_clock *clock, cx_err *err);
/* loop.c: the time that the log should show now. */
cx_time cx_clock_now(const cx_clock *clock);
cx_rc cx_clock_loop(cx_clock *clock, const volatile int *stop, cx_err *err);

#endif
