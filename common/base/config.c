#include "common/base/config.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/settings.h"
#include "common/base/view.h"

static const cx_config_row rows[] = {
#define CX_X(key, type, least, most, value, description)                                                     \
    {key, CX_CONFIG_##type, least, most, value, description},
    CX_SETTINGS(CX_X)
#undef CX_X
};

enum { ROWS = sizeof rows / sizeof rows[0] };
static const char pass_through[] = "kafka.";

struct setting {
    char *value; /* NULL: the default */
    char *source;
};

struct extra { /* a passed-through key */
    struct extra *next;
    char *key;
    struct setting setting;
};

struct cx_config {
    struct setting settings[ROWS];
    struct extra *extras;
};

const cx_config_row *cx_config_rows(size_t *n) {
    *n = ROWS;
    return rows;
}

cx_config *cx_config_new(void) {
    return calloc(1, sizeof(cx_config));
}

static void clear(struct setting *setting) {
    free(setting->value);
    free(setting->source);
    *setting = (struct setting){NULL, NULL};
}

void cx_config_destroy(cx_config **config) {
    if (*config == NULL)
        return;
    for (size_t i = 0; i < ROWS; i++)
        clear(&(*config)->settings[i]);
    for (struct extra *e = (*config)->extras; e != NULL;) {
        struct extra *next = e->next;
        clear(&e->setting);
        free(e->key);
        free(e);
        e = next;
    }
    free(*config);
    *config = NULL;
}

static int row_of(const char *key) {
    for (int i = 0; i < ROWS; i++)
        if (strcmp(rows[i].key, key) == 0)
            return i;
    return -1;
}

static bool passes_through(const char *key) {
    return strncmp(key, pass_through, sizeof pass_through - 1) == 0 && key[sizeof pass_through - 1] != '\0';
}

bool cx_config_is_key(const char *key) {
    return row_of(key) >= 0 || passes_through(key);
}

/* Whether value is one of the choices at the end of the row's description. */
static bool is_choice(const cx_config_row *row, const char *value) {
    const char *colon = strrchr(row->description, ':');
    CX_ASSERT(colon != NULL);
    cx_view rest = cx_view_trim(cx_view_of(colon + 1));
    while (rest.n > 0)
        if (cx_view_is(cx_view_split(rest, '|', &rest), value))
            return true;
    return false;
}

static cx_rc check(const cx_config_row *row, const char *value, const char *source, cx_err *err) {
    int64_t number = 0;
    switch (row->type) {
    case CX_CONFIG_INTEGER:
        if (!cx_view_to_int64(cx_view_of(value), &number) || number < row->least || number > row->most)
            return cx_fail(err, CX_CONFIG, "%s must be a number from %lld to %lld (set by %s)", row->key,
                           (long long)row->least, (long long)row->most, source);
        return CX_OK;
    case CX_CONFIG_BOOLEAN:
        if (strcmp(value, "true") != 0 && strcmp(value, "false") != 0)
            return cx_fail(err, CX_CONFIG, "%s must be true or false (set by %s)", row->key, source);
        return CX_OK;
    case CX_CONFIG_CHOICE:
        if (!is_choice(row, value))
            return cx_fail(err, CX_CONFIG, "%s must be one of%s (set by %s)", row->key,
                           strrchr(row->description, ':') + 1, source);
        return CX_OK;
    case CX_CONFIG_TEXT:
    case CX_CONFIG_PATH:
        if (row->most > 0 && (strlen(value) < (size_t)row->least || strlen(value) > (size_t)row->most))
            return cx_fail(err, CX_CONFIG, "%s must have %lld to %lld characters (set by %s)", row->key,
                           (long long)row->least, (long long)row->most, source);
        return CX_OK;
    }
    return cx_fail(err, CX_CONFIG, "%s has no type", row->key);
}

static cx_rc replace(struct setting *setting, const char *value, const char *source, cx_err *err) {
    struct setting copy = {strdup(value), strdup(source)};
    if (copy.value == NULL || copy.source == NULL) {
        clear(&copy);
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    }
    clear(setting);
    *setting = copy;
    return CX_OK;
}

static struct extra *extra_of(const cx_config *config, const char *key) {
    struct extra *e = config->extras;
    while (e != NULL && strcmp(e->key, key) != 0)
        e = e->next;
    return e;
}

static cx_rc set_extra(cx_config *config, const char *key, const char *value, const char *source,
                       cx_err *err) {
    struct extra *e = extra_of(config, key);
    if (e == NULL) {
        e = calloc(1, sizeof *e);
        if (e == NULL || (e->key = strdup(key)) == NULL) {
            free(e);
            return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
        }
        struct extra **last = &config->extras;
        while (*last != NULL)
            last = &(*last)->next;
        *last = e;
    }
    return replace(&e->setting, value, source, err);
}

cx_rc cx_config_set(cx_config *config, const char *key, const char *value, const char *source, cx_err *err) {
    int row = row_of(key);
    if (row >= 0) {
        CX_TRY(check(&rows[row], value, source, err));
        return replace(&config->settings[row], value, source, err);
    }
    if (passes_through(key))
        return set_extra(config, key, value, source, err);
    return cx_fail(err, CX_CONFIG, "there is no setting \"%s\" (in %s); chengxin config lists them", key,
                   source);
}

const char *cx_config_text(const cx_config *config, const char *key) {
    int row = row_of(key);
    if (row >= 0)
        return config->settings[row].value != NULL ? config->settings[row].value : rows[row].value;
    CX_ASSERT(passes_through(key));
    const struct extra *e = extra_of(config, key);
    return e != NULL ? e->setting.value : "";
}

int64_t cx_config_integer(const cx_config *config, const char *key) {
    int64_t number = 0;
    bool is_number = cx_view_to_int64(cx_view_of(cx_config_text(config, key)), &number);
    CX_ASSERT(is_number);
    return number;
}

bool cx_config_boolean(const cx_config *config, const char *key) {
    return strcmp(cx_config_text(config, key), "true") == 0;
}

bool cx_config_is_set(const cx_config *config, const char *key) {
    int row = row_of(key);
    return row >= 0 ? config->settings[row].value != NULL : extra_of(config, key) != NULL;
}

static const char *shown(const char *key, const char *value, bool for_show) {
    bool secret = strstr(key, "password") != NULL || strstr(key, "secret") != NULL;
    return for_show && secret && value[0] != '\0' ? "***" : value;
}

cx_rc cx_config_each(const cx_config *config, bool for_show, cx_config_visit visit, void *context) {
    for (size_t i = 0; i < ROWS; i++) {
        const struct setting *s = &config->settings[i];
        const char *value = s->value != NULL ? s->value : rows[i].value;
        CX_TRY(visit(context, rows[i].key, shown(rows[i].key, value, for_show),
                     s->value != NULL ? s->source : "default"));
    }
    for (const struct extra *e = config->extras; e != NULL; e = e->next)
        CX_TRY(visit(context, e->key, shown(e->key, e->setting.value, for_show), e->setting.source));
    return CX_OK;
}
