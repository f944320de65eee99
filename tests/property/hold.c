#include "tests/property/hold.h"

#include <stdarg.h>
#include <stdio.h>

const cx_invariant cx_invariants[] = {
    {.name = "I-BASIS", .sent = cx_hold_basis_sent, .notice = cx_hold_basis_notice},
    {.name = "I-NOTICE", .change = cx_hold_notice_change},
    {.name = "I-HUMAN", .change = cx_hold_human_change},
    {.name = "I-CATALOG", .notice = cx_hold_catalog_notice, .standing = cx_hold_catalog_standing},
    {.name = "I-PERSONAL", .notice = cx_hold_personal_notice, .change = cx_hold_personal_change},
    {.name = "I-CAPACITY", .sent = cx_hold_capacity_sent},
    {.name = "I-OBJECTION", .notice = cx_hold_objection_notice, .standing = cx_hold_objection_standing},
    {.name = "I-EXPIRY", .change = cx_hold_expiry_change, .standing = cx_hold_expiry_standing},
    {.name = "I-REPAIR", .change = cx_hold_repair_change, .standing = cx_hold_repair_standing},
    {.name = "I-RECALL", .change = cx_hold_recall_change, .standing = cx_hold_recall_standing},
    {.name = "I-CORRECT", .change = cx_hold_correct_change},
    {.name = "I-LENIENT", .change = cx_hold_lenient_change, .standing = cx_hold_lenient_standing},
    {.name = "I-POINTS", .standing = cx_hold_points_standing},
    {.name = "I-FORBIDDEN", .sent = cx_hold_forbidden_sent},
    {.name = "I-REPORTER", .sent = cx_hold_reporter_sent},
    {.name = "I-ACCESS", .standing = cx_hold_access_standing},
    {.name = "I-PRIVATE", .notice = cx_hold_private_notice, .standing = cx_hold_private_standing},
    {.name = "I-REPLAY"},
    {.name = "REFUSAL", .sent = cx_hold_refusal_sent},
    {.name = "STORES", .standing = cx_hold_stores_standing},
};
const size_t cx_invariants_n = sizeof cx_invariants / sizeof cx_invariants[0];

bool cx_broken(cx_fault *f, const char *format, ...) {
    va_list args;
    va_start(args, format);
    (void)vsnprintf(f->text, sizeof f->text, format, args);
    va_end(args);
    return false;
}
