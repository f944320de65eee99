/* Reading XML that may be hostile. Internal to common/rules. */
#ifndef CX_RULES_XML_H
#define CX_RULES_XML_H

#include <libxml/tree.h>

#include "common/base/arena.h"
#include "common/base/error.h"

/* Limits as in model.h. A document type is refused before it is looked into, so that there are neither
 * entities nor external parts; the network is never asked. MODEL_XML with file and line. */
CX_MUST_CHECK cx_rc cx_xml_read(cx_view bytes, const char *file, xmlDocPtr *out, cx_err *err);

/* The first or next child element, of that local name unless it is NULL; NULL at the end. */
xmlNodePtr cx_xml_child(const xmlNode *parent, const char *name);
xmlNodePtr cx_xml_next(const xmlNode *node, const char *name);
bool cx_xml_is(const xmlNode *node, const char *name);
int cx_xml_line(const xmlNode *node);
/* An attribute's value, or an element's whole text, as a copy in the arena; false when the arena is
 * exhausted. An absent attribute gives {NULL, 0}. */
bool cx_xml_attribute(cx_arena *arena, const xmlNode *node, const char *name, cx_view *out);
bool cx_xml_text(cx_arena *arena, const xmlNode *node, cx_view *out);

#endif
