#include "conversation/phrase.h"

#include "base/auto.h"
#include "base/json.h"
#include "base/parse.h"
#include "base/text.h"
#include "html/html.h"
#include "queries.h"

enum { FILLED_BYTES = 64 * 1024, PAYLOAD_BYTES = 1024 };
#define OWN "own-"

const struct phrase_use phrase_uses[] = {
    {"message",            N_("A message to the applicant")      },
    {"request-supplement", N_("The reason for asking for papers")},
    {"refuse",             N_("The reason for not receiving")    },
    {"extend",             N_("The reason for a delay")          },
    {"stop",               N_("The reason for stopping")         },
    {"send-back",          N_("The reason for sending back")     },
};
const size_t phrase_use_count = LENGTH(phrase_uses);

/* In the order they are offered. Messages: title and text. */
static const struct {
    const char *name, *use, *title, *text;
} standard[] = {
    {"papers-seen",   "message",            N_("We have your dossier"),
     N_("We have your dossier {{code}} and are looking at it. You need do nothing now; we write to you here when "
        "something is missing.")                                                                                                               },
    {"one-question",  "message",            N_("One question"),
     N_("To go on with your dossier {{code}} we need to know one thing:\n\n…\n\nPlease answer here. Thank you.")                             },
    {"please-call",   "message",            N_("Please call us"),
     N_("Please call us about your dossier {{code}}{{#if phone}} at {{phone}}{{/if}} in working hours. You may also "
        "answer here.")                                                                                                                        },
    {"come-fetch",    "message",            N_("Your result is ready"),
     N_("The result of your dossier {{code}} is ready at {{agency}}. Please bring the receipt and an identity card.")                          },
    {"answered",      "message",            N_("Answer and thanks"),           N_("Thank you for your message. …\n\n{{officer}}, {{agency}}")},
    {"from-checks",   "request-supplement", N_("What the check-list found"),
     N_("Please complete these papers:\n{{#if papers}}{{papers}}{{else}}– …{{/if}}")                                                       },
    {"unreadable",    "request-supplement", N_("A copy cannot be read"),
     N_("The copy of … cannot be read. Please send a clear photo of every page, with all four corners.")                                     },
    {"missing-page",  "request-supplement", N_("A page is missing"),
     N_("Of the paper … page … is missing. Please send the whole paper.")                                                                  },
    {"not-signed",    "request-supplement", N_("A signature is missing"),
     N_("The paper … is not signed or not stamped. Please send it completed.")                                                               },
    {"not-competent", "refuse",             N_("Another agency is competent"),
     N_("This matter is decided by …, not by {{agency}}. Please submit it there; we are glad to help you with it.")                          },
    {"not-complete",  "refuse",             N_("Required papers are missing"),
     N_("The dossier lacks papers that the procedure “{{procedure}}” requires:\n{{#if papers}}{{papers}}{{else}}– "
        "…{{/if}}")                                                                                                                          },
    {"await-opinion", "extend",             N_("An opinion is awaited"),
     N_("We apologise: the opinion of … has not come yet. We go on as soon as it is there.")                                                 },
    {"at-request",    "stop",               N_("At the applicant's request"),  N_("At the request of the applicant, of …")                   },
    {"complete-it",   "send-back",          N_("To be completed"),             N_("Please complete: …")                                      },
};

const struct phrase_name phrase_names[] = {
    {"name",      N_("Full name of the owner of the matter")                       },
    {"code",      N_("Code of the dossier")                                        },
    {"procedure", N_("Name of the procedure")                                      },
    {"agency",    N_("Name of the agency")                                         },
    {"phone",     N_("Telephone of its one-stop office, when known")               },
    {"officer",   N_("Full name of the officer who writes")                        },
    {"due",       N_("When the result is due, when a term is stated")              },
    {"papers",    N_("The papers that the check-list found incomplete, one a line")},
    {NULL,        NULL                                                             },
};

static const struct field facts_fields[] = {
    FIELD_STR(struct phrase_facts, name),
    FIELD_STR(struct phrase_facts, code),
    FIELD_STR(struct phrase_facts, procedure),
    FIELD_STR(struct phrase_facts, agency),
    FIELD_STR(struct phrase_facts, phone),
    FIELD_STR(struct phrase_facts, officer),
    FIELD_STR(struct phrase_facts, due),
    FIELD_STR(struct phrase_facts, papers),
    FIELD_END,
};

const struct phrase_use *phrase_use_find(struct str name)
{
    for (size_t i = 0; i < phrase_use_count; i++)
        if (str_eq(name, str_from(phrase_uses[i].name))) return &phrase_uses[i];
    return NULL;
}

/* ---- which there are ---- */

static struct phrase standard_phrase(size_t i, enum language l)
{
    return (struct phrase){.name = str_from(standard[i].name),
                           .use = phrase_use_find(str_from(standard[i].use)),
                           .title = translate(l, standard[i].title),
                           .text = translate(l, standard[i].text),
                           .is_standard = true};
}

static void lay_over(struct phrase *p, const struct row *r)
{
    p->version = row_int(r, 4);
    p->is_hidden = row_str(r, 3).len == 0;
    if (p->is_hidden) return; /* its shipped words stay visible where it is edited */
    p->title = row_str(r, 2);
    p->text = row_str(r, 3);
}

static struct phrase own_phrase(const struct row *r)
{
    const struct phrase_use *use = phrase_use_find(row_str(r, 1));
    struct phrase p = {.name = row_str(r, 0), .use = use != NULL ? use : &phrase_uses[0]};
    lay_over(&p, r);
    p.title = row_str(r, 2);
    return p;
}

static const struct row *row_named(const struct rows *rows, const char *name)
{
    for (size_t i = 0; i < rows->count; i++)
        if (str_eq(row_str(&rows->at[i], 0), str_from(name))) return &rows->at[i];
    return NULL;
}

void phrases_ahead(struct tx *tx, int64_t agency)
{
    store_ahead(tx, Q_PHRASE_LIST, VALUES(v_int(agency)));
}

enum outcome phrases_of(struct tx *tx, int64_t agency, enum language l, bool hidden, struct phrase **out,
                        size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_PHRASE_LIST, VALUES(v_int(agency)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct phrase, LENGTH(standard) + rows.count + 1);
    *out_count = 0;
    for (size_t i = 0; i < LENGTH(standard); i++) {
        struct phrase p = standard_phrase(i, l);
        const struct row *own = row_named(&rows, standard[i].name);
        if (own != NULL) lay_over(&p, own);
        if (hidden || !p.is_hidden) (*out)[(*out_count)++] = p;
    }
    for (size_t i = 0; i < rows.count; i++) {
        if (!str_starts(row_str(&rows.at[i], 0), STR(OWN))) continue;
        struct phrase p = own_phrase(&rows.at[i]);
        if (!p.is_hidden) (*out)[(*out_count)++] = p; /* an own one that is left out is gone */
    }
    return OK;
}

/* ---- filling ---- */

struct phrase_facts phrase_facts_of(struct arena *a, const struct dossier_view *v, struct str officer,
                                    struct str papers)
{
    instant_t due = v->dossier.due_at;
    return (struct phrase_facts){
        .name = v->dossier.is_protected ? STR("") : v->dossier.owner_name,
        .code = v->dossier.code,
        .procedure = v->procedure->name,
        .agency = v->agency.name,
        .phone = v->agency.phone,
        .officer = officer,
        .due = due != INSTANT_NONE ? instant_for_people(a, due) : STR(""),
        .papers = papers,
    };
}

struct phrase_facts phrase_facts_sample(enum language l)
{
    return (struct phrase_facts){
        .name = STR("Nguyễn Văn An"),
        .code = STR("H36.25159-261122-0007"),
        .procedure = translate(l, N_("A procedure as an example")),
        .agency = translate(l, N_("An agency as an example")),
        .phone = STR("0263 3822 000"),
        .officer = STR("Trần Thị Bình"),
        .due = STR("17:00 07/12/2026"),
        .papers = STR("– …"),
    };
}

struct str phrase_fill(struct arena *a, struct str text, const struct phrase_facts *facts, enum language l)
{
    const struct html_text *parsed;
    struct fail ignored;
    AUTO_BUF struct buf out;
    fail_init(&ignored, a);
    buf_init(&out, FILLED_BYTES);
    if (html_text_parse(a, text, facts_fields, &parsed, &ignored) != OK) return text;
    html_text_render(parsed, facts, l, &out);
    return str_dup(a, str_trim(buf_str(&out)));
}

/* ---- changing them ---- */

static void check_length(struct arena *a, struct str text, size_t most, const char *pointer, struct fail *why)
{
    if (str_trim(text).len == 0)
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
    else if (text_length(text) > most)
        fail_problem(why, str_from(pointer), "too-long", N_("At most {0} characters."), str_format(a, "%zu", most));
}

void phrase_check(struct arena *a, const struct phrase *p, struct fail *why)
{
    const struct html_text *parsed;
    struct fail mistake;
    fail_init(&mistake, a);
    if (p->use == NULL) fail_problem(why, STR("/use"), "unknown", N_("Choose where the phrase is offered."));
    check_length(a, p->title, PHRASE_TITLE_MOST, "/title", why);
    check_length(a, p->text, PHRASE_TEXT_MOST, "/text", why);
    if (html_text_parse(a, p->text, facts_fields, &parsed, &mistake) != OK)
        fail_problem_with(why, STR("/text"), "template", mistake.sentence, mistake.args);
}

static bool is_standard_name(struct str name)
{
    for (size_t i = 0; i < LENGTH(standard); i++)
        if (str_eq(name, str_from(standard[i].name))) return true;
    return false;
}

/* The name of a new one: own names are counted, and none is used twice. */
static enum outcome new_name(struct tx *tx, const struct rows *rows, struct str *out, struct fail *why)
{
    int64_t last = 0, n;
    for (size_t i = 0; i < rows->count; i++) {
        struct str name = row_str(&rows->at[i], 0);
        bool is_own = str_starts(name, STR(OWN)) && parse_i64(str_part(name, sizeof OWN - 1, name.len), &n);
        if (is_own && n > last) last = n;
    }
    if (last >= PHRASES_OWN_MOST) return fail(why, ERR_CONFLICT, N_("The agency has as many phrases as can be kept."));
    *out = str_format(tx_arena(tx), OWN "%lld", (long long)last + 1);
    return OK;
}

static enum outcome note_change(struct tx *tx, const struct phrase_new *in, struct str name, int64_t version,
                                struct fail *why)
{
    struct agency agency;
    struct json_writer w;
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    TRY(agency_load(tx, in->agency, &agency, why));
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "name", name);
    jw_put_bool(&w, "offered", in->phrase.text.len > 0);
    jw_put_int(&w, "version", version);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_AGENCY,
                                          .subject = in->agency,
                                          .version = agency.version,
                                          .act = "conversation.phrase",
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

enum outcome phrase_save(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct phrase_new *in = input;
    struct str name = in->phrase.name;
    struct rows rows;
    (void)output; /* there is none */
    TRY(store_all(tx, Q_PHRASE_LIST, VALUES(v_int(in->agency)), &rows, why));
    if (name.len == 0) TRY(new_name(tx, &rows, &name, why));
    const struct row *before = row_named(&rows, str_cstr(tx_arena(tx), name));
    if (before == NULL && in->phrase.name.len > 0 && !is_standard_name(name))
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    int64_t version = before != NULL ? row_int(before, 4) : 0;
    if (version != in->after)
        return fail(why, ERR_STALE, N_("Somebody else has changed these words meanwhile. Look at them again."));
    TRY(store_do(tx, Q_PHRASE_PUT,
                 VALUES(v_int(in->agency), v_str(name), v_str(str_from(in->phrase.use->name)), v_str(in->phrase.title),
                        v_str(in->phrase.text), v_int(version + 1), v_instant(tx_now(tx)), v_int(in->actor.account)),
                 NULL, why));
    return note_change(tx, in, name, version + 1, why);
}
