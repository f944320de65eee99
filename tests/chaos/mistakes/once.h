/* A death at the wrong moment, once: for the seeded mistakes. */
#ifndef TESTS_CHAOS_MISTAKES_ONCE_H
#define TESTS_CHAOS_MISTAKES_ONCE_H

#include <stdbool.h>

/* Whether the process is to die of its mistake still: the file $CX_MISTAKE.<name> is not there yet. */
bool cx_mistake_waits(const char *name);
/* Writes that file and ends the process as a kill -9 would. */
void cx_mistake_die(const char *name);

#endif
