/*
 * Values of FEEL (DMN 1.5, 10.3.2): small and copied, with what they point to in the arena of the evaluation that made
 * them. Null is a value too; a null that comes from an error is told apart by the run that recorded it (feel.h), never
 * by the value. Values are immutable once made, so any thread may read them.
 */
#ifndef RULE_FEEL_VALUE_H
#define RULE_FEEL_VALUE_H

#include "base/json.h"
#include "rule/decimal.h"
#include "rule/temporal.h"

/* Lists in lists in lists ... beyond this are neither compared nor written. */
enum { FEEL_DEPTH = 200 };

enum feel_kind {
    FEEL_NULL,
    FEEL_BOOLEAN,
    FEEL_NUMBER,
    FEEL_STRING,
    FEEL_DATE,
    FEEL_TIME,
    FEEL_MOMENT, /* date and time */
    FEEL_DAYS,   /* days and time duration */
    FEEL_MONTHS, /* years and months duration */
    FEEL_RANGE,
    FEEL_LIST,
    FEEL_CONTEXT,
    FEEL_FUNCTION,
    FEEL_KIND_COUNT
};

struct feel_value {
    enum feel_kind kind;
    uint32_t count; /* of a list */
    union {
        bool boolean;
        decimal number;
        struct str string;
        struct feel_date date;
        struct feel_time time;
        const struct feel_moment *moment;
        nanos_t nanos;
        int64_t months;
        const struct feel_range *range;
        const struct feel_value *items; /* `count` of them */
        const struct feel_context *context;
        const struct feel_function *function;
    };
};

/* Ends that are not there are null and open: (< 10). */
struct feel_range {
    struct feel_value from, to;
    bool has_from, has_to; /* the end itself belongs to it */
    char comparison;       /* as it was written: 0 for [1..2]; '<' 'l' '>' 'g' '=' '!' for (< 10) and so on */
};

struct feel_entry {
    struct str name;
    struct feel_value value;
};

/* In the order of writing; names differ. */
struct feel_context {
    const struct feel_entry *entries;
    size_t count;
};

const char *feel_kind_name(enum feel_kind kind); /* "days and time duration" */

static inline struct feel_value feel_null(void)
{
    return (struct feel_value){.kind = FEEL_NULL};
}

static inline struct feel_value feel_boolean(bool b)
{
    return (struct feel_value){.kind = FEEL_BOOLEAN, .boolean = b};
}

static inline struct feel_value feel_number(decimal d)
{
    return (struct feel_value){.kind = FEEL_NUMBER, .number = d};
}

static inline struct feel_value feel_integer(int64_t n)
{
    return (struct feel_value){.kind = FEEL_NUMBER, .number = decimal_of(n)};
}

static inline struct feel_value feel_string(struct str s)
{
    return (struct feel_value){.kind = FEEL_STRING, .string = s};
}

static inline struct feel_value feel_list(const struct feel_value *items, size_t count)
{
    return (struct feel_value){.kind = FEEL_LIST, .count = (uint32_t)count, .items = items};
}

struct feel_value feel_date_value(struct feel_date d);
struct feel_value feel_time_value(struct feel_time t);
struct feel_value feel_moment_value(struct arena *a, struct feel_moment m);
struct feel_value feel_days_value(nanos_t n);
struct feel_value feel_months_value(int64_t months);
struct feel_value feel_context_value(struct arena *a, const struct feel_entry *entries, size_t count);

const struct feel_value *feel_context_find(const struct feel_context *c, struct str name); /* NULL: none */

static inline bool feel_is_true(struct feel_value v)
{
    return v.kind == FEEL_BOOLEAN && v.boolean;
}

/* Is the answer of a comparison known? Different kinds cannot be compared; null equals only null. */
enum feel_answer { FEEL_NO, FEEL_YES, FEEL_UNKNOWN };
enum feel_answer feel_equal(struct feel_value a, struct feel_value b);
/* The same, and what it costs is taken from the steps that are left; unknown when none is. */
enum feel_answer feel_equal_within(struct feel_value a, struct feel_value b, int64_t *steps_left);
/* -1, 0, 1 in *out; false when the two have no order. */
bool feel_compare(struct feel_value a, struct feel_value b, int *out);
/* The very same value, zones and fractions included: the function is(). */
bool feel_is_same(struct feel_value a, struct feel_value b);
enum feel_answer feel_range_has(const struct feel_range *r, struct feel_value v);

/* As the function string() writes it; text inside lists and contexts in quotes. Null gives an empty text. */
struct str feel_format(struct arena *a, struct feel_value v);

/* Numbers, booleans, texts, null, lists and contexts; what JSON has no word for becomes its text. */
void feel_write_json(struct json_writer *w, struct arena *a, struct feel_value v);
struct feel_value feel_read_json(struct arena *a, yyjson_val *v);

#endif
