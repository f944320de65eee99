/* chengxin-points: what those who opted in have earned, and the incentives that it opens. */
#include "common/run/about.h"
#include "common/run/run.h"
#include "schemas/types.h"
#include "services/points/decide.h"
#include "services/points/rows.h"
#include "services/policies.h"

static const cx_input inputs[] = {
    {.topic = "credit.decided", .type = &cx_decided_type, .about = cx_about_decided}};

/* credit.notices has the sanctioner's notices in it, too: it tells nothing of whether this stage ever ran. */
static const cx_output outputs[] = {
    [CX_POINTS_NOTICES] = {CX_OUTPUT_TOPIC, "credit.notices", &cx_dispatch_type, .own = false},
    [CX_POINTS_STATE] = {CX_OUTPUT_STATE, "credit.points", &cx_points_state_type, .own = true},
};

static const cx_type *const row_types[] = {&cx_points_state_type, NULL};

static const cx_stage stage = {.name = "points",
                               .number = 6,
                               .does = "counts the points of subjects who opted in, from positive records "
                                       "alone, and tells departments which incentives they open",
                               .inputs = inputs,
                               .input_count = 1,
                               .outputs = outputs,
                               .output_count = CX_POINTS_OUTPUTS,
                               .decide = cx_points_decide,
                               .keys = cx_points_keys,
                               .row_type = cx_points_row_type,
                               .row_types = row_types,
                               .row_due = cx_points_due,
                               .row_due_head = CX_POINTS_DUE_HEAD,
                               .row_walked = cx_points_walked,
                               .policies = &cx_law_policy_ops};

int main(int argc, char **argv) {
    return cx_run_main(&stage, argc, argv);
}
