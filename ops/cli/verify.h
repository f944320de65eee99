/* What the parts of `chengxin verify` share: what is compared, and what was found. */
#ifndef OPS_CLI_VERIFY_H
#define OPS_CLI_VERIFY_H

#include <jansson.h>

#include "common/base/config.h"
#include "common/run/codec.h"
#include "common/run/registry.h"
#include "common/vault/keys.h"

enum { CX_VERIFY_SHOWN = 100, CX_VERIFY_SHOWN_JSON = 1000 };

typedef struct cx_verify {
    const cx_config *config;
    int generation;
    bool json;
    cx_registry *registry; /* NULL: none is configured */
    cx_codec *codec;       /* knows everything that is read here, and all writers' schemas */
    cx_key *key;           /* public: of the signatures */
    json_t *found;         /* array: the first ones */
    json_t *parts;         /* object: by part, what was compared */
    size_t differences;
} cx_verify;

/* One difference, which it owns from now on (NULL: out of memory, counted all the same). Members: where
 * ("postgres", "chain", "redis", "status", "replay"), what ("ALTERED", "REMOVED", ...), and whatever says
 * which. */
void cx_verify_tell(cx_verify *verify, json_t *difference);
/* Adds n to what the part has compared under that name. */
void cx_verify_count(cx_verify *verify, const char *part, const char *name, size_t n);

/* The chains of schema history against the signed checkpoints, and its rows against the log. Differences are
 * told; an error is that it could not be compared. */
CX_MUST_CHECK cx_rc cx_verify_postgres(cx_verify *verify, cx_err *err);
/* Redis against credit.status. */
CX_MUST_CHECK cx_rc cx_verify_redis(cx_verify *verify, cx_err *err);
/* credit.classified, decided, notices and status against the log decided again. */
CX_MUST_CHECK cx_rc cx_verify_replay(cx_verify *verify, cx_err *err);

#endif
