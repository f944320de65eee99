/* Zones by name, as far as a fixed offset stands for them. */
#include "common/rules/temporal.h"

static const struct {
    cx_view name;
    int32_t offset;
} zones[] = {{{"Asia/Shanghai", 13}, 28800},
             {{"Asia/Hong_Kong", 14}, 28800},
             {{"Asia/Macau", 10}, 28800},
             {{"Asia/Taipei", 11}, 28800},
             {{"Asia/Tokyo", 10}, 32400},
             {{"Asia/Singapore", 14}, 28800},
             {{"Etc/UTC", 7}, 0},
             {{"UTC", 3}, 0},
             {{"Etc/GMT", 7}, 0},
             {{"GMT", 3}, 0},
             {{"Asia/Kolkata", 12}, 19800}};

uint16_t cx_zone_find(cx_view name, int32_t *offset) {
    for (uint16_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (cx_view_eq(name, zones[i].name)) {
            *offset = zones[i].offset;
            return (uint16_t)(i + 1);
        }
    return 0;
}

cx_view cx_zone_name(uint16_t zone) {
    CX_ASSERT(zone >= 1 && zone <= sizeof zones / sizeof zones[0]);
    return zones[zone - 1].name;
}
