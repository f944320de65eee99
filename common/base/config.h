/* Settings: defaults < /etc/chengxin/chengxin.properties < the file that CHENGXIN_CONFIG names
 * < --config FILE < CHENGXIN_* < flags.
 *
 * The table of keys is common/base/settings.h. In a file: key = value, # begins a comment line. In the
 * environment: CHENGXIN_ and the key in capitals, '.' as '_' (CHENGXIN_LOG_LEVEL). As a flag: --key value or
 * --key=value. A value that does not fit its row is CX_CONFIG with one sentence that names key, source and
 * what is allowed; an unknown key in a file or a flag likewise. Values of keys that hold "password" or
 * "secret" are never shown. Not thread-safe while being filled; read-only afterwards.
 */
#ifndef CX_BASE_CONFIG_H
#define CX_BASE_CONFIG_H

#include <stdbool.h>

#include "common/base/error.h"

typedef struct cx_config cx_config;

typedef enum cx_config_type {
    CX_CONFIG_TEXT,
    CX_CONFIG_INTEGER,
    CX_CONFIG_BOOLEAN,
    CX_CONFIG_CHOICE,
    CX_CONFIG_PATH
} cx_config_type;

typedef struct cx_config_row {
    const char *key;
    cx_config_type type;
    int64_t least, most;
    const char *value; /* the default */
    const char *description;
} cx_config_row;

/* The table itself, for manuals; *n becomes the number of rows. */
const cx_config_row *cx_config_rows(size_t *n);

/* Only the defaults. NULL when out of memory. */
cx_config *cx_config_new(void);
void cx_config_destroy(cx_config **config);

/* Whether there may be a setting of that name: in the table, or passed through. */
bool cx_config_is_key(const char *key);
/* One setting from `source` ("flag", a file's name ...). CX_CONFIG, CX_OUT_OF_MEMORY. */
cx_rc cx_config_set(cx_config *config, const char *key, const char *value, const char *source, cx_err *err);
/* CX_FILE when it cannot be read; CX_CONFIG with the line's number. */
cx_rc cx_config_read_file(cx_config *config, const char *path, cx_err *err);
/* environment: "NAME=value" strings up to a NULL. Unknown CHENGXIN_ names belong to somebody else. */
cx_rc cx_config_read_environment(cx_config *config, char *const *environment, cx_err *err);
/* All the sources, in order. Flags that are settings are taken out of argv (*argc shrinks; argv[0] and
 * whatever else is not a setting stay, in order); an unknown --flag is left to the caller. */
cx_rc cx_config_take(cx_config *config, int *argc, char **argv, char *const *environment, cx_err *err);

/* The value in force. The key must be in the table (an assertion), or begin with "kafka.". */
const char *cx_config_text(const cx_config *config, const char *key);
int64_t cx_config_integer(const cx_config *config, const char *key);
bool cx_config_boolean(const cx_config *config, const char *key);
/* Whether anything but the default gave it. */
bool cx_config_is_set(const cx_config *config, const char *key);

/* Every setting in force, in the table's order, then the passed-through ones. Secrets come as "***" where
 * `for_show`. Stops at the first failure. */
typedef cx_rc (*cx_config_visit)(void *context, const char *key, const char *value, const char *source);
cx_rc cx_config_each(const cx_config *config, bool for_show, cx_config_visit visit, void *context);

#endif
