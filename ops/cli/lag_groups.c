/* Which groups are looked at, and who is in them. */
#include <stdlib.h>
#include <string.h>

#include "common/bus/groups.h"
#include "ops/cli/lag_inside.h"

static const char prefix[] = "credit.";
enum { PREFIX = sizeof prefix - 1 };

bool cx_lag_is_ours(const char *group) {
    for (size_t i = 0; i < cx_lag_input_count; i++)
        if (strcmp(cx_lag_inputs[i].group, group) == 0)
            return true;
    return false;
}

/* "classifier" is "credit.classifier". */
static bool is_named(const char *group, const char *name) {
    return strcmp(group, name) == 0 ||
           (strncmp(group, prefix, PREFIX) == 0 && strcmp(group + PREFIX, name) == 0);
}

static bool is_wanted(const cx_lag_wanted *w, const char *group) {
    for (size_t i = 0; i < w->group_n; i++)
        if (is_named(group, w->groups[i]))
            return true;
    return w->group_n == 0 && (w->all_groups || strncmp(group, prefix, PREFIX) == 0);
}

static cx_rc add_group(struct cx_looking *k, const char *name, size_t members, bool known) {
    cx_lag *lag = k->lag;
    if ((lag->group_n & (lag->group_n - 1)) == 0) { /* room doubles at each power of two */
        size_t room = lag->group_n == 0 ? 1 : 2 * lag->group_n;
        cx_lag_group *more = cx_arena_alloc(lag->arena, room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        if (lag->group_n > 0)
            (void)memcpy(more, lag->groups, lag->group_n * sizeof *more);
        lag->groups = more;
    }
    cx_view copy = cx_arena_copy(lag->arena, cx_view_of(name));
    lag->groups[lag->group_n++] = (cx_lag_group){.name = copy.p, .members = members, .known = known};
    return copy.p != NULL ? CX_OK : CX_OUT_OF_MEMORY;
}

static cx_rc take_group(void *context, const char *group, size_t members) {
    struct cx_looking *k = context;
    return is_wanted(k->wanted, group) ? add_group(k, group, members, true) : CX_OK;
}

/* Comes right behind its group. */
static cx_rc take_owner(void *context, const char *group, const char *member, const char *topic,
                        int32_t partition) {
    struct cx_looking *k = context;
    const struct cx_lag_topic *t = cx_lag_topic_of(k, topic);
    if (t == NULL || !is_wanted(k->wanted, group))
        return CX_OK;
    if (k->owner_n == k->owner_room) {
        k->owner_room = k->owner_room == 0 ? 256 : 2 * k->owner_room;
        struct cx_lag_owner *more = realloc(k->owners, k->owner_room * sizeof *more);
        if (more == NULL)
            return CX_OUT_OF_MEMORY;
        k->owners = more;
    }
    struct cx_lag_owner *last = k->owner_n > 0 ? &k->owners[k->owner_n - 1] : NULL;
    const char *group_name = k->lag->groups[k->lag->group_n - 1].name;
    bool same = last != NULL && last->group == group_name && strcmp(last->member, member) == 0;
    const char *name = same ? last->member : cx_arena_copy(k->lag->arena, cx_view_of(member)).p;
    if (name == NULL)
        return CX_OUT_OF_MEMORY;
    k->owners[k->owner_n++] = (struct cx_lag_owner){group_name, name, t->name, partition};
    return CX_OK;
}

static int group_order(const void *a, const void *b) {
    return strcmp(((const cx_lag_group *)a)->name, ((const cx_lag_group *)b)->name);
}

static int owner_order(const void *a, const void *b) {
    const struct cx_lag_owner *x = a, *y = b;
    int order = strcmp(x->group, y->group);
    if (order == 0)
        order = strcmp(x->topic, y->topic);
    return order != 0 ? order : (x->partition > y->partition) - (x->partition < y->partition);
}

const char *cx_lag_member(const struct cx_looking *k, const cx_lag_row *row) {
    struct cx_lag_owner key = {row->group, NULL, row->topic, row->partition};
    const struct cx_lag_owner *found =
        k->owner_n == 0 ? NULL : bsearch(&key, k->owners, k->owner_n, sizeof key, owner_order);
    return found != NULL ? found->member : NULL;
}

static bool has_group(const cx_lag *lag, const char *name) {
    for (size_t i = 0; i < lag->group_n; i++)
        if (strcmp(lag->groups[i].name, name) == 0)
            return true;
    return false;
}

/* Services of ours that have never run, too: nobody reads for them. */
static cx_rc add_ours(struct cx_looking *k) {
    for (size_t i = 0; i < cx_lag_input_count; i++)
        if (is_wanted(k->wanted, cx_lag_inputs[i].group) && !has_group(k->lag, cx_lag_inputs[i].group))
            CX_TRY(add_group(k, cx_lag_inputs[i].group, 0, false));
    return CX_OK;
}

static cx_rc check_names(const struct cx_looking *k, cx_err *err) {
    for (size_t i = 0; i < k->wanted->group_n; i++) {
        bool found = false;
        for (size_t g = 0; g < k->lag->group_n && !found; g++)
            found = is_named(k->lag->groups[g].name, k->wanted->groups[i]);
        if (!found)
            return cx_fail(err, CX_NOT_FOUND, "there is no group \"%s\"", k->wanted->groups[i]);
    }
    return CX_OK;
}

cx_rc cx_lag_choose(struct cx_looking *k, cx_err *err) {
    const cx_groups_visit visit = {k, take_group, take_owner};
    CX_TRY(cx_groups_list(k->admin, NULL, &visit, err));
    if (add_ours(k) != CX_OK)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    CX_TRY(check_names(k, err));
    if (k->lag->group_n > 0)
        qsort(k->lag->groups, k->lag->group_n, sizeof *k->lag->groups, group_order);
    if (k->owner_n > 0)
        qsort(k->owners, k->owner_n, sizeof *k->owners, owner_order);
    return CX_OK;
}
