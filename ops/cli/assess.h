/* chengxin assess: what its files share. A check measures one control on the running installation and tells
 * each deviation; what cannot be measured fails it. */
#ifndef OPS_CLI_ASSESS_H
#define OPS_CLI_ASSESS_H

#include "common/base/arena.h"
#include "common/base/config.h"
#include "common/law/sheet.h"

struct json_t;

/* Columns of deploy/security/inventory.csv. */
enum {
    CX_INVENTORY_KIND,
    CX_INVENTORY_NAME,
    CX_INVENTORY_HOLDS,
    CX_INVENTORY_FORM,
    CX_INVENTORY_CLASS,
    CX_INVENTORY_RETENTION,
    CX_INVENTORY_READERS,
    CX_INVENTORY_COLUMNS
};

typedef struct cx_assess {
    const cx_config *config;
    cx_arena *arena;
    cx_sheet inventory;
    size_t sample;       /* messages of a partition, rows of a table, keys of Redis */
    size_t looked_at;    /* by the check that runs */
    struct json_t *told; /* its deviations */
} cx_assess;

/* One thing that is not as declared; the text holds no identifier and no secret. */
void cx_assess_tell(cx_assess *assess, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Whether a cell of words, separated by blanks, has that one. */
bool cx_assess_word(cx_view words, cx_view word);
/* The declared row of that kind and name; a declared name that ends in '.' is a prefix. NULL: none is. */
const cx_view *cx_assess_declared(const cx_assess *assess, const char *kind, cx_view name);
/* Whether the bytes hold a citizen's number, or a credit code, whose check character is right. */
bool cx_assess_has_number(cx_view bytes);

/* The checks. Each fails with what kept it from measuring. */
CX_MUST_CHECK cx_rc cx_assess_files(cx_assess *assess, cx_err *err);
CX_MUST_CHECK cx_rc cx_assess_channels(cx_assess *assess, cx_err *err);
CX_MUST_CHECK cx_rc cx_assess_grants(cx_assess *assess, cx_err *err);
CX_MUST_CHECK cx_rc cx_assess_logging(cx_assess *assess, cx_err *err);
CX_MUST_CHECK cx_rc cx_assess_redis(cx_assess *assess, cx_err *err);
CX_MUST_CHECK cx_rc cx_assess_retention(cx_assess *assess, cx_err *err);
CX_MUST_CHECK cx_rc cx_assess_numbers(cx_assess *assess, cx_err *err);

#endif
