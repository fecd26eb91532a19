#include "notice/wording.h"

#include "agency/agency.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/text.h"
#include "queries.h"

enum { AGENCIES_ABOVE_MOST = 8 };

static const struct field line_fields[] = {
    FIELD_STR(struct mail_line, code),
    FIELD_STR(struct mail_line, title),
    FIELD_END,
};
static const struct field mail_facts_fields[] = {
    FIELD_STR(struct mail_facts, name),      FIELD_STR(struct mail_facts, code),
    FIELD_STR(struct mail_facts, procedure), FIELD_STR(struct mail_facts, agency),
    FIELD_STR(struct mail_facts, phone),     FIELD_STR(struct mail_facts, reason),
    FIELD_STR(struct mail_facts, until),     FIELD_STR(struct mail_facts, due),
    FIELD_STR(struct mail_facts, amount),    FIELD_LIST(struct mail_facts, lines, struct mail_line, line_fields),
    FIELD_INT(struct mail_facts, count),     FIELD_END,
};

const struct wording_name wording_names[] = {
    {"name",      N_("Full name of the person it is to")             },
    {"code",      N_("Code of the dossier")                          },
    {"procedure", N_("Name of the procedure")                        },
    {"agency",    N_("Name of the agency")                           },
    {"phone",     N_("Telephone of its one-stop office, when known") },
    {"reason",    N_("The reason that the act gives")                },
    {"until",     N_("The day until which papers are asked for")     },
    {"due",       N_("When the result is due, when a term is stated")},
    {"amount",    N_("The amount to pay or paid")                    },
    {NULL,        NULL                                               },
};

/* ---- words ---- */

struct wording wording_standard(const struct notice_event *event, enum language l)
{
    return (struct wording){translate(l, event->subject), translate(l, event->text), 0};
}

static void check_one(struct arena *a, struct str text, size_t most, const char *pointer, struct fail *why)
{
    const struct html_text *parsed;
    struct fail mistake;
    fail_init(&mistake, a);
    if (str_trim(text).len == 0)
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
    else if (text_length(text) > most)
        fail_problem(why, str_from(pointer), "too-long", N_("At most {0} characters."), str_format(a, "%zu", most));
    else if (html_text_parse(a, text, mail_facts_fields, &parsed, &mistake) != OK)
        fail_problem_with(why, str_from(pointer), "template", mistake.sentence, mistake.args);
}

void wording_check(struct arena *a, struct str subject, struct str text, struct fail *why)
{
    check_one(a, subject, WORDING_SUBJECT_MOST, "/subject", why);
    if (str_has(subject, STR("\n"))) fail_problem(why, STR("/subject"), "format", N_("The subject is one line."));
    check_one(a, text, WORDING_TEXT_MOST, "/text", why);
}

static enum outcome own_words(struct tx *tx, int64_t agency, const struct notice_event *event, enum language l,
                              struct wording *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_WORDING_CURRENT,
                  VALUES(v_int(agency), v_str(str_from(event->name)), v_str(str_from(language_code(l)))), &row, why));
    *out = (struct wording){row_str(&row, 1), row_str(&row, 2), agency};
    return out->subject.len > 0 ? OK : ERR_MISSING;
}

enum outcome wording_find(struct tx *tx, int64_t agency, const struct notice_event *event, enum language l,
                          struct wording *out, struct fail *why)
{
    for (int i = 0; agency != 0 && i < AGENCIES_ABOVE_MOST; i++) {
        enum outcome found = own_words(tx, agency, event, l, out, why);
        if (found != ERR_MISSING) return found;
        struct agency above;
        TRY(agency_load(tx, agency, &above, why));
        agency = above.parent;
    }
    *out = wording_standard(event, l);
    return OK;
}

enum outcome wording_versions(struct tx *tx, int64_t agency, const struct notice_event *event, enum language l,
                              struct wording_version **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_WORDING_VERSIONS,
                  VALUES(v_int(agency), v_str(str_from(event->name)), v_str(str_from(language_code(l)))), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct wording_version, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] =
            (struct wording_version){row_int(r, 0), row_str(r, 1), row_str(r, 2), row_instant(r, 3), row_str(r, 4)};
    }
    return OK;
}

/* ---- the whole letter ---- */

static bool fill(struct arena *a, struct str words, const struct mail_facts *facts, enum language l, struct buf *out)
{
    const struct html_text *text;
    struct fail ignored;
    fail_init(&ignored, a);
    if (html_text_parse(a, words, mail_facts_fields, &text, &ignored) != OK) return false;
    html_text_render(text, facts, l, out);
    return true;
}

static struct str filled(struct arena *a, struct str words, struct str standard, const struct mail_facts *facts,
                         enum language l)
{
    AUTO_BUF struct buf out;
    buf_init(&out, WORDING_BYTES);
    if (!fill(a, words, facts, l, &out) && !fill(a, standard, facts, l, &out)) BUG("a standard letter does not parse");
    return str_dup(a, str_trim(buf_str(&out)));
}

static void add_say(struct buf *out, struct arena *a, enum language l, const char *message, struct str value)
{
    if (value.len == 0) return;
    struct str line = fail_fill(a, translate(l, message), (const struct str[FAIL_ARGS]){value});
    buf_addf(out, "%.*s\n", STR_ARG(line));
}

static void add_facts(struct buf *out, struct arena *a, enum language l, const struct mail_facts *facts)
{
    buf_add(out, STR("\n"));
    add_say(out, a, l, N_("Code of the dossier: {0}"), facts->code);
    add_say(out, a, l, N_("Procedure: {0}"), facts->procedure);
    add_say(out, a, l, N_("Agency: {0}"), facts->agency);
    if (facts->agency.len > 0) add_say(out, a, l, N_("Telephone: {0}"), facts->phone);
    add_say(out, a, l, N_("See it at: {0}"), facts->link);
    add_say(out, a, l, N_("How did it go? Five questions, without signing in: {0}"), facts->rate_link);
}

static void add_footing(struct buf *out, struct arena *a, enum language l, const struct mail_facts *facts)
{
    struct str said = translate(l, N_("This letter was written by a program. Answers to it are not read."));
    buf_addf(out, "\n-- \n%.*s\n%.*s\n", STR_ARG(facts->office), STR_ARG(said));
    add_say(out, a, l, N_("To receive no more letters: {0}"), facts->stop_link);
}

void wording_fill(struct arena *a, const struct notice_event *event, const struct wording *words, enum language l,
                  const struct mail_facts *facts, struct str *out_subject, struct str *out_text)
{
    struct wording standard = wording_standard(event, l);
    AUTO_BUF struct buf out;
    buf_init(&out, WORDING_BYTES);
    struct str subject = filled(a, words->subject, standard.subject, facts, l);
    *out_subject = text_shorten(a, text_one_line(a, subject), WORDING_SUBJECT_MOST);
    struct str text = filled(a, words->text, standard.text, facts, l);
    add_say(&out, a, l, N_("Dear {0},"), facts->name);
    buf_addf(&out, "%s%.*s\n", facts->name.len > 0 ? "\n" : "", STR_ARG(text));
    add_facts(&out, a, l, facts);
    add_footing(&out, a, l, facts);
    *out_text = str_dup(a, buf_str(&out));
}

struct mail_facts mail_facts_sample(struct arena *a, enum language l)
{
    instant_t now = clock_now();
    struct mail_line *line = ARENA_NEW(a, struct mail_line);
    *line = (struct mail_line){STR("H36.25159-261122-0007"), translate(l, N_("Due soon or late"))};
    return (struct mail_facts){
        .name = STR("Nguyễn Văn An"),
        .code = STR("H36.25159-261122-0007"),
        .procedure = translate(l, N_("A procedure as an example")),
        .agency = translate(l, N_("An agency as an example")),
        .phone = STR("0263 3822 000"),
        .reason = translate(l, N_("A reason as an example: the copy of the identity card cannot be read.")),
        .until = day_for_people(a, day_of(now) + 10),
        .due = instant_for_people(a, day_start(day_of(now) + 15) + 17 * US_PER_HOUR),
        .amount = STR("150.000 đ"),
        .lines = line,
        .lines_count = 1,
        .count = 1,
        .link = STR("https://motcua.example.vn/ho-so/H36.25159-261122-0007"),
        .stop_link = STR("https://motcua.example.vn/thong-bao/ngung/..."),
        .office = translate(l, N_("An agency as an example")),
    };
}

/* ---- changing them ---- */

enum { PAYLOAD_BYTES = 1024 };

enum outcome wording_save(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct wording_new *in = input;
    struct wording_version *versions;
    size_t count;
    struct agency agency;
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    (void)output; /* there is none */
    TRY(agency_load(tx, in->agency, &agency, why));
    TRY(wording_versions(tx, in->agency, in->event, in->language, &versions, &count, why));
    int64_t last = count > 0 ? versions[0].n : 0;
    if (last != in->after)
        return fail(why, ERR_STALE, N_("Somebody else has changed these words meanwhile. Look at them again."));
    TRY(store_do(tx, Q_WORDING_INSERT,
                 VALUES(v_int(in->agency), v_str(str_from(in->event->name)),
                        v_str(str_from(language_code(in->language))), v_int(last + 1), v_str(in->subject),
                        v_str(in->text), v_instant(tx_now(tx)), v_int(in->actor.account)),
                 NULL, why));
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "event", str_from(in->event->name));
    jw_put_str(&w, "language", str_from(language_code(in->language)));
    jw_put_int(&w, "n", last + 1);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_AGENCY,
                                          .subject = in->agency,
                                          .version = agency.version,
                                          .act = "notice.wording",
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}
