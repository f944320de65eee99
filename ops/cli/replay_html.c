#include "ops/cli/replay_html.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/view.h"

enum { PATH_ROOM = 4096, VERDICT = 160 };

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<title>Chengxin: replay</title>\n<style>\n"
    "body{font:16px/1.5 sans-serif;color:#1a1a1a;background:#fff;max-width:60em;margin:0 auto;padding:1em}\n"
    "h1{font-size:1.5em;margin:.2em 0}h2{font-size:1.15em;margin:1.6em 0 .4em}\n"
    ".same,.differ{padding:.6em .8em;border-left:.4em solid;margin:1em 0}\n"
    ".same{border-color:#1b6e3c;background:#eef7f0}.differ{border-color:#a3261b;background:#fbefee}\n"
    "table{border-collapse:collapse;width:100%;margin:.4em 0}\n"
    "th,td{text-align:left;vertical-align:top;padding:.3em .6em;border-bottom:1px solid #ccc}\n"
    "th{background:#f2f2f2}.n{text-align:right}\n"
    "code{font:.85em/1.4 monospace;overflow-wrap:anywhere;word-break:break-word;white-space:pre-wrap}\n"
    "section{border:1px solid #ccc;padding:.2em .8em;margin:.8em "
    "0;page-break-inside:avoid;break-inside:avoid}\n"
    "section h3{font-size:1em;margin:.5em 0}\n"
    "@media (max-width:40em){thead{display:none}tr{display:block;border-bottom:2px solid #999;padding:.4em "
    "0}\n"
    "td{display:block;border:0;padding:.1em 0;text-align:left}\n"
    "td[title]:before{content:attr(title) \": \";font-weight:bold}}\n"
    "@media print{body{max-width:none;font-size:10pt;padding:0}thead{display:table-header-group}\n"
    "tr{page-break-inside:avoid;break-inside:avoid}}\n"
    "</style>\n</head>\n<body>\n";

/* --- pieces ------------------------------------------------------------------------------------------- */
static void escaped(FILE *f, const char *text) {
    for (; *text != '\0'; text++) {
        const char *as = *text == '&'    ? "&amp;"
                         : *text == '<'  ? "&lt;"
                         : *text == '>'  ? "&gt;"
                         : *text == '"'  ? "&quot;"
                         : *text == '\'' ? "&#39;"
                                         : NULL;
        bool control = (unsigned char)*text < 0x20 && *text != '\n';
        if (as != NULL)
            (void)fputs(as, f);
        else
            (void)fputc(control ? ' ' : *text, f);
    }
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static long long number(const json_t *object, const char *key) {
    return (long long)json_integer_value(json_object_get(object, key));
}

static void cell(FILE *f, const char *name, const char *text, const char *tag) {
    (void)fprintf(f, "<td title=\"%s\">%s%s%s", name, tag[0] != '\0' ? "<" : "", tag,
                  tag[0] != '\0' ? ">" : "");
    escaped(f, text);
    (void)fprintf(f, "%s%s%s</td>", tag[0] != '\0' ? "</" : "", tag, tag[0] != '\0' ? ">" : "");
}

static void cell_number(FILE *f, const char *name, long long n) {
    (void)fprintf(f, "<td class=\"n\" title=\"%s\">%lld</td>", name, n);
}

static void cell_value(FILE *f, const char *name, const json_t *value) {
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    cell(f, name, text != NULL ? text : "", "code");
    free(text);
}

static void row_number(FILE *f, const char *what, long long n) {
    (void)fprintf(f, "<tr><td>%s</td><td class=\"n\">%lld</td></tr>\n", what, n);
}

static void row_text(FILE *f, const char *what, const char *text) {
    (void)fprintf(f, "<tr><td>%s</td><td><code>", what);
    escaped(f, text[0] != '\0' ? text : "-");
    (void)fprintf(f, "</code></td></tr>\n");
}

/* --- a replay ----------------------------------------------------------------------------------------- */
static void difference(FILE *f, const json_t *d) {
    const json_t *fields = json_object_get(d, "fields");
    const char *what = text_of(d, "what");
    const char *told = strcmp(what, "DIFFERS") == 0   ? "decided otherwise"
                       : strcmp(what, "MISSING") == 0 ? "decided again, and not recorded"
                                                      : "recorded, and not decided again";
    (void)fprintf(f, "<section><h3>");
    escaped(f, text_of(d, "stage"));
    (void)fprintf(f, "%s, event ", json_is_true(json_object_get(d, "derived")) ? " (derived event)" : "");
    escaped(f, text_of(d, "department"));
    (void)fprintf(f, " ");
    escaped(f, text_of(d, "event_id"));
    (void)fprintf(f, " at %lld.%lld, index %lld: %s</h3>\n<table>", number(d, "partition"),
                  number(d, "offset"), number(d, "index"), told);
    row_text(f, "subject", text_of(d, "subject"));
    row_text(f, "pack, recorded", text_of(d, "pack"));
    row_text(f, "pack, again", text_of(d, "again_pack"));
    row_text(f, "build, recorded", text_of(d, "build"));
    row_text(f, "build, again", text_of(d, "again_build"));
    (void)fprintf(f, "</table>\n<table><thead><tr><th>field</th><th>recorded</th><th>decided again</th></tr>"
                     "</thead><tbody>\n");
    for (size_t i = 0; i < json_array_size(fields); i++) {
        const json_t *field = json_array_get(fields, i);
        const char *name = text_of(field, "field");
        (void)fprintf(f, "<tr>");
        cell(f, "field", name[0] != '\0' ? name : "the whole message", "code");
        cell_value(f, "recorded", json_object_get(field, "recorded"));
        cell_value(f, "decided again", json_object_get(field, "again"));
        (void)fprintf(f, "</tr>\n");
    }
    (void)fprintf(f, "</tbody></table></section>\n");
}

/* --- how both pages begin ----------------------------------------------------------------------------- */
struct figure {
    const char *name, *key;
    bool text;
};

static void put_figures(FILE *f, const json_t *from, const struct figure *rows, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (rows[i].text)
            row_text(f, rows[i].name, text_of(from, rows[i].key));
        else
            row_number(f, rows[i].name, number(from, rows[i].key));
}

static void summary(FILE *f, const char *title, bool differs, const char *verdict) {
    (void)fprintf(f, "<h1>%s</h1>\n<p class=\"%s\">%s</p>\n<table>\n", title, differs ? "differ" : "same",
                  verdict);
}

static void end_summary(FILE *f, const json_t *report) {
    row_text(f, "asked", text_of(report, "asked"));
    row_text(f, "build that decided again", text_of(report, "build"));
    (void)fprintf(f, "</table>\n");
}

static void of_replay(FILE *f, const json_t *report) {
    static const struct figure figures[] = {{"from the snapshots of", "begun", true},
                                            {"events decided again", "records", false},
                                            {"classified", "classified", false},
                                            {"decided", "decided", false},
                                            {"notices", "notices", false},
                                            {"derived events", "derived", false},
                                            {"not written yet", "pending", false},
                                            {"removed by retention", "removed", false}};
    const json_t *found = json_object_get(report, "found");
    long long differences = number(report, "differences");
    char verdict[VERDICT] = "All the same: what was compared is what was recorded.";
    if (differences > 0)
        (void)snprintf(verdict, sizeof verdict, "%lld messages differ from what was recorded.", differences);
    summary(f, "The log decided again", differences > 0, verdict);
    put_figures(f, report, figures, sizeof figures / sizeof figures[0]);
    end_summary(f, report);
    if (differences > 0)
        (void)fprintf(f, "<h2>Differences (%zu of %lld)</h2>\n", json_array_size(found), differences);
    for (size_t i = 0; i < json_array_size(found); i++)
        difference(f, json_array_get(found, i));
}

/* --- a what-if ---------------------------------------------------------------------------------------- */
static const char *direction(const json_t *row) {
    return json_is_true(json_object_get(row, "better"))  ? "better"
           : json_is_true(json_object_get(row, "worse")) ? "worse"
                                                         : "-";
}

static const char *change(const json_t *row) {
    const char *c = text_of(row, "change");
    return strcmp(c, "ONLY_THEN") == 0      ? "no longer"
           : strcmp(c, "ONLY_INSTEAD") == 0 ? "new"
           : strcmp(c, "SHORTER") == 0      ? "shorter"
                                            : "longer";
}

static const char *code(const json_t *row) {
    const char *c = text_of(row, "code");
    return c[0] != '\0' ? c : "(a share in an organisation's entry)";
}

static void counts(FILE *f, const json_t *rows) {
    (void)fprintf(f,
                  "<h2>In numbers</h2>\n<table><thead><tr><th>what</th><th>code</th><th>under the other pack"
                  "</th><th>for the subjects</th><th class=\"n\">cases</th><th class=\"n\">subjects</th></tr>"
                  "</thead><tbody>\n");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        (void)fprintf(f, "<tr>");
        cell(f, "what", text_of(row, "sort"), "");
        cell(f, "code", code(row), "code");
        cell(f, "under the other pack", change(row), "");
        cell(f, "for the subjects", direction(row), "");
        cell_number(f, "cases", number(row, "rows"));
        cell_number(f, "subjects", number(row, "subjects"));
        (void)fprintf(f, "</tr>\n");
    }
    (void)fprintf(f, "</tbody></table>\n");
}

static void affected(FILE *f, const json_t *rows) {
    (void)fprintf(f,
                  "<h2>Who</h2>\n<table><thead><tr><th>subject</th><th>what</th><th>under the other pack</th>"
                  "<th>for the subject</th><th>ended</th><th>would end</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        char what[160];
        (void)snprintf(what, sizeof what, "%s %s", text_of(row, "sort"), code(row));
        (void)fprintf(f, "<tr>");
        cell(f, "subject", text_of(row, "subject"), "code");
        cell(f, "what", what, "");
        cell(f, "under the other pack", change(row), "");
        cell(f, "for the subject", direction(row), "");
        cell(f, "ended", text_of(row, "then"), "");
        cell(f, "would end", text_of(row, "instead"), "");
        (void)fprintf(f, "</tr>\n");
    }
    (void)fprintf(f, "</tbody></table>\n");
}

static void of_whatif(FILE *f, const json_t *report) {
    static const struct figure pack[] = {
        {"pack", "name", true}, {"version", "version", true}, {"hash", "hash", true}};
    static const struct figure figures[] = {{"events decided again", "records", false},
                                            {"passes", "passes", false}};
    const json_t *subjects = json_object_get(report, "subjects");
    bool any = json_array_size(json_object_get(report, "counts")) > 0;
    char verdict[VERDICT];
    (void)snprintf(verdict, sizeof verdict, "Better for %lld subjects, worse for %lld.",
                   number(subjects, "better"), number(subjects, "worse"));
    summary(f, "What if another pack had been the law", any, verdict);
    put_figures(f, json_object_get(report, "policy"), pack, sizeof pack / sizeof pack[0]);
    put_figures(f, report, figures, sizeof figures / sizeof figures[0]);
    end_summary(f, report);
    if (!json_is_true(json_object_get(report, "settled")))
        (void)fprintf(f, "<p class=\"differ\">The derived events did not settle: what rests on them is not "
                         "certain.</p>\n");
    if (!any)
        return;
    counts(f, json_object_get(report, "counts"));
    affected(f, json_object_get(report, "affected"));
    if (number(report, "left_out") > 0)
        (void)fprintf(f, "<p>... and %lld more</p>\n", number(report, "left_out"));
}

cx_rc cx_replay_html(const json_t *report, const char *path, cx_err *err) {
    char part[PATH_ROOM];
    if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
        return cx_fail(err, CX_FILE, "%s: the name is too long", path);
    FILE *f = fopen(part, "wxe");
    if (f == NULL)
        return cx_fail(err, CX_FILE, "%s: %s", part, strerror(errno));
    (void)fputs(head, f);
    if (json_object_get(report, "policy") != NULL)
        of_whatif(f, report);
    else
        of_replay(f, report);
    (void)fputs("<p>Nothing was written to the log and nobody was notified. Subjects are pseudonyms.</p>\n"
                "</body>\n</html>\n",
                f);
    bool whole = ferror(f) == 0;
    whole = fclose(f) == 0 && whole;
    if (whole && rename(part, path) == 0)
        return CX_OK;
    int why = errno;
    (void)remove(part);
    return cx_fail(err, CX_FILE, "%s: %s", path, strerror(why));
}
