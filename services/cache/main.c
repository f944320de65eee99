#include "services/cache/cache.h"

int main(int argc, char **argv) {
    return cx_sink_main(&cx_cache_sink, argc, argv);
}
