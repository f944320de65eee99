#include "services/sink/writers.h"

#include <stdlib.h>

#include "common/base/log.h"
#include "common/run/follow.h"

struct cx_writers {
    cx_codec *codec;
    cx_follow *follow;
};

static cx_rc take(void *context, const cx_message *m, cx_err *err) {
    cx_writers *w = context;
    bool is_new = false;
    cx_err why = {0};
    cx_rc rc = m->value.p == NULL ? CX_OK : cx_codec_writer(w->codec, m->value, &is_new, &why);
    if (rc == CX_OUT_OF_MEMORY || rc == CX_CONFIG)
        return cx_fail(err, rc, "%s", why.text);
    if (rc != CX_OK)
        cx_log_failure(CX_LOG_WARN, "a published schema cannot be read", &why);
    return CX_OK;
}

cx_rc cx_writers_open(const cx_config *config, cx_codec *codec, cx_writers **out, cx_err *err) {
    static const char *const topics[] = {"credit.schemas"};
    cx_writers *w = *out = calloc(1, sizeof *w);
    if (w == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    w->codec = codec;
    cx_rc rc = cx_follow_open(config, topics, 1, take, w, &w->follow, err);
    if (rc == CX_OK)
        rc = cx_follow_to_ends(w->follow, err);
    if (rc != CX_OK)
        cx_writers_close(out);
    return rc;
}

void cx_writers_close(cx_writers **writers) {
    if (*writers == NULL)
        return;
    cx_follow_close(&(*writers)->follow);
    free(*writers);
    *writers = NULL;
}

cx_rc cx_writers_poll(cx_writers *w, cx_err *err) {
    return cx_follow_poll(w->follow, err);
}
