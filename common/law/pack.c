#include "common/law/pack.h"

#include "common/law/pack_inside.h"

#include <stdlib.h>

static cx_view file_of(const cx_file *files, size_t n, cx_view path) {
    for (size_t i = 0; i < n; i++)
        if (cx_view_eq(files[i].path, path))
            return files[i].bytes.p != NULL ? files[i].bytes : CX_VIEW("");
    return (cx_view){NULL, 0};
}

static cx_rc read_sheets(cx_pack *pack, const cx_file *files, size_t n, cx_err *err) {
    for (size_t i = 0; i < CX_PACK_FILES; i++) {
        const cx_pack_form *form = &cx_pack_forms[i];
        cx_view path = cx_view_of(form->path), bytes = file_of(files, n, path);
        if (bytes.p == NULL && !form->optional)
            return cx_fail(err, CX_PACK_INVALID, "%s is missing", form->path);
        if (bytes.p == NULL) {
            pack->sheets[i] = (cx_sheet){path, form->columns, form->width, 0, NULL};
            continue;
        }
        cx_rc rc = cx_sheet_read(path, bytes, form->columns, form->width, pack->arena, &pack->sheets[i], err);
        if (rc == CX_CSV && err != NULL)
            err->rc = CX_PACK_INVALID;
        if (rc != CX_OK)
            return rc == CX_CSV ? CX_PACK_INVALID : rc;
    }
    return CX_OK;
}

static cx_rc number_property(const cx_pack *pack, const char *key, int32_t otherwise, int32_t max,
                             int32_t *out, cx_err *err) {
    cx_view text = cx_pack_property(pack, cx_view_of(key));
    int64_t value = otherwise;
    if (text.p != NULL && (!cx_view_to_int64(text, &value) || value < 0 || value > max))
        return cx_fail(err, CX_PACK_INVALID, "policy.properties: %s is not a number in range", key);
    *out = (int32_t)value;
    return CX_OK;
}

/* Longest display: 信用修复管理办法 (2026) for adverse records; a pack may set shorter terms. */
static cx_rc read_display(cx_pack *pack, cx_err *err) {
    static const struct {
        const char *key;
        cx_direction direction;
        cx_grade grade;
        int32_t otherwise;
    } terms[] = {{"display.minor.months", CX_DIRECTION_ADVERSE, CX_GRADE_MINOR, 3},
                 {"display.general.months", CX_DIRECTION_ADVERSE, CX_GRADE_GENERAL, 12},
                 {"display.serious.months", CX_DIRECTION_ADVERSE, CX_GRADE_SERIOUS, 36}};
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        CX_TRY(number_property(pack, terms[i].key, terms[i].otherwise, 1200,
                               &pack->display[terms[i].direction][terms[i].grade], err));
    int32_t positive;
    CX_TRY(number_property(pack, "display.positive.months", 36, 1200, &positive, err));
    for (int grade = CX_GRADE_NONE; grade <= CX_GRADE_SERIOUS; grade++) {
        pack->display[CX_DIRECTION_POSITIVE][grade] = positive;
        pack->display[CX_DIRECTION_NEUTRAL][grade] = positive;
    }
    return CX_OK;
}

static cx_rc read_deadlines(cx_pack *pack, cx_err *err) {
    cx_deadlines *d = &pack->deadlines;
    const struct {
        const char *key;
        cx_period *out;
        const char *otherwise;
    } rows[] = {{"objection.mark", &d->objection_mark, "1d"},
                {"objection.provider", &d->objection_provider, "15w"},
                {"objection.repair", &d->objection_repair, "3w"},
                {"complaint.answer", &d->complaint_answer, "15w"},
                {"annulment.undo", &d->annulment_undo, "3w"},
                {"publication.decisions", &d->publication_decisions, "7w"},
                {"publication.other", &d->publication_other, "20w"},
                {"withdrawal.after_revocation", &d->withdrawal_after_revocation, "3w"},
                {"response.days", &d->response, "15d"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cx_view text = cx_pack_property(pack, cx_view_of(rows[i].key));
        if (!cx_period_parse(text.p != NULL ? text : cx_view_of(rows[i].otherwise), rows[i].out))
            return cx_fail(err, CX_PACK_INVALID, "policy.properties: %s is not a period such as 15w or 90d",
                           rows[i].key);
    }
    return CX_OK;
}

static cx_rc required(const cx_pack *pack, const char *key, cx_view *out, cx_err *err) {
    *out = cx_pack_property(pack, cx_view_of(key));
    return out->n > 0 ? CX_OK : cx_fail(err, CX_PACK_INVALID, "policy.properties: %s is missing", key);
}

static cx_rc read_properties(cx_pack *pack, const cx_file *files, size_t n, cx_err *err) {
    cx_view path = CX_VIEW("policy.properties"), bytes = file_of(files, n, path), text;
    if (bytes.p == NULL)
        return cx_fail(err, CX_PACK_INVALID, "policy.properties is missing");
    CX_TRY(cx_properties_read(path, bytes, pack->arena, &pack->properties, &pack->properties_n, err));
    CX_TRY(required(pack, "name", &pack->name, err));
    CX_TRY(required(pack, "version", &pack->version, err));
    CX_TRY(number_property(pack, "jurisdiction", -1, 999999, &pack->jurisdiction, err));
    CX_TRY(required(pack, "effective_from", &text, err));
    if (!cx_date_parse(text, &pack->effective_from))
        return cx_fail(err, CX_PACK_INVALID, "policy.properties: effective_from is not a date");
    CX_TRY(required(pack, "kind", &text, err));
    pack->test = cx_view_is(text, "test");
    if (pack->jurisdiction < 100000 || (!pack->test && !cx_view_is(text, "production")))
        return cx_fail(err, CX_PACK_INVALID,
                       "policy.properties: kind is test or production, jurisdiction a code of six digits");
    CX_TRY(number_property(pack, "breaker.limit", 50, 1000000, &pack->breaker_limit, err));
    CX_TRY(number_property(pack, "breaker.factor", 5, 1000, &pack->breaker_factor, err));
    CX_TRY(read_display(pack, err));
    return read_deadlines(pack, err);
}

static cx_rc read_table(const cx_file *files, size_t n, const char *path, const char *decision,
                        cx_model **model, const cx_decision **out, cx_err *err) {
    cx_view bytes = file_of(files, n, cx_view_of(path));
    if (bytes.p == NULL)
        return cx_fail(err, CX_PACK_INVALID, "%s is missing", path);
    CX_TRY(cx_model_load(bytes, path, model, err));
    *out = cx_model_decision(*model, cx_view_of(decision));
    return *out != NULL ? CX_OK : cx_fail(err, CX_PACK_INVALID, "%s has no decision \"%s\"", path, decision);
}

cx_rc cx_pack_load(const cx_file *files, size_t n, const uint8_t hash[CX_PACK_HASH], cx_pack **out,
                   cx_err *err) {
    *out = NULL;
    cx_pack *pack = calloc(1, sizeof *pack);
    if (pack == NULL || (pack->arena = cx_arena_new(0)) == NULL) {
        free(pack);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    (void)memcpy(pack->hash, hash, CX_PACK_HASH);
    cx_rc rc = read_properties(pack, files, n, err);
    if (rc == CX_OK)
        rc = read_sheets(pack, files, n, err);
    if (rc == CX_OK)
        rc = cx_pack_fill_rows(pack, err);
    if (rc == CX_OK)
        rc = cx_pack_check_references(pack, err);
    if (rc == CX_OK)
        rc = read_table(files, n, "classification.dmn", "classification", &pack->classification_model,
                        &pack->classification, err);
    if (rc == CX_OK)
        rc =
            read_table(files, n, "sanctions.dmn", "sanctions", &pack->sanctions_model, &pack->sanctions, err);
    if (rc != CX_OK)
        cx_pack_destroy(&pack);
    *out = pack;
    return rc;
}

void cx_pack_destroy(cx_pack **pack) {
    if (*pack == NULL)
        return;
    cx_model_destroy(&(*pack)->classification_model);
    cx_model_destroy(&(*pack)->sanctions_model);
    cx_arena_destroy(&(*pack)->arena);
    free(*pack);
    *pack = NULL;
}
