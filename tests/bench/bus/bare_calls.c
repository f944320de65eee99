/* libsodium, called and nothing else. */
#include <sodium.h>
#include <string.h>

#include "tests/bench/bus/bare.h"

static unsigned char in[BARE_BYTES + 64], out[BARE_BYTES + 64], sealed[BARE_BYTES + 64], key[32], nonce[24];
static size_t sealed_n; /* what `sealed` opens as; 0: nothing yet */

void bare_calls_open(void) {
    if (sodium_init() < 0)
        bare_die("libsodium", "cannot start");
}

static void open_sealed(size_t n) {
    if (sealed_n != n)
        (void)crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, in, n, NULL, 0, NULL, nonce, key);
    sealed_n = n;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, n + 16, NULL, 0, nonce, key) != 0)
        bare_die("libsodium", "what was sealed does not open");
}

static void call(const bare_call *c) {
    static char text[2 * BARE_BYTES];
    if (strcmp(c->kind, "hash") == 0)
        (void)crypto_generichash(out, 16, in, c->bytes, key, sizeof key);
    else if (strcmp(c->kind, "key") == 0)
        (void)crypto_generichash(out, 32, in, c->bytes, key, sizeof key);
    else if (strcmp(c->kind, "seal") == 0)
        (void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, in, c->bytes, NULL, 0, NULL, nonce, key);
    else if (strcmp(c->kind, "open") == 0)
        open_sealed(c->bytes);
    else if (strcmp(c->kind, "stream") == 0)
        (void)crypto_stream_xchacha20_xor(out, in, c->bytes, nonce, key);
    else if (strcmp(c->kind, "text") == 0)
        (void)sodium_bin2base64(text, sizeof text, in, c->bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    else
        bare_die("no such call", c->kind);
}

void bare_calls(bare_call *calls, size_t n) {
    for (size_t i = 0; i < n; i++)
        for (size_t due = bare_due(calls[i].each, &calls[i].owed); due > 0; due--)
            call(&calls[i]);
}
