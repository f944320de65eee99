/* What lies under a key of credit.state, for the runner's descriptor. Pure. */
#ifndef CX_REGISTRAR_ROWS_H
#define CX_REGISTRAR_ROWS_H

#include "common/base/view.h"
#include "common/wire/type.h"

/* NULL: no key of ours. */
const cx_type *cx_registrar_row_type(cx_view key);
extern const cx_type *const cx_registrar_row_types[]; /* all of them; ends in NULL */
/* An activation's walk stops at subjects. */
bool cx_registrar_walks(cx_view key);

#endif
