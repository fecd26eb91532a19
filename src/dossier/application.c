#include "dossier/application.h"

#include "base/auto.h"
#include "people/party.h"

enum { APPLICATION_BYTES = 256 * 1024 };

/* ---- reading ---- */

static void read_applicant(yyjson_val *v, struct applicant *out)
{
    yyjson_val *identities = json_get(v, "identities");
    yyjson_val *identity = yyjson_is_arr(identities) ? yyjson_arr_get_first(identities) : NULL;
    *out = (struct applicant){
        .role = json_str(v, "role"),
        .kind = json_str(v, "kind"),
        .basis = json_str(v, "basis"),
        .name = json_str(v, "name"),
        .phone = json_str(v, "phone"),
        .email = json_str(v, "email"),
        .by_email = json_bool(v, "by_email", false),
        .address = json_str(v, "address"),
        .identity_type = json_str(identity, "type"),
        .identity = json_str(identity, "value"),
    };
}

static void read_applicants(yyjson_val *list, struct application *out)
{
    yyjson_val *item;
    size_t i, count;
    if (!yyjson_is_arr(list)) return;
    yyjson_arr_foreach(list, i, count, item) if (out->applicant_count < APPLICANTS_MOST)
        read_applicant(item, &out->applicants[out->applicant_count++]);
}

static void read_form(struct arena *a, yyjson_val *form, struct application *out)
{
    yyjson_val *key, *value;
    size_t i, count;
    out->is_form_seen = yyjson_is_obj(form);
    if (!out->is_form_seen) return;
    out->form = ARENA_ARRAY(a, struct pair, yyjson_obj_size(form) + 1);
    yyjson_obj_foreach(form, i, count, key, value) out->form[out->form_count++] =
        (struct pair){json_text(key), json_text(value)};
}

static size_t read_files(yyjson_val *list, struct applied_file *out)
{
    yyjson_val *item;
    size_t i, count, taken = 0;
    if (!yyjson_is_arr(list)) return 0;
    yyjson_arr_foreach(list, i, count, item)
    {
        if (taken == APPLIED_FILES_MOST) break;
        out[taken++] = (struct applied_file){json_str(item, "component"),
                                             json_str(item, "file"),
                                             json_str(item, "name"),
                                             json_str(item, "type"),
                                             json_int(item, "bytes", 0),
                                             yyjson_get_bool(json_get(item, "joined")),
                                             yyjson_get_bool(json_get(item, "reused"))};
    }
    return taken;
}

static void read_pairs(yyjson_val *object, struct pair *out, size_t *out_count)
{
    yyjson_val *key, *value;
    size_t i, count;
    *out_count = 0;
    if (!yyjson_is_obj(object)) return;
    yyjson_obj_foreach(object, i, count, key, value) if (*out_count < KNOWN_MOST) out[(*out_count)++] =
        (struct pair){json_text(key), json_text(value)};
}

static void read_saved(yyjson_val *list, struct application *out)
{
    for (size_t i = 0; yyjson_is_arr(list) && i < APPLIED_STEPS_MOST; i++)
        out->saved[i] = yyjson_get_sint(yyjson_arr_get(list, i));
}

enum outcome application_read(struct arena *a, struct str text, struct application *out, struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(a, text, &root, why));
    *out = (struct application){
        .procedure = json_str(root, "procedure"),
        .agency = json_str(root, "agency"),
        .channel = json_str(root, "channel"),
        .case_id = json_str(root, "case"),
        .behalf = json_str(root, "behalf"),
        .mandate = json_str(root, "mandate"),
        .return_manner = json_str(json_get(root, "return"), "manner"),
        .return_address = json_str(json_get(root, "return"), "address"),
        .sender = json_str(json_get(root, "post"), "sender"),
        .postmarked = json_str(json_get(root, "post"), "postmarked"),
    };
    read_applicants(json_get(root, "parties"), out);
    read_form(a, json_get(root, "form"), out);
    out->file_count = read_files(json_get(root, "files"), out->files);
    out->photo_count = read_files(json_get(root, "photos"), out->photos);
    read_saved(json_get(root, "saved"), out);
    read_pairs(json_get(root, "known"), out->known, &out->known_count);
    read_pairs(json_get(root, "doubts"), out->doubts, &out->doubt_count);
    return OK;
}

/* ---- writing ---- */

static void write_applicant(struct json_writer *w, const struct applicant *p)
{
    jw_open(w, '{');
    jw_put_str(w, "role", p->role);
    jw_put_str(w, "kind", p->kind);
    if (p->basis.len > 0) jw_put_str(w, "basis", p->basis);
    jw_put_str(w, "name", p->name);
    jw_put_str(w, "phone", p->phone);
    jw_put_str(w, "email", p->email);
    if (p->by_email) jw_put_bool(w, "by_email", true);
    jw_put_str(w, "address", p->address);
    if (p->identity.len > 0) {
        jw_key(w, "identities");
        jw_open(w, '[');
        jw_open(w, '{');
        jw_put_str(w, "type", p->identity_type);
        jw_put_str(w, "value", p->identity);
        jw_close(w);
        jw_close(w);
    }
    jw_close(w);
}

static void write_form(struct json_writer *w, struct arena *a, const struct application *app)
{
    if (!app->is_form_seen) return;
    jw_key(w, "form");
    jw_open(w, '{');
    for (size_t i = 0; i < app->form_count; i++) jw_put_str(w, str_cstr(a, app->form[i].name), app->form[i].value);
    jw_close(w);
}

static void write_file(struct json_writer *w, const struct applied_file *f)
{
    jw_open(w, '{');
    jw_put_str(w, "component", f->component);
    jw_put_str(w, "file", f->file);
    jw_put_str(w, "name", f->name);
    jw_put_str(w, "type", f->type);
    jw_put_int(w, "bytes", f->bytes);
    if (f->is_joined) jw_put_bool(w, "joined", true);
    if (f->is_reused) jw_put_bool(w, "reused", true);
    jw_close(w);
}

static void write_files(struct json_writer *w, const char *name, const struct applied_file *files, size_t count)
{
    jw_key(w, name);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) write_file(w, &files[i]);
    jw_close(w);
}

static void write_delivery(struct json_writer *w, const struct application *app)
{
    if (app->return_manner.len > 0 || app->return_address.len > 0) {
        jw_key(w, "return");
        jw_open(w, '{');
        jw_put_str(w, "manner", app->return_manner);
        jw_put_str(w, "address", app->return_address);
        jw_close(w);
    }
    if (app->sender.len == 0 && app->postmarked.len == 0) return;
    jw_key(w, "post");
    jw_open(w, '{');
    jw_put_str(w, "sender", app->sender);
    jw_put_str(w, "postmarked", app->postmarked);
    jw_close(w);
}

static void write_pairs(struct json_writer *w, struct arena *a, const char *key, const struct pair *list, size_t count)
{
    if (count == 0) return;
    jw_key(w, key);
    jw_open(w, '{');
    for (size_t i = 0; i < count; i++) jw_put_str(w, str_cstr(a, list[i].name), list[i].value);
    jw_close(w);
}

static void write_saved(struct json_writer *w, const struct application *app)
{
    int64_t any = 0;
    for (size_t i = 0; i < APPLIED_STEPS_MOST; i++) any |= app->saved[i];
    if (any == 0) return;
    jw_key(w, "saved");
    jw_open(w, '[');
    for (size_t i = 0; i < APPLIED_STEPS_MOST; i++) jw_int(w, app->saved[i]);
    jw_close(w);
}

struct str application_write(struct arena *a, const struct application *app)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, APPLICATION_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "procedure", app->procedure);
    jw_put_str(&w, "agency", app->agency);
    jw_put_str(&w, "channel", app->channel);
    jw_put_str_or_null(&w, "case", app->case_id);
    jw_put_str(&w, "behalf", app->behalf);
    if (app->mandate.len > 0) jw_put_str(&w, "mandate", app->mandate);
    write_delivery(&w, app);
    jw_key(&w, "parties");
    jw_open(&w, '[');
    for (size_t i = 0; i < app->applicant_count; i++) write_applicant(&w, &app->applicants[i]);
    jw_close(&w);
    write_form(&w, a, app);
    write_files(&w, "files", app->files, app->file_count);
    if (app->photo_count > 0) write_files(&w, "photos", app->photos, app->photo_count);
    write_saved(&w, app);
    write_pairs(&w, a, "known", app->known, app->known_count);
    write_pairs(&w, a, "doubts", app->doubts, app->doubt_count);
    jw_close(&w);
    return str_dup(a, buf_str(&text));
}

/* ---- on whose behalf ---- */

void application_set_behalf(struct application *app, struct str behalf)
{
    struct applicant *owner = &app->applicants[0], *agent = &app->applicants[1];
    bool is_for_self = str_eq(behalf, STR("self")), is_legal = str_eq(behalf, STR("legal"));
    app->behalf = behalf;
    app->mandate = STR("");
    if (is_for_self && app->applicant_count == 2) {
        if (!party_kind_is_body(owner->kind)) *owner = *agent;
        app->applicant_count = 1;
    }
    if (!is_for_self && app->applicant_count == 1) {
        *agent = *owner;
        if (party_kind_is_body(owner->kind) && is_legal) /* the body stays the owner; who acts for it is asked */
            *agent = (struct applicant){.kind = STR("citizen")};
        else
            *owner = (struct applicant){.kind = is_legal ? STR("business") : STR("citizen")};
        app->applicant_count = 2;
    }
    owner->role = STR("owner");
    owner->basis = STR("");
    agent->role = STR("representative");
    agent->basis = is_for_self ? STR("") : behalf;
}

/* ---- where values come from ---- */

struct str application_source(const struct pair *list, size_t count, struct str place)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].name, place)) return list[i].value;
    return STR("");
}

void application_note(struct pair *list, size_t *count, struct str place, struct str value)
{
    size_t at = 0;
    while (at < *count && !str_eq(list[at].name, place)) at++;
    if (value.len > 0 && at < KNOWN_MOST) {
        list[at] = (struct pair){place, value};
        if (at == *count) ++*count;
    } else if (value.len == 0 && at < *count) {
        list[at] = list[--*count];
    }
}

/* ---- files ---- */

static bool is_same(const struct applied_file *f, struct str component, struct str file)
{
    return str_eq(f->component, component) && str_eq(f->file, file);
}

static bool has_file(const struct applied_file *files, size_t count, const struct applied_file *f)
{
    for (size_t i = 0; i < count; i++)
        if (is_same(&files[i], f->component, f->file)) return true;
    return false;
}

/* What does not fit any more is left out. */
void application_merge_files(struct application *theirs, const struct application *base, const struct application *mine)
{
    for (size_t i = 0; i < base->file_count; i++)
        if (!has_file(mine->files, mine->file_count, &base->files[i]))
            application_remove_file(theirs, base->files[i].component, base->files[i].file);
    for (size_t i = 0; i < mine->file_count; i++)
        if (!has_file(base->files, base->file_count, &mine->files[i]))
            (void)application_add_file(theirs, &mine->files[i]);
    for (size_t i = 0; i < base->photo_count; i++)
        if (!has_file(mine->photos, mine->photo_count, &base->photos[i]))
            (void)application_remove_photo(theirs, base->photos[i].component, base->photos[i].file);
    for (size_t i = 0; i < mine->photo_count; i++)
        if (!has_file(base->photos, base->photo_count, &mine->photos[i]))
            (void)application_add_photo(theirs, &mine->photos[i]);
}

bool application_add_file(struct application *app, const struct applied_file *file)
{
    application_remove_file(app, file->component, file->file);
    if (app->file_count == APPLIED_FILES_MOST) return false;
    app->files[app->file_count++] = *file;
    return true;
}

void application_remove_file(struct application *app, struct str component, struct str file)
{
    size_t kept = 0;
    for (size_t i = 0; i < app->file_count; i++) {
        const struct applied_file *f = &app->files[i];
        if (!str_eq(f->component, component) || !str_eq(f->file, file)) app->files[kept++] = *f;
    }
    app->file_count = kept;
}

bool application_add_photo(struct application *app, const struct applied_file *photo)
{
    for (size_t i = 0; i < app->photo_count; i++)
        if (is_same(&app->photos[i], photo->component, photo->file)) return true;
    if (app->photo_count == APPLIED_FILES_MOST) return false;
    app->photos[app->photo_count++] = *photo;
    return true;
}

bool application_remove_photo(struct application *app, struct str component, struct str file)
{
    size_t kept = 0, before = app->photo_count;
    for (size_t i = 0; i < before; i++)
        if (!is_same(&app->photos[i], component, file)) app->photos[kept++] = app->photos[i];
    app->photo_count = kept;
    return kept < before;
}

void application_move_photo(struct application *app, struct str component, struct str file, int by)
{
    ptrdiff_t at = 0, end = (ptrdiff_t)app->photo_count;
    while (at < end && !is_same(&app->photos[at], component, file)) at++;
    ptrdiff_t other = at + by;
    while (at < end && other >= 0 && other < end && !str_eq(app->photos[other].component, component)) other += by;
    if (at == end || other < 0 || other >= end) return;
    struct applied_file moved = app->photos[at];
    app->photos[at] = app->photos[other];
    app->photos[other] = moved;
}

bool application_join(struct application *app, struct str component, const struct applied_file *joined)
{
    size_t kept = 0;
    for (size_t i = 0; i < app->file_count; i++)
        if (!app->files[i].is_joined || !str_eq(app->files[i].component, component)) app->files[kept++] = app->files[i];
    app->file_count = kept;
    return joined == NULL || application_add_file(app, joined);
}

bool application_is_under(struct str pointer, struct str member)
{
    if (str_starts(pointer, STR("#"))) pointer = str_part(pointer, 1, pointer.len);
    if (!str_starts(pointer, member)) return false;
    return pointer.len == member.len || pointer.at[member.len] == '/';
}
