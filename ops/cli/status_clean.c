#include "ops/cli/status_clean.h"

#include <stdlib.h>

#include "common/law/publication.h"
#include "common/vault/keys.h"
#include "ops/cli/policy.h"

static cx_view text_of(const json_t *object, const char *name) {
    const json_t *v = json_object_get(object, name);
    return json_is_string(v) ? (cx_view){json_string_value(v), json_string_length(v)} : CX_VIEW("");
}

/* What the judgement looks at. */
static void fill(const json_t *entries, const json_t *records, cx_status *status) {
    for (size_t i = 0; i < json_array_size(entries); i++) {
        const json_t *e = json_array_get(entries, i);
        status->entries.items[status->entries.n++] = (cx_status_entry){
            .list = text_of(e, "list"), .marked = json_is_true(json_object_get(e, "marked"))};
    }
    for (size_t i = 0; i < json_array_size(records); i++) {
        const json_t *r = json_array_get(records, i);
        cx_status_record *own = &status->records.items[status->records.n++];
        *own = (cx_status_record){.marked = json_is_true(json_object_get(r, "marked"))};
        if (!cx_direction_by_name(text_of(r, "direction"), &own->direction))
            own->direction = CX_DIRECTION_NEUTRAL;
    }
}

static const char *word_of(cx_clean clean) {
    switch (clean) {
    case CX_CLEAN_YES:
        return "YES";
    case CX_CLEAN_NO:
        return "NO";
    case CX_CLEAN_NO_SUCH_INCENTIVE:
        return "NO_SUCH_INCENTIVE";
    case CX_CLEAN_ATTESTATION:
        return "ATTESTATION_NEEDED";
    }
    return "NO";
}

cx_rc cx_status_clean(const json_t *answer, const char *folder, const char **out, cx_err *err) {
    const json_t *e = json_object_get(answer, "entries"), *r = json_object_get(answer, "records");
    cx_pack_folder pack;
    cx_status status = {.entries = {NULL, 0}};
    *out = "NO";
    CX_TRY(cx_vault_init(err));
    CX_TRY(cx_pack_folder_read(folder, &pack, err));
    status.entries.items = calloc(json_array_size(e) + 1, sizeof *status.entries.items);
    status.records.items = calloc(json_array_size(r) + 1, sizeof *status.records.items);
    cx_rc rc = status.entries.items == NULL || status.records.items == NULL
                   ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                   : CX_OK;
    if (rc == CX_OK) {
        fill(e, r, &status);
        *out = word_of(cx_clean_judge(pack.pack, &status));
    }
    free(status.entries.items);
    free(status.records.items);
    cx_pack_folder_release(&pack);
    return rc;
}
