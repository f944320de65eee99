/* The model's own small packs, read from tests/model: independent of the packs that are deployed. */
#ifndef TESTS_MODEL_PACKS_H
#define TESTS_MODEL_PACKS_H

#include "common/law/pack.h"

/* Loads a pack's folder, laid over its parent's (NULL: none). The hash is made of `number`, so that each pack
 * of a test has its own. FILE, PACK_INVALID and the like. */
CX_MUST_CHECK cx_rc cx_model_pack(const char *parent, const char *folder, uint8_t number, cx_pack **out,
                                  cx_err *err);

#endif
