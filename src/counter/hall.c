#include "counter/hall.h"

#include "agency/agency.h"
#include "base/auto.h"
#include "base/text.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 8 * 1024 };

/* clang-format off */
/* In the order of the kiosk. The articles are named from general knowledge, [G]: none of these texts is among the law that
 * came with the work, and none of that law says who goes first at a one-stop (docs/counter.md). An office may close any. */
const struct priority priorities[] = {
    {"elderly",  N_("Elderly people"),
     N_("Law on the Elderly 39/2009/QH12, art. 2 and 3 (in force 2010-07-01)")},
    {"disabled", N_("People with severe disabilities"),
     N_("Law on Persons with Disabilities 51/2010/QH12, art. 4 (in force 2011-01-01)")},
    {"pregnant", N_("Pregnant women, and whoever comes with a small child"),
     N_("The rules of the province's one-stop centre")},
    {"merit",    N_("People with merit to the revolution"),
     N_("Ordinance 02/2020/UBTVQH14 (in force 2021-07-01)")},
};
const size_t priority_count = LENGTH(priorities);

/* What every one-stop has, when the agency has not named its own. */
static const struct {
    char letter;
    const char *title; /* message */
} usual[] = {
    {'A', N_("Hand in a dossier")},
    {'B', N_("Collect a result") },
};
/* clang-format on */

/* Where nobody has set anything. */
static const struct hall usual_hall = {
    .desks = 4, .slot_minutes = 30, .slot_places = 2, .days_ahead = 14, .takes_remote = true, .priorities = UINT32_MAX};

const struct priority *priority_find(const struct hall *h, struct str code)
{
    for (size_t i = 0; i < priority_count; i++)
        if ((h->priorities & UINT32_C(1) << i) != 0 && str_eq(code, str_from(priorities[i].code)))
            return &priorities[i];
    return NULL;
}

const struct line *hall_line(const struct hall *h, struct str letter)
{
    for (size_t i = 0; i < h->line_count; i++)
        if (letter.len == 1 && h->lines[i].letter == letter.at[0]) return &h->lines[i];
    return NULL;
}

struct str line_title(const struct line *line, enum language l)
{
    for (size_t i = 0; i < LENGTH(usual); i++)
        if (str_eq(line->title, translate(VIETNAMESE, usual[i].title))) return translate(l, usual[i].title);
    return line->title;
}

struct str lines_write(struct arena *a, const struct hall *h)
{
    struct str rows[LINES_MOST];
    for (size_t i = 0; i < h->line_count; i++)
        rows[i] = str_format(a, "%c %.*s", h->lines[i].letter, STR_ARG(h->lines[i].title));
    return str_join(a, STR("\n"), rows, h->line_count);
}

static void wrong_lines(struct fail *why)
{
    fail_problem(why, STR("/lines"), "format",
                 N_("Write each line of the queue as a letter and its title, such as “A Nộp hồ sơ”; at most {0}."),
                 str_format(why->arena, "%d", LINES_MOST));
}

void lines_read(struct arena *a, struct str text, struct hall *out, struct fail *why)
{
    struct str row;
    out->line_count = 0;
    while (text.len > 0) {
        if (!str_cut(text, '\n', &row, &text)) text = STR("");
        row = text_one_line(a, row);
        if (row.len == 0) continue;
        struct str title = str_trim(str_part(row, 1, row.len));
        bool is_letter = row.at[0] >= 'A' && row.at[0] <= 'Z' && row.len > 2 && row.at[1] == ' ';
        bool is_again = is_letter && hall_line(out, str_part(row, 0, 1)) != NULL;
        if (!is_letter || is_again || out->line_count == LINES_MOST || text_length(title) > LINE_TITLE_MOST) {
            wrong_lines(why);
            return;
        }
        out->lines[out->line_count++] = (struct line){row.at[0], title};
    }
}

static void usual_lines(struct hall *out)
{
    out->line_count = LENGTH(usual);
    for (size_t i = 0; i < LENGTH(usual); i++)
        out->lines[i] = (struct line){usual[i].letter, translate(VIETNAMESE, usual[i].title)};
}

/* "elderly merit" */
static uint32_t priorities_read(struct str text)
{
    uint32_t all = 0;
    for (size_t i = 0; i < priority_count; i++)
        if (str_has(text, str_from(priorities[i].code))) all |= UINT32_C(1) << i;
    return all;
}

static struct str priorities_write(struct arena *a, uint32_t all)
{
    struct str codes[32];
    size_t count = 0;
    for (size_t i = 0; i < priority_count; i++)
        if ((all & UINT32_C(1) << i) != 0) codes[count++] = str_from(priorities[i].code);
    return str_join(a, STR(" "), codes, count);
}

enum outcome hall_of(struct tx *tx, int64_t agency, struct hall *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_HALL_OF_AGENCY, VALUES(v_int(agency)), &row, why);
    *out = usual_hall;
    out->agency = agency;
    if (found == ERR_MISSING) {
        usual_lines(out);
        return OK;
    }
    TRY(found);
    out->desks = row_int(&row, 0);
    out->slot_minutes = row_int(&row, 1);
    out->slot_places = row_int(&row, 2);
    out->days_ahead = row_int(&row, 3);
    out->takes_remote = row_bool(&row, 4);
    out->priorities = priorities_read(row_str(&row, 6));
    struct fail ignored; /* it was checked when it was written */
    fail_init(&ignored, tx_arena(tx));
    lines_read(tx_arena(tx), row_str(&row, 5), out, &ignored);
    if (out->line_count == 0) usual_lines(out);
    return OK;
}

/* ---- setting ---- */

static void check_number(const char *pointer, int64_t n, int least, int most, struct fail *why)
{
    if (n < least || n > most)
        fail_problem(why, str_from(pointer), "range", N_("A number from {0} to {1}."),
                     str_format(why->arena, "%d", least), str_format(why->arena, "%d", most));
}

static void check(const struct hall *h, struct fail *why)
{
    check_number("/desks", h->desks, 1, DESKS_MOST, why);
    check_number("/slot_minutes", h->slot_minutes, 5, 240, why);
    check_number("/slot_places", h->slot_places, 0, PLACES_MOST, why);
    check_number("/days_ahead", h->days_ahead, 1, DAYS_AHEAD_MOST, why);
    if (h->line_count == 0) wrong_lines(why);
}

static enum outcome note(struct tx *tx, const struct hall_set *in, const struct agency *agency, struct fail *why)
{
    AUTO_BUF struct buf payload;
    struct json_writer w;
    const struct hall *h = &in->hall;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_int(&w, "days_ahead", h->days_ahead);
    jw_put_int(&w, "desks", h->desks);
    jw_put_str(&w, "lines", lines_write(tx_arena(tx), h));
    jw_put_str(&w, "priorities", priorities_write(tx_arena(tx), h->priorities));
    jw_put_int(&w, "slot_minutes", h->slot_minutes);
    jw_put_int(&w, "slot_places", h->slot_places);
    jw_put_bool(&w, "takes_remote", h->takes_remote);
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_AGENCY,
                      .subject = agency->id,
                      .version = agency->version + 1,
                      .act = "agency.counter",
                      .actor = in->actor,
                      .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

enum outcome hall_set(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct hall_set *in = input;
    const struct hall *h = &in->hall;
    struct agency agency;
    struct arena *a = tx_arena(tx);
    (void)output; /* there is none */
    check(h, why);
    TRY(fail_if_problems(why));
    TRY(agency_load(tx, h->agency, &agency, why));
    TRY(store_do(tx, Q_HALL_PUT,
                 VALUES(v_int(h->agency), v_int(h->desks), v_int(h->slot_minutes), v_int(h->slot_places),
                        v_int(h->days_ahead), v_bool(h->takes_remote), v_str(lines_write(a, h)),
                        v_str(priorities_write(a, h->priorities))),
                 NULL, why));
    TRY(store_do(tx, Q_AGENCY_TOUCH, VALUES(v_int(agency.id)), NULL, why));
    return note(tx, in, &agency, why);
}
