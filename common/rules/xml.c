#include "common/rules/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <pthread.h>

#include "common/rules/model.h"

/* Counted while reading; the reader stops at the first limit. */
struct guard {
    int depth;
    int elements;
    const char *refusal;
    int line;
};

static void refuse(xmlParserCtxtPtr ctxt, const char *why) {
    struct guard *g = ctxt->_private;
    if (g->refusal == NULL) {
        g->refusal = why;
        g->line = ctxt->input != NULL ? ctxt->input->line : 0;
    }
    xmlStopParser(ctxt);
}

static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *id, const xmlChar *system) {
    (void)name, (void)id, (void)system;
    refuse(ctx, "it has a document type (<!DOCTYPE ...>): remove it, entities are not accepted");
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int ns_count,
                     const xmlChar **ns, int attribute_count, int defaulted, const xmlChar **attributes) {
    xmlParserCtxtPtr ctxt = ctx;
    struct guard *g = ctxt->_private;
    if (++g->depth > CX_MODEL_MAX_DEPTH)
        refuse(ctxt, "its elements are nested too deeply");
    else if (++g->elements > CX_MODEL_MAX_ELEMENTS)
        refuse(ctxt, "it has too many elements");
    else
        xmlSAX2StartElementNs(ctx, name, prefix, uri, ns_count, ns, attribute_count, defaulted, attributes);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct guard *g = ((xmlParserCtxtPtr)ctx)->_private;
    g->depth--;
    xmlSAX2EndElementNs(ctx, name, prefix, uri);
}

/* Wrong encodings are reported past the reader's own handler: a library prints nothing. */
static void say_nothing(void *ctx, const char *message, ...) {
    (void)ctx, (void)message;
}

static pthread_once_t started = PTHREAD_ONCE_INIT;

static cx_rc explain(xmlParserCtxtPtr ctxt, const struct guard *g, const char *file, cx_err *err) {
    if (g->refusal != NULL)
        return cx_fail(err, CX_MODEL_XML, "%s:%d: the file is refused: %s", file, g->line, g->refusal);
    const xmlError *e = xmlCtxtGetLastError(ctxt);
    if (e == NULL || e->message == NULL)
        return cx_fail(err, CX_MODEL_XML, "%s: this is no XML", file);
    int n = (int)strlen(e->message);
    while (n > 0 && e->message[n - 1] == '\n')
        n--;
    return cx_fail(err, CX_MODEL_XML, "%s:%d: this is no well-formed XML: %.*s", file, e->line,
                   n > 160 ? 160 : n, e->message);
}

cx_rc cx_xml_read(cx_view bytes, const char *file, xmlDocPtr *out, cx_err *err) {
    *out = NULL;
    if (bytes.n > CX_MODEL_MAX_BYTES)
        return cx_fail(err, CX_MODEL_XML, "%s: the file is larger than %d bytes: split it", file,
                       CX_MODEL_MAX_BYTES);
    if (bytes.n == 0)
        return cx_fail(err, CX_MODEL_XML, "%s: the file is empty", file);
    (void)pthread_once(&started, xmlInitParser);
    xmlParserCtxtPtr ctxt = xmlNewParserCtxt();
    if (ctxt == NULL)
        return cx_fail(err, CX_OUT_OF_MEMORY, NULL);
    struct guard guard = {0};
    ctxt->_private = &guard;
    ctxt->sax->internalSubset = on_doctype;
    ctxt->sax->startElementNs = on_start;
    ctxt->sax->endElementNs = on_end;
    xmlGenericErrorFunc printer = xmlGenericError; /* this thread's */
    void *printer_context = xmlGenericErrorContext;
    xmlSetGenericErrorFunc(NULL, say_nothing);
    xmlDocPtr doc = xmlCtxtReadMemory(ctxt, bytes.p, (int)bytes.n, NULL, NULL,
                                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                          XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES | XML_PARSE_COMPACT);
    xmlSetGenericErrorFunc(printer_context, printer);
    cx_rc rc = CX_OK;
    if (doc == NULL || guard.refusal != NULL || xmlDocGetRootElement(doc) == NULL) {
        rc = explain(ctxt, &guard, file, err);
        xmlFreeDoc(doc);
        doc = NULL;
    }
    xmlFreeParserCtxt(ctxt);
    *out = doc;
    return rc;
}

bool cx_xml_is(const xmlNode *node, const char *name) {
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNodePtr from(xmlNodePtr node, const char *name) {
    for (; node != NULL; node = node->next)
        if (node->type == XML_ELEMENT_NODE && (name == NULL || cx_xml_is(node, name)))
            return node;
    return NULL;
}

xmlNodePtr cx_xml_child(const xmlNode *parent, const char *name) {
    return from(parent->children, name);
}

xmlNodePtr cx_xml_next(const xmlNode *node, const char *name) {
    return from(node->next, name);
}

int cx_xml_line(const xmlNode *node) {
    return (int)xmlGetLineNo(node);
}

static bool copy_and_free(cx_arena *arena, xmlChar *text, cx_view *out) {
    *out = (cx_view){NULL, 0};
    if (text == NULL)
        return true;
    *out = cx_arena_copy(arena, cx_view_of((const char *)text));
    xmlFree(text);
    return out->p != NULL;
}

bool cx_xml_attribute(cx_arena *arena, const xmlNode *node, const char *name, cx_view *out) {
    return copy_and_free(arena, xmlGetNoNsProp(node, (const xmlChar *)name), out);
}

bool cx_xml_text(cx_arena *arena, const xmlNode *node, cx_view *out) {
    return copy_and_free(arena, xmlNodeGetContent(node), out);
}
