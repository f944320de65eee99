#include "common/vault/seal.h"

#include <sodium.h>

enum { REMEMBERED = 64 }; /* agreements that an opener keeps: hours times senders */

/* What both sides agree on: one key to encipher, one to derive nonces. */
struct agreement {
    uint8_t hour_key[CX_KEY];
    uint8_t cipher[CX_KEY];
    uint8_t nonce[CX_KEY];
};

struct cx_sealer {
    uint8_t recipient[CX_KEY];
    struct agreement now;
    int64_t hour;
    bool turned;
};

struct cx_opener {
    uint8_t secret[CX_KEY];
    uint8_t public[CX_KEY];
    struct agreement known[REMEMBERED];
    size_t n;
    size_t next; /* the one to be replaced */
};

/* Both keys from the shared point, the hour's and the recipient's public keys. */
static bool agree(struct agreement *a, const uint8_t secret[CX_KEY], const uint8_t other[CX_KEY],
                  const uint8_t recipient[CX_KEY]) {
    uint8_t point[crypto_scalarmult_BYTES], both[2 * CX_KEY];
    if (crypto_scalarmult(point, secret, other) != 0)
        return false;
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof both);
    (void)crypto_generichash_update(&state, point, sizeof point);
    (void)crypto_generichash_update(&state, a->hour_key, CX_KEY);
    (void)crypto_generichash_update(&state, recipient, CX_KEY);
    (void)crypto_generichash_final(&state, both, sizeof both);
    (void)memcpy(a->cipher, both, CX_KEY);
    (void)memcpy(a->nonce, both + CX_KEY, CX_KEY);
    sodium_memzero(point, sizeof point);
    sodium_memzero(both, sizeof both);
    sodium_memzero(&state, sizeof state);
    return true;
}

cx_sealer *cx_sealer_new(const cx_key *recipient_public) {
    cx_sealer *sealer = sodium_malloc(sizeof *sealer);
    if (sealer == NULL)
        return NULL;
    *sealer = (cx_sealer){.turned = false};
    (void)memcpy(sealer->recipient, cx_key_bytes(recipient_public), CX_KEY);
    return sealer;
}

void cx_sealer_destroy(cx_sealer **sealer) {
    sodium_free(*sealer);
    *sealer = NULL;
}

cx_rc cx_sealer_turn(cx_sealer *sealer, int64_t hour, cx_err *err) {
    if (sealer->turned && sealer->hour == hour)
        return CX_OK;
    uint8_t secret[CX_KEY];
    (void)crypto_box_keypair(sealer->now.hour_key, secret);
    bool ok = agree(&sealer->now, secret, sealer->recipient, sealer->recipient);
    sodium_memzero(secret, sizeof secret);
    if (!ok)
        return cx_fail(err, CX_KEY_WRONG, "the recipient's public key is not usable");
    sealer->hour = hour;
    sealer->turned = true;
    return CX_OK;
}

static void derive_nonce(const struct agreement *a, cx_view place, cx_view plain,
                         uint8_t nonce[CX_SEAL_NONCE]) {
    crypto_generichash_state state;
    uint64_t n = place.n;
    (void)crypto_generichash_init(&state, a->nonce, CX_KEY, CX_SEAL_NONCE);
    (void)crypto_generichash_update(&state, (const unsigned char *)&n, sizeof n);
    (void)crypto_generichash_update(&state, (const unsigned char *)place.p, place.n);
    (void)crypto_generichash_update(&state, (const unsigned char *)plain.p, plain.n);
    (void)crypto_generichash_final(&state, nonce, CX_SEAL_NONCE);
}

cx_rc cx_seal(const cx_sealer *sealer, cx_view place, cx_view plain, cx_arena *arena, cx_view *hour_key,
              cx_view *sealed) {
    CX_ASSERT(sealer->turned);
    uint8_t *out = cx_arena_alloc(arena, plain.n + CX_SEAL_OVERHEAD);
    if (out == NULL)
        return CX_OUT_OF_MEMORY;
    derive_nonce(&sealer->now, place, plain, out);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        out + CX_SEAL_NONCE, NULL, (const unsigned char *)plain.p, plain.n, (const unsigned char *)place.p,
        place.n, NULL, out, sealer->now.cipher);
    *hour_key = (cx_view){(const char *)sealer->now.hour_key, CX_KEY};
    *sealed = (cx_view){(const char *)out, plain.n + CX_SEAL_OVERHEAD};
    return CX_OK;
}

cx_opener *cx_opener_new(const cx_key *recipient_secret) {
    cx_opener *opener = sodium_malloc(sizeof *opener);
    if (opener == NULL)
        return NULL;
    *opener = (cx_opener){.n = 0};
    (void)memcpy(opener->secret, cx_key_bytes(recipient_secret), CX_KEY);
    (void)crypto_scalarmult_base(opener->public, opener->secret);
    return opener;
}

void cx_opener_destroy(cx_opener **opener) {
    sodium_free(*opener);
    *opener = NULL;
}

static const struct agreement *agreement_with(cx_opener *opener, cx_view hour_key) {
    if (hour_key.n != CX_KEY)
        return NULL;
    for (size_t i = 0; i < opener->n; i++)
        if (memcmp(opener->known[i].hour_key, hour_key.p, CX_KEY) == 0)
            return &opener->known[i];
    struct agreement a;
    (void)memcpy(a.hour_key, hour_key.p, CX_KEY);
    if (!agree(&a, opener->secret, a.hour_key, opener->public))
        return NULL;
    struct agreement *kept = &opener->known[opener->next];
    *kept = a;
    sodium_memzero(&a, sizeof a);
    opener->next = (opener->next + 1) % REMEMBERED;
    if (opener->n < REMEMBERED)
        opener->n++;
    return kept;
}

cx_rc cx_open(cx_opener *opener, cx_view hour_key, cx_view place, cx_view sealed, cx_arena *arena,
              cx_view *plain, cx_err *err) {
    const struct agreement *a = agreement_with(opener, hour_key);
    if (a == NULL || sealed.n < CX_SEAL_OVERHEAD)
        return cx_fail(err, CX_KEY_WRONG, "not a sealed identity");
    size_t n = sealed.n - CX_SEAL_OVERHEAD;
    uint8_t *out = cx_arena_alloc(arena, n + 1);
    if (out == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    const unsigned char *nonce = (const unsigned char *)sealed.p;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, nonce + CX_SEAL_NONCE, n + CX_SEAL_TAG,
                                                   (const unsigned char *)place.p, place.n, nonce,
                                                   a->cipher) != 0)
        return cx_fail(err, CX_KEY_WRONG, "sealed to another key or for another place, or changed");
    *plain = (cx_view){(const char *)out, n};
    return CX_OK;
}
