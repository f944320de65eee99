#include "services/history/history.h"

int main(int argc, char **argv) {
    return cx_sink_main(&cx_history_sink, argc, argv);
}
