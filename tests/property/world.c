#include "tests/property/world.h"

#include "common/law/judge.h"
#include "tests/model/packs.h"

typedef struct plan {
    const char *name;
    int share;
    const char *parents[CX_WORLD_PACKS], *folders[CX_WORLD_PACKS], *laws[CX_WORLD_PACKS];
} plan;

#define MODEL "tests/model/pack"
#define CITY(city) "deploy/policies/" city "/2026-01"
#define NATIONAL "deploy/policies/national/2026-01"
static const plan plans[CX_WORLDS] = {
    {"model", 20, {NULL, MODEL}, {MODEL, MODEL "-milder"}, {"base", "milder"}},
    {"lighter", 22, {NULL, MODEL}, {MODEL, MODEL "-lighter"}, {"base", "lighter"}},
    {"breaker", 18, {NULL, MODEL}, {MODEL, MODEL "-breaker"}, {"base", "breaker"}},
    {"chengde", 8, {NATIONAL}, {CITY("chengde")}, {"2026-01"}},
    {"zhoukou", 8, {NATIONAL}, {CITY("zhoukou")}, {"2026-01"}},
    {"yancheng", 8, {NATIONAL}, {CITY("yancheng")}, {"2026-01"}},
    {"shijiazhuang", 8, {NATIONAL}, {CITY("shijiazhuang")}, {"2026-01"}},
    {"shenzhen", 8, {NATIONAL}, {CITY("shenzhen")}, {"2026-01"}},
};

/* --- recipes ------------------------------------------------------------------------------------------ */
static const struct {
    const char *text;
    int64_t amount;
    const char *name[2], *value[2];
} facts_tried[] = {
    {"amount=5000000", 5000000, {NULL}, {NULL}},
    {"facts=sector_grade:SERIOUS", -1, {"sector_grade"}, {"SERIOUS"}},
    {"facts=penalty:REVOCATION", -1, {"penalty"}, {"REVOCATION"}},
    {"facts=penalty:BAN", -1, {"penalty"}, {"BAN"}},
    {"facts=sector_grade:GENERAL", -1, {"sector_grade"}, {"GENERAL"}},
    /* Henan's regulation, article 20: only a penalty that nobody challenged in time, or that was upheld */
    {"facts=sector_grade:SERIOUS,final:YES", -1, {"sector_grade", "final"}, {"SERIOUS", "YES"}},
    {"facts=penalty:REVOCATION,final:YES", -1, {"penalty", "final"}, {"REVOCATION", "YES"}}};
enum { TRIED = sizeof facts_tried / sizeof facts_tried[0] };

static cx_rc judge(const cx_pack *pack, const cx_item *item, cx_subject_type type, size_t tried,
                   cx_arena *arena, cx_classification *out) {
    cx_fact facts[2] = {0};
    cx_record record = {.item = item->code,
                        .has_amount = facts_tried[tried].amount >= 0,
                        .amount = facts_tried[tried].amount >= 0 ? facts_tried[tried].amount : 0,
                        .facts = {facts, 0}};
    for (int i = 0; i < 2 && facts_tried[tried].name[i] != NULL; i++)
        facts[record.facts.n++] = (cx_fact){.name = cx_view_of(facts_tried[tried].name[i]),
                                            .value_kind = CX_FACT_VALUE_STRING,
                                            .value.string_ = cx_view_of(facts_tried[tried].value[i])};
    cx_record_facts asked = {item, type, &record, 20000};
    return cx_judge_record(pack, &asked, cx_time_of_date(20000), arena, out);
}

/* Measures that a decision may choose for a subject of that kind in that role. */
static void find_measures(const cx_pack *pack, const cx_recipe *r, cx_grade grade, cx_subject_type type,
                          cx_role role, cx_arena *arena, cx_view out[CX_WORLD_MEASURES], size_t *n) {
    cx_entry_facts facts = {.list = r->list->code,
                            .category = r->item->category,
                            .grade = grade,
                            .subject_type = type,
                            .role = role};
    cx_view_array codes;
    if (cx_judge_entry(pack, &facts, cx_time_of_date(20000), arena, &codes) != CX_OK)
        return;
    for (size_t i = 0; i < codes.n && *n < CX_WORLD_MEASURES; i++) {
        const cx_measure *m = cx_pack_measure(pack, codes.items[i]);
        bool known = false;
        for (size_t k = 0; k < *n; k++)
            known = known || cx_view_eq(out[k], codes.items[i]);
        if (m != NULL && !known && (m->roles & (1U << role)) != 0)
            out[(*n)++] = m->code;
    }
}

static void fill_measures(const cx_pack *pack, cx_recipe *r, cx_grade grade, cx_arena *arena) {
    static const cx_role heads[] = {CX_ROLE_LEGAL_REPRESENTATIVE, CX_ROLE_PRINCIPAL,
                                    CX_ROLE_DIRECTLY_RESPONSIBLE};
    find_measures(pack, r, grade, CX_SUBJECT_TYPE_PERSON, CX_ROLE_SUBJECT, arena, r->of_person, &r->person_n);
    find_measures(pack, r, grade, CX_SUBJECT_TYPE_ORGANISATION, CX_ROLE_SUBJECT, arena, r->of_organisation,
                  &r->organisation_n);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        find_measures(pack, r, grade, CX_SUBJECT_TYPE_PERSON, heads[i], arena, r->of_heads, &r->heads_n);
}

/* The facts under which the item leads to the list, or -1. */
static ptrdiff_t facts_for(const cx_pack *pack, const cx_item *item, const cx_list *list,
                           cx_subject_type type, cx_arena *arena, cx_grade *grade) {
    for (size_t t = 0; t < TRIED; t++) {
        cx_classification k;
        if (judge(pack, item, type, t, arena, &k) != CX_OK)
            continue;
        *grade = k.grade;
        if (list->black ? cx_view_eq(k.list, list->code) : k.direction == CX_DIRECTION_POSITIVE)
            return (ptrdiff_t)t;
    }
    return -1;
}

static void add_listing(cx_world *w, const cx_department *d, const cx_item *item, const cx_list *list,
                        cx_arena *arena) {
    const cx_pack *pack = w->packs[0];
    cx_grade grade = CX_GRADE_NONE;
    bool person = item->person && list->person, organisation = item->organisation && list->organisation;
    if ((!person && !organisation) || w->recipe_n == CX_WORLD_RECIPES || item->bases.n == 0)
        return;
    ptrdiff_t t = facts_for(pack, item, list, person ? CX_SUBJECT_TYPE_PERSON : CX_SUBJECT_TYPE_ORGANISATION,
                            arena, &grade);
    if (t < 0)
        return;
    cx_recipe *r = &w->recipes[w->recipe_n++];
    *r = (cx_recipe){.item = item,
                     .department = d,
                     .list = list,
                     .basis = item->bases.items[0],
                     .list_basis = list->basis,
                     .facts = facts_tried[t].text,
                     .person = person,
                     .organisation = organisation};
    if (item->groups.n > 0)
        r->group = item->groups.items[0];
    fill_measures(pack, r, grade, arena);
}

/* At most so many items of one department for one list: histories need few, and meet. */
enum { PER_LIST = 2, PLAIN = 6 };

static void find_listings(cx_world *w, cx_arena *arena) {
    size_t lists, departments, items;
    const cx_list *l = cx_pack_lists(w->packs[0], &lists);
    const cx_department *d = cx_pack_departments(w->packs[0], &departments);
    const cx_item *i = cx_pack_items(w->packs[0], &items);
    for (size_t a = 0; a < lists; a++)
        for (size_t b = 0; b < departments; b++) {
            size_t before = w->recipe_n;
            for (size_t c = 0; c < items && w->recipe_n - before < PER_LIST; c++)
                if (d[b].kind <= CX_DEPARTMENT_PROCURATORATE &&
                    cx_words_have(d[b].competent_for, l[a].code) && cx_item_reporter(&i[c], &d[b]) &&
                    cx_words_have(i[c].lists, l[a].code))
                    add_listing(w, &d[b], &i[c], &l[a], arena);
        }
    w->listing_n = w->recipe_n;
}

/* Items that lead nowhere. */
static void find_plain(cx_world *w) {
    size_t departments, items;
    const cx_department *d = cx_pack_departments(w->packs[0], &departments);
    const cx_item *i = cx_pack_items(w->packs[0], &items);
    for (size_t c = 0; c < items && w->recipe_n < w->listing_n + PLAIN; c++)
        for (size_t b = 0; b < departments && w->recipe_n < w->listing_n + PLAIN; b++)
            if (i[c].lists.n == 0 && i[c].bases.n > 0 && cx_item_reporter(&i[c], &d[b]) &&
                w->recipe_n < CX_WORLD_RECIPES) {
                w->recipes[w->recipe_n++] =
                    (cx_recipe){.item = &i[c],
                                .department = &d[b],
                                .basis = i[c].bases.items[0],
                                .group = i[c].groups.n > 0 ? i[c].groups.items[0] : (cx_view){NULL, 0},
                                .facts = "amount=5",
                                .person = i[c].person,
                                .organisation = i[c].organisation};
                break;
            }
}

/* --- loading ------------------------------------------------------------------------------------------ */
static cx_rc load(const plan *p, uint8_t number, cx_arena *arena, cx_world *out, cx_err *err) {
    *out = (cx_world){.name = p->name, .share = p->share};
    for (size_t i = 0; i < CX_WORLD_PACKS && p->folders[i] != NULL; i++) {
        CX_TRY(cx_model_pack(p->parents[i], p->folders[i], (uint8_t)(number + i), &out->packs[i], err));
        out->law_names[i] = p->laws[i];
        out->n++;
    }
    find_listings(out, arena);
    find_plain(out);
    return out->listing_n > 0 ? CX_OK : cx_fail(err, CX_PACK_INVALID, "%s: no way to any list", p->name);
}

cx_rc cx_worlds_load(cx_world worlds[CX_WORLDS], cx_err *err) {
    cx_arena *arena = cx_arena_new(0);
    cx_rc rc = arena != NULL ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < CX_WORLDS && rc == CX_OK; i++)
        rc = load(&plans[i], (uint8_t)(1 + i * 8), arena, &worlds[i], err);
    cx_arena_destroy(&arena);
    return rc;
}

void cx_worlds_free(cx_world worlds[CX_WORLDS]) {
    for (size_t i = 0; i < CX_WORLDS; i++)
        for (size_t k = 0; k < worlds[i].n; k++)
            cx_pack_destroy(&worlds[i].packs[k]);
}
