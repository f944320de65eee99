/* chengxin-classifier: what the policy pack in force says of each event. */
#include "common/run/about.h"
#include "common/run/run.h"
#include "schemas/types.h"
#include "services/classifier/decide.h"
#include "services/policies.h"

static const cx_input inputs[] = {
    {.topic = "credit.records", .type = &cx_event_type, .about = cx_about_event}};

static const cx_output outputs[] = {
    [CX_CLASSIFIER_CLASSIFIED] = {CX_OUTPUT_TOPIC, "credit.classified", &cx_classified_type, .own = true},
};

static const cx_stage stage = {
    .name = "classifier",
    .number = 2,
    .does = "says of each event what the policy pack in force says of it: whether its sender may report it, "
            "its direction, grade and list candidate",
    .inputs = inputs,
    .input_count = 1,
    .outputs = outputs,
    .output_count = CX_CLASSIFIER_OUTPUTS,
    .decide = cx_classifier_decide,
    .policies = &cx_law_policy_ops,
};

int main(int argc, char **argv) {
    return cx_run_main(&stage, argc, argv);
}
