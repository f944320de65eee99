#include "services/query/counts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cx_query_series *find(cx_query_counts *c, cx_view asker, cx_view purpose, cx_rc outcome) {
    for (size_t i = 0; i < c->n; i++) {
        cx_query_series *s = &c->series[i];
        if (s->outcome == outcome && cx_view_is(asker, s->asker) && cx_view_is(purpose, s->purpose))
            return s;
    }
    if (c->n == CX_QUERY_SERIES)
        return NULL;
    cx_query_series *s = &c->series[c->n++];
    s->outcome = outcome;
    (void)snprintf(s->asker, sizeof s->asker, "%.*s", CX_VIEW_ARGS(asker));
    (void)snprintf(s->purpose, sizeof s->purpose, "%.*s", CX_VIEW_ARGS(purpose));
    return s;
}

void cx_query_count(cx_query_counts *c, cx_view asker, cx_view purpose, cx_rc outcome) {
    (void)pthread_mutex_lock(&c->lock);
    cx_query_series *s = find(c, asker, purpose, outcome);
    if (s == NULL) {
        s = &c->series[CX_QUERY_SERIES - 1]; /* the last place becomes that of all others */
        (void)snprintf(s->asker, sizeof s->asker, "other");
        s->purpose[0] = '\0';
    }
    s->n++;
    (void)pthread_mutex_unlock(&c->lock);
}

static void put_series(cx_query_counts *c, FILE *to) {
    static const char name[] = "chengxin_queries_total";
    (void)fprintf(to, "# HELP %s Queries answered and refused, by who asked, the purpose and the outcome.\n",
                  name);
    (void)fprintf(to, "# TYPE %s counter\n", name);
    (void)pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->n; i++)
        (void)fprintf(to, "%s{slot=\"%d\",asker=\"%s\",purpose=\"%s\",outcome=\"%s\"} %" PRIu64 "\n", name,
                      c->metrics->slot, c->series[i].asker, c->series[i].purpose,
                      cx_rc_name(c->series[i].outcome), c->series[i].n);
    (void)pthread_mutex_unlock(&c->lock);
}

char *cx_query_counts_text(void *context, size_t *n) {
    cx_query_counts *c = context;
    size_t common_n = 0;
    char *text = NULL, *common = cx_metrics_text(c->metrics, &common_n);
    *n = 0;
    FILE *to = common != NULL ? open_memstream(&text, n) : NULL;
    if (to != NULL) {
        (void)fwrite(common, 1, common_n, to);
        put_series(c, to);
        if (fclose(to) != 0) {
            free(text);
            text = NULL;
        }
    }
    free(common);
    return text;
}
