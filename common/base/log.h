/* Logs: one line = one JSON object on standard error, by log4c with a layout and an appender of our own
 * (its own layouts share a buffer and let a newline in a text forge a line).
 *
 * {"time":"...Z","level":"info","service":"classifier","slot":0,"message":"..."}
 *
 * Bytes below 0x20, 0x7f, quotes and backslashes are escaped; what is not UTF-8 becomes '?'. A message is
 * cut at CX_LOG_TEXT bytes. Never log an identifier, a name or free text of an event. Every function may
 * be called from any thread after cx_log_open; before it, messages go out with an empty service.
 */
#ifndef CX_BASE_LOG_H
#define CX_BASE_LOG_H

#include <stdbool.h>

#include "common/base/error.h"

enum { CX_LOG_TEXT = 1024 };

typedef enum cx_log_level { CX_LOG_ERROR, CX_LOG_WARN, CX_LOG_INFO, CX_LOG_DEBUG } cx_log_level;

/* level: "error", "warn", "info" or "debug". CX_CONFIG for another; CX_OUT_OF_MEMORY. Once a process. */
cx_rc cx_log_open(const char *service, int slot, const char *level, cx_err *err);
void cx_log(cx_log_level level, const char *format, ...) CX_PRINTF(2, 3);
bool cx_log_is_on(cx_log_level level);

#define cx_log_error(...) cx_log(CX_LOG_ERROR, __VA_ARGS__)
#define cx_log_warn(...) cx_log(CX_LOG_WARN, __VA_ARGS__)
#define cx_log_info(...) cx_log(CX_LOG_INFO, __VA_ARGS__)
#define cx_log_debug(...) cx_log(CX_LOG_DEBUG, __VA_ARGS__)

/* A failure with its code, its text and what to do. */
void cx_log_failure(cx_log_level level, const char *context, const cx_err *err);

/* `text` as the inside of a JSON string, NUL-terminated, cut before an escape that would not fit in
 * `size` bytes (at least 8). Returns the length. Pure. */
size_t cx_log_escape(const char *text, char *out, size_t size);

#endif
