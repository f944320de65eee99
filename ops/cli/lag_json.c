/* A look, for machines: JSON, written as it comes, for there may be a hundred thousand rows. */
#include "ops/cli/lag_show.h"

#include "common/base/log.h"

enum { TEXT = 512 };

static void put_text(const char *name, const char *value, const char *after, FILE *to) {
    char text[TEXT];
    if (value == NULL) {
        (void)fprintf(to, "\"%s\": null%s", name, after);
        return;
    }
    (void)cx_log_escape(value, text, sizeof text);
    (void)fprintf(to, "\"%s\": \"%s\"%s", name, text, after);
}

static void put_number(const char *name, int64_t n, const char *after, FILE *to) {
    if (n == CX_LAG_NONE || n == CX_NO_TIME)
        (void)fprintf(to, "\"%s\": null%s", name, after);
    else
        (void)fprintf(to, "\"%s\": %lld%s", name, (long long)n, after);
}

static void put_real(const char *name, double x, const char *after, FILE *to) {
    if (x < 0)
        (void)fprintf(to, "\"%s\": null%s", name, after);
    else
        (void)fprintf(to, "\"%s\": %.3f%s", name, x, after);
}

static void put_group(const cx_lag *lag, const cx_lag_group *g, FILE *to) {
    const cx_lag_row *worst = cx_lag_worst(lag, g);
    (void)fputs("{", to);
    put_text("group", g->name, ", ", to);
    put_number("members", (int64_t)g->members, ", ", to);
    put_number("partitions", (int64_t)g->n, ", ", to);
    (void)fprintf(to, "\"ever_ran\": %s, ", g->known ? "true" : "false");
    put_text("state", cx_lag_state_name(worst != NULL ? worst->state : CX_LAG_STOPPED), "}", to);
}

static void put_row(const cx_lag_row *r, FILE *to) {
    (void)fputs("{", to);
    put_text("group", r->group, ", ", to);
    put_text("topic", r->topic, ", ", to);
    put_number("partition", r->partition, ", ", to);
    put_text("member", r->member, ", ", to);
    put_text("state", cx_lag_state_name(r->state), ", ", to);
    put_number("position", r->position, ", ", to);
    put_number("begin", r->low, ", ", to);
    put_number("end", r->end, ", ", to);
    put_number("messages", r->messages, ", ", to);
    put_real("seconds", r->seconds, ", ", to);
    put_number("since_ms", r->since, ", ", to);
    put_number("tick_ms", r->tick, ", ", to);
    put_real("rate", r->rate, "}", to);
}

static void put_sink(const cx_lag_sink *s, FILE *to) {
    (void)fprintf(to, "\"%s\": {", s->name);
    put_number("as_of_ms", s->as_of, ", ", to);
    put_number("tick_ms", s->tick, ", ", to);
    put_real("seconds", s->seconds, ", ", to);
    put_text("error", s->why[0] != '\0' ? s->why : NULL, "}", to);
}

static void put_favour(const cx_lag_favour *f, FILE *to) {
    (void)fprintf(to, "\"favourable\": {\"known\": %s, ", f->known ? "true" : "false");
    put_real("seconds", f->seconds, ", ", to);
    put_text("change", f->topic != NULL ? f->change : NULL, ", ", to);
    put_text("topic", f->topic, ", ", to);
    put_number("partition", f->topic != NULL ? f->partition : CX_LAG_NONE, ", ", to);
    put_number("offset", f->topic != NULL ? f->offset : CX_LAG_NONE, "}", to);
}

cx_rc cx_lag_show_json(const cx_lag *lag, FILE *to) {
    (void)fputs("{", to);
    put_number("at_ms", lag->at, ", ", to);
    put_text("log", !lag->has_log ? NULL : lag->is_virtual ? "virtual" : "wall", ", ", to);
    put_number("log_ms", lag->has_log ? lag->log_now : CX_NO_TIME, ", \"groups\": [", to);
    for (size_t i = 0; i < lag->group_n; i++) {
        (void)fputs(i == 0 ? "" : ", ", to);
        put_group(lag, &lag->groups[i], to);
    }
    (void)fputs("], \"partitions\": [", to);
    for (size_t i = 0; i < lag->n; i++) {
        (void)fputs(i == 0 ? "" : ", ", to);
        put_row(&lag->rows[i], to);
    }
    (void)fputs("], \"as_of\": {", to);
    put_sink(&lag->sinks[CX_LAG_REDIS], to);
    (void)fputs(", ", to);
    put_sink(&lag->sinks[CX_LAG_POSTGRES], to);
    (void)fputs("}, ", to);
    put_favour(&lag->favour, to);
    (void)fprintf(to, ", \"vanished\": %zu}\n", lag->vanished);
    return ferror(to) ? CX_FILE : CX_OK;
}
