/* A pack's decision tables: what the analysis finds, less what the pack waives by name. */
#include "common/law/pack_inside.h"
#include "common/law/review.h"
#include "common/rules/analyse.h"

enum { WAIVED_TABLE, WAIVED_FINDING, WAIVED_RULE, WAIVED_REASON };

struct reviewing {
    const cx_pack *pack;
    cx_review_told *tell;
    void *context;
    cx_arena *arena;
    bool *used; /* for each row of waivers.csv: whether it waives something */
};

/* The analysis names a finding "GAP" or "CONTRADICTION r1 r2": the kind, and the rules. */
static bool names(const cx_view *row, cx_view table, cx_view finding) {
    cx_view rules, kind = cx_view_split(finding, ' ', &rules);
    cx_view waived = row[WAIVED_RULE];
    bool same_rules = rules.n == 0 ? waived.n == 0 : cx_view_eq(waived, rules);
    return row[WAIVED_REASON].n > 0 && cx_view_eq(row[WAIVED_TABLE], table) &&
           cx_view_eq(row[WAIVED_FINDING], kind) && same_rules;
}

static bool is_waived(const struct reviewing *r, cx_view table, cx_view finding) {
    const cx_sheet *waivers = &r->pack->sheets[CX_PACK_WAIVERS];
    bool waived = false;
    for (size_t i = 0; i < waivers->rows; i++)
        if (names(cx_sheet_row(waivers, i), table, finding))
            waived = r->used[i] = true;
    return waived;
}

static cx_rc review_decision(const struct reviewing *r, const char *file, const cx_decision *decision) {
    const cx_finding *findings;
    cx_view name = cx_decision_name(decision);
    CX_TRY(cx_decision_analyse_own(decision, r->arena, &findings, NULL));
    for (const cx_finding *f = findings; f != NULL; f = f->next) {
        bool refuses = cx_finding_refuses(f->kind);
        bool tidy =
            f->kind == CX_FINDING_OVERLAP || f->kind == CX_FINDING_SUBSUMED; /* dmn check tells them */
        if (tidy || is_waived(r, name, f->name))
            continue;
        cx_view what = cx_arena_printf(r->arena, "%.*s: %.*s", CX_VIEW_ARGS(f->name), CX_VIEW_ARGS(f->text));
        if (what.p == NULL)
            return CX_OUT_OF_MEMORY;
        r->tell(r->context, refuses ? CX_REVIEW_ERROR : CX_REVIEW_WARNING, file, name, what.p);
    }
    return CX_OK;
}

static cx_rc review_model(const struct reviewing *r, const char *file, const cx_decision *last) {
    const cx_model *model = cx_decision_model(last);
    for (size_t i = 0; i < cx_model_decision_count(model); i++)
        CX_TRY(review_decision(r, file, cx_model_decision_at(model, i)));
    return CX_OK;
}

static cx_rc review_all(struct reviewing *r) {
    const cx_sheet *waivers = &r->pack->sheets[CX_PACK_WAIVERS];
    r->used = cx_arena_calloc(r->arena, waivers->rows + 1, sizeof *r->used);
    if (r->used == NULL)
        return CX_OUT_OF_MEMORY;
    CX_TRY(review_model(r, "classification.dmn", cx_pack_classification(r->pack)));
    CX_TRY(review_model(r, "sanctions.dmn", cx_pack_sanctions(r->pack)));
    for (size_t i = 0; i < waivers->rows; i++)
        if (!r->used[i])
            r->tell(r->context, CX_REVIEW_WARNING, "waivers.csv", cx_sheet_row(waivers, i)[WAIVED_TABLE],
                    "it waives nothing that was found, or gives no reason");
    return CX_OK;
}

cx_rc cx_review_tables(const cx_pack *pack, cx_review_told *tell, void *context) {
    struct reviewing r = {.pack = pack, .tell = tell, .context = context, .arena = cx_arena_new(0)};
    cx_rc rc = r.arena == NULL ? CX_OUT_OF_MEMORY : review_all(&r);
    cx_arena_destroy(&r.arena);
    return rc;
}
