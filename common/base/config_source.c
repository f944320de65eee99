/* Where settings come from: files, the environment, flags. */
#include "common/base/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/view.h"

enum { LINE_MAX_BYTES = 8192 };
static const char system_file[] = "/etc/chengxin/chengxin.properties";
static const char env_prefix[] = "CHENGXIN_";

/* One line of a properties file. */
static cx_rc read_line(cx_config *config, char *line, const char *source, cx_err *err) {
    cx_view text = cx_view_trim(cx_view_of(line));
    if (text.n == 0 || text.p[0] == '#')
        return CX_OK;
    if (memchr(text.p, '=', text.n) == NULL)
        return cx_fail(err, CX_CONFIG, "a line must read key = value");
    cx_view value;
    cx_view key = cx_view_trim(cx_view_split(text, '=', &value));
    value = cx_view_trim(value);
    char *k = strndup(key.p, key.n);
    char *v = value.n > 0 ? strndup(value.p, value.n) : strdup("");
    cx_rc rc = k == NULL || v == NULL ? cx_fail(err, CX_OUT_OF_MEMORY, NULL)
                                      : cx_config_set(config, k, v, source, err);
    free(k);
    free(v);
    return rc;
}

cx_rc cx_config_read_file(cx_config *config, const char *path, cx_err *err) {
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return cx_fail(err, CX_FILE, "%s: %s", path, strerror(errno));
    cx_rc rc = CX_OK;
    char line[LINE_MAX_BYTES];
    for (int number = 1; rc == CX_OK && fgets(line, sizeof line, file) != NULL; number++) {
        cx_err inner = {0};
        rc = read_line(config, line, path, &inner);
        if (rc != CX_OK)
            rc = cx_fail(err, rc, "%s, line %d: %s", path, number, inner.text);
    }
    if (rc == CX_OK && ferror(file))
        rc = cx_fail(err, CX_FILE, "%s cannot be read", path);
    (void)fclose(file);
    return rc;
}

/* Whether an environment name (after the prefix) is the key's. */
static bool is_env_name(const char *name, size_t n, const char *key) {
    if (strlen(key) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = key[i] == '.' || key[i] == '-' ? '_' : (char)toupper((unsigned char)key[i]);
        if (c != name[i])
            return false;
    }
    return true;
}

static cx_rc read_variable(cx_config *config, const char *name, size_t n, const char *value, cx_err *err) {
    size_t count;
    const cx_config_row *rows = cx_config_rows(&count);
    for (size_t i = 0; i < count; i++)
        if (is_env_name(name, n, rows[i].key))
            return cx_config_set(config, rows[i].key, value, "environment", err);
    if (n <= 6 || strncmp(name, "KAFKA_", 6) != 0)
        return CX_OK;
    char key[256];
    if (n >= sizeof key)
        return cx_fail(err, CX_CONFIG, "a name in the environment is too long");
    for (size_t i = 0; i < n; i++)
        key[i] = name[i] == '_' ? '.' : (char)tolower((unsigned char)name[i]);
    key[n] = '\0';
    return cx_config_set(config, key, value, "environment", err);
}

cx_rc cx_config_read_environment(cx_config *config, char *const *environment, cx_err *err) {
    for (; environment != NULL && *environment != NULL; environment++) {
        const char *equals = strchr(*environment, '=');
        if (equals == NULL || strncmp(*environment, env_prefix, sizeof env_prefix - 1) != 0)
            continue;
        const char *name = *environment + sizeof env_prefix - 1;
        CX_TRY(read_variable(config, name, (size_t)(equals - name), equals + 1, err));
    }
    return CX_OK;
}

/* Takes the flag at argv[*i] where it is a setting, or --config; *used becomes the arguments it took. */
static cx_rc take_flag(cx_config *config, int argc, char **argv, int i, bool only_config, int *used,
                       cx_err *err) {
    *used = 0;
    if (strncmp(argv[i], "--", 2) != 0 || argv[i][2] == '\0')
        return CX_OK;
    const char *equals = strchr(argv[i], '=');
    size_t n = equals != NULL ? (size_t)(equals - argv[i]) - 2 : strlen(argv[i]) - 2;
    char key[256];
    if (n >= sizeof key)
        return CX_OK;
    (void)memcpy(key, argv[i] + 2, n);
    key[n] = '\0';
    bool is_config = strcmp(key, "config") == 0;
    if (!is_config && !cx_config_is_key(key))
        return CX_OK;
    if (equals == NULL && i + 1 >= argc)
        return cx_fail(err, CX_CONFIG, "--%s needs a value", key);
    *used = equals != NULL ? 1 : 2;
    if (is_config != only_config)
        return CX_OK;
    const char *value = equals != NULL ? equals + 1 : argv[i + 1];
    return is_config ? cx_config_read_file(config, value, err)
                     : cx_config_set(config, key, value, "flag", err);
}

static cx_rc read_flags(cx_config *config, int argc, char **argv, bool only_config, int *kept, cx_err *err) {
    *kept = argc > 0 ? 1 : 0;
    for (int i = 1; i < argc;) {
        int used = 0;
        if (strcmp(argv[i], "--") == 0) { /* what follows is not ours */
            while (i < argc)
                argv[only_config ? i : (*kept)++] = argv[i], i++;
            break;
        }
        CX_TRY(take_flag(config, argc, argv, i, only_config, &used, err));
        if (used == 0 && !only_config)
            argv[(*kept)++] = argv[i];
        i += used == 0 ? 1 : used;
    }
    return CX_OK;
}

/* The file that CHENGXIN_CONFIG names: so every command finds the instance of ./ops/up. */
static cx_rc read_named_file(cx_config *config, char *const *environment, cx_err *err) {
    static const char name[] = "CHENGXIN_CONFIG=";
    for (; environment != NULL && *environment != NULL; environment++)
        if (strncmp(*environment, name, sizeof name - 1) == 0)
            return cx_config_read_file(config, *environment + sizeof name - 1, err);
    return CX_OK;
}

cx_rc cx_config_take(cx_config *config, int *argc, char **argv, char *const *environment, cx_err *err) {
    int kept = 0;
    if (access(system_file, F_OK) == 0)
        CX_TRY(cx_config_read_file(config, system_file, err));
    CX_TRY(read_named_file(config, environment, err));
    CX_TRY(read_flags(config, *argc, argv, true, &kept, err));
    CX_TRY(cx_config_read_environment(config, environment, err));
    CX_TRY(read_flags(config, *argc, argv, false, &kept, err));
    *argc = kept;
    argv[kept] = NULL;
    return CX_OK;
}
