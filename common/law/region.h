/* GB/T 2260 regions, present and historic, as far as identifiers need them. Pure; thread-safe. */
#ifndef CX_LAW_REGION_H
#define CX_LAW_REGION_H

#include <stdbool.h>

/* Whether a six-digit code has ever been a region of China, at the level of province and prefecture:
 * the first two digits must be a province-level code, the first four a prefecture-level code that
 * exists or existed since 1980 (GB 2260-80 and later). County digits are accepted within a
 * prefecture, since the county-level list changes every year and abolished codes stay valid in citizen
 * numbers. Hong Kong, Macao and Taiwan (81, 82, 83) are those of residence permits. */
bool cx_region_existed(int code);
/* 99xxxx: never assigned; identifiers of tests and demonstrations lie there. */
bool cx_region_is_test(int code);

#endif
