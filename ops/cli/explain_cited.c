/* chengxin explain: what a chain rests on, in the words of the packs that it was decided by: title and
 * article of each basis, and the clause of the city's own document that asks for an item, a list, a measure
 * or a procedure. */
#include <stdlib.h>
#include <string.h>

#include "common/vault/hash.h"
#include "ops/cli/explain.h"
#include "ops/cli/table_read.h"
#include "services/packs.h"

enum { PACKS = 16 };

struct citing {
    cx_packs *packs;
    const cx_pack *used[PACKS]; /* that the chain names */
    size_t n;
    json_t *cited;
};

/* --- which packs -------------------------------------------------------------------------------------------
 */

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    return cx_packs_take(context, m->key, m->value, err);
}

static cx_rc add_pack(struct citing *c, const char *hex, cx_err *err) {
    uint8_t hash[CX_PACK_HASH];
    const cx_pack *pack = NULL;
    if (!cx_unhex(cx_view_of(hex), hash, sizeof hash))
        return CX_OK;
    cx_rc rc = cx_packs_find(c->packs, hash, &pack, err);
    if (rc == CX_ROW_NOT_YET) /* a pack that the log does not hold is cited nowhere */
        return CX_OK;
    CX_TRY(rc);
    for (size_t i = 0; i < c->n; i++)
        if (c->used[i] == pack)
            return CX_OK;
    if (c->n < PACKS)
        c->used[c->n++] = pack;
    return CX_OK;
}

static cx_rc find_packs(struct citing *c, const json_t *node, cx_err *err) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)node, key, value) {
        if (strcmp(key, "pack") == 0 && json_is_string(value))
            CX_TRY(add_pack(c, json_string_value(value), err));
        else
            CX_TRY(find_packs(c, value, err));
    }
    for (size_t i = 0; i < json_array_size(node); i++)
        CX_TRY(find_packs(c, json_array_get(node, i), err));
    return CX_OK;
}

/* --- what they say of a code -------------------------------------------------------------------------------
 */

static bool is_cited(const struct citing *c, const char *what, cx_view code) {
    for (size_t i = 0; i < json_array_size(c->cited); i++) {
        const json_t *one = json_array_get(c->cited, i);
        if (strcmp(json_string_value(json_object_get(one, "what")), what) == 0 &&
            cx_view_is(code, json_string_value(json_object_get(one, "code"))))
            return true;
    }
    return false;
}

static void cite(struct citing *c, const cx_pack *pack, const char *what, cx_view code, cx_view name,
                 cx_view rest, cx_view clause) {
    cx_view pack_name = cx_pack_name(pack), version = cx_pack_version(pack);
    json_t *row =
        json_pack("{s:s, s:s%, s:s%, s:s%, s:s%}", "what", what, "code", code.p, code.n, "name",
                  name.p != NULL ? name.p : "", name.n, strcmp(what, "basis") == 0 ? "article" : "basis",
                  rest.p != NULL ? rest.p : "", rest.n, "clause", clause.p != NULL ? clause.p : "", clause.n);
    (void)json_object_set_new(row, "pack",
                              json_sprintf("%.*s/%.*s", CX_VIEW_ARGS(pack_name), CX_VIEW_ARGS(version)));
    (void)json_array_append_new(c->cited, row);
}

static void cite_basis(struct citing *c, cx_view code) {
    for (size_t i = 0; i < c->n && !is_cited(c, "basis", code); i++) {
        const cx_basis *b = cx_pack_basis(c->used[i], code);
        if (b != NULL)
            cite(c, c->used[i], "basis", code, b->title, b->article, CX_VIEW(""));
    }
}

static void cite_item(struct citing *c, cx_view code) {
    for (size_t i = 0; i < c->n && !is_cited(c, "item", code); i++) {
        const cx_item *item = cx_pack_item(c->used[i], code);
        if (item == NULL)
            continue;
        cx_view basis = item->bases.n > 0 ? item->bases.items[0] : CX_VIEW("");
        cite(c, c->used[i], "item", code, item->name, basis, item->clause);
        for (size_t k = 0; k < item->bases.n; k++)
            cite_basis(c, item->bases.items[k]);
    }
}

static void cite_list(struct citing *c, cx_view code) {
    for (size_t i = 0; i < c->n && !is_cited(c, "list", code); i++) {
        const cx_list *list = cx_pack_list(c->used[i], code);
        if (list == NULL)
            continue;
        cite(c, c->used[i], "list", code, list->name, list->basis, list->clause);
        cite_basis(c, list->basis);
    }
}

static void cite_measure(struct citing *c, cx_view code) {
    for (size_t i = 0; i < c->n && !is_cited(c, "measure", code); i++) {
        const cx_measure *m = cx_pack_measure(c->used[i], code);
        if (m == NULL)
            continue;
        cite(c, c->used[i], "measure", code, m->name, m->basis, m->clause);
        cite_basis(c, m->basis);
    }
}

/* How objections and repairs go is said by policy.properties. */
static void cite_procedure(struct citing *c, const char *what, cx_view basis_key, cx_view clause_key) {
    for (size_t i = 0; i < c->n && !is_cited(c, "procedure", cx_view_of(what)); i++) {
        cx_view basis = cx_pack_property(c->used[i], basis_key);
        cx_view clause = cx_pack_property(c->used[i], clause_key);
        if (basis.n == 0 && clause.n == 0)
            continue;
        cite(c, c->used[i], "procedure", cx_view_of(what), CX_VIEW(""), basis, clause);
        cite_basis(c, basis);
    }
}

static void cite_kind(struct citing *c, cx_view kind) {
    if (cx_view_is(kind, "Objection") || cx_view_is(kind, "Complaint") || cx_view_is(kind, "Ruling"))
        cite_procedure(c, "objection", CX_VIEW("objection.provider.basis"), CX_VIEW("objection.clause"));
    else if (cx_view_is(kind, "Repair") || cx_view_is(kind, "RepairRevoked"))
        cite_procedure(c, "repair", CX_VIEW("repair.basis"), CX_VIEW("repair.clause"));
}

static void cite_member(struct citing *c, const char *key, cx_view code) {
    if (code.n == 0)
        return;
    if (strcmp(key, "basis") == 0 || strcmp(key, "legal_basis") == 0)
        cite_basis(c, code);
    else if (strcmp(key, "item") == 0)
        cite_item(c, code);
    else if (strcmp(key, "list") == 0)
        cite_list(c, code);
    else if (strcmp(key, "measure") == 0)
        cite_measure(c, code);
    else if (strcmp(key, "kind") == 0)
        cite_kind(c, code);
}

static void walk(struct citing *c, const json_t *node) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)node, key, value) {
        if (json_is_string(value))
            cite_member(c, key, (cx_view){json_string_value(value), json_string_length(value)});
        walk(c, value);
    }
    for (size_t i = 0; i < json_array_size(node); i++)
        walk(c, json_array_get(node, i));
}

cx_rc cx_explain_cite(const cx_config *config, json_t *chain, cx_err *err) {
    cx_codec *codec = cx_codec_new();
    struct citing c = {.packs = codec != NULL ? cx_packs_new(codec) : NULL, .cited = json_array()};
    cx_rc rc = c.packs == NULL || c.cited == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                                                  : cx_codec_add(codec, &cx_policy_pack_type, err);
    if (rc == CX_OK)
        rc = cx_topic_read(config, "credit.policies", take, c.packs, err);
    if (rc == CX_OK)
        rc = find_packs(&c, chain, err);
    if (rc == CX_OK)
        walk(&c, chain);
    if (rc == CX_OK && json_object_set(chain, "cited", c.cited) != 0)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    json_decref(c.cited);
    cx_packs_destroy(&c.packs);
    cx_codec_destroy(&codec);
    return rc;
}
