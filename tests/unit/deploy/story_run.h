/* A city's sample (deploy/samples) run through the pure core: intake, classifier, registrar and sanctioner in
 * one process, by the order of its manifest. No bus, no clock. Not thread-safe. */
#ifndef TESTS_UNIT_DEPLOY_STORY_RUN_H
#define TESTS_UNIT_DEPLOY_STORY_RUN_H

#include "common/law/pack.h"
#include "tests/model/chain.h"

typedef struct cx_story {
    char folder[64];
    cx_arena *arena;
    cx_pack *pack;
    cx_pack *later; /* NULL until cx_story_activate */
    cx_chain *chain;
    cx_time clock;               /* the last tick */
    size_t sent;                 /* rows and lines of files that may be sent */
    size_t refused[CX_RC_COUNT]; /* by intake, or because the row is no event */
    /* told at each checkpoint of the manifest, with its name */
    void (*at_checkpoint)(struct cx_story *story, cx_view name, void *context);
    void *context;
} cx_story;

/* Reads the pack that the sample is made for and activates it at `start`. pack: "shijiazhuang/2026-01". */
CX_MUST_CHECK cx_rc cx_story_open(cx_story *story, const char *city, const char *pack, cx_time start,
                                  cx_err *err);
/* Moves the log's clock: a tick for each midnight passed, then the last. */
CX_MUST_CHECK cx_rc cx_story_clock(cx_story *story, cx_time to, cx_err *err);
/* Lets another pack ("shijiazhuang/2027-01") take effect; it lives as long as the story. */
CX_MUST_CHECK cx_rc cx_story_activate(cx_story *story, const char *pack, cx_err *err);
/* Follows the manifest to its end. */
CX_MUST_CHECK cx_rc cx_story_run(cx_story *story, cx_err *err);
void cx_story_close(cx_story *story);

#endif
