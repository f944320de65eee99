/* Inside `chengxin letters`: letters by their messages, and by what they rest on. */
#ifndef OPS_CLI_LETTERS_INDEX_H
#define OPS_CLI_LETTERS_INDEX_H

#include "ops/cli/letters.h"

/* Makes the index of an empty list. OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_letter_index_open(cx_letters *letters);
void cx_letter_index_close(cx_letters *letters);
/* The letter of that message, added to the list when it is the first. OUT_OF_MEMORY. */
CX_MUST_CHECK cx_rc cx_letter_index_add(cx_letters *letters, cx_view department, cx_position place,
                                        cx_letter **out);
/* NULL: there is none. */
cx_letter *cx_letter_index_find(const cx_letters *letters, cx_view department, cx_position place);
/* Sorts the list by department and place, and notes what rests on what: once, when all is read. */
CX_MUST_CHECK cx_rc cx_letter_index_finish(cx_letters *letters);
/* items with room for one more, in the arena; NULL when out of memory. */
void *cx_letter_grow(cx_arena *arena, void *items, size_t n, size_t *room, size_t size);

#endif
