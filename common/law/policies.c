#include "common/law/policies.h"

#include <stdlib.h>

struct cx_policies {
    const cx_pack **packs; /* in the order of activation */
    size_t n;
    size_t room;
};

cx_policies *cx_policies_new(void) {
    return calloc(1, sizeof(cx_policies));
}

void cx_policies_destroy(cx_policies **policies) {
    if (*policies != NULL)
        free((void *)(*policies)->packs);
    free(*policies);
    *policies = NULL;
}

cx_rc cx_policies_activate(cx_policies *policies, const cx_pack *pack) {
    if (cx_policies_now(policies, cx_pack_jurisdiction(pack)) == pack)
        return CX_OK;
    if (policies->n == policies->room) {
        size_t room = policies->room == 0 ? 8 : 2 * policies->room;
        const cx_pack **more = realloc((void *)policies->packs, room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        policies->packs = more;
        policies->room = room;
    }
    policies->packs[policies->n++] = pack;
    return CX_OK;
}

const cx_pack *cx_policies_now(const cx_policies *policies, int32_t jurisdiction) {
    for (size_t i = policies->n; i > 0; i--)
        if (cx_pack_jurisdiction(policies->packs[i - 1]) == jurisdiction)
            return policies->packs[i - 1];
    return NULL;
}

const cx_pack *cx_policies_at(const cx_policies *policies, int32_t jurisdiction, cx_date day) {
    const cx_pack *oldest = NULL;
    for (size_t i = policies->n; i > 0; i--) {
        const cx_pack *pack = policies->packs[i - 1];
        if (cx_pack_jurisdiction(pack) != jurisdiction)
            continue;
        if (cx_pack_effective_from(pack) <= day)
            return pack;
        oldest = pack;
    }
    return oldest;
}

size_t cx_policies_count(const cx_policies *policies) {
    return policies->n;
}

const cx_pack *cx_policies_pack(const cx_policies *policies, size_t i) {
    CX_ASSERT(i < policies->n);
    return policies->packs[i];
}
