/*
 * The record as JSON: the same members on the API, in procedure folders and in the store, so that what a client reads
 * is what is kept. docs/procedure_schema.md says what each member means. procedure_read.c is the inverse.
 */
#include "catalogue/procedure.h"

#include "base/auto.h"

/* Of a file of SHEET_BYTES_MOST: a cell may stand in several cases of each channel, and every member is written. */
enum { RECORD_BYTES_MOST = 16 * 1024 * 1024 };

static const char *const term_members[] = {NULL, "minutes", "days", "working_days", "months"};

/* {"minutes": 30} or {"working_days": 30}; null without one. Hundredths appear as decimals. */
static void write_term(struct json_writer *w, const struct procedure_case *c)
{
    jw_key(w, "term");
    if (c->term.unit == TERM_NONE) {
        jw_null(w);
        return;
    }
    int64_t n = c->term.unit == TERM_HOURS ? c->term.hundredths * 60 : c->term.hundredths;
    jw_open(w, '{');
    jw_key(w, term_members[c->term.unit]);
    if (n % 100 == 0)
        jw_int(w, n / 100);
    else
        jw_double(w, (double)n / 100.0);
    jw_put_str(w, "text", c->term_text);
    if (c->term.unit == TERM_HOURS) jw_put_bool(w, "continuous", c->term.is_continuous);
    jw_close(w);
}

static void write_fee(struct json_writer *w, const struct fee *f)
{
    jw_open(w, '{');
    jw_put_str(w, "kind", str_from(fee_kind_words[f->kind].code));
    if (f->is_known)
        jw_put_int(w, "amount", f->amount);
    else
        jw_put_null(w, "amount");
    jw_put_str(w, "currency", str_from(currency_words[f->currency].code));
    jw_put_str_or_null(w, "condition", f->condition);
    jw_put_str(w, "text", f->text);
    if (f->file.len > 0) jw_put_str(w, "file", f->file);
    jw_close(w);
}

static void write_case(struct json_writer *w, const struct procedure_case *c)
{
    jw_open(w, '{');
    jw_put_str(w, "id", c->id);
    jw_put_str(w, "label", c->label);
    write_term(w, c);
    jw_put_str(w, "term_kind", str_from(term_kind_words[c->term_kind].code));
    jw_put_str_or_null(w, "term_text", c->term_text);
    jw_put_bool(w, "fees_stated", c->is_fee_stated);
    jw_key(w, "fees");
    jw_open(w, '[');
    for (size_t i = 0; i < c->fee_count; i++) write_fee(w, &c->fees[i]);
    jw_close(w);
    jw_close(w);
}

static void write_channels(struct json_writer *w, const struct procedure *p)
{
    jw_key(w, "channels");
    jw_open(w, '[');
    for (size_t i = 0; i < p->channel_count; i++) {
        jw_open(w, '{');
        jw_put_str(w, "channel", str_from(channel_words[p->channels[i].kind].code));
        jw_key(w, "cases");
        jw_open(w, '[');
        for (size_t j = 0; j < p->channels[i].case_count; j++) write_case(w, &p->channels[i].cases[j]);
        jw_close(w);
        jw_close(w);
    }
    jw_close(w);
}

static void write_count(struct json_writer *w, const char *key, int n)
{
    if (n == COUNT_UNKNOWN)
        jw_put_null(w, key);
    else
        jw_put_int(w, key, n);
}

static void write_strings(struct json_writer *w, const char *key, const struct str *at, size_t count)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) jw_str(w, at[i]);
    jw_close(w);
}

static void write_component(struct json_writer *w, const struct component *c)
{
    jw_open(w, '{');
    jw_put_str(w, "id", c->id);
    jw_put_str(w, "label", c->label);
    jw_put_str_or_null(w, "detail", c->detail);
    write_count(w, "originals", c->originals);
    write_count(w, "copies", c->copies);
    jw_put_str_or_null(w, "form_file", c->form_file_count > 0 ? c->form_files[0] : STR_NONE);
    write_strings(w, "form_files", c->form_files, c->form_file_count);
    jw_put_str(w, "required", str_from(required_words[c->required].code));
    jw_put_str_or_null(w, "group", c->group);
    jw_put_bool(w, "heading", c->is_heading);
    jw_close(w);
}

static void write_agencies(struct json_writer *w, const char *key, const struct agency_list *list)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i < list->count; i++) {
        const struct agency_name *n = &list->at[i];
        jw_open(w, '{');
        jw_put_str(w, "name", n->text);
        jw_put_str(w, "unit", n->unit);
        jw_put_str_or_null(w, "parent", n->parent);
        jw_put_bool(w, "person_title", n->is_person_title);
        jw_put_bool(w, "outside_ministry", n->is_outside_ministry);
        jw_put_bool(w, "former_district", n->is_former_district);
        jw_close(w);
    }
    jw_close(w);
}

static void write_law(struct json_writer *w, const struct law_reference *law)
{
    jw_open(w, '{');
    jw_put_str_or_null(w, "symbol", law->symbol);
    jw_put_str_or_null(w, "type", law->type);
    jw_put_str(w, "title", law->title);
    jw_put_str(w, "raw", law->raw);
    jw_close(w);
}

static void write_head(struct json_writer *w, const struct procedure *p)
{
    jw_put_str(w, "code", p->code);
    jw_put_str(w, "name", p->name);
    jw_put_str(w, "kind", str_from(procedure_kind_words[p->kind].code));
    jw_put_str(w, "kind_text", p->kind_text);
    jw_put_str(w, "initiator", str_from(initiator_words[p->initiator].code));
    jw_put_str(w, "process", str_from(process_words[p->process].code));
    jw_put_str(w, "field", p->field);
    jw_key(w, "levels");
    jw_open(w, '[');
    for (size_t i = 0; i < p->level_count; i++) jw_str(w, str_from(level_words[p->levels[i]].code));
    jw_close(w);
    jw_put_str(w, "level_text", p->level_text);
    jw_put_str(w, "state", str_from(publication_words[p->state].code));
    jw_key(w, "decision");
    jw_open(w, '{');
    jw_put_str_or_null(w, "number", p->decision_number);
    jw_put_str_or_null(w, "date", p->decision_date);
    jw_put_str(w, "text", p->decision_text);
    jw_close(w);
    jw_key(w, "audience");
    jw_open(w, '[');
    for (size_t i = 0; i < p->audience_count; i++) jw_str(w, str_from(audience_words[p->audience[i]].code));
    jw_close(w);
    jw_put_str(w, "audience_text", p->audience_text);
}

void procedure_write_members(struct json_writer *w, const struct procedure *p)
{
    write_head(w, p);
    jw_key(w, "agencies");
    jw_open(w, '{');
    write_agencies(w, "performing", &p->performing);
    write_agencies(w, "competent", &p->competent);
    write_agencies(w, "coordinating", &p->coordinating);
    jw_put_str(w, "performing_text", p->performing.text);
    jw_put_str(w, "competent_text", p->competent.text);
    jw_put_str(w, "coordinating_text", p->coordinating.text);
    jw_close(w);
    jw_put_str_or_null(w, "reception_address", p->reception_address);
    write_channels(w, p);
    jw_key(w, "components");
    jw_open(w, '[');
    for (size_t i = 0; i < p->component_count; i++) write_component(w, &p->components[i]);
    jw_close(w);
    write_strings(w, "results", p->results, p->result_count);
    jw_key(w, "law");
    jw_open(w, '[');
    for (size_t i = 0; i < p->law_count; i++) write_law(w, &p->laws[i]);
    jw_close(w);
    jw_put_str_or_null(w, "conditions", p->conditions);
    jw_put_str_or_null(w, "steps", p->steps);
    jw_put_str_or_null(w, "manner", p->manner);
    jw_put_str_or_null(w, "source", p->source);
}

struct str procedure_record(struct arena *a, const struct procedure *p)
{
    AUTO_BUF struct buf out;
    buf_init(&out, RECORD_BYTES_MOST);
    struct json_writer w;
    jw_init(&w, &out);
    jw_open(&w, '{');
    procedure_write_members(&w, p);
    jw_close(&w);
    if (out.is_full) BUG("a record larger than its ceiling came through the reader's limits");
    struct fail why;
    fail_init(&why, a);
    yyjson_val *root;
    if (json_read(a, str_dup(a, buf_str(&out)), &root, &why) != OK) BUG("what was just written is not JSON");
    return json_canonical(a, root);
}
