/* The three kinds of file that `chengxin publish` reads, as one sequence of events. */
#ifndef OPS_CLI_PUBLISH_SOURCE_H
#define OPS_CLI_PUBLISH_SOURCE_H

#include "ops/cli/publication.h"

typedef struct cx_source cx_source;

typedef enum cx_source_kind { CX_SOURCE_CSV, CX_SOURCE_JSON, CX_SOURCE_AVRO } cx_source_kind;

/* One event, or why its row is none. */
typedef struct cx_sourced {
    size_t row; /* line of a JSON file, row of a CSV file (header is 1), number of a container's item */
    cx_rc rc;
    const char *place; /* column or field; "" for the row as a whole */
    cx_credit_event event;
} cx_sourced;

/* What the bytes are: a container begins with "Obj", JSON lines with { or #, else CSV. */
cx_source_kind cx_source_kind_of(cx_view bytes);
/* bytes: the file's; they must outlive the source, which lives in the arena. rules are needed for CSV only.
 */
CX_MUST_CHECK cx_rc cx_source_open(const char *path, cx_view bytes, const cx_publication_rules *rules,
                                   cx_arena *arena, cx_source **out, cx_err *err);
/* Frees what is not in the arena. */
void cx_source_close(cx_source **source);
/* The next event, in the arena; false at the end. A row that is none has rc set. */
bool cx_source_next(cx_source *source, cx_arena *arena, cx_sourced *out);
/* About how much of the file has been read, 0 to 100. */
int cx_source_percent(const cx_source *source);

#endif
