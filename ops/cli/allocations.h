/* How often this thread asked the heap for memory.
 *
 * A program that links allocations.c has every call of malloc, calloc, realloc, aligned_alloc, posix_memalign
 * and memalign counted, whoever makes it: our code, libxml2, the C library itself. Built with a sanitizer,
 * which has a heap of its own, each block that is handed out is counted.
 */
#ifndef OPS_CLI_ALLOCATIONS_H
#define OPS_CLI_ALLOCATIONS_H

#include <stdint.h>

/* Since the thread began. */
uint64_t cx_allocations(void);

#endif
