/* Pseudonyms and references.
 *
 * A subject's pseudonym is a keyed BLAKE2b-128 of its identifier: the same in every topic of one log
 * generation, and meaningless without the key. A reference is the pseudonym sealed under a key of one
 * department: no two departments can join what they hold. Both are functions of their inputs alone.
 * Thread-safe.
 */
#ifndef CX_VAULT_PSEUDONYM_H
#define CX_VAULT_PSEUDONYM_H

#include "common/vault/keys.h"

enum { CX_PSEUDONYM = 16, CX_REFERENCE_TEXT = 44 }; /* 43 characters and NUL */

/* kind: what sort of number it is ("CITIZEN_ID"), so that equal numbers of two sorts stay apart;
 * id: the identifier in its normal form. */
void cx_pseudonym(const cx_key *pseudonym_key, cx_view kind, cx_view id, uint8_t out[CX_PSEUDONYM]);

/* Base64 (URL alphabet, no padding) of 32 bytes: a tag over department and pseudonym, which is also
 * the nonce (as SIV does), then the enciphered pseudonym. */
void cx_reference_make(const cx_key *reference_key, cx_view department, const uint8_t pseudonym[CX_PSEUDONYM],
                       char out[CX_REFERENCE_TEXT]);
/* false when the text is not a reference that was made for that department. */
bool cx_reference_open(const cx_key *reference_key, cx_view department, cx_view reference,
                       uint8_t pseudonym[CX_PSEUDONYM]);

#endif
