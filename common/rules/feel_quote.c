/* Quoted text and raw names of FEEL. */
#include "common/rules/feel_parser.h"

/* A code point as UTF-8; its bytes, 0 when it is no character. */
static size_t put_utf8(uint32_t c, char *to) {
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | c >> 18);
    to[1] = (char)(0x80 | (c >> 12 & 0x3F));
    to[2] = (char)(0x80 | (c >> 6 & 0x3F));
    to[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

static bool take_hex(cx_parser *p, int digits, uint32_t *out) {
    uint32_t c = 0;
    for (int i = 0; i < digits; i++, p->at++) {
        char d = p->at < p->n ? p->text[p->at] : '\0';
        if (d >= '0' && d <= '9')
            c = c * 16 + (uint32_t)(d - '0');
        else if ((d >= 'a' && d <= 'f') || (d >= 'A' && d <= 'F'))
            c = c * 16 + (uint32_t)((d | 0x20) - 'a') + 10;
        else
            return false;
    }
    *out = c;
    return true;
}

/* \uD83D\uDE00 is one character in two halves. */
static bool take_low_half(cx_parser *p, uint32_t *c) {
    uint32_t low;
    if (p->n - p->at < 6 || p->text[p->at] != '\\' || p->text[p->at + 1] != 'u')
        return false;
    p->at += 2;
    if (!take_hex(p, 4, &low) || low < 0xDC00 || low > 0xDFFF)
        return false;
    *c = 0x10000 + ((*c - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* p->at is behind the backslash. Bytes written, 0 with p->rc set. */
static size_t take_escape(cx_parser *p, char *to) {
    size_t at = p->at - 1;
    char c = p->at < p->n ? p->text[p->at++] : '\0';
    static const char plain[] = "\"\"\\\\n\nt\tr\rb\bf\f''//";
    for (size_t i = 0; i + 1 < sizeof plain; i += 2)
        if (c == plain[i]) {
            *to = plain[i + 1];
            return 1;
        }
    uint32_t code = 0;
    bool good = (c == 'u' || c == 'U') && take_hex(p, c == 'u' ? 4 : 6, &code);
    if (good && code >= 0xD800 && code <= 0xDBFF)
        good = take_low_half(p, &code);
    size_t n = good ? put_utf8(code, to) : 0;
    if (n == 0)
        (void)cx_parse_error(p, at, "this is no escape: use \\\", \\\\, \\n, \\t, \\r, \\uXXXX or \\UXXXXXX");
    return n;
}

bool cx_parse_text(cx_parser *p, cx_view *out) {
    size_t from = p->at;
    CX_ASSERT(p->at < p->n && p->text[p->at] == '"');
    p->at++;
    size_t room = 0;
    for (size_t i = p->at; i < p->n && p->text[i] != '"'; i++, room++)
        if (p->text[i] == '\\') {
            i++;
            room++;
        }
    char *to = cx_arena_alloc(p->feel->arena, room + 1);
    if (to == NULL)
        return cx_parse_no_memory(p) != NULL;
    size_t n = 0;
    while (p->at < p->n && p->text[p->at] != '"' && p->rc == CX_OK) {
        char c = p->text[p->at++];
        if (c == '\\')
            n += take_escape(p, to + n);
        else
            to[n++] = c;
    }
    if (p->at < p->n)
        p->at++;
    else
        (void)cx_parse_error(p, from, "the text has no closing quote");
    *out = (cx_view){to, n};
    return p->rc == CX_OK;
}

bool cx_parse_raw_name(cx_parser *p, const char *stops, cx_view *out) {
    cx_skip_blanks(p);
    size_t from = p->at;
    if (p->at < p->n && p->text[p->at] == '"')
        return cx_parse_text(p, out);
    while (p->at < p->n && strchr(stops, p->text[p->at]) == NULL)
        p->at++;
    size_t n = p->at - from;
    *out = cx_name_normal(p->feel->arena, (cx_view){p->text + from, n});
    if (out->p == NULL)
        return cx_parse_no_memory(p) != NULL;
    if (out->n == 0 || out->n > CX_FEEL_NAME)
        (void)cx_parse_error(p, from, "a name is expected here");
    return p->rc == CX_OK;
}

cx_view cx_name_normal(cx_arena *arena, cx_view name) {
    name = cx_view_trim(name);
    char *to = cx_arena_alloc(arena, name.n + 1);
    if (to == NULL)
        return (cx_view){NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) {
        bool blank = name.p[i] == ' ' || (name.p[i] >= '\t' && name.p[i] <= '\r');
        if (!blank)
            to[n++] = name.p[i];
        else if (n > 0 && to[n - 1] != ' ')
            to[n++] = ' ';
    }
    to[n] = '\0';
    return (cx_view){to, n};
}

bool cx_feel_know(cx_feel *f, cx_view name) {
    bool plain = name.n > 0;
    for (size_t i = 0; i < name.n; i++)
        plain = plain && cx_is_name_byte(name.p[i]);
    if (plain)
        return true; /* a single word tells itself */
    for (size_t i = 0; i < f->name_count; i++)
        if (cx_view_eq(f->names[i], name))
            return true;
    if (f->name_count == f->name_room) {
        size_t room = f->name_room * 2 + 8;
        cx_view *names = cx_arena_calloc(f->arena, room, sizeof *names);
        if (names == NULL)
            return false;
        if (f->name_count > 0)
            (void)memcpy(names, f->names, f->name_count * sizeof *names);
        f->names = names;
        f->name_room = room;
    }
    f->names[f->name_count++] = name;
    return true;
}
