/* A DMN model: read once from XML, checked, compiled, then immutable and shared by all threads.
 *
 * Reads DMN 1.3, 1.4 and 1.5: decisions, input data, item definitions, business knowledge models, decision
 * services; decision tables, literal expressions, contexts, relations, lists, invocations, functions and the
 * boxed conditional, filter and iterators. Not read: imports, Java and PMML functions.
 *
 * The file is hostile until proved otherwise: no network, no document type, no entities; at most
 * CX_MODEL_MAX_BYTES, CX_MODEL_MAX_ELEMENTS, CX_MODEL_MAX_DEPTH, CX_MODEL_MAX_TEXT in one cell.
 */
#ifndef CX_RULES_MODEL_H
#define CX_RULES_MODEL_H

#include "common/rules/value.h"

enum {
    CX_MODEL_MAX_BYTES = 64 * 1024 * 1024,
    CX_MODEL_MAX_ELEMENTS = 2 * 1000 * 1000,
    CX_MODEL_MAX_DEPTH = 100,
    CX_MODEL_MAX_TEXT = 64 * 1024,
    CX_MODEL_MAX_NAME = 512
};

typedef struct cx_model cx_model;
typedef struct cx_table cx_table;

/* One thing that can be evaluated: a decision, a decision service or a business knowledge model, with its
 * inputs numbered. It belongs to its model and lives as long. */
typedef struct cx_decision cx_decision;

typedef enum cx_decision_sort { CX_SORT_DECISION, CX_SORT_SERVICE, CX_SORT_KNOWLEDGE } cx_decision_sort;

/* file: what messages call the file; copied. xml is not needed afterwards. On failure *out is NULL and err
 * says file, line, decision, rule, column where they are known, what is wrong and what to do:
 * MODEL_XML, MODEL_INVALID, MODEL_CYCLE, FEEL_SYNTAX, FEEL_TYPE, OUT_OF_MEMORY. Thread-safe. */
CX_MUST_CHECK cx_rc cx_model_load(cx_view xml, const char *file, cx_model **out, cx_err *err);
/* Frees the model and all that belongs to it, sets *model to NULL; *model may be NULL. */
void cx_model_destroy(cx_model **model);

/* Views returned here belong to the model. */
cx_view cx_model_name(const cx_model *model);
cx_view cx_model_file(const cx_model *model);
/* Bytes that the model holds. */
size_t cx_model_bytes(const cx_model *model);
/* All decisions in the order of the file, then services, then knowledge models. */
size_t cx_model_decision_count(const cx_model *model);
const cx_decision *cx_model_decision_at(const cx_model *model, size_t i); /* i < count */
/* By name, else by id; NULL when there is none. */
const cx_decision *cx_model_decision(const cx_model *model, cx_view name);
/* Things that were accepted but look like mistakes, one sentence each with its place. */
size_t cx_model_warning_count(const cx_model *model);
cx_view cx_model_warning(const cx_model *model, size_t i);

cx_view cx_decision_name(const cx_decision *decision);
cx_view cx_decision_id(const cx_decision *decision);
cx_decision_sort cx_decision_sort_of(const cx_decision *decision);
const cx_model *cx_decision_model(const cx_decision *decision);
/* The inputs that an evaluation needs, directly or through other decisions, numbered from 0. */
size_t cx_decision_input_count(const cx_decision *decision);
cx_view cx_decision_input_name(const cx_decision *decision, size_t slot);
/* The declared type's name ("number", "tGrade" ...); empty when none is declared. */
cx_view cx_decision_input_type(const cx_decision *decision, size_t slot);
/* The slot of that name, or -1. */
int cx_decision_input(const cx_decision *decision, cx_view name);
/* The decision's own table, where its logic is one; else NULL. */
const cx_table *cx_decision_table(const cx_decision *decision);

/* --- tables ------------------------------------------------------------------------------------------- */
size_t cx_table_rule_count(const cx_table *table);
size_t cx_table_input_count(const cx_table *table);
size_t cx_table_output_count(const cx_table *table);
/* The rule's id in the file; where it has none, "rule-<number>" with the first rule as 1. */
cx_view cx_table_rule_id(const cx_table *table, size_t rule);
/* The rule's first annotation, or its description; may be empty. */
cx_view cx_table_rule_note(const cx_table *table, size_t rule);
int cx_table_rule_line(const cx_table *table, size_t rule);
/* The id of the decisionTable element, else of its decision; the decision's name. */
cx_view cx_table_id(const cx_table *table);
cx_view cx_table_name(const cx_table *table);
/* "UNIQUE", "COLLECT SUM" ... */
const char *cx_table_policy(const cx_table *table);
cx_view cx_table_input_text(const cx_table *table, size_t column);
cx_view cx_table_output_name(const cx_table *table, size_t column); /* empty for a single unnamed output */
/* What stands in a rule's input cell, "-" where it is empty. */
cx_view cx_table_cell(const cx_table *table, size_t rule, size_t column);

#endif
