#include "common/law/region.h"

#include <stddef.h>

enum { PROVINCE = 10000, PREFECTURE = 100, TEST_PROVINCE = 99 };

/* Prefecture-level numbers (third and fourth digit) that a province has or had: GB 2260-80 to GB/T 2260-2007
 * and the changes published since. 01 to 20: cities; 21 to 59: prefectures, leagues, autonomous
 * prefectures; 90: counties directly under the province; 00: the province itself (4600xx, Hainan's
 * counties before 2003). */
static const struct {
    int province;
    int low;
    int high;
} ranges[] = {
    {11, 1, 2},   {12, 1, 2},   {13, 1, 11},  {13, 21, 30}, {13, 90, 90}, {14, 1, 11},  {14, 21, 28},
    {15, 1, 9},   {15, 21, 29}, {21, 1, 14},  {21, 21, 24}, {21, 90, 90}, {22, 1, 8},   {22, 21, 26},
    {22, 90, 90}, {23, 1, 12},  {23, 21, 28}, {23, 90, 90}, {31, 1, 2},   {32, 1, 13},  {32, 21, 28},
    {32, 90, 90}, {33, 1, 11},  {33, 21, 27}, {33, 90, 90}, {34, 1, 18},  {34, 21, 29}, {34, 90, 90},
    {35, 1, 9},   {35, 21, 27}, {35, 90, 90}, {36, 1, 11},  {36, 21, 26}, {36, 90, 90}, {37, 1, 17},
    {37, 21, 29}, {37, 90, 90}, {41, 1, 17},  {41, 21, 30}, {41, 90, 90}, {42, 1, 13},  {42, 21, 31},
    {42, 90, 90}, {43, 1, 13},  {43, 21, 31}, {43, 90, 90}, {44, 1, 20},  {44, 21, 29}, {44, 51, 53},
    {44, 90, 90}, {45, 1, 14},  {45, 21, 28}, {45, 90, 90}, {46, 0, 4},   {46, 90, 90}, {50, 1, 3},
    {51, 1, 39},  {51, 90, 90}, {52, 1, 6},   {52, 21, 27}, {52, 90, 90}, {53, 1, 9},   {53, 21, 35},
    {53, 90, 90}, {54, 1, 6},   {54, 21, 27}, {61, 1, 10},  {61, 21, 27}, {61, 90, 90}, {62, 1, 12},
    {62, 21, 30}, {62, 90, 90}, {63, 1, 2},   {63, 21, 28}, {64, 1, 5},   {64, 21, 23}, {65, 1, 5},
    {65, 21, 32}, {65, 40, 43}, {65, 90, 90}, {71, 0, 99},  {81, 0, 0},   {82, 0, 0},   {83, 0, 0},
};

bool cx_region_existed(int code) {
    if (code < 0 || code > 999999)
        return false;
    int province = code / PROVINCE, prefecture = code / PREFECTURE % 100;
    bool whole_province = code % PROVINCE == 0; /* an authority of the province itself */
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (ranges[i].province == province &&
            (whole_province || (prefecture >= ranges[i].low && prefecture <= ranges[i].high)))
            return true;
    return code == 100000; /* national authorities register under it */
}

bool cx_region_is_test(int code) {
    return code / PROVINCE == TEST_PROVINCE;
}
