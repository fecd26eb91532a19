#include "agency/competence_move.h"

#include "agency/agency_store.h"
#include "base/auto.h"
#include "base/language.h"
#include "base/text.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 64 * 1024, CHAIN_MOST = 8 };

/* ---- parties ---- */

enum outcome competence_party_find(struct tx *tx, struct str text, struct competence_party *out, struct fail *why)
{
    struct agency agency;
    if (agency_class_find(text) != NULL) {
        *out = (struct competence_party){.class = text};
        return OK;
    }
    TRY(agency_find(tx, text, &agency, why));
    *out = (struct competence_party){.agency = agency.id, .identifier = agency.identifier, .name = agency.name};
    return OK;
}

struct str competence_party_for_people(struct arena *a, enum language l, const struct competence_party *p)
{
    const struct agency_class *class = agency_class_find(p->class);
    if (class != NULL) return translate(l, class->title);
    return str_format(a, "%.*s (%.*s)", STR_ARG(p->name), STR_ARG(p->identifier));
}

struct str competence_decree_for_people(enum language l, struct str decree)
{
    return str_eq(decree, str_from(COMPETENCE_FROM_SHEET)) ? translate(l, COMPETENCE_FROM_SHEET) : decree;
}

static bool is_same_party(const struct competence_party *a, const struct competence_party *b)
{
    return a->agency == b->agency && str_eq(a->class, b->class);
}

/* ---- moving ---- */

static void check_move(const struct competence_move_new *in, struct fail *why)
{
    if (in->procedure_count == 0) fail_problem(why, STR("/procedures"), "required", N_("Name at least one procedure."));
    if (in->procedure_count > MOVE_PROCEDURES_MOST)
        fail_problem(why, STR("/procedures"), "too-many", N_("At most {0} procedures at once."),
                     str_format(why->arena, "%d", MOVE_PROCEDURES_MOST));
    if (str_trim(in->decree).len == 0)
        fail_problem(why, STR("/decree"), "required", N_("Name the decree that says so."));
    else if (text_length(in->decree) > DECREE_MOST)
        fail_problem(why, STR("/decree"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", DECREE_MOST));
    if (is_same_party(&in->from, &in->to))
        fail_problem(why, STR("/to"), "same", N_("This is whom the procedure is moved from."));
}

/* The new side must be there on the day. */
static enum outcome check_target(struct tx *tx, const struct competence_move_new *in, struct fail *why)
{
    struct agency agency;
    if (in->to.agency == 0) return OK;
    TRY(agency_load(tx, in->to.agency, &agency, why));
    if (!agency_is_in_force(&agency, in->on))
        fail_problem(why, STR("/to"), "not-in-force", N_("{0} is not in force on that day."), agency.name);
    return OK;
}

static enum outcome begin_row(struct tx *tx, const struct competence_move_new *in, struct str procedure,
                              struct str role, struct fail *why)
{
    struct row row;
    enum outcome held = store_one(
        tx, Q_COMPETENCE_HELD,
        VALUES(v_str(procedure), v_str(role), v_str(in->to.class), v_int(in->to.agency), v_int(in->on)), &row, why);
    if (held != ERR_MISSING) return held; /* it is theirs already */
    return store_do(tx, Q_COMPETENCE_INSERT,
                    VALUES(v_int(tx_new_id(tx)), v_str(procedure), v_str(role), v_str_or_null(in->to.class),
                           v_ref(in->to.agency), v_day(in->on), v_day(DAY_OPEN), v_str(in->decree)),
                    NULL, why);
}

static enum outcome move_one(struct tx *tx, const struct competence_move_new *in, size_t i, struct fail *why)
{
    struct rows rows;
    struct str procedure = in->procedures[i];
    TRY(store_all(tx, Q_COMPETENCE_OPEN,
                  VALUES(v_str(procedure), v_str(in->from.class), v_int(in->from.agency), v_int(in->on)), &rows, why));
    if (rows.count == 0)
        fail_problem(why, str_format(tx_arena(tx), "/procedures/%zu", i), "not-entrusted",
                     N_("The procedure {0} is not entrusted to the one it is moved from on the day before."),
                     procedure);
    for (size_t n = 0; n < rows.count; n++) {
        TRY(store_do(tx, Q_COMPETENCE_END, VALUES(v_int(in->on - 1), v_int(row_int(&rows.at[n], 0))), NULL, why));
        TRY(begin_row(tx, in, procedure, row_str(&rows.at[n], 1), why));
    }
    return OK;
}

static enum outcome remember(struct tx *tx, const struct competence_move_new *in, int64_t id, struct fail *why)
{
    TRY(store_do(tx, Q_COMPETENCE_MOVE_INSERT,
                 VALUES(v_int(id), v_str(in->decree), v_int(in->on), v_str_or_null(in->from.class),
                        v_ref(in->from.agency), v_str_or_null(in->to.class), v_ref(in->to.agency),
                        v_str(in->moves_in_flight ? STR("move") : STR("stay")), v_instant(tx_now(tx)),
                        v_int(in->actor.account)),
                 NULL, why));
    for (size_t i = 0; i < in->procedure_count; i++)
        TRY(store_do(tx, Q_COMPETENCE_MOVE_PROCEDURE_INSERT, VALUES(v_int(id), v_str(in->procedures[i])), NULL, why));
    return OK;
}

static void put_party(struct json_writer *w, const char *key, const struct competence_party *p)
{
    jw_key(w, key);
    jw_open(w, '{');
    if (p->agency != 0)
        jw_put_id(w, "agency", p->agency);
    else
        jw_put_str(w, "class", p->class);
    jw_close(w);
}

static enum outcome note_move(struct tx *tx, const struct competence_move_new *in, int64_t id, struct fail *why)
{
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "decree", in->decree);
    put_party(&w, "from", &in->from);
    jw_put_str(&w, "in_flight", in->moves_in_flight ? STR("move") : STR("stay"));
    jw_put_id(&w, "move", id);
    jw_put_str(&w, "on", day_format(tx_arena(tx), in->on));
    jw_key(&w, "procedures");
    jw_open(&w, '[');
    for (size_t i = 0; i < in->procedure_count; i++) jw_str(&w, in->procedures[i]);
    jw_close(&w);
    put_party(&w, "to", &in->to);
    jw_close(&w);
    return journal_append(
        tx,
        &(struct entry){
            .subject_kind = SUBJECT_SYSTEM, .act = "competence.move", .actor = in->actor, .payload = buf_str(&payload)},
        NULL, why);
}

enum outcome competence_move(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct competence_move_new *in = input;
    check_move(in, why);
    TRY(check_target(tx, in, why));
    for (size_t i = 0; i < in->procedure_count && i < MOVE_PROCEDURES_MOST; i++) TRY(move_one(tx, in, i, why));
    TRY(fail_if_problems(why));
    int64_t id = tx_new_id(tx);
    TRY(remember(tx, in, id, why));
    TRY(note_move(tx, in, id, why));
    *(int64_t *)output = id;
    return OK;
}

/* ---- reading moves ---- */

static struct competence_move_row move_of(const struct row *r)
{
    return (struct competence_move_row){
        .id = row_int(r, 0),
        .decree = row_str(r, 1),
        .on = (day_t)row_int(r, 2),
        .from = {row_str(r, 3), row_int(r, 4), row_str(r, 10), row_str(r, 11)},
        .to = {row_str(r, 5), row_int(r, 6), row_str(r, 12), row_str(r, 13)},
        .moves_in_flight = str_eq(row_str(r, 7), STR("move")),
        .batch = row_int(r, 8),
        .at = row_instant(r, 9),
    };
}

static void moves_of_rows(struct tx *tx, const struct rows *rows, struct competence_move_row **out, size_t *out_count)
{
    struct competence_move_row *list = ARENA_ARRAY(tx_arena(tx), struct competence_move_row, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) list[i] = move_of(&rows->at[i]);
    *out = list;
    *out_count = rows->count;
}

enum outcome competence_move_load(struct tx *tx, int64_t id, struct competence_move_row *out, struct fail *why)
{
    struct row row;
    struct rows rows;
    enum outcome found = store_one(tx, Q_COMPETENCE_MOVE_BY_ID, VALUES(v_int(id)), &row, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("This move of competence is not known."));
    TRY(found);
    *out = move_of(&row);
    TRY(store_all(tx, Q_COMPETENCE_MOVE_PROCEDURES, VALUES(v_int(id)), &rows, why));
    out->procedure_count = rows.count;
    out->procedures = ARENA_ARRAY(tx_arena(tx), struct str, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) out->procedures[i] = row_str(&rows.at[i], 0);
    return OK;
}

enum outcome competence_moves(struct tx *tx, int64_t before, size_t most, struct competence_move_row **out,
                              size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_COMPETENCE_MOVE_LIST, VALUES(v_int(before), v_int((int64_t)most)), &rows, why));
    moves_of_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome competence_moves_of(struct tx *tx, struct str procedure, day_t first, day_t last,
                                 struct competence_move_row **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_COMPETENCE_MOVES_OF_PROCEDURE, VALUES(v_str(procedure), v_int(first), v_int(last)), &rows,
                  why));
    moves_of_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome competence_moves_due(struct tx *tx, int64_t **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_COMPETENCE_MOVES_DUE, VALUES(v_int(day_of(tx_now(tx)))), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), int64_t, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) (*out)[i] = row_int(&rows.at[i], 0);
    return OK;
}

enum outcome competence_move_set_batch(struct tx *tx, const void *input, void *output, struct fail *why)
{
    (void)output; /* there is none */
    const struct competence_move_batch *in = input;
    int64_t changed;
    TRY(store_do(tx, Q_COMPETENCE_MOVE_SET_BATCH, VALUES(v_int(in->batch), v_int(in->move)), &changed, why));
    return changed == 1 ? OK : fail(why, ERR_CONFLICT, N_("The batch of this move has begun already."));
}

/* ---- who instead ---- */

/* The only agency of the class where the old one stands: on its own territory, on one around it, or on one inside. */
static enum outcome target_on(struct tx *tx, const struct agency *old, struct str class, day_t day, int64_t *out,
                              struct fail *why)
{
    struct rows rows;
    int64_t place = old->territory;
    *out = 0;
    for (int up = 0; up < CHAIN_MOST && place != 0; up++) {
        TRY(store_all(tx, Q_AGENCY_OF_CLASS_ON_TERRITORY, VALUES(v_str(class), v_int(place), v_int(day)), &rows, why));
        if (rows.count > 0) {
            *out = rows.count == 1 ? row_int(&rows.at[0], 0) : 0;
            return OK;
        }
        struct territory t;
        TRY(territory_load(tx, place, &t, why));
        place = t.parent;
    }
    if (old->territory == 0) return OK;
    TRY(store_all(tx, Q_AGENCY_OF_CLASS_WITHIN, VALUES(v_int(old->territory), v_str(class), v_int(day)), &rows, why));
    if (rows.count == 1) *out = row_int(&rows.at[0], 0);
    return OK;
}

static bool is_from(const struct competence_move_row *m, const struct agency *a)
{
    return m->from.agency != 0 ? m->from.agency == a->id : str_eq(m->from.class, a->class);
}

/* One step: by the latest move away from this agency, or by its own end. */
static enum outcome one_instead(struct tx *tx, struct str procedure, const struct agency *old, day_t day,
                                struct instead *out, struct fail *why)
{
    struct competence_move_row *moves;
    size_t count;
    int64_t target;
    if (old->successor != 0 && old->valid_to < day) {
        *out = (struct instead){.since = old->valid_to + 1};
        return agency_load(tx, old->successor, &out->agency, why);
    }
    TRY(competence_moves_of(tx, procedure, 0, day, &moves, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (!is_from(&moves[i], old)) continue;
        *out = (struct instead){.class = moves[i].to.class, .since = moves[i].on, .decree = moves[i].decree};
        target = moves[i].to.agency;
        if (target == 0) TRY(target_on(tx, old, moves[i].to.class, day, &target, why));
        return target != 0 ? agency_load(tx, target, &out->agency, why) : OK;
    }
    return ERR_MISSING;
}

enum outcome competence_instead(struct tx *tx, struct str procedure, const struct agency *old, day_t day,
                                struct instead *out, struct fail *why)
{
    struct instead step;
    struct agency at = *old;
    TRY(one_instead(tx, procedure, &at, day, &step, why));
    for (int i = 0; i < CHAIN_MOST && step.agency.id != 0; i++) {
        struct competence held;
        struct fail ignored;
        fail_init(&ignored, why->arena);
        *out = step;
        at = step.agency;
        enum outcome found = competence_find(tx, procedure, at.id, PERFORMING, day, &held, &ignored);
        if (found == OK && agency_is_in_force(&at, day)) return OK;
        enum outcome next = one_instead(tx, procedure, &at, day, &step, why);
        if (next == ERR_MISSING) return ERR_MISSING; /* the line ends at one who does not perform it either */
        TRY(next);
    }
    *out = step;
    return OK;
}

/* ---- rows for people ---- */

enum outcome competence_lines(struct tx *tx, struct str procedure, int64_t before, size_t most,
                              struct competence_line **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    if (procedure.len > 0)
        TRY(store_all(tx, Q_COMPETENCE_LIST_OF_PROCEDURE, VALUES(v_str(procedure), v_int(before), v_int((int64_t)most)),
                      &rows, why));
    else
        TRY(store_all(tx, Q_COMPETENCE_LIST, VALUES(v_int(before), v_int((int64_t)most)), &rows, why));
    struct competence_line *list = ARENA_ARRAY(tx_arena(tx), struct competence_line, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        list[i] = (struct competence_line){
            .id = row_int(r, 7),
            .row = competence_read(r),
            .agency_identifier = row_str(r, 8),
            .agency_name = row_str(r, 9),
        };
    }
    *out = list;
    *out_count = rows.count;
    return OK;
}
