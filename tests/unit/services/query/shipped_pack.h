/* The pack that tests of the query service ask: Shijiazhuang's, as it is shipped. cmocka's group fixtures. */
#ifndef TESTS_UNIT_SERVICES_QUERY_SHIPPED_PACK_H
#define TESTS_UNIT_SERVICES_QUERY_SHIPPED_PACK_H

#include "common/base/arena.h"
#include "common/law/pack.h"

extern cx_arena *shipped_arena;
extern cx_pack *shipped_pack;

int open_shipped_pack(void **state);
int close_shipped_pack(void **state);

#endif
