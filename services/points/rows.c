#include "services/points/rows.h"

#include "schemas/types.h"

const cx_type *cx_points_row_type(cx_view key) {
    return key.n == 16 ? &cx_points_state_type : NULL;
}
