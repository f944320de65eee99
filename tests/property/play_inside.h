/* The inside of the player. */
#ifndef TESTS_PROPERTY_PLAY_INSIDE_H
#define TESTS_PROPERTY_PLAY_INSIDE_H

#include "common/run/codec.h"
#include "tests/property/cover.h"
#include "tests/property/credit.h"
#include "tests/property/play.h"

/* One message on a department's topic, as on the wire. */
typedef struct cx_posted {
    cx_view department, bytes;
    const cx_rejection *rejection; /* NULL: a notice */
    const cx_notice *notice;
    uint8_t subject[CX_CHAIN_SUBJECT];
    bool by_intake;
} cx_posted;

enum { CX_PLAY_POSTED = 8192 };

struct cx_play {
    cx_chain *chain;
    cx_codec *codec;
    cx_arena *arena;
    cx_ledger ledger;
    cx_cover *cover;
    const char *only;             /* the one invariant that is looked at; NULL: all */
    size_t read[CX_CHAIN_TOPICS]; /* what was taken in of each topic */
    cx_posted posted[CX_PLAY_POSTED];
    size_t posted_n, posted_read;
    cx_view access[CX_LEDGER_ACCESS]; /* rows of the access log, as on the wire */
    size_t access_n;
    int64_t number; /* of the last message */
    cx_view verdict;
};

/* Whether that invariant is looked at. */
static inline bool cx_play_looks_at(const cx_play *p, const char *invariant) {
    return p->only == NULL || strcmp(p->only, invariant) == 0;
}

/* One message through intake (NULL reason) to credit.records, or home. */
CX_MUST_CHECK cx_rc cx_play_send(cx_play *p, const cx_line *line, cx_err *err);
/* One query. */
CX_MUST_CHECK cx_rc cx_play_query(cx_play *p, const cx_line *line, cx_err *err);
/* Lets the courier read what is new of credit.notices. */
CX_MUST_CHECK cx_rc cx_play_courier(cx_play *p, cx_err *err);
/* Encodes and decodes, as a topic does; the bytes too. */
CX_MUST_CHECK cx_rc cx_play_over_wire(cx_play *p, const cx_type *type, const void *value, const void **out,
                                      cx_view *bytes, cx_err *err);

#endif
