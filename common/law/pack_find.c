/* Looking things up in a loaded pack, and whether what rows name is there. */
#include "common/law/pack_inside.h"

#define DEFINE_FIND(thing, rows_of)                                                                          \
    const cx_##thing *cx_pack_##thing(const cx_pack *pack, cx_view code) {                                   \
        return find(&pack->rows_of, code);                                                                   \
    }
#define DEFINE_ALL(thing, rows_of)                                                                           \
    const cx_##thing *cx_pack_##rows_of(const cx_pack *pack, size_t *n) {                                    \
        *n = pack->rows_of.n;                                                                                \
        return pack->rows_of.rows;                                                                           \
    }

static const void *find(const cx_rows *rows, cx_view code) {
    size_t low = 0, high = rows->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const void *row = (const char *)rows->rows + middle * rows->size;
        int order = cx_view_cmp(code, *(const cx_view *)row);
        if (order == 0)
            return row;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

DEFINE_FIND(item, items)
DEFINE_FIND(basis, bases)
DEFINE_FIND(department, departments)
DEFINE_FIND(group, groups)
DEFINE_FIND(list, lists)
DEFINE_FIND(measure, measures)
DEFINE_FIND(purpose, purposes)
DEFINE_ALL(item, items)
DEFINE_ALL(basis, bases)
DEFINE_ALL(department, departments)
DEFINE_ALL(list, lists)
DEFINE_ALL(measure, measures)
DEFINE_ALL(purpose, purposes)
DEFINE_ALL(exchange, exchanges)

const uint8_t *cx_pack_hash(const cx_pack *pack) {
    return pack->hash;
}
cx_view cx_pack_name(const cx_pack *pack) {
    return pack->name;
}
cx_view cx_pack_version(const cx_pack *pack) {
    return pack->version;
}
int32_t cx_pack_jurisdiction(const cx_pack *pack) {
    return pack->jurisdiction;
}
cx_date cx_pack_effective_from(const cx_pack *pack) {
    return pack->effective_from;
}
bool cx_pack_is_test(const cx_pack *pack) {
    return pack->test;
}
const cx_calendar *cx_pack_calendar(const cx_pack *pack) {
    return &pack->calendar;
}
const cx_deadlines *cx_pack_deadlines(const cx_pack *pack) {
    return &pack->deadlines;
}
int32_t cx_pack_display_months(const cx_pack *pack, cx_direction direction, cx_grade grade) {
    CX_ASSERT(direction <= CX_DIRECTION_POSITIVE && grade <= CX_GRADE_SERIOUS);
    return pack->display[direction][grade];
}
int32_t cx_pack_breaker_limit(const cx_pack *pack) {
    return pack->breaker_limit;
}
int32_t cx_pack_breaker_factor(const cx_pack *pack) {
    return pack->breaker_factor;
}
cx_view cx_pack_property(const cx_pack *pack, cx_view key) {
    return cx_properties_get(pack->properties, pack->properties_n, key);
}
const cx_decision *cx_pack_classification(const cx_pack *pack) {
    return pack->classification;
}
const cx_decision *cx_pack_sanctions(const cx_pack *pack) {
    return pack->sanctions;
}

static bool is_among(const cx_department *department, cx_words words) {
    static const struct {
        const char *word;
        cx_department_kind kind;
    } kinds[] = {{"@court", CX_DEPARTMENT_COURT}, {"@review", CX_DEPARTMENT_REVIEW}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (department->kind == kinds[i].kind && cx_words_have(words, cx_view_of(kinds[i].word)))
            return true;
    bool public_body = department->kind <= CX_DEPARTMENT_PROCURATORATE;
    return cx_words_have(words, department->code) || (public_body && cx_words_have(words, CX_VIEW("@any")));
}

bool cx_item_reporter(const cx_item *item, const cx_department *department) {
    return is_among(department, item->reporters);
}

bool cx_purpose_asker(const cx_purpose *purpose, const cx_department *department) {
    return department != NULL ? is_among(department, purpose->askers)
                              : cx_words_have(purpose->askers, CX_VIEW("@private"));
}

/* --- references ---------------------------------------------------------------------------------------- */

static cx_rc missing(cx_err *err, const char *file, cx_view row, cx_view code, const char *where) {
    return cx_fail(err, CX_PACK_INVALID, "%s, %.*s: there is no \"%.*s\" in %s", file, CX_VIEW_ARGS(row),
                   CX_VIEW_ARGS(code), where);
}

static cx_rc check_words(cx_err *err, const char *file, cx_view row, cx_words words, const cx_rows *rows,
                         const char *where) {
    for (size_t i = 0; i < words.n; i++)
        if (words.items[i].p[0] != '@' && find(rows, words.items[i]) == NULL)
            return missing(err, file, row, words.items[i], where);
    return CX_OK;
}

static cx_rc check_items(const cx_pack *pack, cx_err *err) {
    size_t n;
    const cx_item *items = cx_pack_items(pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_item *item = &items[i];
        CX_TRY(check_words(err, "catalog.csv", item->code, item->groups, &pack->groups, "groups.csv"));
        CX_TRY(check_words(err, "catalog.csv", item->code, item->bases, &pack->bases, "bases.csv"));
        CX_TRY(check_words(err, "catalog.csv", item->code, item->reporters, &pack->departments,
                           "departments.csv"));
        CX_TRY(check_words(err, "catalog.csv", item->code, item->lists, &pack->lists, "lists.csv"));
    }
    return CX_OK;
}

static cx_rc check_measures(const cx_pack *pack, cx_err *err) {
    size_t n;
    const cx_measure *measures = cx_pack_measures(pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_measure *m = &measures[i];
        CX_TRY(
            check_words(err, "measures.csv", m->code, m->responders, &pack->departments, "departments.csv"));
        CX_TRY(check_words(err, "measures.csv", m->code, m->lists, &pack->lists, "lists.csv"));
        if (find(&pack->bases, m->basis) == NULL)
            return missing(err, "measures.csv", m->code, m->basis, "bases.csv");
        for (size_t k = 0; k < m->grades.n; k++) {
            cx_grade grade;
            if (!cx_grade_by_name(m->grades.items[k], &grade))
                return missing(err, "measures.csv", m->code, m->grades.items[k], "the grades");
        }
    }
    return CX_OK;
}

static cx_rc check_purposes(const cx_pack *pack, cx_err *err) {
    size_t n;
    const cx_purpose *purposes = cx_pack_purposes(pack, &n);
    for (size_t i = 0; i < n; i++) {
        CX_TRY(check_words(err, "purposes.csv", purposes[i].code, purposes[i].askers, &pack->departments,
                           "departments.csv"));
        if (find(&pack->bases, purposes[i].basis) == NULL)
            return missing(err, "purposes.csv", purposes[i].code, purposes[i].basis, "bases.csv");
    }
    return CX_OK;
}

static cx_rc check_exchanges(const cx_pack *pack, cx_err *err) {
    static const char file[] = "exchange.csv";
    size_t n;
    const cx_exchange *rows = cx_pack_exchanges(pack, &n);
    for (size_t i = 0; i < n; i++) {
        const cx_exchange *x = &rows[i];
        CX_TRY(check_words(err, file, x->code, x->lists, &pack->lists, "lists.csv"));
        CX_TRY(check_words(err, file, x->code, x->items, &pack->items, "catalog.csv"));
        if (find(&pack->departments, x->department) == NULL)
            return missing(err, file, x->code, x->department, "departments.csv");
        if (find(&pack->bases, x->basis) == NULL)
            return missing(err, file, x->code, x->basis, "bases.csv");
    }
    return CX_OK;
}

cx_rc cx_pack_check_references(const cx_pack *pack, cx_err *err) {
    CX_TRY(check_items(pack, err));
    CX_TRY(check_measures(pack, err));
    CX_TRY(check_purposes(pack, err));
    CX_TRY(check_exchanges(pack, err));
    size_t n;
    const cx_department *departments = cx_pack_departments(pack, &n);
    for (size_t i = 0; i < n; i++)
        CX_TRY(check_words(err, "departments.csv", departments[i].code, departments[i].competent_for,
                           &pack->lists, "lists.csv"));
    const cx_list *lists = cx_pack_lists(pack, &n);
    for (size_t i = 0; i < n; i++)
        if (find(&pack->bases, lists[i].basis) == NULL)
            return missing(err, "lists.csv", lists[i].code, lists[i].basis, "bases.csv");
    return CX_OK;
}
