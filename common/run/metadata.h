/* What a stage commits beside the offset of a partition, and resumes from: its last tick, the packs in
 * force, the place in a walk. Compact text: the broker keeps at most 4 KiB of it (offset.metadata.max.bytes).
 *
 * 1;t<tick>,<received_to>,<0|1
 * virtual>;p<hash>,<hash>...;c<count>,<activation>,<limit>;w<d|a>,<index>,<due>,<key in hex> Parts that say
 * nothing are left out. Pure.
 */
#ifndef CX_RUN_METADATA_H
#define CX_RUN_METADATA_H

#include "common/base/error.h"
#include "common/base/time.h"
#include "common/base/view.h"

enum {
    CX_METADATA_TEXT = 4096,
    CX_METADATA_PACKS = 64,
    CX_METADATA_KEY = 512,
    CX_HASH = 32,
    CX_ACTIVATION_ID = 65
};

typedef enum cx_walk_kind { CX_WALK_NONE, CX_WALK_DUE, CX_WALK_ACTIVATION } cx_walk_kind;

/* The message at the committed offset is in the middle of its walk: `index` steps done, up to (due, key). */
typedef struct cx_walk_place {
    cx_walk_kind kind;
    int32_t index;
    cx_time due;
    uint8_t key[CX_METADATA_KEY];
    size_t key_n;
} cx_walk_place;

typedef struct cx_metadata {
    cx_time tick; /* CX_NO_TIME: none yet */
    cx_time received_to;
    bool is_virtual;
    uint8_t packs[CX_METADATA_PACKS][CX_HASH]; /* activated, oldest first, each once */
    size_t pack_n;
    char counting[CX_ACTIVATION_ID]; /* the activation proposed last, and what its walk counted */
    int64_t counted, limit;
    cx_walk_place walk;
} cx_metadata;

extern const cx_metadata cx_metadata_none;

/* CX_CONFIG when it does not fit: the broker's limit is the platform's. */
cx_rc cx_metadata_format(const cx_metadata *metadata, char out[CX_METADATA_TEXT], cx_err *err);
/* "" is cx_metadata_none. CX_POSITION_LOST where it is not what cx_metadata_format writes. */
cx_rc cx_metadata_parse(const char *text, cx_metadata *out, cx_err *err);
/* Adds a pack unless it is there already; CX_CONFIG when there are too many. */
cx_rc cx_metadata_activate(cx_metadata *metadata, const uint8_t hash[CX_HASH], cx_err *err);

#endif
