/* The reader of XML against libxml2's own tree of the same bytes: names, namespaces, attributes, texts,
 * lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/rules/xml.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void same_text(const char *what, const xmlChar *expected, cx_view got) {
    cx_view want = cx_view_of(expected != NULL ? (const char *)expected : "");
    if (!cx_view_eq(want, got))
        fail_msg("%s: \"%.*s\" instead of \"%s\"", what, CX_VIEW_ARGS(got), want.p);
}

static void same_attributes(const xmlNode *node, const cx_xml *x) {
    uint32_t n = 0;
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next, n++) {
        const char *space = a->ns != NULL ? (const char *)a->ns->href : NULL;
        xmlChar *value = xmlNodeGetContent((const xmlNode *)a);
        cx_view got = cx_xml_attribute_in(x, space, (const char *)a->name);
        assert_non_null(got.p);
        same_text((const char *)a->name, value, got);
        assert_int_equal(got.p[got.n], '\0');
        xmlFree(value);
    }
    assert_int_equal(x->attribute_count, n);
    assert_null(cx_xml_attribute_in(x, NULL, "no such name").p);
}

static const xmlNode *element_from(const xmlNode *node) {
    while (node != NULL && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

/* The elements inside, counted with the element itself. */
static uint32_t same_element(const xmlNode *node, const cx_xml *x) {
    xmlChar *text = xmlNodeGetContent(node);
    assert_string_equal(x->name, (const char *)node->name);
    assert_string_equal(x->space, node->ns != NULL ? (const char *)node->ns->href : "");
    same_text(x->name, text, cx_xml_text(x));
    assert_int_equal(x->line, xmlGetLineNo(node));
    xmlFree(text);
    same_attributes(node, x);
    uint32_t size = 1;
    const cx_xml *child = cx_xml_child(x, NULL);
    for (const xmlNode *n = element_from(node->children); n != NULL; n = element_from(n->next)) {
        assert_non_null(child);
        assert_ptr_equal(cx_xml_child(x, child->name)->name, child->name); /* interned: one of that name */
        size += same_element(n, child);
        child = cx_xml_next(child, NULL);
    }
    assert_null(child);
    assert_int_equal(x->size, size);
    return size;
}

static void same(const char *bytes, size_t n) {
    cx_xml_doc *doc;
    cx_err err = {0};
    xmlDocPtr tree =
        xmlReadMemory(bytes, (int)n, NULL, NULL,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    assert_non_null(tree);
    if (cx_xml_read((cx_view){bytes, n}, "a.xml", &doc, &err) != CX_OK)
        fail_msg("%s", err.text);
    (void)same_element(xmlDocGetRootElement(tree), cx_xml_root(doc));
    cx_xml_destroy(&doc);
    assert_null(doc);
    xmlFreeDoc(tree);
}

static const char *const texts[] = {
    "<a/>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a -->\n<?b c?>\n<a\n b='1'\n/>\n<!-- d -->\n",
    "<a>one<b>two<c/>three</b>four<!-- not this -->five<?nor this?>six</a>",
    "<a>\n  <b>&lt;&amp;&gt;&quot;&apos;&#38;&#x4e2d;&#65;</b>\n  <c><![CDATA[<&amp;]]>]]&gt;</c>\n</a>",
    "<a b='&amp;' c='&lt;&quot;&#38;&#10;' d='&#38;amp;' e='&amp;#38;' f='&amp;&amp;' g='&#x26;lt;' h=''/>",
    "<a b='  two  words\n\tand more '><b>\r\n  blanks\r\n</b></a>",
    "<x:a xmlns:x='urn:x' xmlns='urn:d' b='1' x:b='2' xml:lang='zh'><b x:c='3'/><c xmlns='' d='4'/></x:a>",
    "<a><u:b u:c='1' d='2'>a prefix that is declared nowhere</u:b></a>",
    "<a xmlns='urn:1'><b xmlns='urn:2'><c xmlns='urn:1'/></b><d/></a>",
    "<\xE5\xA4\xB1 \xE5\x90\x8D='\xE5\x80\xBC'>\xE8\xAF\x9A\xE4\xBF\xA1</\xE5\xA4\xB1>",
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a b='\xE9'>\xFC<b>\xDF</b></a>",
    "<?xml version=\"1.0\" encoding=\"GB18030\"?><a b='\xB3\xCF'>\xD0\xC5</a>",
};

static void small_ones(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        same(texts[i], strlen(texts[i]));
    static const char wide[] = "\xFF\xFE<\0a\0 \0b\0=\0'\0\x2D\x4E'\0>\0\x87\x65<\0/\0a\0>\0"; /* UTF-16 */
    same(wide, sizeof wide - 1);
}

/* Texts and attributes that are longer than any piece in which the parser asks for them. */
static void long_ones(void **state) {
    (void)state;
    char *text;
    size_t n;
    FILE *f = open_memstream(&text, &n);
    assert_non_null(f);
    (void)fputs("<a>\n", f);
    for (int i = 0; i < 300; i++) {
        (void)fprintf(f, "<b id='%d' c='", i);
        for (int k = 0; k < 50 * i; k++)
            (void)fputs(k % 7 == 0 ? "&amp;" : k % 5 == 0 ? "\xE4\xB8\xAD" : "x", f);
        (void)fputs("'>", f);
        for (int k = 0; k < 37 * i; k++)
            (void)fputs(k % 11 == 0 ? "&lt;" : k % 131 == 0 ? "\n" : "\xE6\x96\x87y", f);
        (void)fputs(i % 3 == 0 ? "<c/></b>" : "</b>\n", f);
    }
    (void)fputs("</a>", f);
    assert_int_equal(fclose(f), 0);
    same(text, n);
    free(text);
}

static void same_file(const char *path) {
    char *bytes = NULL;
    size_t n = 0;
    FILE *from = fopen(path, "rb"), *to = open_memstream(&bytes, &n);
    assert_non_null(from);
    assert_non_null(to);
    for (int c = getc(from); c != EOF; c = getc(from))
        (void)putc(c, to);
    assert_int_equal(fclose(to), 0);
    (void)fclose(from);
    same(bytes, n);
    free(bytes);
}

static void files(void **state) {
    (void)state;
    static const char *const patterns[] = {"tests/tck/*/*.dmn", "tests/tck/*/*.xml",
                                           "deploy/policies/*/*/*.dmn"};
    for (size_t i = 0; i < COUNT(patterns); i++) {
        glob_t found;
        assert_int_equal(glob(patterns[i], 0, NULL, &found), 0);
        for (size_t k = 0; k < found.gl_pathc; k++)
            same_file(found.gl_pathv[k]);
        globfree(&found);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(small_ones), cmocka_unit_test(long_ones),
                                       cmocka_unit_test(files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
