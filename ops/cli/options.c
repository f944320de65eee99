#include "ops/cli/options.h"

#include <string.h>

bool cx_take_text(const cx_text_option *options, size_t n, int argc, char **argv, int *i) {
    for (size_t k = 0; k < n && *i + 1 < argc; k++)
        if (strcmp(argv[*i], options[k].name) == 0) {
            *options[k].text = argv[++*i];
            return true;
        }
    return false;
}
