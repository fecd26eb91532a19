#include "html/component.h"

const struct field choice_fields[] = {
    FIELD_STR(struct choice, value),
    FIELD_STR(struct choice, label),
    FIELD_STR(struct choice, hint),
    FIELD_BOOL(struct choice, is_selected),
    FIELD_END,
};

const struct field form_field_fields[] = {
    FIELD_STR(struct form_field, id),
    FIELD_STR(struct form_field, name),
    FIELD_STR(struct form_field, label),
    FIELD_STR(struct form_field, hint),
    FIELD_STR(struct form_field, value),
    FIELD_STR(struct form_field, problem),
    FIELD_STR(struct form_field, source),
    FIELD_STR(struct form_field, type),
    FIELD_STR(struct form_field, autocomplete),
    FIELD_STR(struct form_field, input_mode),
    FIELD_STR(struct form_field, accept),
    FIELD_INT(struct form_field, width),
    FIELD_INT(struct form_field, rows),
    FIELD_BOOL(struct form_field, is_optional),
    FIELD_BOOL(struct form_field, is_strong),
    FIELD_BOOL(struct form_field, is_text_area),
    FIELD_BOOL(struct form_field, is_radios),
    FIELD_BOOL(struct form_field, is_checkboxes),
    FIELD_BOOL(struct form_field, is_select),
    FIELD_BOOL(struct form_field, is_date),
    FIELD_BOOL(struct form_field, is_file),
    FIELD_BOOL(struct form_field, is_inline),
    FIELD_BOOL(struct form_field, is_multiple),
    FIELD_STR(struct form_field, day),
    FIELD_STR(struct form_field, month),
    FIELD_STR(struct form_field, year),
    FIELD_LIST(struct form_field, choices, struct choice, choice_fields),
    FIELD_LIST(struct form_field, files, struct form_file, form_file_fields),
    FIELD_END,
};

const struct field form_file_fields[] = {
    FIELD_STR(struct form_file, name),
    FIELD_STR(struct form_file, detail),
    FIELD_STR(struct form_file, href),
    FIELD_END,
};

const struct field summary_row_fields[] = {
    FIELD_STR(struct summary_row, key),  FIELD_STR(struct summary_row, value),  FIELD_STR(struct summary_row, hint),
    FIELD_STR(struct summary_row, href), FIELD_STR(struct summary_row, action), FIELD_END,
};

const struct field tag_fields[] = {
    FIELD_STR(struct tag, tone),
    FIELD_STR(struct tag, text),
    FIELD_END,
};

const struct field task_fields[] = {
    FIELD_STR(struct task, id),
    FIELD_STR(struct task, label),
    FIELD_STR(struct task, hint),
    FIELD_STR(struct task, href),
    FIELD_STRUCT(struct task, status, tag_fields),
    FIELD_END,
};

const struct field pager_fields[] = {
    FIELD_STR(struct pager, previous_href),
    FIELD_STR(struct pager, next_href),
    FIELD_END,
};

const struct field receipt_panel_fields[] = {
    FIELD_STR(struct receipt_panel, title),
    FIELD_STR(struct receipt_panel, label),
    FIELD_STR(struct receipt_panel, code),
    FIELD_STR(struct receipt_panel, text),
    FIELD_END,
};

const struct field timeline_stage_fields[] = {
    FIELD_STR(struct timeline_stage, title),       FIELD_STR(struct timeline_stage, holder),
    FIELD_STR(struct timeline_stage, at),          FIELD_STR(struct timeline_stage, due),
    FIELD_STR(struct timeline_stage, note),        FIELD_STR(struct timeline_stage, state),
    FIELD_BOOL(struct timeline_stage, is_done),    FIELD_BOOL(struct timeline_stage, is_current),
    FIELD_BOOL(struct timeline_stage, is_problem), FIELD_END,
};
