/* Inside chengxin replay: the report as one self-contained HTML page. */
#ifndef OPS_CLI_REPLAY_HTML_H
#define OPS_CLI_REPLAY_HTML_H

#include <jansson.h>

#include "common/base/error.h"

/* Writes the page to a new file beside `path` and renames it, so that `path` is whole or as it was. The page
 * loads nothing, runs nothing (its own policy forbids it), is readable on paper and on a phone; every text of
 * the log is escaped. report: what --json prints, either of a replay ("found") or of a what-if ("affected"),
 * with "asked" (text) and "build". FILE. */
CX_MUST_CHECK cx_rc cx_replay_html(const json_t *report, const char *path, cx_err *err);

#endif
