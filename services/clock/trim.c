/* The inbound topics hold identities in clear. What intake has committed is removed from them when it is
 * older than clock.inbound.keep.ms, which is as long as a letter may be redriven. */
#include <stdlib.h>

#include "common/base/log.h"
#include "common/bus/trim.h"
#include "services/clock/clock.h"

enum { TIMES = 168, LEAST_MS = 1000 }; /* of a week: every hour */

/* The offsets before which nothing is needed any more, of those partitions where that is something; in
 * `places`, which hold what intake has committed. *n becomes how many. */
static cx_rc choose(cx_admin *admin, cx_time since, cx_place *places, size_t *n, cx_err *err) {
    cx_place *times = calloc(2 * *n + 1, sizeof *times), *begins = times + *n;
    cx_rc rc = times == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL) : CX_OK;
    size_t chosen = 0;
    for (size_t i = 0; rc == CX_OK && i < *n; i++)
        times[i] = begins[i] = places[i];
    if (rc == CX_OK)
        rc = cx_admin_offsets_at(admin, since, times, *n, err);
    if (rc == CX_OK)
        rc = cx_admin_offsets_at(admin, CX_AT_BEGINNING, begins, *n, err);
    for (size_t i = 0; rc == CX_OK && i < *n; i++) {
        int64_t cut = places[i].offset;
        if (times[i].offset != CX_POSITION_NONE && times[i].offset < cut)
            cut = times[i].offset;
        if (cut <= begins[i].offset)
            continue;
        places[chosen] = places[i];
        places[chosen++].offset = cut;
    }
    free(times);
    *n = chosen;
    return rc;
}

static cx_rc trim(cx_clock *c, cx_time keep, size_t *n, cx_err *err) {
    cx_place *places = NULL;
    CX_TRY(cx_inbox_committed(c->inbox, c->admin, &places, n, err));
    CX_TRY(choose(c->admin, cx_clock_wall() - keep, places, n, err));
    return cx_admin_delete_before(c->admin, places, *n, err);
}

void cx_clock_trim(cx_clock *c) {
    cx_time keep = cx_config_integer(c->config, "clock.inbound.keep.ms"), now = cx_clock_steady();
    cx_time pause = keep / TIMES > LEAST_MS ? keep / TIMES : LEAST_MS;
    cx_err err = {0};
    size_t n = 0;
    if (c->trimmed_at != 0 && now - c->trimmed_at < pause)
        return;
    c->trimmed_at = now;
    if (trim(c, keep, &n, &err) != CX_OK)
        cx_log_failure(CX_LOG_WARN, "removing old inbound messages; it is tried again", &err);
    else if (n > 0)
        cx_log_info("removed what is older than %lld h from %zu inbound partitions",
                    (long long)(keep / CX_HOUR), n);
}
