/* The body of a line's event, filled by the schema's own table of fields. */
#ifndef TESTS_MODEL_LINE_BODY_H
#define TESTS_MODEL_LINE_BODY_H

#include "tests/model/line.h"

/* The kind is the line's second word; the header must be filled. */
bool cx_line_body(const cx_line *line, cx_arena *arena, cx_event *out, cx_err *err);

#endif
