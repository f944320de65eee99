/* What a pack says of points (I-POINTS): positive records give them, and they open incentives, nothing else.
 */
#include "common/law/pack_inside.h"
#include "common/law/review.h"

static bool begins(cx_view v, const char *with, cx_view *rest) {
    size_t n = strlen(with);
    bool yes = v.n > n && memcmp(v.p, with, n) == 0;
    *rest = yes ? (cx_view){v.p + n, v.n - n} : CX_VIEW("");
    return yes;
}

/* What is wrong with one property; NULL: nothing. */
static const char *fault_of(const cx_pack *pack, const cx_property *p) {
    cx_view code;
    int64_t n = 0;
    bool number = cx_view_to_int64(p->value, &n) && n > 0 && n <= INT32_MAX;
    if (begins(p->key, "points.of.", &code)) {
        const cx_item *item = cx_pack_item(pack, code);
        if (item == NULL || item->direction != CX_DIRECTION_POSITIVE)
            return "points are made of positive items of the catalog alone (I-POINTS)";
        return number ? NULL : "points are a whole number above 0";
    }
    if (begins(p->key, "points.opens.", &code)) {
        const cx_measure *m = cx_pack_measure(pack, code);
        if (m == NULL || m->kind != CX_MEASURE_KIND_INCENTIVE)
            return "points open incentives of the measure catalog alone (I-POINTS)";
        return number ? NULL : "points are a whole number above 0";
    }
    if (cx_view_is(p->key, "points.basis"))
        return cx_pack_basis(pack, p->value) != NULL ? NULL : "there is no such basis";
    return cx_view_is(p->key, "points.status") ? NULL : "no such setting of points";
}

void cx_review_points(const cx_pack *pack, cx_review_told *tell, void *context) {
    bool any = false;
    for (size_t i = 0; i < pack->properties_n; i++) {
        const cx_property *p = &pack->properties[i];
        cx_view rest;
        if (!begins(p->key, "points.", &rest))
            continue;
        any = true;
        const char *fault = fault_of(pack, p);
        if (fault != NULL)
            tell(context, CX_REVIEW_ERROR, "policy.properties", p->key, fault);
    }
    if (any && cx_pack_property(pack, CX_VIEW("points.basis")).n == 0)
        tell(context, CX_REVIEW_ERROR, "policy.properties", CX_VIEW("points.basis"),
             "points need their basis");
}
