/* Looking at a loaded model. */
#include "common/rules/model_load.h"

#include <stdlib.h>

void cx_model_destroy(cx_model **model) {
    if (*model == NULL)
        return;
    cx_arena_destroy(&(*model)->arena);
    free(*model);
    *model = NULL;
}

cx_view cx_model_name(const cx_model *model) {
    return model->name;
}
cx_view cx_model_file(const cx_model *model) {
    return model->file;
}
size_t cx_model_bytes(const cx_model *model) {
    return sizeof *model + cx_arena_held(model->arena);
}
size_t cx_model_decision_count(const cx_model *model) {
    return model->decision_count;
}
const cx_decision *cx_model_decision_at(const cx_model *model, size_t i) {
    CX_ASSERT(i < model->decision_count);
    return model->decisions[i];
}

const cx_decision *cx_model_decision(const cx_model *model, cx_view name) {
    for (size_t i = 0; i < model->decision_count; i++)
        if (cx_view_eq(cx_decision_name(model->decisions[i]), name))
            return model->decisions[i];
    for (size_t i = 0; i < model->decision_count; i++)
        if (cx_view_eq(cx_decision_id(model->decisions[i]), name))
            return model->decisions[i];
    return NULL;
}

size_t cx_model_warning_count(const cx_model *model) {
    return model->warning_count;
}
cx_view cx_model_warning(const cx_model *model, size_t i) {
    CX_ASSERT(i < model->warning_count);
    return model->warnings[i];
}

cx_view cx_decision_name(const cx_decision *decision) {
    return decision->part->name;
}
cx_view cx_decision_id(const cx_decision *decision) {
    return decision->part->id;
}
cx_decision_sort cx_decision_sort_of(const cx_decision *decision) {
    return decision->sort;
}
const cx_model *cx_decision_model(const cx_decision *decision) {
    return decision->model;
}
size_t cx_decision_input_count(const cx_decision *decision) {
    return decision->input_count;
}
cx_view cx_decision_input_name(const cx_decision *decision, size_t slot) {
    CX_ASSERT(slot < decision->input_count);
    return decision->input_names[slot];
}
cx_view cx_decision_input_type(const cx_decision *decision, size_t slot) {
    CX_ASSERT(slot < decision->input_count);
    return decision->input_type_names[slot];
}

int cx_decision_input(const cx_decision *decision, cx_view name) {
    for (size_t i = 0; i < decision->input_count; i++)
        if (cx_view_eq(decision->input_names[i], name))
            return (int)i;
    return -1;
}

const cx_table *cx_decision_table(const cx_decision *decision) {
    return decision->part->table;
}

size_t cx_table_rule_count(const cx_table *table) {
    return table->rule_count;
}
size_t cx_table_input_count(const cx_table *table) {
    return table->input_count;
}
size_t cx_table_output_count(const cx_table *table) {
    return table->output_count;
}
cx_view cx_table_rule_id(const cx_table *table, size_t rule) {
    CX_ASSERT(rule < table->rule_count);
    return table->rules[rule].id;
}
cx_view cx_table_rule_note(const cx_table *table, size_t rule) {
    CX_ASSERT(rule < table->rule_count);
    return table->rules[rule].note;
}
int cx_table_rule_line(const cx_table *table, size_t rule) {
    CX_ASSERT(rule < table->rule_count);
    return table->rules[rule].line;
}
cx_view cx_table_id(const cx_table *table) {
    return table->id;
}
cx_view cx_table_name(const cx_table *table) {
    return table->name;
}

const char *cx_table_policy(const cx_table *table) {
    static const char *const names[CX_POLICIES] = {
        "UNIQUE",  "ANY",         "PRIORITY",    "FIRST",       "RULE ORDER",   "OUTPUT ORDER",
        "COLLECT", "COLLECT SUM", "COLLECT MIN", "COLLECT MAX", "COLLECT COUNT"};
    return names[table->policy];
}

cx_view cx_table_input_text(const cx_table *table, size_t column) {
    CX_ASSERT(column < table->input_count);
    return table->inputs[column].text;
}
cx_view cx_table_output_name(const cx_table *table, size_t column) {
    CX_ASSERT(column < table->output_count);
    return table->outputs[column].name;
}
cx_view cx_table_cell(const cx_table *table, size_t rule, size_t column) {
    CX_ASSERT(rule < table->rule_count && column < table->input_count);
    return table->cells[rule * table->input_count + column];
}
