/* Sets of characters and their classes. */
#include "common/rules/builtin.h"
#include "common/rules/regex_program.h"

struct range {
    uint32_t low, high;
};

static bool within(const struct range *ranges, size_t n, uint32_t c) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > ranges[middle].high)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && c >= ranges[low].low;
}

#define WITHIN(table, c) within(table, sizeof(table) / sizeof(table)[0], c)

/* The digits zero of each script; nine more follow each of them (Unicode's class Nd). */
static bool is_digit(uint32_t c) {
    static const uint32_t zeros[] = {0x30,   0x660,  0x6F0,  0x7C0,  0x966,  0x9E6,  0xA66,  0xAE6,
                                     0xB66,  0xBE6,  0xC66,  0xCE6,  0xD66,  0xDE6,  0xE50,  0xED0,
                                     0xF20,  0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80,
                                     0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900,
                                     0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0};
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        if (c >= zeros[i] && c <= zeros[i] + 9)
            return true;
    return false;
}

static bool is_space(uint32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where a name of XML may begin (\i), and what more it may hold (\c). */
static bool is_name_start(uint32_t c) {
    static const struct range ranges[] = {
        {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
        {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
        {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
        {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
    return WITHIN(ranges, c);
}

static bool is_name_part(uint32_t c) {
    static const struct range ranges[] = {
        {'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};
    return is_name_start(c) || WITHIN(ranges, c);
}

/* Not punctuation, not a separator, not another kind of control. */
static bool is_word(uint32_t c) {
    static const struct range others[] = {
        {0, 0x23},        {0x25, 0x2A},     {0x2C, 0x2F},       {0x3A, 0x3B},       {0x3F, 0x40},
        {0x5B, 0x5D},     {0x5F, 0x5F},     {0x7B, 0x7B},       {0x7D, 0x7D},       {0x7F, 0xA1},
        {0xA7, 0xA7},     {0xAB, 0xAB},     {0xAD, 0xAD},       {0xB6, 0xB7},       {0xBB, 0xBB},
        {0xBF, 0xBF},     {0x37E, 0x37E},   {0x387, 0x387},     {0x55A, 0x55F},     {0x589, 0x58A},
        {0x1680, 0x1680}, {0x2000, 0x2043}, {0x2045, 0x2051},   {0x2053, 0x206F},   {0x3000, 0x3003},
        {0x3008, 0x3011}, {0x3014, 0x301F}, {0x3030, 0x3030},   {0x303D, 0x303D},   {0x30A0, 0x30A0},
        {0x30FB, 0x30FB}, {0xD800, 0xF8FF}, {0xFE10, 0xFE19},   {0xFE30, 0xFE61},   {0xFEFF, 0xFEFF},
        {0xFF01, 0xFF03}, {0xFF05, 0xFF0A}, {0xFF0C, 0xFF0F},   {0xFF1A, 0xFF1B},   {0xFF1F, 0xFF20},
        {0xFF3B, 0xFF3D}, {0xFF3F, 0xFF3F}, {0xFF5B, 0xFF5B},   {0xFF5D, 0xFF5D},   {0xFF5F, 0xFF65},
        {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE00FF}, {0xE01F0, 0x10FFFF}};
    return !WITHIN(others, c);
}

static bool in_class(char class, uint32_t c) {
    switch (class) {
    case 'd':
        return is_digit(c);
    case 'D':
        return !is_digit(c);
    case 's':
        return is_space(c);
    case 'S':
        return !is_space(c);
    case 'w':
        return is_word(c);
    case 'W':
        return !is_word(c);
    case 'i':
        return is_name_start(c);
    case 'I':
        return !is_name_start(c);
    case 'c':
        return is_name_part(c);
    default:
        return !is_name_part(c);
    }
}

static bool holds(const cx_regex_set *set, uint32_t c) {
    for (const cx_regex_span *s = set->spans; s != NULL; s = s->next)
        if (s->class != 0 ? in_class(s->class, c) : c >= s->low && c <= s->high)
            return true;
    return false;
}

bool cx_regex_set_has(const cx_regex_set *set, uint32_t c, bool ignore_case) {
    bool has = holds(set, c);
    if (!has && ignore_case)
        has = holds(set, cx_case_mapped(c, false)) || holds(set, cx_case_mapped(c, true));
    return has != set->negated && (set->without == NULL || !cx_regex_set_has(set->without, c, ignore_case));
}
