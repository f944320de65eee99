/* Any bytes as the body of each path: taken, or refused with a reason; nothing is read beyond them. */
#include "services/query/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    for (size_t i = 0; i < 2 * (size_t)CX_QUERY_ROUTES; i++) {
        cx_query_form form;
        cx_err err = {0};
        cx_rc rc = cx_query_form_read(&cx_query_routes[i / 2], i % 2 == 1, (cx_view){(const char *)data, n},
                                      &form, &err);
        CX_ASSERT(rc == CX_OK || (rc == CX_QUERY_FORM && err.text[0] != '\0'));
        CX_ASSERT(form.minutes >= 0 && form.official.n <= CX_QUERY_CODE && form.matter.n <= CX_QUERY_CODE);
        cx_query_form_free(&form);
    }
    return 0;
}
