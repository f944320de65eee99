/* A look, for people. */
#include "ops/cli/lag_show.h"

#include <stdlib.h>
#include <string.h>

#include "ops/cli/grid.h"

enum { TEXT = 32, FOOT = 5 };

static const cx_grid_column group_columns[] = {
    {"group", false, 17, 0},  {"topics", true, 0, 4}, {"partitions", true, 0, 3}, {"members", true, 0, 2},
    {"messages", true, 0, 1}, {"waits", true, 0, 0},  {"rate/s", true, 0, 5},     {"state", false, 0, 0}};
static const cx_grid_column row_columns[] = {
    {"state", false, 0, 0},   {"group", false, 14, 0},  {"topic", false, 17, 3}, {"part", true, 0, 1},
    {"member", false, 12, 4}, {"position", true, 0, 6}, {"end", true, 0, 7},     {"messages", true, 0, 2},
    {"waits", true, 0, 0},    {"rate/s", true, 0, 5}};
enum {
    GROUP_COLUMNS = sizeof group_columns / sizeof group_columns[0],
    ROW_COLUMNS = sizeof row_columns / sizeof row_columns[0]
};

static cx_view number(cx_arena *arena, int64_t n) {
    return n < 0 ? CX_VIEW("-") : cx_arena_printf(arena, "%lld", (long long)n);
}

static cx_view duration(cx_arena *arena, double seconds) {
    char text[CX_GRID_DURATION];
    return cx_arena_copy(arena, cx_view_of(cx_grid_duration(seconds, text)));
}

static cx_view rate(cx_arena *arena, double r) {
    return r < 0 ? CX_VIEW("-") : cx_arena_printf(arena, r < 10 ? "%.1f" : "%.0f", r);
}

/* --- groups -------------------------------------------------------------------------------------------- */

struct sum {
    size_t topics, partitions;
    int64_t messages; /* CX_LAG_NONE: of no partition known */
    double rate, seconds;
    cx_lag_state state;
};

static struct sum sum_up(const cx_lag *lag, const cx_lag_group *group) {
    struct sum s = {.messages = CX_LAG_NONE, .rate = -1, .seconds = -1};
    const char *topic = NULL;
    const cx_lag_row *worst = cx_lag_worst(lag, group);
    for (size_t i = group->first; i < group->first + group->n; i++) {
        const cx_lag_row *row = &lag->rows[i];
        s.topics += topic == NULL || strcmp(topic, row->topic) != 0;
        topic = row->topic;
        s.partitions++;
        if (row->messages >= 0)
            s.messages = (s.messages < 0 ? 0 : s.messages) + row->messages;
        if (row->rate >= 0)
            s.rate = (s.rate < 0 ? 0 : s.rate) + row->rate;
        if (row->seconds > s.seconds)
            s.seconds = row->seconds;
    }
    s.state = worst != NULL ? worst->state : CX_LAG_STOPPED;
    return s;
}

static cx_rc show_groups(const cx_lag *lag, size_t width, FILE *to) {
    cx_view *cells = calloc(lag->group_n * GROUP_COLUMNS + 1, sizeof *cells);
    cx_arena *arena = cx_arena_new(0);
    if (cells == NULL || arena == NULL) {
        free(cells);
        return CX_OUT_OF_MEMORY;
    }
    for (size_t i = 0; i < lag->group_n; i++) {
        const cx_lag_group *g = &lag->groups[i];
        struct sum s = sum_up(lag, g);
        const cx_view row[GROUP_COLUMNS] = {cx_view_of(g->name),
                                            number(arena, (int64_t)s.topics),
                                            number(arena, (int64_t)s.partitions),
                                            number(arena, (int64_t)g->members),
                                            number(arena, s.messages),
                                            duration(arena, s.seconds),
                                            rate(arena, s.rate),
                                            cx_view_of(g->known ? cx_lag_state_name(s.state) : "never ran")};
        (void)memcpy(cells + i * GROUP_COLUMNS, row, sizeof row);
    }
    cx_rc rc = cx_grid_print(group_columns, GROUP_COLUMNS, cells, lag->group_n, width, to);
    cx_arena_destroy(&arena);
    free(cells);
    return rc;
}

/* --- partitions ---------------------------------------------------------------------------------------- */

static int worse_first(const void *a, const void *b) {
    const cx_lag_row *x = *(const cx_lag_row *const *)a, *y = *(const cx_lag_row *const *)b;
    if (x->state != y->state)
        return x->state > y->state ? -1 : 1;
    if (x->seconds < y->seconds || x->seconds > y->seconds)
        return x->seconds > y->seconds ? -1 : 1;
    return cx_lag_compare(x, y);
}

/* The services' members are called as their groups, and by their slots. */
static cx_view member(cx_arena *arena, const cx_lag_row *r) {
    size_t n = strlen(r->group);
    if (r->member == NULL)
        return CX_VIEW("-");
    return strncmp(r->member, r->group, n) == 0 ? cx_arena_printf(arena, "…%s", r->member + n)
                                                : cx_view_of(r->member);
}

static cx_rc print_rows(const cx_lag_row *const *rows, size_t n, size_t width, FILE *to) {
    cx_view *cells = calloc(n * ROW_COLUMNS + 1, sizeof *cells);
    cx_arena *arena = cx_arena_new(0);
    if (cells == NULL || arena == NULL) {
        free(cells);
        return CX_OUT_OF_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        const cx_lag_row *r = rows[i];
        const cx_view row[ROW_COLUMNS] = {cx_view_of(cx_lag_state_name(r->state)),
                                          cx_view_of(r->group),
                                          cx_view_of(r->topic),
                                          number(arena, r->partition),
                                          member(arena, r),
                                          number(arena, r->position),
                                          number(arena, r->end),
                                          number(arena, r->messages),
                                          duration(arena, r->seconds),
                                          rate(arena, r->rate)};
        (void)memcpy(cells + i * ROW_COLUMNS, row, sizeof row);
    }
    cx_rc rc = cx_grid_print(row_columns, ROW_COLUMNS, cells, n, width, to);
    cx_arena_destroy(&arena);
    free(cells);
    return rc;
}

static cx_rc show_rows(const cx_lag *lag, bool all, size_t width, size_t most, FILE *to) {
    const cx_lag_row **rows = calloc(lag->n + 1, sizeof *rows);
    size_t n = 0;
    if (rows == NULL)
        return CX_OUT_OF_MEMORY;
    for (size_t i = 0; i < lag->n; i++)
        if (all || lag->rows[i].state != CX_LAG_OK)
            rows[n++] = &lag->rows[i];
    if (!all && n > 0)
        qsort(rows, n, sizeof *rows, worse_first);
    size_t shown = n < most ? n : most;
    cx_rc rc = CX_OK;
    if (shown > 0) {
        (void)fputc('\n', to);
        rc = print_rows(rows, shown, width, to);
    }
    if (rc == CX_OK && shown < n)
        (void)fprintf(to, "and %zu more\n", n - shown);
    free(rows);
    return rc;
}

/* --- freshness ----------------------------------------------------------------------------------------- */

/* What does not fit goes from the last comma on: half a time says nothing. */
static void put_line(const char *text, size_t width, FILE *to) {
    size_t n = strlen(text);
    if (width != CX_GRID_ANY_WIDTH && n > width)
        for (n = width; n > 0 && text[n] != ','; n--)
            continue;
    if (n == 0)
        n = width;
    (void)fprintf(to, "%.*s\n", (int)n, text);
}

static void show_sink(const cx_lag_sink *sink, size_t width, FILE *to) {
    char text[CX_LAG_WHY + 3 * TEXT], time[CX_TIME_TEXT], age[CX_GRID_DURATION];
    if (sink->known)
        (void)snprintf(text, sizeof text, "%-9s %s old, as of %s", sink->name,
                       cx_grid_duration(sink->seconds, age), cx_time_format(sink->as_of, time));
    else
        (void)snprintf(text, sizeof text, "%-9s not known: %s", sink->name, sink->why);
    if (sink->known || sink->why[0] != '\0')
        put_line(text, width, to);
}

static void show_favour(const cx_lag_favour *f, size_t width, FILE *to) {
    char text[CX_LAG_WHY], age[CX_GRID_DURATION];
    (void)cx_grid_duration(f->seconds, age);
    if (f->topic != NULL)
        (void)snprintf(text, sizeof text, "favour    %s waits %s%s, in %s %d at %lld", f->change,
                       f->known ? "" : "up to ", age, f->topic, (int)f->partition, (long long)f->offset);
    else if (f->known)
        (void)snprintf(text, sizeof text, "favour    nothing favourable waits");
    else
        (void)snprintf(text, sizeof text, "favour    nothing longer than %s, not all looked through", age);
    if (f->known || f->seconds >= 0)
        put_line(text, width, to);
}

static void show_foot(const cx_lag *lag, size_t width, FILE *to) {
    char text[CX_LAG_WHY], time[CX_TIME_TEXT];
    (void)fputc('\n', to);
    for (int s = 0; s < CX_LAG_SINKS; s++)
        show_sink(&lag->sinks[s], width, to);
    show_favour(&lag->favour, width, to);
    if (!lag->has_log)
        (void)snprintf(text, sizeof text, "log       no clock has written to it");
    else
        (void)snprintf(text, sizeof text, "log       %s time, now %s", lag->is_virtual ? "virtual" : "wall",
                       cx_time_format(lag->log_now, time));
    put_line(text, width, to);
    if (lag->vanished > 0)
        (void)fprintf(to, "%zu positions are in topics that are no more\n", lag->vanished);
}

cx_rc cx_lag_show(const cx_lag *lag, bool all, size_t width, size_t lines, FILE *to) {
    size_t used = lag->group_n + FOOT + 4; /* headings, blank lines, "and n more" */
    size_t most = lines == 0 ? SIZE_MAX : lines > used ? lines - used : 1;
    CX_TRY(show_groups(lag, width, to));
    CX_TRY(show_rows(lag, all, width, most, to));
    show_foot(lag, width, to);
    return CX_OK;
}
