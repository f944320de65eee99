/* Regular expressions: tables of matches and of refusals, hostile patterns, and POSIX's engine as a second
 * opinion. */
#include "common/rules/regex.h"

#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PLENTY = 100000000, PATTERNS = 20000, TEXTS = 4 };

static cx_arena *arena;

/* Finds the pattern; group 0 and 1 as "start-end", "" where there is none, "!" where the pattern is refused.
 */
static void find(const char *pattern, const char *flags, const char *text, char out[64]) {
    const char *why;
    cx_regex_match m;
    bool failed;
    int64_t steps = PLENTY;
    out[0] = '\0';
    cx_regex *re = cx_regex_compile(cx_view_of(pattern), cx_view_of(flags), arena, &why);
    if (re == NULL) {
        (void)snprintf(out, 64, "!");
        return;
    }
    if (!cx_regex_find(re, cx_view_of(text), 0, arena, &steps, &m, &failed))
        return;
    assert_false(failed);
    int n = snprintf(out, 64, "%zu-%zu", m.start[0], m.end[0]);
    if (m.start[1] != CX_REGEX_NOWHERE)
        (void)snprintf(out + n, 64 - (size_t)n, " %zu-%zu", m.start[1], m.end[1]);
}

static void finds_what_the_table_says(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *flags, *text, *found;
    } cases[] = {
        {"b", "", "abc", "1-2"},
        {"", "", "abc", "0-0"},
        {"a|ab", "", "ab", "0-1"}, /* the first alternative, not the longest */
        {"ab|a", "", "ab", "0-2"},
        {"a*", "", "aaa", "0-3"},
        {"a*?", "", "aaa", "0-0"},
        {"a+?", "", "aaa", "0-1"},
        {"a??b", "", "ab", "0-2"},
        {"(a*)(b)", "", "aab", "0-3 0-2"},
        {"(a)|b", "", "b", "0-1"}, /* group 1 took no part */
        {"(a|ab)(c|bcd)", "", "abcd", "0-4 0-1"},
        {"(a|b)*", "", "abab", "0-4 3-4"}, /* the last round is kept */
        {"a{2}", "", "aaa", "0-2"},
        {"a{2,}", "", "aaaa", "0-4"},
        {"a{1,2}?", "", "aaa", "0-1"},
        {"a{0}b", "", "ab", "1-2"},
        {"^a", "", "ba", ""},
        {"^a", "m", "b\na", "2-3"},
        {"a$", "", "a\n", ""},
        {"a$", "m", "a\n", "0-1"},
        {"^", "m", "a\n", "0-0"},
        {".", "", "\n", ""},
        {".", "s", "\n", "0-1"},
        {".", "", "\xF0\x9F\x90\x8E", "0-4"}, /* one code point of four bytes */
        {"[^a]", "", "a\xE4\xBF\xA1", "1-4"},
        {"[a-c-[b]]+", "", "bacb", "1-3"},
        {"[\\-\\]a]+", "", "x-]a", "1-4"},
        {"[a-]+", "", "-a", "0-2"},
        {"[\\d\\s]+", "", "a1 2", "1-4"},
        {"\\w+", "", "-a1_", "1-3"},
        {"\\W", "", "a_", "1-2"},
        {"\\i\\c*", "", "1a.b-c", "1-6"},
        {"A", "i", "a", "0-1"},
        {"[A-Z]+", "i", "abc", "0-3"},
        {"\xC3\x84", "i", "\xC3\xA4", "0-2"},
        {"a b", "x", "ab", "0-2"},
        {"a[ ]b", "x", "a b", "0-3"},
        {"\\n\\t\\.", "", "\n\t.", "0-3"},
        {"(a*)*", "", "b", "0-0"},
        {"(a*)+b", "", "aab", "0-3 0-2"},
        {"((((a))))", "", "a", "0-1 0-1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char found[64];
        find(cases[i].pattern, cases[i].flags, cases[i].text, found);
        if (strcmp(found, cases[i].found) != 0)
            fail_msg("/%s/%s in \"%s\": found \"%s\", not \"%s\"", cases[i].pattern, cases[i].flags,
                     cases[i].text, found, cases[i].found);
    }
}

static void refuses_what_is_no_pattern(void **state) {
    (void)state;
    static const char *const patterns[] = {"(",      ")",      "[",        "[]",     "[a",      "a**",
                                           "*",      "a{",     "a{,2}",    "a{2,1}", "\\",      "\\q",
                                           "\\1(a)", "(a)\\1", "\\p{L}",   "[z-a]",  "[a-\\d]", "]",
                                           "}",      "a|*",    "[a-[b]c]", "[[a]]",  "a{99999}"};
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        const char *why = NULL;
        if (cx_regex_compile(cx_view_of(patterns[i]), CX_VIEW(""), arena, &why) != NULL)
            fail_msg("/%s/ was taken for a pattern", patterns[i]);
        assert_non_null(why);
    }
    const char *why = NULL;
    assert_null(cx_regex_compile(CX_VIEW("a"), CX_VIEW("g"), arena, &why));
    assert_non_null(why);
}

/* Size and depth are bounded: each of these is refused, none of them takes long or deep. */
static void refuses_what_is_too_large(void **state) {
    (void)state;
    char wide[CX_REGEX_PATTERN + 2], deep[200];
    const char *why = NULL;
    (void)memset(wide, 'a', sizeof wide);
    assert_null(cx_regex_compile((cx_view){wide, sizeof wide}, CX_VIEW(""), arena, &why));
    assert_non_null(why);
    (void)memset(deep, '(', sizeof deep);
    assert_null(cx_regex_compile((cx_view){deep, sizeof deep}, CX_VIEW(""), arena, &why));
    (void)memset(deep, '[', sizeof deep);
    assert_null(cx_regex_compile((cx_view){deep, sizeof deep}, CX_VIEW(""), arena, &why));
    assert_null(cx_regex_compile(CX_VIEW("((a{90}){90}){90}"), CX_VIEW(""), arena, &why));
    assert_null(cx_regex_compile(CX_VIEW("(a{60}|b{60}|c{60}|d){60}"), CX_VIEW(""), arena, &why));
    assert_null(cx_regex_compile(CX_VIEW("a{4096}"), CX_VIEW(""), arena, &why));
    assert_non_null(cx_regex_compile(CX_VIEW("a{1000}"), CX_VIEW(""), arena, &why));
}

/* What a backtracking engine would need 2^30 steps for takes at most size x length here. */
static void hostile_patterns_take_linear_time(void **state) {
    (void)state;
    static const char *const patterns[] = {"^(a+)+$",           "^(a|a)*$", "^(a|aa)+$",
                                           "^(a*)*(a*)*(a*)*$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]$"};
    enum { LENGTH = 5000, LARGEST = 40 };
    char text[LENGTH];
    (void)memset(text, 'a', sizeof text);
    text[LENGTH - 1] = '!';
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        const char *why;
        cx_regex_match m;
        bool failed;
        int64_t steps = (int64_t)LENGTH * LARGEST;
        const cx_regex *re = cx_regex_compile(cx_view_of(patterns[i]), CX_VIEW(""), arena, &why);
        assert_non_null(re);
        assert_false(cx_regex_find(re, (cx_view){text, sizeof text}, 0, arena, &steps, &m, &failed));
        assert_false(failed);
    }
}

static void stops_when_its_steps_are_used_up(void **state) {
    (void)state;
    const char *why;
    cx_regex_match m;
    bool failed;
    int64_t steps = 50;
    char text[1000];
    (void)memset(text, 'a', sizeof text);
    const cx_regex *re = cx_regex_compile(CX_VIEW("(a|b)*c"), CX_VIEW(""), arena, &why);
    assert_false(cx_regex_find(re, (cx_view){text, sizeof text}, 0, arena, &steps, &m, &failed));
    assert_true(failed);
    assert_true(steps < 0);
}

/* --- the second opinion: whether and where a match begins is the same in POSIX, though not where it ends
 * ---- */

static unsigned next_random(unsigned *seed, unsigned below) {
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

static void random_pattern(unsigned *seed, char *out, size_t *n, int depth) {
    static const char *const atoms[] = {"a", "b", ".", "[ab]", "[^a]", "c"}, *const signs[] = {
                                                                                 "",  "",  "",     "*",
                                                                                 "+", "?", "{1,2}"};
    unsigned parts = 1 + next_random(seed, 3);
    for (unsigned i = 0; i < parts && *n < 100; i++) {
        const char *sign = signs[next_random(seed, 7)];
        if (depth > 0 && next_random(seed, 3) == 0) {
            out[(*n)++] = '(';
            random_pattern(seed, out, n, depth - 1);
            if (next_random(seed, 2) == 0) {
                out[(*n)++] = '|';
                random_pattern(seed, out, n, depth - 1);
            }
            out[(*n)++] = ')';
        } else {
            *n += (size_t)snprintf(out + *n, 8, "%s", atoms[next_random(seed, 6)]);
        }
        *n += (size_t)snprintf(out + *n, 8, "%s", sign);
    }
}

static void compare_with_posix(const char *pattern, unsigned *seed) {
    regex_t posix;
    const char *why;
    const cx_regex *re = cx_regex_compile(cx_view_of(pattern), CX_VIEW("s"), arena, &why);
    assert_non_null(re);
    assert_int_equal(regcomp(&posix, pattern, REG_EXTENDED), 0);
    for (int t = 0; t < TEXTS; t++) {
        char text[9];
        regmatch_t where;
        cx_regex_match m;
        bool failed;
        int64_t steps = PLENTY;
        size_t n = next_random(seed, 9);
        for (size_t i = 0; i < n; i++)
            text[i] = (char)('a' + next_random(seed, 3));
        text[n] = '\0';
        bool there = regexec(&posix, text, 1, &where, 0) == 0;
        bool found = cx_regex_find(re, cx_view_of(text), 0, arena, &steps, &m, &failed);
        if (found != there || (found && m.start[0] != (size_t)where.rm_so))
            fail_msg("/%s/ in \"%s\": found at %zd, by POSIX at %d", pattern, text,
                     found ? (ssize_t)m.start[0] : -1, there ? (int)where.rm_so : -1);
    }
    regfree(&posix);
}

static void agrees_with_posix(void **state) {
    (void)state;
    unsigned seed = 20260101;
    for (int i = 0; i < PATTERNS; i++) {
        char pattern[512];
        size_t n = 0;
        if (next_random(&seed, 5) == 0)
            pattern[n++] = '^';
        random_pattern(&seed, pattern, &n, 3);
        if (next_random(&seed, 5) == 0)
            pattern[n++] = '$';
        pattern[n] = '\0';
        compare_with_posix(pattern, &seed);
        cx_arena_reset(arena);
    }
}

static int set_up(void **state) {
    (void)state;
    arena = cx_arena_new(0);
    return arena != NULL ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    cx_arena_destroy(&arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_the_table_says),
        cmocka_unit_test(refuses_what_is_no_pattern),
        cmocka_unit_test(refuses_what_is_too_large),
        cmocka_unit_test(hostile_patterns_take_linear_time),
        cmocka_unit_test(stops_when_its_steps_are_used_up),
        cmocka_unit_test(agrees_with_posix),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
