/* What the tables of a procedure are in memory; for the files of this room that read and ask them. */
#ifndef RULE_TABLES_MODEL_H
#define RULE_TABLES_MODEL_H

#include "rule/dmn_model.h"
#include "rule/tables.h"

/* The names that the program knows: what officials call them. */
#define DECISION_FEE "Mức thu"
#define DECISION_ELIGIBILITY "Điều kiện"
#define DECISION_CASE "Trường hợp đề xuất"
#define FACT_CHANNEL "kênh nộp"
#define FACT_CASE "trường hợp"
#define FACT_DAY "ngày nộp"

/* An input that is not known of itself: the applicant is asked. */
struct question {
    struct str id, name;
    const struct feel_type *type;
    const struct dmn_element *element;
};

struct tables {
    const struct dmn *dmn;
    const struct dmn_element *fee, *eligibility, *proposal; /* NULL: the file does not have it */
    const struct dmn_element *its_case;                     /* the input FACT_CASE; NULL: nothing asks for it */
    struct question *questions;
    struct declaration *declarations; /* of questions, in the same order */
    size_t question_count;
    struct str hash;
};

#endif
