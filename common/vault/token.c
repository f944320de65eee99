#include "common/vault/token.h"

#include <sodium.h>
#include <stdio.h>

#include "common/vault/hash.h"

enum { ID = 8, SECRET = 32, PREFIX = 4, DOT = PREFIX + 2 * ID };

static void hash_of(const uint8_t secret[SECRET], uint8_t out[CX_TOKEN_HASH]) {
    cx_view parts[] = {CX_VIEW("chengxin token"), {(const char *)secret, SECRET}};
    cx_hash256(parts, 2, out);
}

void cx_token_make(char text[CX_TOKEN_TEXT], cx_token_shown *out) {
    uint8_t id[ID], secret[SECRET];
    char hex[2 * SECRET + 1];
    randombytes_buf(id, sizeof id);
    randombytes_buf(secret, sizeof secret);
    (void)cx_hex(id, sizeof id, out->id);
    (void)snprintf(text, CX_TOKEN_TEXT, "cx1.%s.%s", out->id, cx_hex(secret, sizeof secret, hex));
    hash_of(secret, out->hash);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(hex, sizeof hex);
}

bool cx_token_read(cx_view text, cx_token_shown *out) {
    uint8_t id[ID], secret[SECRET];
    *out = (cx_token_shown){{0}, {0}};
    if (text.n != CX_TOKEN_TEXT - 1 || memcmp(text.p, "cx1.", PREFIX) != 0 || text.p[DOT] != '.')
        return false;
    bool whole = cx_unhex((cx_view){text.p + PREFIX, (size_t)2 * ID}, id, sizeof id) &&
                 cx_unhex((cx_view){text.p + DOT + 1, (size_t)2 * SECRET}, secret, sizeof secret);
    if (whole) {
        (void)cx_hex(id, sizeof id, out->id);
        hash_of(secret, out->hash);
    }
    sodium_memzero(secret, sizeof secret);
    return whole;
}

bool cx_token_same(const uint8_t a[CX_TOKEN_HASH], const uint8_t b[CX_TOKEN_HASH]) {
    return sodium_memcmp(a, b, CX_TOKEN_HASH) == 0;
}
