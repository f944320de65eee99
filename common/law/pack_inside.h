/* Inside common/law: what a loaded pack holds. */
#ifndef CX_LAW_PACK_INSIDE_H
#define CX_LAW_PACK_INSIDE_H

#include "common/law/pack_rows.h"

/* Rows of one kind, ascending by code; every row begins with its code. */
typedef struct cx_rows {
    void *rows;
    size_t n;
    size_t size; /* of one row */
} cx_rows;

struct cx_pack {
    cx_arena *arena;
    uint8_t hash[CX_PACK_HASH];
    cx_property *properties;
    size_t properties_n;
    cx_view name, version;
    int32_t jurisdiction;
    cx_date effective_from;
    bool test;
    int32_t display[CX_DIRECTION_POSITIVE + 1][CX_GRADE_SERIOUS + 1];
    int32_t breaker_limit, breaker_factor;
    cx_deadlines deadlines;
    cx_calendar calendar;
    cx_sheet sheets[CX_PACK_FILES];
    cx_rows bases, items, departments, groups, lists, measures, purposes, exchanges;
    cx_model *classification_model, *sanctions_model;
    const cx_decision *classification, *sanctions;
};

/* Fills the rows of every CSV file; the sheets were read. */
cx_rc cx_pack_fill_rows(cx_pack *pack, cx_err *err);
/* Whether every code that a row names is there. */
cx_rc cx_pack_check_references(const cx_pack *pack, cx_err *err);

#endif
