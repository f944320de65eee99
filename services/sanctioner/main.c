/* chengxin-sanctioner: who must do, stop or undo what; refusals on their way home. */
#include "common/run/about.h"
#include "common/run/run.h"
#include "schemas/types.h"
#include "services/policies.h"
#include "services/sanctioner/decide.h"

static const cx_input inputs[] = {
    {.topic = "credit.decided", .type = &cx_decided_type, .about = cx_about_decided}};

static const cx_output outputs[] = {
    [CX_SANCTIONER_NOTICES] = {CX_OUTPUT_TOPIC, "credit.notices", &cx_dispatch_type, .own = true,
                               .is_own = cx_sanctioner_wrote},
    [CX_SANCTIONER_MEASURES] = {CX_OUTPUT_STATE, "credit.measures", &cx_measure_state_type, .own = true},
};

static const cx_type *row_type(cx_view key) {
    return key.n == 16 ? &cx_measure_state_type : NULL;
}
static const cx_type *const row_types[] = {&cx_measure_state_type, NULL};

static const cx_stage stage = {.name = "sanctioner",
                               .number = 4,
                               .does = "tells departments which measures to impose, rest, resume, stop or "
                                       "undo, follows their feedback, and sends refusals home",
                               .inputs = inputs,
                               .input_count = 1,
                               .outputs = outputs,
                               .output_count = CX_SANCTIONER_OUTPUTS,
                               .decide = cx_sanctioner_decide,
                               .keys = cx_sanctioner_keys,
                               .row_type = row_type,
                               .row_types = row_types,
                               .row_due = cx_sanctioner_due,
                               .row_due_head = CX_SANCTIONER_DUE_HEAD,
                               .policies = &cx_law_policy_ops};

int main(int argc, char **argv) {
    return cx_run_main(&stage, argc, argv);
}
