#include "common/base/log.h"

#include <log4c.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/base/view.h"

/* Every byte of a text may become \u00XX, beside the fixed parts of the line. */
enum { LINE_BYTES = 6 * CX_LOG_TEXT + 512 };

static log4c_category_t *category;
static char service_name[64];
static int slot_number;
static cx_log_level least = CX_LOG_INFO;

static const int priorities[] = {LOG4C_PRIORITY_ERROR, LOG4C_PRIORITY_WARN, LOG4C_PRIORITY_INFO,
                                 LOG4C_PRIORITY_DEBUG};
static const char *const level_names[] = {"error", "warn", "info", "debug"};

size_t cx_log_escape(const char *text, char *out, size_t size) {
    static const char hex[] = "0123456789abcdef";
    CX_ASSERT(size >= 8);
    bool utf8 = cx_view_is_utf8(cx_view_of(text));
    size_t n = 0;
    for (; *text != '\0' && n + 7 <= size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            out[n++] = '\\';
            out[n++] = (char)c;
        } else if (c < 0x20 || c == 0x7f) {
            (void)memcpy(out + n, "\\u00", 4);
            out[n + 4] = hex[c >> 4];
            out[n + 5] = hex[c & 15];
            n += 6;
        } else {
            out[n++] = c >= 0x80 && !utf8 ? '?' : (char)c;
        }
    }
    while (utf8 && *text != '\0' && n > 0 &&
           ((unsigned char)*text & 0xc0) == 0x80) /* cut inside a character */
        n--, text--;
    out[n] = '\0';
    return n;
}

static const char *level_of(int priority) {
    for (size_t i = 0; i < sizeof priorities / sizeof priorities[0]; i++)
        if (priority <= priorities[i])
            return level_names[i];
    return "debug";
}

static const char *format_line(const log4c_layout_t *layout, const log4c_logging_event_t *event) {
    static _Thread_local char line[LINE_BYTES];
    (void)layout;
    struct tm at;
    char text[6 * CX_LOG_TEXT + 8];
    (void)gmtime_r(&event->evt_timestamp.tv_sec, &at);
    (void)cx_log_escape(event->evt_msg, text, sizeof text);
    (void)snprintf(line, sizeof line,
                   "{\"time\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\",\"service\":\"%s\","
                   "\"slot\":%d,\"message\":\"%s\"}\n",
                   at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
                   (int)(event->evt_timestamp.tv_usec / 1000), level_of(event->evt_priority), service_name,
                   slot_number, text);
    return line;
}

/* One write for a line, so that two threads' lines never mix. */
static int append_line(log4c_appender_t *appender, const log4c_logging_event_t *event) {
    (void)appender;
    const char *line = event->evt_rendered_msg;
    ssize_t n = write(STDERR_FILENO, line, strlen(line));
    return n < 0 ? -1 : 0;
}

static const log4c_layout_type_t layout_type = {"cx_json", format_line};
static const log4c_appender_type_t appender_type = {"cx_stderr", NULL, append_line, NULL};

cx_rc cx_log_open(const char *service, int slot, const char *level, cx_err *err) {
    size_t wanted = 0;
    while (wanted < sizeof level_names / sizeof level_names[0] && strcmp(level_names[wanted], level) != 0)
        wanted++;
    if (wanted == sizeof level_names / sizeof level_names[0])
        return cx_fail(err, CX_CONFIG, "log.level must be error, warn, info or debug");
    (void)cx_log_escape(service, service_name, sizeof service_name);
    slot_number = slot;
    least = (cx_log_level)wanted;
    (void)log4c_layout_type_set(&layout_type);
    (void)log4c_appender_type_set(&appender_type);
    log4c_layout_t *layout = log4c_layout_get("cx_json");
    log4c_appender_t *appender = log4c_appender_get("cx_stderr");
    log4c_category_t *made = log4c_category_get("chengxin");
    if (layout == NULL || appender == NULL || made == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    (void)log4c_layout_set_type(layout, &layout_type);
    (void)log4c_appender_set_type(appender, &appender_type);
    (void)log4c_appender_set_layout(appender, layout);
    (void)log4c_category_set_appender(made, appender);
    (void)log4c_category_set_additivity(made, 0);
    (void)log4c_category_set_priority(made, priorities[wanted]);
    category = made;
    return CX_OK;
}

bool cx_log_is_on(cx_log_level level) {
    return level <= least;
}

void cx_log(cx_log_level level, const char *format, ...) {
    if (!cx_log_is_on(level))
        return;
    char text[CX_LOG_TEXT];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (category != NULL) {
        log4c_category_log(category, priorities[level], "%s", text);
        return;
    }
    char safe[6 * CX_LOG_TEXT + 8];
    (void)cx_log_escape(text, safe, sizeof safe);
    (void)fprintf(stderr, "{\"level\":\"%s\",\"message\":\"%s\"}\n", level_names[level], safe);
}

void cx_log_failure(cx_log_level level, const char *context, const cx_err *err) {
    const char *advice = cx_rc_advice(err->rc);
    cx_log(level, "%s: %s: %s%s%s", context, cx_rc_name(err->rc), err->text, advice[0] != '\0' ? "; " : "",
           advice);
}
