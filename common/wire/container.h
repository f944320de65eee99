/* Avro object container files, codecs null and deflate: what export writes, and what a department may hand
 * in.
 *
 * Reading gives no byte to avro-c: blocks are taken apart here and decoded by a plan. Writing is avro-c's, of
 * datums that cx_encode made or a plan has accepted. Not thread-safe: one owner each.
 */
#ifndef CX_WIRE_CONTAINER_H
#define CX_WIRE_CONTAINER_H

#include "common/wire/decode.h"

typedef struct cx_container_reader cx_container_reader;
typedef struct cx_container_writer cx_container_writer;

/* Reads the head of the file. CX_FILE where it cannot be read, is no container, has another codec, or ends
 * too early; CX_OUT_OF_MEMORY. *out is NULL after an error. */
cx_rc cx_container_open(const char *path, cx_container_reader **out, cx_err *err) CX_MUST_CHECK;
/* The writer's schema, for cx_plan_compile; lives as long as the reader. */
cx_view cx_container_schema(const cx_container_reader *reader);
/* Decodes the next datum into *out, whose strings point into the reader until the next call. *datum becomes
 * its bytes, as the file has them. *more becomes false, and nothing else happens, at the end of the file. A
 * datum that the plan refuses gives the plan's error, after "record N, " counted from 1; the rest of its
 * block cannot be read, and the next call goes on with the next block. CX_FILE: the file is damaged, and
 * nothing follows. */
cx_rc cx_container_next(cx_container_reader *reader, const cx_plan *plan, cx_arena *arena, void *out,
                        cx_view *datum, bool *more, cx_err *err) CX_MUST_CHECK;
/* Datums that were lost with the blocks of refused ones. */
uint64_t cx_container_lost(const cx_container_reader *reader);
void cx_container_reader_destroy(cx_container_reader **reader);

/* Creates or overwrites the file. schema_json: self-contained. deflate: compressed, else codec null. CX_FILE,
 * CX_SCHEMA_INVALID. */
cx_rc cx_container_create(const char *path, cx_view schema_json, bool deflate, cx_container_writer **out,
                          cx_err *err) CX_MUST_CHECK;
/* Appends one datum of that schema. CX_OVERSIZED: larger than 4 MiB; CX_FILE. */
cx_rc cx_container_append(cx_container_writer *writer, cx_view datum, cx_err *err) CX_MUST_CHECK;
/* Writes the last block and closes; *writer becomes NULL in any case. CX_FILE: the file is not whole. */
cx_rc cx_container_finish(cx_container_writer **writer, cx_err *err) CX_MUST_CHECK;

#endif
