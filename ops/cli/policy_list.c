/* chengxin policy list: packs published, which stages cannot use them yet, and where they are in force. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus/admin.h"
#include "common/run/metadata.h"
#include "common/run/state.h"
#include "common/vault/hash.h"
#include "common/wire/decode.h"
#include "common/wire/framing.h"
#include "ops/cli/command.h"
#include "ops/cli/policy.h"
#include "ops/cli/print.h"
#include "ops/cli/table_read.h"
#include "schemas/types.h"

enum { STAGES = 16, MEMBERS = 8192, PARTITIONS = 1024, GROUP = 96, TEXT = 512 };

/* A stage that must have compiled a pack before it is activated. */
struct stage {
    cx_view name;
    char members[MEMBERS]; /* NUL after each */
    size_t n;
};

struct listing {
    cx_arena *arena;
    cx_plans *packs, *reports;
    cx_state *told; /* credit.reports: stage + NUL + instance -> the report that is newest */
    struct stage *stages;
    size_t stage_n;
    cx_metadata *places; /* of the registrar's partitions */
    int32_t place_n;
    cx_table_text *table;
    json_t *json;
};

/* --- who is there, and what is in force ------------------------------------------------------------------
 */
static cx_rc take_report(void *context, const cx_message *m, cx_err *err) {
    struct listing *l = context;
    cx_rc rc = m->key.n > 0 ? cx_state_load(l->told, m->key, m->value) : CX_OK;
    return rc == CX_OK ? CX_OK : cx_fail(err, rc, NULL);
}

static cx_rc find_members(struct listing *l, const cx_config *config, cx_admin *admin, cx_err *err) {
    cx_view rest = cx_view_of(cx_config_text(config, "clock.stages"));
    while (rest.n > 0 && l->stage_n < STAGES) {
        struct stage *s = &l->stages[l->stage_n];
        char group[GROUP];
        s->name = cx_view_trim(cx_view_split(rest, ',', &rest));
        (void)snprintf(group, sizeof group, "credit.%.*s", CX_VIEW_ARGS(s->name));
        if (s->name.n == 0)
            continue;
        CX_TRY(cx_admin_members(admin, group, s->members, sizeof s->members, &s->n, err));
        l->stage_n++;
    }
    return CX_OK;
}

static cx_rc find_places(struct listing *l, cx_admin *admin, cx_err *err) {
    static cx_place places[PARTITIONS];
    static char texts[PARTITIONS][CX_ADMIN_METADATA];
    CX_TRY(cx_admin_partitions(admin, "credit.classified", &l->place_n, err));
    if (l->place_n > PARTITIONS)
        l->place_n = PARTITIONS;
    for (int32_t p = 0; p < l->place_n; p++)
        places[p] = (cx_place){"credit.classified", p, 0, ""};
    CX_TRY(cx_admin_committed(admin, "credit.registrar", places, (size_t)l->place_n, texts, err));
    for (int32_t p = 0; p < l->place_n; p++)
        CX_TRY(cx_metadata_parse(texts[p], &l->places[p], err));
    return CX_OK;
}

/* --- of one pack -----------------------------------------------------------------------------------------
 */
static bool has_compiled(const struct listing *l, cx_arena *arena, const struct stage *s, const char *member,
                         const uint8_t hash[CX_HASH]) {
    cx_frame frame;
    cx_report report;
    cx_view key = cx_arena_printf(arena, "%.*s%c%s", CX_VIEW_ARGS(s->name), '\0', member);
    cx_view bytes = key.p == NULL ? (cx_view){NULL, 0} : cx_state_get(l->told, key);
    const cx_plan *plan = bytes.n > 0 && cx_frame_read(bytes, &frame, NULL) == CX_OK
                              ? cx_plans_find(l->reports, frame.fingerprint)
                              : NULL;
    if (plan == NULL || cx_plan_decode(plan, frame.datum, arena, &report, NULL) != CX_OK)
        return false;
    for (size_t i = 0; i < report.packs.n; i++)
        if (memcmp(report.packs.items[i], hash, CX_HASH) == 0)
            return true;
    return false;
}

/* Its instances that run and have not compiled the pack; a stage of which none runs is missing itself. */
static void add_missing(const struct listing *l, cx_arena *arena, const struct stage *s,
                        const uint8_t hash[CX_HASH], json_t *missing) {
    const char *member = s->members;
    for (size_t i = 0; i < s->n; i++, member += strlen(member) + 1)
        if (!has_compiled(l, arena, s, member, hash))
            (void)json_array_append_new(missing, json_string(member));
    if (s->n == 0) {
        cx_view nobody = cx_arena_printf(arena, "credit.%.*s (nobody)", CX_VIEW_ARGS(s->name));
        (void)json_array_append_new(missing, json_stringn(nobody.p, nobody.n));
    }
}

static int32_t in_force(const struct listing *l, const uint8_t hash[CX_HASH]) {
    int32_t n = 0;
    for (int32_t p = 0; p < l->place_n; p++)
        for (size_t i = 0; i < l->places[p].pack_n; i++)
            n += memcmp(l->places[p].packs[i], hash, CX_HASH) == 0;
    return n;
}

static cx_rc show(struct listing *l, const cx_policy_pack *pack, const char *when, cx_err *err) {
    char hash[2 * CX_PACK_HASH + 1], files[24], force[48], waits[TEXT] = "-";
    int32_t n = in_force(l, pack->hash);
    json_t *missing = json_array();
    (void)cx_hex(pack->hash, CX_PACK_HASH, hash);
    for (size_t s = 0; s < l->stage_n; s++)
        add_missing(l, l->arena, &l->stages[s], pack->hash, missing);
    for (size_t i = 0, at = 0; i < json_array_size(missing) && at < sizeof waits; i++)
        at += (size_t)snprintf(waits + at, sizeof waits - at, "%s%s", i > 0 ? " " : "",
                               json_string_value(json_array_get(missing, i)));
    if (l->json != NULL) {
        json_t *row = json_pack("{s:s, s:s%, s:I, s:s, s:o, s:i, s:i}", "hash", hash, "name", pack->name.p,
                                pack->name.n, "files", (json_int_t)pack->files.n, "published", when,
                                "not_compiled_by", missing, "in_force", n, "partitions", l->place_n);
        return json_array_append_new(l->json, row) == 0 ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    json_decref(missing);
    (void)snprintf(files, sizeof files, "%zu", pack->files.n);
    (void)snprintf(force, sizeof force,
                   n == 0            ? "-"
                   : n == l->place_n ? "yes"
                                     : "%d of %d partitions",
                   n, l->place_n);
    const cx_view cells[] = {pack->name,        cx_view_of(files), cx_view_of(when),
                             cx_view_of(force), cx_view_of(waits), cx_view_of(hash)};
    return cx_table_text_row(l->table, cells) == CX_OK ? CX_OK : cx_fail(err, CX_OUT_OF_MEMORY, NULL);
}

static cx_rc list_pack(void *context, const cx_message *message, cx_err *err) {
    struct listing *l = context;
    cx_frame frame;
    cx_policy_pack pack;
    char when[CX_TIME_TEXT];
    cx_arena_reset(l->arena);
    if (message->value.n == 0 || cx_frame_read(message->value, &frame, NULL) != CX_OK)
        return CX_OK;
    const cx_plan *plan = cx_plans_find(l->packs, frame.fingerprint);
    if (plan == NULL || cx_plan_decode(plan, frame.datum, l->arena, &pack, NULL) != CX_OK)
        return CX_OK;
    return show(l, &pack, cx_time_format(message->timestamp, when), err);
}

/* --- the command -----------------------------------------------------------------------------------------
 */
static cx_rc list(struct listing *l, const cx_config *config, cx_err *err) {
    cx_admin *admin = NULL;
    if (l->arena == NULL || l->packs == NULL || l->reports == NULL || l->told == NULL || l->stages == NULL ||
        l->places == NULL || (l->table == NULL && l->json == NULL))
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(cx_admin_new(config, &admin, err));
    cx_rc rc = find_members(l, config, admin, err);
    if (rc == CX_OK)
        rc = find_places(l, admin, err);
    cx_admin_destroy(&admin);
    if (rc == CX_OK)
        rc = cx_topic_read(config, "credit.reports", take_report, l, err);
    return rc == CX_OK ? cx_topic_read(config, "credit.policies", list_pack, l, err) : rc;
}

int cx_policy_list(const cx_config *config, int argc, char **argv) {
    static const char *const headings[] = {"pack",     ">files",          "published",
                                           "in force", "not compiled by", "hash"};
    bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
    struct listing l = {.arena = cx_arena_new(0),
                        .packs = cx_plans_new(&cx_policy_pack_type, cx_limits_default),
                        .reports = cx_plans_new(&cx_report_type, cx_limits_default),
                        .told = cx_state_new(),
                        .stages = calloc(STAGES, sizeof *l.stages),
                        .places = calloc(PARTITIONS, sizeof *l.places),
                        .table = json ? NULL : cx_table_text_new(headings, 6),
                        .json = json ? json_array() : NULL};
    cx_err err = {0};
    cx_rc rc = list(&l, config, &err);
    if (json && rc == CX_OK)
        rc = cx_print_json(l.json, &err);
    else
        json_decref(l.json);
    if (l.table != NULL && rc == CX_OK)
        cx_table_text_print(&l.table, stdout);
    free(l.stages);
    free(l.places);
    cx_state_destroy(&l.told);
    cx_arena_destroy(&l.arena);
    cx_plans_destroy(&l.packs);
    cx_plans_destroy(&l.reports);
    return rc == CX_OK ? CX_EXIT_DONE : cx_print_error("policy", &err);
}
