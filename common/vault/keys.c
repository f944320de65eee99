#include "common/vault/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, TEXT = 2 * CX_KEY + 1 };

struct cx_key {
    uint8_t bytes[CX_KEY];
};

cx_rc cx_vault_init(cx_err *err) {
    if (sodium_init() < 0)
        return cx_fail(err, CX_KEY_WRONG, "libsodium cannot start: no source of random numbers");
    return CX_OK;
}

cx_key *cx_key_of(const uint8_t bytes[CX_KEY]) {
    cx_key *key = sodium_malloc(sizeof *key);
    if (key == NULL)
        return NULL;
    (void)memcpy(key->bytes, bytes, CX_KEY);
    (void)sodium_mprotect_readonly(key);
    return key;
}

void cx_key_destroy(cx_key **key) {
    sodium_free(*key); /* wipes first; NULL is fine */
    *key = NULL;
}

const uint8_t *cx_key_bytes(const cx_key *key) {
    return key->bytes;
}

void cx_key_fingerprint(const cx_key *key, char out[17]) {
    uint8_t hash[CX_HASH256];
    cx_hash256(&(cx_view){(const char *)key->bytes, CX_KEY}, 1, hash);
    (void)cx_hex(hash, 8, out);
}

static bool path_of(const char *dir, const char *name, char out[PATH_ROOM]) {
    int n = snprintf(out, PATH_ROOM, "%s/%s", dir, name);
    return n > 0 && n < PATH_ROOM;
}

static bool is_public(const char *name) {
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".pub") == 0;
}

cx_rc cx_key_read(const char *dir, const char *name, cx_key **out, cx_err *err) {
    *out = NULL;
    char path[PATH_ROOM];
    if (!path_of(dir, name, path))
        return cx_fail(err, CX_KEY_WRONG, "the path of key %s is too long", name);
    return cx_key_read_file(path, out, err);
}

cx_rc cx_key_read_file(const char *path, cx_key **out, cx_err *err) {
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cx_fail(err, CX_KEY_WRONG, "%s: %s; make the keys with: chengxin vault init", path,
                       strerror(errno));
    char text[TEXT + 1];
    struct stat st;
    ssize_t n = fstat(fd, &st) == 0 ? read(fd, text, sizeof text) : -1;
    (void)close(fd);
    uint8_t bytes[CX_KEY];
    cx_rc rc = CX_OK;
    if (n >= 0 && !is_public(path) && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        rc = cx_fail(err, CX_KEY_WRONG, "%s can be read by others; chmod 600 it", path);
    else if (n != TEXT || text[TEXT - 1] != '\n' || !cx_unhex((cx_view){text, TEXT - 1}, bytes, CX_KEY))
        rc = cx_fail(err, CX_KEY_WRONG, "%s is not a key (64 hexadecimal digits and a newline)", path);
    else if ((*out = cx_key_of(bytes)) == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(text, sizeof text);
    return rc;
}

/* Writes a key to a new file, and to disk, before it is used for anything. */
static cx_rc write_key(const char *path, const uint8_t bytes[CX_KEY], mode_t mode, cx_err *err) {
    char text[TEXT + 1];
    (void)cx_hex(bytes, CX_KEY, text);
    text[TEXT - 1] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    bool ok = fd >= 0 && write(fd, text, TEXT) == TEXT && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        (void)close(fd);
    sodium_memzero(text, sizeof text);
    return ok ? CX_OK : cx_fail(err, CX_FILE, "cannot write %s: %s", path, strerror(why));
}

cx_rc cx_key_make_secret(const char *dir, const char *name, bool *made, cx_err *err) {
    char path[PATH_ROOM];
    *made = false;
    if (!path_of(dir, name, path))
        return cx_fail(err, CX_KEY_WRONG, "the path of key %s is too long", name);
    if (access(path, F_OK) == 0)
        return CX_OK;
    uint8_t bytes[CX_KEY];
    randombytes_buf(bytes, sizeof bytes);
    cx_rc rc = write_key(path, bytes, 0600, err);
    sodium_memzero(bytes, sizeof bytes);
    *made = rc == CX_OK;
    return rc;
}

static cx_rc make_pair(const char *dir, const char *secret_name, const char *public_name,
                       int (*make)(unsigned char *public_half, unsigned char *secret), bool *made,
                       cx_err *err) {
    char secret_path[PATH_ROOM], public_path[PATH_ROOM];
    *made = false;
    if (!path_of(dir, secret_name, secret_path) || !path_of(dir, public_name, public_path))
        return cx_fail(err, CX_KEY_WRONG, "the path of key %s is too long", secret_name);
    bool has_secret = access(secret_path, F_OK) == 0, has_public = access(public_path, F_OK) == 0;
    if (has_secret && has_public)
        return CX_OK;
    if (has_secret || has_public)
        return cx_fail(err, CX_KEY_WRONG, "only one half of the pair %s, %s is there; restore or remove it",
                       secret_path, public_path);
    uint8_t secret[CX_KEY], public[CX_KEY];
    (void)make(public, secret);
    cx_rc rc = write_key(secret_path, secret, 0600, err);
    sodium_memzero(secret, sizeof secret);
    if (rc == CX_OK)
        rc = write_key(public_path, public, 0644, err);
    *made = rc == CX_OK;
    return rc;
}

cx_rc cx_key_make_pair(const char *dir, const char *secret_name, const char *public_name, bool *made,
                       cx_err *err) {
    return make_pair(dir, secret_name, public_name, crypto_box_keypair, made, err);
}

/* Of an Ed25519 pair the seed is kept. */
static int make_signing(unsigned char *public_half, unsigned char *seed) {
    uint8_t both[crypto_sign_SECRETKEYBYTES];
    randombytes_buf(seed, CX_KEY);
    int rc = crypto_sign_seed_keypair(public_half, both, seed);
    sodium_memzero(both, sizeof both);
    return rc;
}

cx_rc cx_key_make_signing_pair(const char *dir, const char *secret_name, const char *public_name, bool *made,
                               cx_err *err) {
    return make_pair(dir, secret_name, public_name, make_signing, made, err);
}
