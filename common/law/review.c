#include "common/law/review.h"

#include "common/law/facts.h"
#include "common/law/pack_inside.h"

struct review {
    const cx_pack *pack;
    cx_review_told *tell;
    void *context;
};

static void tell(const struct review *r, cx_review_kind kind, const char *file, cx_view row,
                 const char *what) {
    r->tell(r->context, kind, file, row, what);
}

/* Whether the code names a basis that was read, above a municipal plan. */
static bool is_weak(const struct review *r, cx_view code) {
    const cx_basis *basis = cx_pack_basis(r->pack, code);
    return basis == NULL || basis->level == CX_LEVEL_MUNICIPAL_PLAN;
}

static bool was_read(const struct review *r, cx_view code, cx_basis_status own) {
    const cx_basis *basis = cx_pack_basis(r->pack, code);
    return basis != NULL && basis->status == CX_BASIS_READ && own == CX_BASIS_READ;
}

static void review_items(const struct review *r) {
    size_t n;
    const cx_item *items = cx_pack_items(r->pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_item *item = &items[i];
        if (item->direction != CX_DIRECTION_ADVERSE)
            continue;
        bool strong = false, read = false;
        for (size_t k = 0; k < item->bases.n; k++) {
            strong |= !is_weak(r, item->bases.items[k]);
            read |= was_read(r, item->bases.items[k], item->status);
        }
        if (!strong)
            tell(r, CX_REVIEW_ERROR, "catalog.csv", item->code,
                 "an adverse item rests on a municipal plan alone (I-BASIS)");
        else if (!read)
            tell(r, CX_REVIEW_UNVERIFIED, "catalog.csv", item->code, "none of its bases was read");
        if (cx_words_have(item->reporters, CX_VIEW("@any")) && item->lists.n > 0)
            tell(r, CX_REVIEW_WARNING, "catalog.csv", item->code,
                 "any department may report an item that can lead to a list");
    }
}

static void review_lists(const struct review *r) {
    size_t n;
    const cx_list *lists = cx_pack_lists(r->pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_list *list = &lists[i];
        if (list->black && is_weak(r, list->basis))
            tell(r, CX_REVIEW_ERROR, "lists.csv", list->code,
                 "a black list rests on a municipal plan alone (I-BASIS)");
        else if (list->black && !was_read(r, list->basis, list->status))
            tell(r, CX_REVIEW_UNVERIFIED, "lists.csv", list->code, "its basis was not read");
        if (list->black && list->procedure == CX_PROCEDURE_NOTICE && list->months == 0)
            tell(r, CX_REVIEW_ERROR, "lists.csv", list->code,
                 "a list of the NOTICE procedure needs a term (I-EXPIRY)");
    }
}

static bool goes_to_bureau(const struct review *r, const cx_measure *m) {
    for (size_t i = 0; i < m->responders.n; i++) {
        const cx_department *d = cx_pack_department(r->pack, m->responders.items[i]);
        if (d != NULL && d->kind == CX_DEPARTMENT_BUREAU)
            return true;
    }
    return false;
}

static void review_measures(const struct review *r) {
    size_t n;
    const cx_measure *measures = cx_pack_measures(r->pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_measure *m = &measures[i];
        bool restricts = m->kind == CX_MEASURE_KIND_RIGHTS_REDUCING || m->kind == CX_MEASURE_KIND_MANAGEMENT;
        if (m->kind == CX_MEASURE_KIND_UNKNOWN)
            tell(r, CX_REVIEW_ERROR, "measures.csv", m->code, "a measure needs a kind (I-CATALOG)");
        if (restricts && is_weak(r, m->basis))
            tell(r, CX_REVIEW_ERROR, "measures.csv", m->code,
                 "it restricts on a municipal plan alone (I-BASIS)");
        else if (restricts && !was_read(r, m->basis, m->status))
            tell(r, CX_REVIEW_UNVERIFIED, "measures.csv", m->code, "its basis was not read");
        if (m->kind != CX_MEASURE_KIND_ADVISORY && goes_to_bureau(r, m))
            tell(r, CX_REVIEW_ERROR, "measures.csv", m->code, "a bureau is given advice alone (I-CATALOG)");
        if (m->kind == CX_MEASURE_KIND_ADVISORY && goes_to_bureau(r, m) && is_weak(r, m->basis))
            tell(r, CX_REVIEW_ERROR, "measures.csv", m->code,
                 "a bureau is given nothing on a municipal plan alone (I-BASIS)");
        if (m->kind == CX_MEASURE_KIND_ADVISORY && m->wording.n == 0)
            tell(r, CX_REVIEW_ERROR, "measures.csv", m->code, "advice needs its wording (I-CATALOG)");
    }
}

/* No plan of a city opens records to anybody. */
static void review_purposes(const struct review *r) {
    size_t n;
    const cx_purpose *purposes = cx_pack_purposes(r->pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_purpose *p = &purposes[i];
        if (p->permitted && is_weak(r, p->basis))
            tell(r, CX_REVIEW_ERROR, "purposes.csv", p->code,
                 "it permits queries on a municipal plan alone (I-BASIS)");
        else if (p->permitted && !was_read(r, p->basis, p->status))
            tell(r, CX_REVIEW_UNVERIFIED, "purposes.csv", p->code, "its basis was not read");
    }
}

/* Nor does it carry them anywhere. */
static void review_exchanges(const struct review *r) {
    size_t n;
    const cx_exchange *rows = cx_pack_exchanges(r->pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_exchange *x = &rows[i];
        if (is_weak(r, x->basis))
            tell(r, CX_REVIEW_ERROR, "exchange.csv", x->code,
                 "it crosses on a municipal plan alone (I-BASIS)");
        else if (!was_read(r, x->basis, x->status))
            tell(r, CX_REVIEW_UNVERIFIED, "exchange.csv", x->code, "its basis was not read");
    }
}

static void review_calendar(const struct review *r) {
    const cx_sheet *sheet = &r->pack->sheets[CX_PACK_CALENDAR];
    for (size_t row = 0; row < sheet->rows; row++) {
        const cx_view *cells = cx_sheet_row(sheet, row);
        if (cx_view_is(cells[2], "assumed")) {
            tell(r, cx_pack_is_test(r->pack) ? CX_REVIEW_UNVERIFIED : CX_REVIEW_ERROR, "calendar.csv",
                 cells[0], "from here on holidays are assumed, not announced");
            return;
        }
    }
    if (sheet->rows == 0)
        tell(r, CX_REVIEW_ERROR, "calendar.csv", CX_VIEW(""),
             "no holidays: every working-day deadline lies beyond it");
}

/* No table asks for what must not be collected (I-FORBIDDEN). */
static void review_inputs(const struct review *r) {
    const cx_decision *decision = cx_pack_classification(r->pack);
    for (size_t i = 0; i < cx_decision_input_count(decision); i++) {
        cx_view name = cx_decision_input_name(decision, i);
        if (cx_fact_sensitivity(name) != CX_FACT_ORDINARY)
            tell(r, CX_REVIEW_ERROR, "classification.dmn", name,
                 "an input asks for what must not be collected (I-FORBIDDEN)");
    }
}

cx_rc cx_pack_review(const cx_pack *pack, cx_review_told *told, void *context) {
    struct review r = {pack, told, context};
    review_items(&r);
    review_lists(&r);
    review_measures(&r);
    review_purposes(&r);
    review_exchanges(&r);
    review_calendar(&r);
    review_inputs(&r);
    cx_review_points(pack, told, context);
    return cx_review_tables(pack, told, context);
}
