/* The table of all built-in functions. */
#include "common/rules/builtin.h"

#include <pthread.h>

enum { MOST = 128 };

static cx_builtin all[MOST];
static size_t all_count;
static pthread_once_t gathered = PTHREAD_ONCE_INIT;

static void gather(void) {
    const struct {
        const cx_builtin *family;
        size_t n;
    } families[] = {
        {cx_builtins_string, cx_builtins_string_count},   {cx_builtins_list, cx_builtins_list_count},
        {cx_builtins_number, cx_builtins_number_count},   {cx_builtins_time, cx_builtins_time_count},
        {cx_builtins_context, cx_builtins_context_count}, {cx_builtins_range, cx_builtins_range_count},
        {cx_builtins_regex, cx_builtins_regex_count}};
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        for (size_t i = 0; i < families[f].n; i++) {
            CX_ASSERT(all_count < MOST);
            all[all_count++] = families[f].family[i];
        }
}

const cx_builtin *cx_builtin_table(size_t *n) {
    (void)pthread_once(&gathered, gather);
    *n = all_count;
    return all;
}

const cx_builtin *cx_builtin_named(cx_view name) {
    size_t n;
    const cx_builtin *table = cx_builtin_table(&n);
    for (size_t i = 0; i < n; i++)
        if (cx_view_is(name, table[i].name))
            return &table[i];
    return NULL;
}
