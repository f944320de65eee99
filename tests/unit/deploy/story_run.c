#include "tests/unit/deploy/story_run.h"

#include <stdio.h>

#include "common/law/pack_rows.h"
#include "common/vault/hash.h"
#include "common/wire/encode.h"
#include "ops/cli/pack_files.h"
#include "ops/cli/publish_source.h"
#include "services/intake/decide.h"

enum { PARTITIONS = 4, LARGEST = 16 * 1024 * 1024, PATH_ROOM = 256 };
static const uint8_t test_key[CX_KEY] = "a key for tests";

static cx_rc load_pack(cx_story *s, const char *pack, cx_pack **out, cx_err *err) {
    char folder[PATH_ROOM];
    cx_file *files;
    size_t n;
    uint8_t hash[CX_PACK_HASH];
    (void)snprintf(folder, sizeof folder, "deploy/policies/%s", pack);
    CX_TRY(cx_pack_files_read(folder, s->arena, &files, &n, hash, err));
    return cx_pack_load(files, n, hash, out, err);
}

cx_rc cx_story_open(cx_story *s, const char *city, const char *pack, cx_time start, cx_err *err) {
    (void)snprintf(s->folder, sizeof s->folder, "deploy/samples/%s", city);
    s->arena = cx_arena_new(0);
    s->chain = cx_chain_new(PARTITIONS);
    s->clock = start;
    if (s->arena == NULL || s->chain == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(load_pack(s, pack, &s->pack, err));
    CX_TRY(cx_chain_tick(s->chain, start));
    CX_TRY(cx_chain_activate(s->chain, s->pack));
    return cx_chain_run(s->chain, err);
}

cx_rc cx_story_activate(cx_story *s, const char *pack, cx_err *err) {
    CX_ASSERT(s->later == NULL);
    CX_TRY(load_pack(s, pack, &s->later, err));
    CX_TRY(cx_chain_activate(s->chain, s->later));
    return cx_chain_run(s->chain, err);
}

void cx_story_close(cx_story *s) {
    cx_chain_destroy(&s->chain);
    cx_pack_destroy(&s->pack);
    cx_pack_destroy(&s->later);
    cx_arena_destroy(&s->arena);
}

/* --- intake ------------------------------------------------------------------------------------------- */

static cx_intake_subject prepare_subject(const cx_subject *subject, cx_date today) {
    cx_intake_subject out = {.identifier = {.birth_date = CX_NO_DATE}};
    out.rc = cx_identifier_check(subject->type, subject->id_type, subject->id,
                                 subject->has_birth_date ? subject->birth_date : CX_NO_DATE, today,
                                 &out.identifier);
    if (out.rc == CX_OK) {
        cx_view parts[] = {cx_view_of(cx_id_type_name(out.identifier.type)),
                           {out.identifier.id, out.identifier.n}};
        cx_keyed_hash128(test_key, parts, 2, out.pseudonym);
    }
    return out;
}

/* What the runner's step before decide does, without sealing. */
static cx_rc prepare(const cx_credit_event *event, cx_arena *arena, cx_intake_prepared *out, cx_err *err) {
    cx_date today = cx_date_of_time(event->issued_at);
    cx_intake_subject *subjects = cx_arena_calloc(arena, event->others.n + 1, sizeof *subjects);
    if (subjects == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    *out = (cx_intake_prepared){.others = subjects + 1};
    if (event->subject != NULL) {
        subjects[0] = prepare_subject(event->subject, today);
        out->subject = subjects;
    }
    for (size_t i = 0; i < event->others.n; i++)
        subjects[i + 1] = prepare_subject(&event->others.items[i], today);
    cx_buffer buffer = {0};
    cx_rc rc = cx_encode(&cx_credit_event_type, event, &buffer, err);
    cx_view bytes = cx_buffer_view(&buffer, 0);
    cx_keyed_hash128(test_key, &bytes, 1, out->content);
    cx_buffer_free(&buffer);
    return rc;
}

static cx_rc take_event(cx_story *s, const cx_credit_event *event, cx_view department, cx_err *err) {
    cx_intake_prepared prepared;
    CX_TRY(prepare(event, s->arena, &prepared, err));
    cx_step step = {.event = event,
                    .department = department,
                    .origin = {0, (int64_t)s->sent},
                    .received_at = s->clock,
                    .now = CX_NO_TIME,
                    .prepared = &prepared,
                    .arena = s->arena};
    cx_rc rc = cx_intake_decide(&step);
    if (rc != CX_OK)
        return cx_fail(err, rc, "intake");
    for (const cx_effect *e = step.first; e != NULL; e = e->next) {
        if (e->output == CX_INTAKE_RECORDS)
            CX_TRY(cx_chain_publish(s->chain, e->value));
        if (e->output == CX_INTAKE_REJECTED)
            for (unsigned i = 0; i < CX_RC_COUNT; i++)
                s->refused[i] += cx_view_is(((const cx_rejection *)e->value)->reason, cx_rc_name((cx_rc)i));
    }
    return CX_OK;
}

/* --- files -------------------------------------------------------------------------------------------- */

static cx_rc read_rules(cx_story *s, cx_view department, cx_publication_rules *rules, cx_err *err) {
    const cx_pack_form *form = &cx_pack_forms[CX_PACK_PUBLICATION];
    char folder[PATH_ROOM];
    cx_file *files;
    size_t n;
    uint8_t hash[CX_PACK_HASH];
    (void)snprintf(folder, sizeof folder, "deploy/policies/%.*s/%.*s", CX_VIEW_ARGS(cx_pack_name(s->pack)),
                   CX_VIEW_ARGS(cx_pack_version(s->pack)));
    CX_TRY(cx_pack_files_read(folder, s->arena, &files, &n, hash, err));
    *rules = (cx_publication_rules){.department = department, .jurisdiction = cx_pack_jurisdiction(s->pack)};
    for (size_t i = 0; i < n; i++)
        if (cx_view_is(files[i].path, form->path))
            return cx_sheet_read(files[i].path, files[i].bytes, form->columns, form->width, s->arena,
                                 &rules->rows, err);
    return cx_fail(err, CX_PACK_INVALID, "no publication.csv");
}

static cx_rc publish(cx_story *s, cx_view name, cx_view department, cx_err *err) {
    char path[PATH_ROOM];
    cx_view bytes;
    cx_publication_rules rules;
    cx_source *source = NULL;
    cx_sourced row;
    (void)snprintf(path, sizeof path, "%s/%.*s", s->folder, CX_VIEW_ARGS(name));
    CX_TRY(cx_file_read(path, LARGEST, s->arena, &bytes, err));
    CX_TRY(read_rules(s, department, &rules, err));
    CX_TRY(cx_source_open(path, bytes, &rules, s->arena, &source, err));
    cx_rc rc = CX_OK;
    while (rc == CX_OK && cx_source_next(source, s->arena, &row)) {
        s->sent++;
        if (row.rc == CX_OK)
            rc = take_event(s, &row.event, department, err);
        else
            s->refused[row.rc]++;
    }
    cx_source_close(&source);
    return rc != CX_OK ? rc : cx_chain_run(s->chain, err);
}

/* --- the manifest ------------------------------------------------------------------------------------- */

cx_rc cx_story_clock(cx_story *s, cx_time to, cx_err *err) {
    for (cx_date day = cx_date_of_time(s->clock) + 1; cx_time_of_date(day) < to; day++)
        CX_TRY(cx_chain_tick(s->chain, cx_time_of_date(day)));
    CX_TRY(cx_chain_tick(s->chain, to));
    s->clock = to;
    return cx_chain_run(s->chain, err);
}

static cx_rc move_clock(cx_story *s, cx_view text, cx_err *err) {
    cx_time to;
    return cx_time_parse(text, &to) ? cx_story_clock(s, to, err)
                                    : cx_fail(err, CX_CSV, "manifest.csv: not a time");
}

cx_rc cx_story_run(cx_story *s, cx_err *err) {
    enum { ORDER, KIND, NAME, DEPARTMENT, VALUE, COLUMNS };
    static const char *const columns[COLUMNS] = {"order", "kind", "file", "department", "value"};
    char path[PATH_ROOM];
    cx_view bytes;
    cx_sheet manifest;
    (void)snprintf(path, sizeof path, "%s/manifest.csv", s->folder);
    CX_TRY(cx_file_read(path, LARGEST, s->arena, &bytes, err));
    CX_TRY(cx_sheet_read(cx_view_of(path), bytes, columns, COLUMNS, s->arena, &manifest, err));
    for (size_t i = 0; i < manifest.rows; i++) {
        const cx_view *row = cx_sheet_row(&manifest, i);
        if (cx_view_is(row[KIND], "clock"))
            CX_TRY(move_clock(s, row[VALUE], err));
        else if (cx_view_is(row[KIND], "publish") && cx_view_is(row[VALUE], "ok"))
            CX_TRY(publish(s, row[NAME], row[DEPARTMENT], err));
        else if (cx_view_is(row[KIND], "checkpoint"))
            s->at_checkpoint(s, row[NAME], s->context);
    }
    return CX_OK;
}
