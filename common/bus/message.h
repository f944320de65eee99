/* A message read from the bus. Views point into it; release it once, when nothing looks at them. */
#ifndef CX_BUS_MESSAGE_H
#define CX_BUS_MESSAGE_H

#include "common/base/time.h"
#include "common/base/view.h"

typedef struct cx_message {
    void *handle; /* the bus's own; NULL once released */
    cx_view topic;
    int32_t partition;
    int64_t offset;
    cx_view key;       /* p NULL: none */
    cx_view value;     /* p NULL: none (a tombstone) */
    cx_time timestamp; /* ms since 1970; CX_NO_TIME where the broker has none */
} cx_message;

/* Releases it and clears *message; nothing where it holds nothing. Any thread. */
void cx_message_release(cx_message *message);

#endif
