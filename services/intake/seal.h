/* Intake's step before decide: the only place where identifiers, names and free text are seen in clear.
 *
 * Checks identifiers, computes pseudonyms, opens references, hashes the event and seals identity, names and
 * text for the vault. Keys: pseudonym.key, reference.key and vault.pub of the setting vault.dir.
 */
#ifndef SERVICES_INTAKE_SEAL_H
#define SERVICES_INTAKE_SEAL_H

#include "common/run/stage.h"

extern const cx_hooks cx_intake_hooks;
/* Of credit.operations: what was erased, under the subject's pseudonym. What came before stays erased,
 * whenever it is read. */
bool cx_intake_erasures(cx_view key);

#endif
