#include "base/import_report.h"

#include "base/text.h"

enum { VALUE_SHOWN = 60 }; /* characters of a value on a terminal's line; JSON has all of it */

void import_report_init(struct import_report *r, struct arena *a)
{
    *r = (struct import_report){.arena = a};
}

void import_doubt_with(struct import_report *r, struct str file, struct str field, struct str value, const char *action,
                       const struct str args[FAIL_ARGS])
{
    struct import_doubt *d = &LIST_PUSH(r->arena, r->doubts);
    d->file = str_dup(r->arena, file);
    d->field = str_dup(r->arena, field);
    d->value = str_dup(r->arena, value);
    d->action = action;
    for (size_t i = 0; i < FAIL_ARGS; i++) d->args[i] = str_dup(r->arena, args[i]);
}

static void push_error(struct import_report *r, struct str file, struct str place, const char *message,
                       const struct str args[FAIL_ARGS])
{
    struct import_error *e = &LIST_PUSH(r->arena, r->errors);
    e->file = str_dup(r->arena, file);
    e->place = str_dup(r->arena, place);
    e->message = message;
    for (size_t i = 0; i < FAIL_ARGS; i++) e->args[i] = str_dup(r->arena, args[i]);
}

void import_refuse(struct import_report *r, struct str file, struct str place, const struct fail *why)
{
    r->refused++;
    if (why->sentence != NULL || why->problem_count == 0)
        push_error(r, file, place, why->sentence != NULL ? why->sentence : outcome_title(why->outcome), why->args);
    for (size_t i = 0; i < why->problem_count; i++) {
        const struct problem *p = &why->problems[i];
        push_error(r, file, p->pointer.len > 0 ? p->pointer : place, p->sentence, p->args);
    }
}

static struct str sentence(struct arena *a, enum language l, const char *message, const struct str args[FAIL_ARGS])
{
    return fail_fill(a, translate(l, message), args);
}

void import_report_json(const struct import_report *r, enum language l, struct buf *out)
{
    struct json_writer w;
    jw_init(&w, out);
    jw_open(&w, '{');
    jw_put_int(&w, "files", r->files);
    jw_put_int(&w, "taken", r->taken);
    jw_put_int(&w, "unchanged", r->unchanged);
    jw_put_int(&w, "refused", r->refused);
    jw_key(&w, "doubts");
    jw_open(&w, '[');
    for (size_t i = 0; i < r->doubts.count; i++) {
        const struct import_doubt *d = &r->doubts.at[i];
        jw_open(&w, '{');
        jw_put_str(&w, "file", d->file);
        jw_put_str(&w, "field", d->field);
        jw_put_str(&w, "value", d->value);
        jw_put_str(&w, "action", sentence(r->arena, l, d->action, d->args));
        jw_close(&w);
    }
    jw_close(&w);
    jw_key(&w, "errors");
    jw_open(&w, '[');
    for (size_t i = 0; i < r->errors.count; i++) {
        const struct import_error *e = &r->errors.at[i];
        jw_open(&w, '{');
        jw_put_str(&w, "file", e->file);
        jw_put_str(&w, "place", e->place);
        jw_put_str(&w, "message", sentence(r->arena, l, e->message, e->args));
        jw_close(&w);
    }
    jw_close(&w);
    jw_close(&w);
}

void import_report_text(const struct import_report *r, enum language l, struct buf *out)
{
    const struct str counts[FAIL_ARGS] = {
        str_format(r->arena, "%lld", (long long)r->files), str_format(r->arena, "%lld", (long long)r->taken),
        str_format(r->arena, "%lld", (long long)r->unchanged), str_format(r->arena, "%lld", (long long)r->refused)};
    buf_add(out, sentence(r->arena, l, N_("{0} files: {1} taken, {2} unchanged, {3} refused."), counts));
    buf_add_char(out, '\n');
    for (size_t i = 0; i < r->errors.count; i++) {
        const struct import_error *e = &r->errors.at[i];
        struct str text = sentence(r->arena, l, e->message, e->args);
        buf_addf(out, "%.*s:%.*s: %.*s\n", STR_ARG(e->file), STR_ARG(e->place), STR_ARG(text));
    }
    for (size_t i = 0; i < r->doubts.count; i++) {
        const struct import_doubt *d = &r->doubts.at[i];
        struct str value = text_shorten(r->arena, text_one_line(r->arena, d->value), VALUE_SHOWN);
        struct str text = sentence(r->arena, l, d->action, d->args);
        buf_addf(out, "%.*s: %.*s \"%.*s\": %.*s\n", STR_ARG(d->file), STR_ARG(d->field), STR_ARG(value),
                 STR_ARG(text));
    }
}
