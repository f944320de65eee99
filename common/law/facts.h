/* What kinds of information may be collected, by the names of facts and items.
 *
 * Forbidden: religion, genes, fingerprints and other biometrics, blood type, illness (征信业管理条例 art.
 * 14), social contacts, consumption, travel and housing profiles, public-security violation records
 * (治安管理处罚法 art. 136). Sensitive: income, deposits, securities, insurance, real estate, tax paid, which
 * need the subject's written consent (征信业管理条例 art. 14). Names are compared without regard to case; a
 * fact is caught when its name holds one of the words: an English one between separators, a Chinese one
 * anywhere. Pure; thread-safe.
 */
#ifndef CX_LAW_FACTS_H
#define CX_LAW_FACTS_H

#include "common/base/view.h"

typedef enum cx_sensitivity {
    CX_FACT_ORDINARY,
    CX_FACT_SENSITIVE,
    CX_FACT_FORBIDDEN,
    CX_FACT_REPORTER
} cx_sensitivity;

/* name: a fact's name. Items are no matter of names: only what the catalog holds is accepted. */
cx_sensitivity cx_fact_sensitivity(cx_view name);

#endif
