#include "services/registrar/rows.h"

#include "schemas/types.h"
#include "services/registrar/decide.h"

const cx_type *const cx_registrar_row_types[] = {&cx_subject_state_type, &cx_seen_event_type,
                                                 &cx_breaker_state_type, NULL};

const cx_type *cx_registrar_row_type(cx_view key) {
    switch (cx_registrar_row_of(key)) {
    case CX_ROW_SUBJECT:
        return &cx_subject_state_type;
    case CX_ROW_SEEN:
        return &cx_seen_event_type;
    case CX_ROW_BREAKER:
        return &cx_breaker_state_type;
    case CX_ROW_UNKNOWN:
        break;
    }
    return NULL;
}

bool cx_registrar_walks(cx_view key) {
    return cx_registrar_row_of(key) == CX_ROW_SUBJECT;
}
