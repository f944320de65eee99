/* A policy pack's folder on disk, read and flattened with its parents. */
#ifndef OPS_CLI_PACK_FILES_H
#define OPS_CLI_PACK_FILES_H

#include "common/law/flatten.h"

/* Bytes of a whole file in the arena; FILE names the path. */
CX_MUST_CHECK cx_rc cx_file_read(const char *path, size_t limit, cx_arena *arena, cx_view *out, cx_err *err);

/* The flat files of the pack in `folder` and its hash. A parent ("national/2026-01") is looked for beside the
 * folder's jurisdiction: <folder>/../../<parent>. FILE, CSV, PACK_INVALID, OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_pack_files_read(const char *folder, cx_arena *arena, cx_file **files, size_t *n,
                                       uint8_t hash[CX_PACK_HASH], cx_err *err);

#endif
