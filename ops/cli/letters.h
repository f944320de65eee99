/* Inside `chengxin letters`: dead letters as the bus has them, what was done about them, and how they rest on
 * one another. */
#ifndef OPS_CLI_LETTERS_H
#define OPS_CLI_LETTERS_H

#include <jansson.h>

#include "common/base/arena.h"
#include "common/base/config.h"
#include "common/base/step.h"
#include "ops/cli/acts.h"

typedef enum cx_letter_state {
    CX_LETTER_OPEN,      /* refused, and nothing was done since */
    CX_LETTER_REDRIVEN,  /* asked to be read again; it has not been refused since */
    CX_LETTER_DISCARDED, /* somebody decided that nothing is to be done */
    CX_LETTER_GONE       /* open, but its message is not there any more: the department must send anew */
} cx_letter_state;
const char *cx_letter_state_name(cx_letter_state state);

/* All refusals of one inbound message: the newest, and how many there were. */
typedef struct cx_letter {
    cx_view department, key; /* key: department:partition:offset */
    cx_position place;       /* of the message in credit.in.<department>; partition -1: it names none */
    cx_position letter;      /* of the newest refusal in credit.rejected.<department> */
    cx_time at;              /* that message's time: the tick, or at intake the arrival */
    cx_view event_id, reason, text, stage, field, because;
    int times;
    cx_letter_state state;
    cx_act *acts; /* about it, oldest first */
    size_t act_n;
    cx_time arrived;    /* set by cx_letters_read_again */
    bool taken, placed; /* by a command: it is meant; it has its place in the order */
    size_t waits;       /* for so many letters that are to come before it */
} cx_letter;

typedef struct cx_letters {
    cx_arena *arena;
    cx_letter **list; /* by department, then place */
    size_t n;
    const char **departments; /* that were read; in the arena */
    size_t department_n;
    struct cx_letter_index *index; /* by key, and by what they rest on */
} cx_letters;

/* Reads the letters of one department (NULL: of all), what was done about them, and which of their messages
 * are still there. NOT_FOUND: there is no such department. The caller closes it in any case. */
CX_MUST_CHECK cx_rc cx_letters_read(const cx_config *config, const char *department, cx_letters *out,
                                    cx_err *err);
void cx_letters_close(cx_letters *letters);
/* NOT_FOUND where there is no such department. */
CX_MUST_CHECK cx_rc cx_letters_know(const cx_letters *letters, const char *department, cx_err *err);
/* NULL: there is none. */
cx_letter *cx_letters_find(const cx_letters *letters, const char *department, cx_position place);
/* The letters that were refused because of this one, in the order of the list; NULL with *n 0: none. */
cx_letter *const *cx_letters_behind(const cx_letters *letters, const cx_letter *letter, size_t *n);

/* Which letters are meant. */
typedef struct cx_letters_wanted {
    const char *department, *reason, *event;
    bool has_place, all, again, alone, dry;
    cx_position place;
    cx_time from, to; /* CX_NO_TIME: open */
} cx_letters_wanted;
bool cx_letter_is_wanted(const cx_letter *letter, const cx_letters_wanted *wanted);

/* What was to be done, and what was. */
typedef struct cx_letters_done {
    cx_letter **list; /* in the order in which they are read again; from malloc */
    size_t n;
    size_t behind;    /* of them: those that follow for another's sake */
    cx_letter **left; /* that cannot be read again any more; from malloc */
    cx_rc *why;       /* POSITION_GONE or REDRIVE_TOO_LATE, by `left` */
    size_t left_n;
} cx_letters_done;
/* letters_show.c: on stdout. */
CX_MUST_CHECK cx_rc cx_letters_print_some(cx_letter *const *list, size_t n, cx_err *err);
/* act: its id; NULL: it was not done. */
CX_MUST_CHECK cx_rc cx_letters_print_done(const char *verb, const char *act, const cx_letters_done *done,
                                          bool json, cx_err *err);
CX_MUST_CHECK cx_rc cx_letters_print(const cx_letters *letters, const cx_letters_wanted *wanted, bool json,
                                     cx_err *err);
CX_MUST_CHECK cx_rc cx_letters_print_counts(const cx_letters *letters, const cx_letters_wanted *wanted,
                                            bool json, cx_err *err);
CX_MUST_CHECK cx_rc cx_letter_print(const cx_letters *letters, const cx_letter *letter, bool json,
                                    cx_err *err);

/* letters_act.c: in one transaction, or not at all. INTERRUPTED, BUS_AWAY, FENCED: nothing was done. */
CX_MUST_CHECK cx_rc cx_letters_redrive(const cx_config *config, const cx_letters *letters,
                                       const cx_letters_wanted *wanted, const cx_actor *actor,
                                       cx_letters_done *done, cx_err *err);
CX_MUST_CHECK cx_rc cx_letters_discard(const cx_config *config, const cx_letters *letters,
                                       const cx_letters_wanted *wanted, const cx_actor *actor,
                                       cx_letters_done *done, cx_err *err);
void cx_letters_done_free(cx_letters_done *done);

#endif
