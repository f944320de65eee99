/* A line of JSON -> a generated struct, by its table (docs/events.md, "JSON lines"). */
#ifndef OPS_CLI_EVENT_JSON_H
#define OPS_CLI_EVENT_JSON_H

#include "common/base/arena.h"
#include "common/wire/type.h"

/* Fills *out, the struct of `type` (a record), with strings in the arena. Unknown names, missing fields
 * without a default, wrong types and numbers out of range are JSON; *err names the field's path, never a
 * value. */
CX_MUST_CHECK cx_rc cx_json_read(const cx_type *type, cx_view line, cx_arena *arena, void *out, cx_err *err);

#endif
