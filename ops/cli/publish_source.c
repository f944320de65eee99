#include "ops/cli/publish_source.h"

#include "common/wire/container.h"
#include "ops/cli/event_json.h"

struct cx_source {
    cx_source_kind kind;
    cx_view bytes, rest; /* JSON */
    size_t line;
    cx_publication *publication; /* CSV */
    size_t row;
    bool broken_told;
    cx_container_reader *container; /* Avro */
    cx_plan *plan;
    size_t item;
    bool ended;
};

cx_source_kind cx_source_kind_of(cx_view bytes) {
    if (bytes.n >= 4 && memcmp(bytes.p, "Obj\x01", 4) == 0)
        return CX_SOURCE_AVRO;
    cx_view text = cx_view_trim(bytes);
    return text.n > 0 && (text.p[0] == '{' || text.p[0] == '#') ? CX_SOURCE_JSON : CX_SOURCE_CSV;
}

cx_rc cx_source_open(const char *path, cx_view bytes, const cx_publication_rules *rules, cx_arena *arena,
                     cx_source **out, cx_err *err) {
    cx_source *s = cx_arena_calloc(arena, 1, sizeof *s);
    if (s == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    s->kind = cx_source_kind_of(bytes);
    s->bytes = s->rest = bytes;
    *out = s;
    if (s->kind == CX_SOURCE_CSV)
        return cx_publication_open(bytes, rules, arena, &s->publication, err);
    if (s->kind == CX_SOURCE_JSON)
        return CX_OK;
    cx_rc rc = cx_container_open(path, &s->container, err);
    if (rc == CX_OK)
        rc = cx_plan_compile(cx_container_schema(s->container), &cx_credit_event_type, &s->plan, err);
    if (rc != CX_OK)
        cx_source_close(out);
    return rc;
}

void cx_source_close(cx_source **source) {
    if (*source != NULL) {
        cx_container_reader_destroy(&(*source)->container);
        cx_plan_destroy(&(*source)->plan);
    }
    *source = NULL;
}

static bool next_json(cx_source *s, cx_arena *arena, cx_sourced *out) {
    while (s->rest.p != NULL) {
        cx_view line = cx_view_trim(cx_view_split(s->rest, '\n', &s->rest));
        s->line++;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        cx_err err = {0};
        out->row = s->line;
        out->rc = cx_json_read(&cx_credit_event_type, line, arena, &out->event, &err);
        if (out->rc != CX_OK)
            out->place = cx_arena_copy(arena, cx_view_of(err.text)).p;
        return true;
    }
    return false;
}

static bool next_csv(cx_source *s, cx_arena *arena, cx_sourced *out) {
    size_t rows = cx_publication_rows(s->publication), broken = cx_publication_broken_row(s->publication);
    if (s->row < rows) {
        out->row = s->row + 2;
        out->rc = cx_publication_event(s->publication, s->row++, arena, &out->event, &out->place);
        return true;
    }
    if (broken == 0 || s->broken_told)
        return false;
    s->broken_told = true;
    *out = (cx_sourced){.row = broken, .rc = CX_CSV, .place = "the quoting is broken from here on"};
    return true;
}

static bool next_avro(cx_source *s, cx_arena *arena, cx_sourced *out) {
    cx_view datum;
    cx_err err = {0};
    bool more = true;
    if (s->ended)
        return false;
    out->rc = cx_container_next(s->container, s->plan, arena, &out->event, &datum, &more, &err);
    if (!more)
        return false;
    out->row = ++s->item;
    s->ended = out->rc == CX_FILE; /* damaged: nothing follows */
    if (out->rc != CX_OK)
        out->place = cx_arena_copy(arena, cx_view_of(err.text)).p;
    return true;
}

bool cx_source_next(cx_source *source, cx_arena *arena, cx_sourced *out) {
    *out = (cx_sourced){.rc = CX_OK, .place = ""};
    bool more = source->kind == CX_SOURCE_JSON  ? next_json(source, arena, out)
                : source->kind == CX_SOURCE_CSV ? next_csv(source, arena, out)
                                                : next_avro(source, arena, out);
    if (out->place == NULL)
        out->place = "";
    return more;
}

int cx_source_percent(const cx_source *source) {
    if (source->kind == CX_SOURCE_CSV) {
        size_t rows = cx_publication_rows(source->publication);
        return rows == 0 ? 100 : (int)(100 * source->row / rows);
    }
    return source->kind == CX_SOURCE_AVRO || source->bytes.n == 0
               ? 0
               : (int)(100 * (source->bytes.n - source->rest.n) / source->bytes.n);
}
