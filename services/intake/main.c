/* chengxin-intake: form and pseudonym; identity and free text come off. */
#include "common/run/about.h"
#include "common/run/run.h"
#include "schemas/types.h"
#include "services/intake/decide.h"
#include "services/intake/seal.h"

static const cx_input inputs[] = {
    {.topic = "credit.in.",
     .by_department = true,
     .type = &cx_credit_event_type,
     .about = cx_about_credit_event},
    {.topic = "credit.redrive.", .by_department = true, .type = &cx_redrive_type, .again = &inputs[0]},
};

static const cx_output outputs[] = {
    [CX_INTAKE_RECORDS] = {CX_OUTPUT_TOPIC, "credit.records", &cx_event_type, .own = false},
    [CX_INTAKE_IDENTITIES] = {CX_OUTPUT_TOPIC, "credit.identities", &cx_identity_type, .own = false},
    [CX_INTAKE_REJECTED] = {CX_OUTPUT_BY_DEPARTMENT, "credit.rejected.", &cx_rejection_type,
                            .rejections = true},
};

static const cx_stage stage = {
    .name = "intake",
    .number = 0,
    .does = "checks the form of what departments send, and takes identity and free text off it",
    .inputs = inputs,
    .input_count = sizeof inputs / sizeof inputs[0],
    .outputs = outputs,
    .output_count = CX_INTAKE_OUTPUTS,
    .decide = cx_intake_decide,
    .side_topic = "credit.operations",
    .side_type = &cx_act_type,
    .side_wanted = cx_intake_erasures,
    .hooks = &cx_intake_hooks,
    .reject = cx_intake_reject,
};

int main(int argc, char **argv) {
    return cx_run_main(&stage, argc, argv);
}
