#include "common/rules/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <pthread.h>
#include <stdlib.h>

#include "common/rules/model.h"

struct cx_xml_doc {
    cx_xml *elements;
    size_t count, room;
    char *text; /* the characters of the whole document */
    size_t text_n, text_room;
    cx_arena *arena; /* attributes */
    xmlDictPtr names;
};

/* A document being read. The reader stops at the first limit. */
struct builder {
    cx_xml_doc *doc;
    uint32_t open[CX_MODEL_MAX_DEPTH]; /* the elements that are open here */
    int depth;
    const char *refusal;
    int line;
    bool no_memory;
};

/* --- what the parser tells ---------------------------------------------------------------------------- */

static void refuse(xmlParserCtxtPtr ctxt, const char *why) {
    struct builder *b = ctxt->_private;
    if (b->refusal == NULL) {
        b->refusal = why;
        b->line = ctxt->input != NULL ? ctxt->input->line : 0;
    }
    xmlStopParser(ctxt);
}

static void fail(xmlParserCtxtPtr ctxt) {
    ((struct builder *)ctxt->_private)->no_memory = true;
    refuse(ctxt, "there is not enough memory for it");
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *id, const xmlChar *system) {
    (void)name, (void)id, (void)system;
    refuse(ctx, "it has a document type (<!DOCTYPE ...>): remove it, entities are not accepted");
}

/* Room for `more` after n, by doubling: *p moves. */
static bool grow(void **p, size_t n, size_t more, size_t *room, size_t size) {
    if (n + more <= *room)
        return true;
    size_t wanted = *room * 2 > n + more ? *room * 2 : n + more + 256;
    void *moved = realloc(*p, wanted * size);
    if (moved == NULL)
        return false;
    *p = moved;
    *room = wanted;
    return true;
}

static const char *name_of(cx_xml_doc *doc, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    if (prefix == NULL || uri != NULL)
        return (const char *)name;
    return (const char *)xmlDictQLookup(doc->names, prefix, name); /* the prefix is declared nowhere */
}

/* The parser leaves "&amp;" as "&#38;" for a reader of entities, which here are none. */
static cx_view value_of(cx_arena *arena, const xmlChar *from, const xmlChar *end) {
    static const char ampersand[] = "&#38;";
    enum { LENGTH = sizeof ampersand - 1 };
    cx_view v = cx_arena_copy(arena, (cx_view){(const char *)from, (size_t)(end - from)});
    char *p = (char *)(uintptr_t)v.p;
    size_t n = 0;
    for (size_t i = 0; p != NULL && i < v.n; n++) {
        bool coded = v.n - i >= LENGTH && memcmp(p + i, ampersand, LENGTH) == 0;
        p[n] = p[i];
        i += coded ? LENGTH : 1;
    }
    if (p != NULL)
        p[n] = '\0';
    return (cx_view){p, n};
}

/* Five pointers each: name, prefix, namespace, value, the value's end. */
static bool take_attributes(cx_xml_doc *doc, cx_xml *element, int count, const xmlChar **from) {
    cx_xml_attribute *attributes = cx_arena_calloc(doc->arena, (size_t)count, sizeof *attributes);
    for (int i = 0; attributes != NULL && i < count; i++, from += 5) {
        cx_view value = value_of(doc->arena, from[3], from[4]);
        attributes[i] =
            (cx_xml_attribute){(const char *)from[2], name_of(doc, from[0], from[1], from[2]), value};
        if (value.p == NULL || attributes[i].name == NULL)
            return false;
    }
    element->attributes = attributes;
    element->attribute_count = (uint32_t)count & 0xFFFFFF; /* a file has no room for more */
    return attributes != NULL;
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int ns_count,
                     const xmlChar **ns, int attribute_count, int defaulted, const xmlChar **attributes) {
    (void)ns_count, (void)ns, (void)defaulted;
    xmlParserCtxtPtr ctxt = ctx;
    struct builder *b = ctxt->_private;
    cx_xml_doc *doc = b->doc;
    if (b->depth == CX_MODEL_MAX_DEPTH) {
        refuse(ctxt, "its elements are nested too deeply");
        return;
    }
    if (doc->count == CX_MODEL_MAX_ELEMENTS) {
        refuse(ctxt, "it has too many elements");
        return;
    }
    if (!grow((void **)&doc->elements, doc->count, 2, &doc->room,
              sizeof *doc->elements)) { /* and the end's */
        fail(ctxt);
        return;
    }
    cx_xml *element = &doc->elements[doc->count];
    *element = (cx_xml){.name = name_of(doc, name, prefix, uri),
                        .space = uri != NULL ? (const char *)uri : "",
                        .text_from = doc->text_n,
                        .line = ctxt->input != NULL ? ctxt->input->line : 0,
                        .depth = (uint8_t)++b->depth};
    b->open[b->depth - 1] = (uint32_t)doc->count++;
    if (element->name == NULL ||
        (attribute_count > 0 && !take_attributes(doc, element, attribute_count, attributes)))
        fail(ctxt);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)name, (void)prefix, (void)uri;
    struct builder *b = ((xmlParserCtxtPtr)ctx)->_private;
    if (b->refusal != NULL || b->depth == 0)
        return;
    uint32_t at = b->open[--b->depth];
    cx_xml *element = &b->doc->elements[at];
    element->size = (uint32_t)(b->doc->count - at);
    element->text_n = (uint32_t)(b->doc->text_n - element->text_from);
}

static void on_characters(void *ctx, const xmlChar *text, int n) {
    struct builder *b = ((xmlParserCtxtPtr)ctx)->_private;
    cx_xml_doc *doc = b->doc;
    if (b->refusal != NULL || n <= 0)
        return;
    if (!grow((void **)&doc->text, doc->text_n, (size_t)n, &doc->text_room, 1)) {
        fail(ctx);
        return;
    }
    (void)memcpy(doc->text + doc->text_n, text, (size_t)n);
    doc->text_n += (size_t)n;
}

/* Wrong encodings are reported past the reader's own handler: a library prints nothing. */
static void say_nothing(void *ctx, const char *message, ...) {
    (void)ctx, (void)message;
}

/* --- reading ------------------------------------------------------------------------------------------ */

static pthread_once_t started = PTHREAD_ONCE_INIT;

static cx_rc explain(xmlParserCtxtPtr ctxt, const struct builder *b, const char *file, cx_err *err) {
    if (b->no_memory)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    if (b->refusal != NULL)
        return cx_fail(err, CX_MODEL_XML, "%s:%d: the file is refused: %s", file, b->line, b->refusal);
    const xmlError *e = xmlCtxtGetLastError(ctxt);
    if (e == NULL || e->message == NULL)
        return cx_fail(err, CX_MODEL_XML, "%s: this is no XML", file);
    int n = (int)strlen(e->message);
    while (n > 0 && e->message[n - 1] == '\n')
        n--;
    return cx_fail(err, CX_MODEL_XML, "%s:%d: this is no well-formed XML: %.*s", file, e->line,
                   n > 160 ? 160 : n, e->message);
}

/* The parser asks for the file piece by piece: it takes no copy of the whole. */
static int read_some(void *ctx, char *to, int room) {
    cx_view *left = ctx;
    size_t n = left->n < (size_t)room ? left->n : (size_t)room;
    if (n > 0)
        (void)memcpy(to, left->p, n);
    *left = (cx_view){left->p + n, left->n - n};
    return (int)n;
}

static bool parse(xmlParserCtxtPtr ctxt, struct builder *b, cx_view bytes) {
    xmlSAXHandlerPtr sax = ctxt->sax;
    ctxt->_private = b;
    b->doc->names = ctxt->dict;
    (void)xmlDictReference(ctxt->dict);
    sax->internalSubset = on_doctype;
    sax->startElementNs = on_start;
    sax->endElementNs = on_end;
    sax->characters = sax->ignorableWhitespace = on_characters;
    sax->comment = NULL;
    sax->processingInstruction = NULL;
    sax->reference = NULL;
    xmlGenericErrorFunc printer = xmlGenericError; /* this thread's */
    void *printer_context = xmlGenericErrorContext;
    xmlSetGenericErrorFunc(NULL, say_nothing);
    xmlDocPtr well_formed =
        xmlCtxtReadIO(ctxt, read_some, NULL, &bytes, NULL, NULL,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
    xmlSetGenericErrorFunc(printer_context, printer);
    bool good = well_formed != NULL && b->refusal == NULL && b->doc->count > 0;
    xmlFreeDoc(well_formed); /* it is empty: nothing was built there */
    return good;
}

static cx_rc read_document(cx_view bytes, const char *file, cx_xml_doc *doc, cx_err *err) {
    (void)pthread_once(&started, xmlInitParser);
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    doc->arena = cx_arena_new(0);
    struct builder b = {.doc = doc};
    cx_rc rc = CX_OK;
    if (ctxt == NULL || doc->arena == NULL)
        rc = cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    else if (!parse(ctxt, &b, bytes))
        rc = explain(ctxt, &b, file, err);
    if (ctxt != NULL)
        xmlFreeParserCtxt(ctxt);
    if (rc != CX_OK)
        return rc;
    for (size_t i = 0; i < doc->count; i++) /* the text has its last place */
        doc->elements[i].text = doc->text != NULL ? doc->text + doc->elements[i].text_from : "";
    doc->elements[doc->count] = (cx_xml){.depth = 0}; /* where every run of siblings ends */
    return CX_OK;
}

cx_rc cx_xml_read(cx_view bytes, const char *file, cx_xml_doc **out, cx_err *err) {
    *out = NULL;
    if (bytes.n > CX_MODEL_MAX_BYTES)
        return cx_fail(err, CX_MODEL_XML, "%s: the file is larger than %d bytes: split it", file,
                       CX_MODEL_MAX_BYTES);
    if (bytes.n == 0)
        return cx_fail(err, CX_MODEL_XML, "%s: the file is empty", file);
    cx_xml_doc *doc = calloc(1, sizeof *doc);
    if (doc == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    cx_rc rc = read_document(bytes, file, doc, err);
    if (rc != CX_OK)
        cx_xml_destroy(&doc);
    *out = doc;
    return rc;
}

void cx_xml_destroy(cx_xml_doc **doc) {
    if (*doc == NULL)
        return;
    cx_arena_destroy(&(*doc)->arena);
    if ((*doc)->names != NULL)
        xmlDictFree((*doc)->names);
    free((*doc)->text);
    free((*doc)->elements);
    free(*doc);
    *doc = NULL;
}

/* --- looking ------------------------------------------------------------------------------------------ */

const cx_xml *cx_xml_root(const cx_xml_doc *doc) {
    return doc->elements;
}

bool cx_xml_is(const cx_xml *element, const char *name) {
    return strcmp(element->name, name) == 0;
}

/* Elements of one depth that follow each other are siblings; any other depth is their end. */
static const cx_xml *from(const cx_xml *element, uint32_t depth, const char *name) {
    for (; element->depth == depth; element += element->size)
        if (name == NULL || cx_xml_is(element, name))
            return element;
    return NULL;
}

const cx_xml *cx_xml_child(const cx_xml *parent, const char *name) {
    return from(parent + 1, parent->depth + 1, name);
}

const cx_xml *cx_xml_next(const cx_xml *element, const char *name) {
    return from(element + element->size, element->depth, name);
}

cx_view cx_xml_text(const cx_xml *element) {
    return (cx_view){element->text, element->text_n};
}

cx_view cx_xml_attribute_in(const cx_xml *element, const char *space, const char *name) {
    for (uint32_t i = 0; i < element->attribute_count; i++) {
        const cx_xml_attribute *a = &element->attributes[i];
        bool same = a->space == NULL || space == NULL ? a->space == space : strcmp(a->space, space) == 0;
        if (same && strcmp(a->name, name) == 0)
            return a->value;
    }
    return (cx_view){NULL, 0};
}

bool cx_xml_attribute_copy(cx_arena *arena, const cx_xml *element, const char *name, cx_view *out) {
    *out = cx_xml_attribute_in(element, NULL, name);
    if (out->p == NULL)
        return true;
    *out = cx_arena_copy(arena, *out);
    return out->p != NULL;
}
