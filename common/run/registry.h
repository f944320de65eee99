/* A client of a Confluent-compatible schema registry (HTTP): schemas by id, and ids for our own.
 *
 * Where the setting schema.registry.url is empty there is none: only single-object encoding is read and
 * written. Answers are asked for once: what is known stays known; that an id is not known is believed for ten
 * seconds. Calls wait for an answer, for three seconds at the longest. Not thread-safe: one owner.
 */
#ifndef CX_RUN_REGISTRY_H
#define CX_RUN_REGISTRY_H

#include "common/base/config.h"
#include "common/run/codec.h"
#include "common/wire/type.h"

typedef struct cx_registry cx_registry;

/* *out NULL where none is configured. Asks nothing yet. */
CX_MUST_CHECK cx_rc cx_registry_open(const cx_config *config, cx_registry **out, cx_err *err);
void cx_registry_close(cx_registry **registry);
/* Lets the codec read Confluent framing too (registry NULL: changes nothing). The registry outlives the
 * codec. */
void cx_registry_serve(cx_registry *registry, cx_codec *codec);
/* The id of a type's schema, registered under the schema's full name (RecordNameStrategy) where it is new.
 * REGISTRY_AWAY; CONFIG where the registry refuses it. */
CX_MUST_CHECK cx_rc cx_registry_id(cx_registry *registry, const cx_type *type, uint32_t *id, cx_err *err);

#endif
