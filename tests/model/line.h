/* One line of a history as an event of the log: "market RECORD R1 item=X-SERIOUS amount=5 => OK".
 *
 *   <department> <KIND> <event id> key=value ...
 *
 * of=<name> whom it is about: o... an organisation, p... a person (default o1). Header: doc=DATE (default the
 * day), number= (default the event id), basis= (default LAW), act=DATE (default doc), issued=DATE (default
 * the day), role= and official= (default HEAD and 7; of a court JUDGE), effective=DATE, content= (default the
 * line), others=p1,p2, place=<jurisdiction>, consented=<scope>. Any other key is a field of the body: a code,
 * number, date, yes or no, symbol, or codes with commas; measure=@N (in a history) for the measure of the
 * N-th notice; target=<id> or target=<department>/<id>; facts=<name>:<value>,... ;
 * roles=ROLE:<name>:<from>[:<to>]; answers=<statement>,... ; record.<key> and decision.<key> for the nested.
 */
#ifndef TESTS_MODEL_LINE_H
#define TESTS_MODEL_LINE_H

#include "schemas/types.h"
#include "common/base/arena.h"

enum { CX_LINE_WORDS = 48 };

/* Words of a line; those behind "=>" are left to the caller. */
typedef struct cx_line {
    cx_view words[CX_LINE_WORDS];
    size_t n;
} cx_line;

void cx_line_split(cx_view text, cx_line *out);
/* The value of key=..., or {NULL, 0}. */
cx_view cx_line_value(const cx_line *line, const char *key);
/* The pseudonym of a name, and what it is. */
void cx_line_subject(cx_view name, uint8_t out[16]);
cx_subject_type cx_line_subject_type(cx_view name);
/* Where the line was: inbound position in the header. False, and a message, when it cannot be read. */
bool cx_line_event(const cx_line *line, cx_date today, int64_t number, cx_arena *arena, cx_event *out,
                   cx_err *err);

#endif
