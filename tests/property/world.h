/* The laws under which random histories are played: the model's small packs and the cities' own. Of each, the
 * ways to a list are found by asking the pack itself: which department may report which item with which
 * facts, so that the classification leads to the list. Nothing of this is written by hand for a city.
 *
 * Loaded once, then only read.
 */
#ifndef TESTS_PROPERTY_WORLD_H
#define TESTS_PROPERTY_WORLD_H

#include "common/law/pack.h"

enum { CX_WORLD_PACKS = 3, CX_WORLD_RECIPES = 64, CX_WORLD_MEASURES = 14 };

/* A record that leads to a list (or, `list` NULL, to none), by one department. */
typedef struct cx_recipe {
    const cx_item *item;
    const cx_department *department;
    const cx_list *list;
    cx_view basis, list_basis, group;
    const char *facts; /* in a line's form, "amount=5 facts=..." */
    bool person, organisation;
    /* Measures that sanctions.dmn gives a subject of either kind; and a person behind an organisation. */
    cx_view of_person[CX_WORLD_MEASURES], of_organisation[CX_WORLD_MEASURES], of_heads[CX_WORLD_MEASURES];
    size_t person_n, organisation_n, heads_n;
} cx_recipe;

typedef struct cx_world {
    const char *name;
    const char *law_names[CX_WORLD_PACKS]; /* `law NAME`; the first is in force from the beginning */
    cx_pack *packs[CX_WORLD_PACKS];
    size_t n;
    cx_recipe recipes[CX_WORLD_RECIPES]; /* those that lead to lists first */
    size_t recipe_n, listing_n;
    int share; /* of a hundred histories */
} cx_world;

enum { CX_WORLDS = 8 };

/* All worlds, in a fixed order. FILE, PACK_INVALID and the like. */
CX_MUST_CHECK cx_rc cx_worlds_load(cx_world worlds[CX_WORLDS], cx_err *err);
void cx_worlds_free(cx_world worlds[CX_WORLDS]);

#endif
