/* Tokens: by what a system, or a subject, is known to the query service. "cx1.ID.SECRET": 16 and 64
 * hexadecimal digits. The id names it in logs and reports; of the secret, 256 random bits, only the hash is
 * kept, and two hashes are compared in constant time. Thread-safe.
 */
#ifndef CX_VAULT_TOKEN_H
#define CX_VAULT_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/view.h"

enum { CX_TOKEN_ID = 17, CX_TOKEN_TEXT = 86, CX_TOKEN_HASH = 32 }; /* the texts with their NUL */

/* A token as it is shown. */
typedef struct cx_token_shown {
    char id[CX_TOKEN_ID];
    uint8_t hash[CX_TOKEN_HASH];
} cx_token_shown;

/* A new one, from random numbers. `text` is its owner's alone: wipe it once it has been handed over. */
void cx_token_make(char text[CX_TOKEN_TEXT], cx_token_shown *out);
/* false where the text has not the form of a token; *out is then all zeros. */
bool cx_token_read(cx_view text, cx_token_shown *out);
/* Whether the hashes are the same, in a time that does not tell where they differ. */
bool cx_token_same(const uint8_t a[CX_TOKEN_HASH], const uint8_t b[CX_TOKEN_HASH]);

#endif
