/* Plays a history line by line through the whole pipeline in one process: intake's decision on what
 * departments send, the spine's stages (tests/model/chain.h), the courier's decision on what leaves, a model
 * of Redis (the newest status), of PostgreSQL (the versions that were told) and of the access log; and looks
 * after each line whether the invariants hold.
 *
 *   day DATE                       a tick at the beginning of that day (in China)
 *   law NAME                       a pack of the world comes into force
 *   query WHO PURPOSE of=NAME [log=fails]    somebody asks what is in force for a subject
 *   <department> <KIND> <id> ...   a message (tests/model/line.h, tests/property/credit.h); measure=@N is the
 *                                  measure of the N-th notice (modulo their number), breaker=@ the newest
 * breaker
 *
 * Not thread-safe: one owner.
 */
#ifndef TESTS_PROPERTY_PLAY_H
#define TESTS_PROPERTY_PLAY_H

#include "tests/property/cover.h"
#include "tests/property/hold.h"

enum { CX_PLAY_LINE = 640, CX_PLAY_PARTITIONS = 3 };

typedef struct cx_play cx_play;

/* NULL when out of memory. */
cx_play *cx_play_new(void);
void cx_play_destroy(cx_play **play);
/* A new history: the world's first pack comes into force on 2026-01-05. cover: what is counted; may be NULL.
 */
CX_MUST_CHECK bool cx_play_begin(cx_play *play, const cx_world *world, struct cx_cover *cover,
                                 cx_fault *fault);
/* Plays one line; false when an invariant is broken (or the line cannot be read: "LINE"). */
CX_MUST_CHECK bool cx_play_line(cx_play *play, const char *line, cx_fault *fault);
/* What can only be seen of a whole history: the log decided again, canaries, points. `again` is another
 * player, the lines are those that were played. */
CX_MUST_CHECK bool cx_play_end(cx_play *play, cx_play *again, char (*lines)[CX_PLAY_LINE], size_t n,
                               cx_fault *fault);

/* Looks at one invariant alone; NULL: at all. */
void cx_play_only(cx_play *play, const char *invariant);
const cx_ledger *cx_play_ledger(const cx_play *play);
/* The verdict on the last message; "" when the last line was none. */
cx_view cx_play_verdict(const cx_play *play);
const cx_chain *cx_play_chain(const cx_play *play);

#endif
