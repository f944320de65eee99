/* chengxin-registrar: every change of state of a subject's list entries, and why; refusals. */
#include "common/run/about.h"
#include "common/run/run.h"
#include "schemas/types.h"
#include "services/policies.h"
#include "services/registrar/decide.h"
#include "services/registrar/rows.h"

static const cx_input inputs[] = {
    {.topic = "credit.classified", .type = &cx_classified_type, .about = cx_about_classified}};

static const cx_output outputs[] = {
    [CX_REGISTRAR_DECIDED] = {CX_OUTPUT_TOPIC, "credit.decided", &cx_decided_type, .own = true},
    [CX_REGISTRAR_STATE] = {CX_OUTPUT_STATE, "credit.state", NULL, .own = true}, /* the key says its type */
    [CX_REGISTRAR_STATUS] = {CX_OUTPUT_TOPIC, "credit.status", &cx_status_type, .own = true},
    [CX_REGISTRAR_RECORDS] = {CX_OUTPUT_TOPIC, "credit.records", &cx_event_type, .own = false},
    [CX_REGISTRAR_COUNT] = {CX_OUTPUT_COUNT, NULL, NULL, .own = false},
};

static const cx_stage stage = {.name = "registrar",
                               .number = 3,
                               .does =
                                   "keeps every subject's records and list entries by the procedures of the "
                                   "lists, and says each change of their state and why, and each refusal",
                               .inputs = inputs,
                               .input_count = 1,
                               .outputs = outputs,
                               .output_count = CX_REGISTRAR_OUTPUTS,
                               .decide = cx_registrar_decide,
                               .keys = cx_registrar_keys,
                               .row_type = cx_registrar_row_type,
                               .row_types = cx_registrar_row_types,
                               .row_due = cx_registrar_due,
                               .row_due_head = CX_REGISTRAR_DUE_HEAD,
                               .row_walked = cx_registrar_walks,
                               .policies = &cx_law_policy_ops};

int main(int argc, char **argv) {
    return cx_run_main(&stage, argc, argv);
}
