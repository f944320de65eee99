/* Any bytes as the body of each path: taken, or refused with a reason; nothing is read beyond them. */
#include "common/law/identifier.h"
#include "services/query/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* A person's number goes into no log, with hyphens or without. */
static bool names_nobody(cx_view text) {
    cx_identifier id;
    return cx_identifier_check(CX_SUBJECT_TYPE_PERSON, CX_ID_TYPE_CITIZEN_ID, text, CX_NO_DATE, INT32_MAX,
                               &id) != CX_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    for (size_t i = 0; i < 2 * (size_t)CX_QUERY_ROUTES; i++) {
        cx_query_form form;
        cx_err err = {0};
        cx_rc rc = cx_query_form_read(&cx_query_routes[i / 2], i % 2 == 1, (cx_view){(const char *)data, n},
                                      &form, &err);
        CX_ASSERT(rc == CX_OK || (rc == CX_QUERY_FORM && err.text[0] != '\0'));
        CX_ASSERT(form.minutes >= 0 && form.official.n <= CX_QUERY_CODE && form.matter.n <= CX_QUERY_CODE);
        CX_ASSERT(rc != CX_OK || (names_nobody(form.official) && names_nobody(form.matter)));
        cx_query_form_free(&form);
    }
    return 0;
}
