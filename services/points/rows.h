/* What lies in the points service's rows of state, for its runner and for whoever reads them (replay). */
#ifndef CX_POINTS_ROWS_H
#define CX_POINTS_ROWS_H

#include "common/base/view.h"
#include "common/wire/type.h"

/* cx_points_state_type for a pseudonym, else NULL. */
const cx_type *cx_points_row_type(cx_view key);

#endif
