#include "services/bridge/bridge.h"

int main(int argc, char **argv) {
    return cx_sink_main(&cx_bridge_sink, argc, argv);
}
