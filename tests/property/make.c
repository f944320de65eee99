#include "tests/property/make.h"

#include <stdio.h>

#include "tests/property/make_inside.h"

const char *const cx_make_subjects[] = {"o0", "o1", "o2", "p0", "p1", "p2"};

/* splitmix64 */
static uint64_t next(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

int cx_make_below(cx_make *m, int n) {
    return (int)(next(&m->state) % (uint64_t)n);
}

bool cx_make_chance(cx_make *m, int percent) {
    return cx_make_below(m, 100) < percent;
}

size_t cx_make_world(uint64_t seed, const cx_world worlds[CX_WORLDS]) {
    uint64_t state = seed ^ 0x5851f42d4c957f2dU;
    int at = (int)(next(&state) % 100);
    for (size_t i = 0; i < CX_WORLDS; i++) {
        at -= worlds[i].share;
        if (at < 0)
            return i;
    }
    return 0;
}

void cx_make_begin(cx_make *m, uint64_t seed, const cx_world *world, const cx_play *play) {
    m->state = seed;
    m->aside = seed ^ 0x2545f4914f6cdd1dU;
    m->consents = m->disclosures = 0;
    m->world = world;
    m->play = play;
    m->today = cx_date_from_civil((cx_civil){2026, 1, 5});
    m->number = 0;
    m->law = 0;
    cx_make_quest(m);
    m->added = -1;
    m->queued = m->told = 0;
    m->last[0] = '\0';
    (void)memset(m->n, 0, sizeof m->n);
}

/* --- ids ---------------------------------------------------------------------------------------------- */
const cx_make_id *cx_make_some(cx_make *m, cx_make_sort sort) {
    static const cx_make_id nothing = {"X", "o0", "market", NULL, false};
    size_t n = m->n[sort] < CX_MAKE_IDS ? m->n[sort] : CX_MAKE_IDS;
    if (n == 0 || cx_make_chance(m, 3))
        return &nothing;
    const cx_make_id *found = NULL;
    for (int i = 0; i < 4; i++) { /* what was accepted, mostly */
        size_t back = (size_t)cx_make_below(m, cx_make_chance(m, 60) && n > 4 ? 4 : (int)n);
        found = &m->ids[sort][(m->n[sort] - 1 - back) % CX_MAKE_IDS];
        if (found->accepted || cx_make_chance(m, 10))
            break;
    }
    return found;
}

cx_make_id *cx_make_add(cx_make *m, cx_make_sort sort, const char *subject, cx_view department,
                        const cx_recipe *recipe) {
    static const char letters[CX_MAKE_SORTS] = "RNDOYPCS";
    cx_make_id *id = &m->ids[sort][m->n[sort]++ % CX_MAKE_IDS];
    *id = (cx_make_id){.recipe = recipe};
    (void)snprintf(id->id, sizeof id->id, "%c%d", letters[sort], ++m->number);
    (void)snprintf(id->subject, sizeof id->subject, "%s", subject);
    (void)snprintf(id->department, sizeof id->department, "%.*s", CX_VIEW_ARGS(department));
    m->added = (int)sort;
    return id;
}

void cx_make_heard(cx_make *m, cx_view verdict) {
    if (m->added >= 0)
        m->ids[m->added][(m->n[m->added] - 1) % CX_MAKE_IDS].accepted = cx_view_is(verdict, "OK");
    m->added = -1;
}

/* --- words -------------------------------------------------------------------------------------------- */
const char *cx_make_day(cx_make *m, int least, int most, char out[CX_DATE_TEXT]) {
    return cx_date_format(m->today + least + cx_make_below(m, most - least + 1), out);
}

const char *cx_make_about(cx_make *m, const char *subject) {
    return cx_make_chance(m, 96) ? subject : cx_make_subjects[cx_make_below(m, CX_MAKE_SUBJECTS)];
}

cx_view cx_make_anyone(cx_make *m) {
    size_t n;
    const cx_department *d = cx_pack_departments(m->world->packs[0], &n);
    return d[cx_make_below(m, (int)n)].code;
}

cx_view cx_make_of_kind(cx_make *m, cx_department_kind kind) {
    size_t n;
    const cx_department *d = cx_pack_departments(m->world->packs[0], &n);
    for (size_t i = (size_t)cx_make_below(m, (int)n), k = 0; k < n; k++, i = (i + 1) % n)
        if (d[i].kind == kind)
            return d[i].code;
    return cx_make_anyone(m);
}

cx_view cx_make_sender(cx_make *m, cx_view right) {
    return cx_make_chance(m, 96) ? right : cx_make_anyone(m);
}

const char *cx_make_place(const cx_make *m, char out[24]) {
    int32_t place = cx_pack_jurisdiction(m->world->packs[0]);
    out[0] = '\0';
    if (place != 990100)
        (void)snprintf(out, 24, " place=%d", place);
    return out;
}

cx_view cx_make_basis(const cx_make *m, const cx_recipe *r) {
    return r != NULL && r->list_basis.n > 0 ? r->list_basis : m->world->recipes[0].list_basis;
}

const cx_recipe *cx_make_recipe(cx_make *m, const char *subject) {
    const cx_world *w = m->world;
    const cx_recipe *r = NULL;
    /* each procedure as often as the others, whatever the number of its lists; most often what is sought */
    cx_procedure wanted = cx_make_chance(m, 50) ? m->quest_procedure : (cx_procedure)cx_make_below(m, 3);
    for (int i = 0; i < 24; i++) {
        r = &w->recipes[cx_make_below(m, (int)w->listing_n)];
        bool fits = subject == NULL || (subject[0] == 'p' ? r->person : r->organisation);
        fits = fits && (m->quest_state != CX_ENTRY_STATE_REPAIRED || r->list->repairable || i > 12);
        if (fits && r->list->procedure == wanted)
            break;
    }
    return r;
}

/* --- what comes next ---------------------------------------------------------------------------------- */
static void move_on(cx_make *m) {
    static const int days[] = {0, 1, 1, 3, 7, 9, 12, 30, 190, 400};
    char day[CX_DATE_TEXT];
    m->today += days[cx_make_below(m, 10)];
    CX_MAKE_LINE(m, "day %s", cx_date_format(m->today, day));
}

static void push(cx_make *m) {
    if (m->queued < CX_MAKE_QUEUE)
        (void)snprintf(m->queue[m->queued++], CX_PLAY_LINE, "%s", m->last);
}

static void push_day(cx_make *m, int days) {
    char day[CX_DATE_TEXT];
    m->today += days;
    CX_MAKE_LINE(m, "day %s", cx_date_format(m->today, day));
    push(m);
}

/* The whole way to an entry in force, and mostly nothing in between. */
static void tell_story(cx_make *m) {
    const char *subject = cx_make_subjects[cx_make_below(m, CX_MAKE_SUBJECTS)];
    const cx_recipe *r = cx_make_recipe(m, subject);
    m->queued = m->told = 0;
    if (r->list->procedure == CX_PROCEDURE_COURT) {
        if (cx_make_chance(m, 40)) {
            cx_make_record(m, subject, r, true);
            push(m);
        }
        cx_make_court(m, subject, r);
        push(m);
        return;
    }
    cx_make_record(m, subject, r, true);
    cx_make_id record = m->ids[CX_MAKE_RECORD][(m->n[CX_MAKE_RECORD] - 1) % CX_MAKE_IDS];
    push(m);
    cx_make_notice(m, &record, true);
    cx_make_id notice = m->ids[CX_MAKE_NOTICE][(m->n[CX_MAKE_NOTICE] - 1) % CX_MAKE_IDS];
    push(m);
    if (cx_make_chance(m, m->quest_state == CX_ENTRY_STATE_NOTIFIED ? 60 : 12))
        return; /* it stays noticed */
    push_day(m, r->list->window.days > 0 ? 2 * r->list->window.days + 6 : 1);
    cx_make_decision(m, &notice, true);
    push(m);
}

static bool next_of_story(cx_make *m) {
    if (m->told == m->queued)
        return false;
    (void)snprintf(m->last, sizeof m->last, "%s", m->queue[m->told++]);
    m->added = -1; /* ids of stories count as accepted: most are */
    return true;
}

static void story_ids_accepted(cx_make *m) {
    for (int s = 0; s < CX_MAKE_SORTS; s++)
        if (m->n[s] > 0)
            m->ids[s][(m->n[s] - 1) % CX_MAKE_IDS].accepted = true;
}

/* A message that names no basis names none, or one of its city: the default of a line is the model's. */
static void name_basis(cx_make *m) {
    size_t n = strlen(m->last);
    bool message = strncmp(m->last, "day ", 4) != 0 && strncmp(m->last, "law ", 4) != 0 &&
                   strncmp(m->last, "query ", 6) != 0;
    if (!message || strstr(m->last, " basis=") != NULL || cx_pack_jurisdiction(m->world->packs[0]) == 990100)
        return;
    cx_view basis = cx_make_chance(m, 50) ? cx_make_basis(m, NULL) : CX_VIEW("");
    (void)snprintf(m->last + n, sizeof m->last - n, " basis=%.*s", CX_VIEW_ARGS(basis));
}

void cx_make_line(cx_make *m, char out[CX_PLAY_LINE]) {
    char before[CX_PLAY_LINE];
    (void)snprintf(before, sizeof before, "%s", m->last);
    m->added = -1;
    if (next_of_story(m)) {
        story_ids_accepted(m);
    } else if (cx_make_chance(m, m->number == 0 ? 70 : 14)) {
        tell_story(m);
        (void)next_of_story(m);
        story_ids_accepted(m);
    } else if (cx_make_chance(m, 18)) {
        move_on(m);
    } else if (m->law + 1 < m->world->n && cx_make_chance(m, m->quest_ask % 2 == 0 ? 20 : 3)) {
        m->law++;
        CX_MAKE_LINE(m, "law %s", m->world->law_names[m->law]);
    } else if (cx_make_chance(m, 62)) {
        cx_make_poke(m);
    } else if (!cx_make_chance(m, 4) || before[0] == '\0') { /* else the last line once more */
        cx_make_event(m);
    }
    name_basis(m);
    (void)snprintf(out, CX_PLAY_LINE, "%s", m->last);
}
