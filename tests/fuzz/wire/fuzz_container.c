/* Any bytes as a container file; its records are read by the schema of CreditEvent, whatever the file says.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/wire/container.h"
#include "schemas/types.h"

enum { MOST_RECORDS = 10000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static cx_plan *plan;
static cx_arena *arena;

static void read_all(cx_container_reader *reader) {
    bool more = true;
    cx_rc rc = CX_OK;
    for (int i = 0; i < MOST_RECORDS && more && rc != CX_FILE; i++) {
        cx_credit_event event;
        cx_view datum = {NULL, 0};
        cx_err err = {0};
        rc = cx_container_next(reader, plan, arena, &event, &datum, &more, &err);
        CX_ASSERT(rc == CX_OK || err.text[0] != '\0');
        CX_ASSERT(rc != CX_OK || !more || datum.n > 0);
        cx_arena_reset(arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    char path[64];
    cx_container_reader *reader;
    cx_err err = {0};
    if (arena == NULL) {
        arena = cx_arena_new(0);
        CX_ASSERT(cx_plan_compile((cx_view){NULL, 0}, &cx_credit_event_type, &plan, NULL) == CX_OK);
    }
    int file = memfd_create("container", 0);
    CX_ASSERT(file >= 0 && (size_t)write(file, data, n) == n);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (cx_container_open(path, &reader, &err) == CX_OK)
        read_all(reader);
    cx_container_reader_destroy(&reader);
    (void)close(file);
    return 0;
}
