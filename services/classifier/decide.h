/* Classifier: what the policy pack in force says of an event.
 *
 * Stamps the origin, checks catalog, reporter, basis and document, and judges by the pack's decision tables
 * (I-BASIS, I-LENIENT). A refusal is a verdict in the output: nothing is dropped. Ticks, activations and
 * derived events pass unclassified.
 */
#ifndef SERVICES_CLASSIFIER_DECIDE_H
#define SERVICES_CLASSIFIER_DECIDE_H

#include "common/base/step.h"
#include "common/law/judge.h"

enum { CX_CLASSIFIER_CLASSIFIED, CX_CLASSIFIER_OUTPUTS };

/* step->event: a cx_event; step->policies: a cx_policies. OUT_OF_MEMORY is the only failure. */
CX_MUST_CHECK cx_rc cx_classifier_decide(cx_step *step);

#endif
