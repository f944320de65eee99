/* The built-in functions of FEEL (DMN 1.5, 10.3.4). Internal to common/rules. */
#ifndef CX_RULES_BUILTIN_H
#define CX_RULES_BUILTIN_H

#include "common/rules/feel.h"

struct cx_eval;

enum { CX_BUILTIN_MANY = 255, CX_BUILTIN_NAMED = 8 };

typedef cx_value (*cx_builtin_fn)(struct cx_eval *e, const cx_value *args, size_t n);

struct cx_builtin {
    const char *name;
    /* Parameter names for calls by name, separated by commas; other forms behind "|". */
    const char *params;
    uint8_t least;
    uint8_t most;  /* CX_BUILTIN_MANY: any number */
    bool foldable; /* depends on its arguments alone */
    cx_builtin_fn fn;
};

/* All of them, sorted by nothing in particular. */
const cx_builtin *cx_builtin_table(size_t *n);
const cx_builtin *cx_builtin_named(cx_view name);
/* The position of the named parameter in form `form` (0, 1 ...), or -1; *forms becomes the number of forms.
 */
int cx_builtin_param(const cx_builtin *b, int form, cx_view name, int *forms);

/* Families, each in a file of its own. */
extern const cx_builtin cx_builtins_string[], cx_builtins_list[], cx_builtins_number[], cx_builtins_time[],
    cx_builtins_context[], cx_builtins_range[], cx_builtins_regex[];
extern const size_t cx_builtins_string_count, cx_builtins_list_count, cx_builtins_number_count,
    cx_builtins_time_count, cx_builtins_context_count, cx_builtins_range_count, cx_builtins_regex_count;

/* Simple case mapping of one code point; itself where it has none, or its script is not known here. */
uint32_t cx_case_mapped(uint32_t c, bool upper);

#endif
