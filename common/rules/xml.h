/* Reading XML that may be hostile. Internal to common/rules.
 *
 * A document here takes a quarter of what libxml2's own tree takes, for it is held while a large model is
 * built. It is immutable, and all of it lives until cx_xml_destroy.
 */
#ifndef CX_RULES_XML_H
#define CX_RULES_XML_H

#include "common/base/arena.h"
#include "common/base/error.h"

typedef struct cx_xml_attribute {
    const char *space; /* of its namespace; NULL where it has no prefix */
    const char *name;
    cx_view value; /* ends in NUL */
} cx_xml_attribute;

/* An element. A document's elements are an array in the order of their start tags: what one holds follows it.
 */
typedef struct cx_xml {
    const char *name;  /* without its prefix, unless that is declared nowhere */
    const char *space; /* of its namespace; "" for none */
    union {
        const char *text; /* all characters inside, those of inner elements too; no NUL behind */
        size_t text_from; /* while the document is read */
    };
    const cx_xml_attribute *attributes;
    uint32_t text_n; /* bytes */
    uint32_t size;   /* elements: itself and all inside */
    int line;        /* where its start tag ends */
    uint32_t depth : 8, attribute_count : 24;
} cx_xml;

typedef struct cx_xml_doc cx_xml_doc;

/* Limits as in model.h. A document type is refused before it is looked into, so that there are neither
 * entities nor external parts; the network is never asked. bytes are not needed afterwards; the caller
 * destroys *out, which is NULL after a failure: MODEL_XML with file and line, OUT_OF_MEMORY. Thread-safe. */
CX_MUST_CHECK cx_rc cx_xml_read(cx_view bytes, const char *file, cx_xml_doc **out, cx_err *err);
/* Frees the document and sets *doc to NULL; *doc may be NULL. */
void cx_xml_destroy(cx_xml_doc **doc);
/* The root element, first of the array of all. */
const cx_xml *cx_xml_root(const cx_xml_doc *doc);

/* The first or next child element, of that local name unless it is NULL; NULL at the end. */
const cx_xml *cx_xml_child(const cx_xml *parent, const char *name);
const cx_xml *cx_xml_next(const cx_xml *element, const char *name);
bool cx_xml_is(const cx_xml *element, const char *name);
/* An element's whole text, in the document. */
cx_view cx_xml_text(const cx_xml *element);
/* An attribute's value in the document, {NULL, 0} where it is absent. space: its namespace, NULL for none. */
cx_view cx_xml_attribute_in(const cx_xml *element, const char *space, const char *name);
/* A copy in the arena of an attribute's value (of no namespace); false when the arena is exhausted. An absent
 * attribute gives {NULL, 0}. */
bool cx_xml_attribute_copy(cx_arena *arena, const cx_xml *element, const char *name, cx_view *out);

#endif
