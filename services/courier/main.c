/* chengxin-courier: notices and refusals onto the departments' own topics, identity on again. */
#include "common/run/about.h"
#include "common/run/run.h"
#include "schemas/types.h"
#include "services/courier/decide.h"
#include "services/courier/seal.h"

static const cx_input inputs[] = {
    {.topic = "credit.notices", .type = &cx_dispatch_type, .about = cx_about_dispatch}};

static const cx_output outputs[] = {
    [CX_COURIER_NOTICES] = {CX_OUTPUT_BY_DEPARTMENT, "credit.notices.", &cx_notice_type, .own = true,
                            .headers = true},
    [CX_COURIER_REJECTED] = {CX_OUTPUT_BY_DEPARTMENT, "credit.rejected.", &cx_rejection_type,
                             .rejections = true, .headers = true},
};

static const cx_stage stage = {.name = "courier",
                               .number = 5,
                               .does = "puts notices and refusals on the departments' own topics, with the "
                                       "department's reference and the sealed identity",
                               .inputs = inputs,
                               .input_count = 1,
                               .outputs = outputs,
                               .output_count = CX_COURIER_OUTPUTS,
                               .decide = cx_courier_decide,
                               .keys = cx_courier_keys,
                               .side_topic = "credit.identities",
                               .side_type = &cx_identity_type,
                               .hooks = &cx_courier_hooks};

int main(int argc, char **argv) {
    return cx_run_main(&stage, argc, argv);
}
