#include "common/run/in_force.h"

#include <string.h>

#include "common/store/cached.h"
#include "common/vault/hash.h"

enum { MOST_LINKS = 8 }; /* of a subject whose identifier changed, one after the other */

/* NULL with CX_OK: there is no row. */
static cx_rc ask(cx_redis *redis, const uint8_t subject[16], json_t **out, cx_err *err) {
    cx_view text = {NULL, 0};
    *out = NULL;
    CX_TRY(cx_cached_status(redis, subject, &text, err));
    if (text.p != NULL && (*out = json_loadb(text.p, text.n, 0, NULL)) == NULL)
        return cx_fail(err, CX_STORE, "Redis answered with no JSON");
    return CX_OK;
}

/* The answer becomes the linked pseudonym's. *more: there was one, and it has a row. */
static cx_rc follow(cx_redis *redis, json_t **answer, bool *more, cx_err *err) {
    const json_t *link = json_object_get(*answer, "linked_to");
    uint8_t subject[16];
    json_t *next = NULL;
    *more = cx_unhex((cx_view){json_string_value(link), json_string_length(link)}, subject, sizeof subject);
    if (*more)
        CX_TRY(ask(redis, subject, &next, err));
    *more = next != NULL;
    if (next == NULL)
        return CX_OK;
    bool named = json_object_set(next, "found_under", json_object_get(*answer, "linked_to")) == 0;
    json_decref(*answer);
    *answer = next;
    return named ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

cx_rc cx_in_force(cx_redis *redis, const uint8_t subject[16], json_t **out, cx_err *err) {
    cx_rc rc = ask(redis, subject, out, err);
    bool more = *out != NULL;
    for (int i = 0; rc == CX_OK && more && i < MOST_LINKS; i++)
        rc = follow(redis, out, &more, err);
    if (rc == CX_OK)
        return CX_OK;
    json_decref(*out);
    *out = NULL;
    return rc;
}
