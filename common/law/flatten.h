/* One flat pack from a parent's and a child's files. Pure; thread-safe. */
#ifndef CX_LAW_FLATTEN_H
#define CX_LAW_FLATTEN_H

#include "common/law/pack.h"

/* A row of the child with the same key replaces the parent's in place; new rows follow; properties likewise,
 * without `parent`; any other file of the child replaces the parent's of that path. Files come out in
 * ascending order of path, in the arena or as views of the input. Without a parent (parent_n 0) the child
 * comes out in the same canonical form, so that flattening twice changes nothing. CSV, PACK_INVALID or
 * OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_pack_flatten(const cx_file *parent, size_t parent_n, const cx_file *child,
                                    size_t child_n, cx_arena *arena, cx_file **out, size_t *out_n,
                                    cx_err *err);

/* The parts whose concatenation is hashed, in order: for each file path, NUL, the length as 8 bytes
 * big-endian, bytes (schemas/Pack.avsc). files must be in ascending order of path. 4 parts a file; NULL: out
 * of memory. */
cx_view *cx_pack_hash_parts(const cx_file *files, size_t n, cx_arena *arena);

#endif
