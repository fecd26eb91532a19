/*
 * What a program sends as a dossier: parties, declarations and papers from any JSON. What is taken without a problem
 * is bounded, clean and says again what it said; a draft's text and a list's cursor keep the same promise.
 */
#include <string.h>

#include "base/auto.h"
#include "base/text.h"
#include "dossier/application.h"
#include "dossier/delivery.h"
#include "dossier/dossier.h"
#include "dossier/doubt.h"
#include "dossier/list_cursor.h"
#include "form/form.h"
#include "people/party.h"

enum { ROOM = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static bool is_line(struct str s, size_t most)
{
    return text_length(s) <= most && text_is_utf8(s) && !str_has(s, STR("\n"));
}

static void check_parties(struct arena *a, yyjson_val *list)
{
    struct fail why;
    size_t count;
    fail_init(&why, a);
    const struct party *parties = parties_read(a, list, STR("/parties"), day_of(clock_now()), &count, &why);
    if (count > PARTIES_MOST) BUG("%zu parties", count);
    if (why.problem_count > 0) return;
    for (size_t i = 0; i < count; i++) {
        const struct party *p = &parties[i];
        if (p->name.len == 0 || !is_line(p->name, PARTY_NAME_MOST) || !is_line(p->address, PARTY_ADDRESS_MOST))
            BUG("a name or an address that is none");
        if (p->identity_count > IDENTITIES_MOST) BUG("%zu identities", p->identity_count);
        if ((p->phone.len > 0 && !phone_is_valid(p->phone)) || (p->email.len > 0 && !email_is_valid(p->email)))
            BUG("a way to reach nobody");
    }
}

static const struct procedure *example(struct arena *a)
{
    static const struct component components[] = {
        {.id = STR_INIT("c1"),    .label = STR_INIT("One"), .required = REQUIRED_ALWAYS},
        {.id = STR_INIT("c2"),    .label = STR_INIT("Two"), .required = REQUIRED_ONE_OF, .group = STR_INIT("g")},
        {.id = STR_INIT("c3"),                       .label = STR_INIT("Three"),                            .required = REQUIRED_ONE_OF,       .group = STR_INIT("g")},
        {.id = STR_INIT("c4"), .label = STR_INIT("Four"),                         .required = REQUIRED_IF_ANY                          },
    };
    struct procedure *p = ARENA_NEW(a, struct procedure);
    p->components = arena_dup(a, components, sizeof components);
    p->component_count = LENGTH(components);
    return p;
}

static void check_form(struct arena *a, yyjson_val *root)
{
    struct fail why;
    size_t count;
    yyjson_val *again;
    fail_init(&why, a);
    const struct procedure_form *form = form_derive(a, example(a), true);
    struct str text = form_check(a, form, json_get(root, "form"), &why);
    const struct attachment *files = form_read_files(a, json_get(root, "files"), STR("/files"), false, &count, &why);
    if (count > FORM_FILES_MOST) BUG("%zu files", count);
    form_check_files(a, form, files, count, &why);
    if (json_read(a, text, &again, &why) != OK || !str_eq(json_canonical(a, again), text)) BUG("a form does not read");
    if (why.problem_count > 0) return;
    if (text.len > FORM_BYTES_MOST) BUG("a form of %zu bytes", text.len);
    if (count < 2) BUG("required papers are missing and nobody says so");
}

static void check_ways(struct arena *a, yyjson_val *root)
{
    struct fail why;
    struct delivery d = {0};
    size_t count = 0;
    fail_init(&why, a);
    delivery_read(a, root, true, day_of(clock_now()), &d, &why);
    const struct doubt *doubts = doubts_read(a, root, &count, &why);
    for (size_t i = 0; i < count; i++)
        if (doubt_for_people(a, VIETNAMESE, &doubts[i]).len == 0) BUG("a doubt without words");
    if (why.problem_count > 0) return;
    if (!is_line(d.sender, SENDER_MOST) || text_length(d.address) > RETURN_ADDRESS_MOST) BUG("an envelope without end");
    if (count > DOUBTS_MOST || (count > 0 && doubts[0].place.len == 0)) BUG("%zu doubts", count);
}

/* What the pages do with it: files and photographs come, go and change places, another person is meant. */
static void check_edits(struct arena *a, const struct application *read)
{
    struct application app = *read, other = *read;
    static const struct applied_file one = {.component = STR_INIT("c1"), .file = STR_INIT("f"), .is_joined = true};
    size_t files = app.file_count, photos = app.photo_count;
    application_merge_files(&app, read, &other);
    if (app.file_count != files || app.photo_count != photos) BUG("what nobody changed was changed");
    for (size_t i = 0; i < photos; i++) application_move_photo(&app, app.photos[i].component, app.photos[i].file, 1);
    if (app.photo_count != photos) BUG("a photograph went by being moved");
    if (application_add_file(&other, &one) && application_add_photo(&other, &one))
        application_merge_files(&app, read, &other);
    if (app.file_count > APPLIED_FILES_MOST || app.photo_count > APPLIED_FILES_MOST) BUG("%zu files", app.file_count);
    (void)application_join(&app, STR("c1"), NULL); /* there is room: nothing comes */
    (void)application_remove_photo(&app, STR("c1"), STR("f"));
    static const char *const behalves[] = {"legal", "self", "parent", "self"};
    for (size_t i = 0; i < LENGTH(behalves); i++) {
        application_set_behalf(&app, str_from(behalves[i]));
        if (app.applicant_count > APPLICANTS_MOST) BUG("%zu applicants", app.applicant_count);
    }
    application_note(app.known, &app.known_count, STR("parties/0/phone"), STR("account"));
    bool is_noted = str_eq(application_source(app.known, app.known_count, STR("parties/0/phone")), STR("account"));
    if (!is_noted && app.known_count < KNOWN_MOST) BUG("what was noted is not there");
    application_note(app.known, &app.known_count, STR("parties/0/phone"), STR(""));
    (void)application_write(a, &app); /* must only not crash */
    (void)application_is_under(app.procedure, STR("/parties"));
}

/* The first reading may drop what a draft does not hold; from then on nothing is lost. */
static void check_draft(struct arena *a, struct str text)
{
    struct fail why;
    struct application first, second;
    fail_init(&why, a);
    if (application_read(a, text, &first, &why) != OK) return;
    struct str written = application_write(a, &first);
    if (application_read(a, written, &second, &why) != OK) BUG("a draft does not read");
    if (!str_eq(application_write(a, &second), written)) BUG("a draft changes by being read");
    check_edits(a, &second);
}

static void check_cursor(struct arena *a, struct str text)
{
    static const enum cursor_kind kinds[] = {CURSOR_TASKS, CURSOR_NEWEST, CURSOR_DUE};
    struct fail why;
    struct place at, again;
    struct str code;
    fail_init(&why, a);
    if (text.len >= sizeof at.major + sizeof at.minor) { /* a place that a list may have stopped at */
        memcpy(&at.major, text.at, sizeof at.major);
        memcpy(&at.minor, text.at + sizeof at.major, sizeof at.minor);
        struct str made = list_cursor_format(a, CURSOR_DUE, at);
        if (list_cursor_parse(a, made, CURSOR_DUE, &again, &why) != OK || again.major != at.major ||
            again.minor != at.minor || list_cursor_parse(a, made, CURSOR_TASKS, &again, &why) == OK)
            BUG("a place that is another");
    }
    if (dossier_code_is_valid(text) &&
        (code_cursor_parse(a, code_cursor_format(a, text), &code, &why) != OK || !str_eq(code, text)))
        BUG("a code that is another");
    fail_init(&why, a);
    if (!text_is_utf8(text)) return;
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        if (list_cursor_parse(a, text, kinds[i], &at, &why) != OK || text.len == 0) continue;
        if (list_cursor_parse(a, list_cursor_format(a, kinds[i], at), kinds[i], &again, &why) != OK)
            BUG("a cursor does not read");
    }
    if (code_cursor_parse(a, text, &code, &why) == OK && !text_is_utf8(code)) BUG("a code that is not text");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct str text = str_of((const char *)data, bytes);
    yyjson_val *root;
    arena_init(&a, ROOM);
    fail_init(&why, &a);
    if (bytes <= 256) check_cursor(&a, text);
    if (bytes > FORM_BYTES_MOST || json_read(&a, text, &root, &why) != OK || json_has_nul(root)) return 0;
    check_parties(&a, json_get(root, "parties"));
    check_form(&a, root);
    check_ways(&a, root);
    check_draft(&a, text);
    return 0;
}
