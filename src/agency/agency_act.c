/* The commands of agencies and posts: check, save, journal. */
#include "agency/agency.h"
#include "agency/agency_store.h"
#include "agency/post.h"
#include "agency/role.h"
#include "base/auto.h"
#include "base/text.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 4096, UNIT_NUMBER_MOST = 99 };

static enum outcome append(struct tx *tx, int64_t agency, int64_t version, const char *act, const struct actor *actor,
                           const struct buf *payload, struct fail *why)
{
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_AGENCY,
                                          .subject = agency,
                                          .version = version,
                                          .act = act,
                                          .actor = *actor,
                                          .payload = buf_str(payload)},
                          NULL, why);
}

/* The next free number below the agency: units that have ended keep theirs. */
static enum outcome next_unit(struct tx *tx, int64_t parent, struct str *out, struct fail *why)
{
    struct agency above, known;
    struct fail not_there;
    TRY(agency_load(tx, parent, &above, why));
    for (int n = 1; n <= UNIT_NUMBER_MOST; n++) {
        fail_init(&not_there, tx_arena(tx));
        *out = str_format(tx_arena(tx), "%.*s.D%02d", STR_ARG(above.identifier), n);
        enum outcome found = agency_find(tx, *out, &known, &not_there);
        if (found == ERR_MISSING) return OK;
        if (found != OK) return fail_with(why, found, not_there.sentence, not_there.args);
    }
    return fail(why, ERR_CONFLICT, N_("{0} has no free number for another unit."), above.name);
}

enum outcome agency_add(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct agency_new *given = in;
    struct agency_new with_number = *given;
    const struct agency_new *n = &with_number;
    struct agency known;
    if (n->identifier.len == 0) TRY(next_unit(tx, n->parent, &with_number.identifier, why));
    if (agency_class_find(n->class) == NULL)
        return fail(why, ERR_INVALID, N_("There is no class of agencies {0}."), n->class);
    struct fail not_there;
    fail_init(&not_there, tx_arena(tx));
    enum outcome r = agency_find(tx, n->identifier, &known, &not_there);
    if (r == OK) return fail(why, ERR_CONFLICT, N_("The identifier {0} belongs to another agency."), n->identifier);
    if (r != ERR_MISSING) return fail(why, r, not_there.sentence);

    struct str place = STR_NONE;
    if (n->territory != 0) {
        struct territory t;
        TRY(territory_load(tx, n->territory, &t, why));
        place = t.name;
    }
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, Q_AGENCY_INSERT,
                 VALUES(v_int(id), v_str(n->identifier), v_bool(n->is_provisional), v_str(n->name),
                        v_str(agency_search_text(tx_arena(tx), n->name, place, n->identifier)), v_str(n->class),
                        v_ref(n->territory), v_ref(n->parent), v_day(n->valid_from), v_str(n->phone),
                        v_str(n->hotline)),
                 NULL, why));
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "class", n->class);
    jw_put_str(&w, "identifier", n->identifier);
    jw_put_str(&w, "name", n->name);
    jw_close(&w);
    TRY(append(tx, id, 1, "agency.add", &n->actor, &payload, why));
    if (out != NULL) *(int64_t *)out = id;
    return OK;
}

/* A post is a change of its agency: the account may belong to another node. */
static enum outcome append_post(struct tx *tx, const struct post_new *p, int64_t post, const char *act,
                                struct fail *why)
{
    struct agency agency;
    TRY(agency_load(tx, p->agency, &agency, why));
    TRY(store_do(tx, Q_AGENCY_TOUCH, VALUES(v_int(p->agency)), NULL, why));
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_id(&w, "account", p->account);
    jw_put_str(&w, "group", p->procedure_group);
    jw_put_id(&w, "post", post);
    jw_put_str(&w, "role", p->role);
    if (p->valid_to == DAY_OPEN)
        jw_put_null(&w, "until");
    else
        jw_put_str(&w, "until", day_format(tx_arena(tx), p->valid_to));
    jw_close(&w);
    return append(tx, p->agency, agency.version + 1, act, &p->actor, &payload, why);
}

enum outcome post_add(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct post_new *p = in;
    const struct role *role = role_find(p->role);
    if (role == NULL || !role->is_officer)
        return fail(why, ERR_INVALID, N_("There is no officer's role {0}."), p->role);
    if (p->valid_to < p->valid_from) return fail(why, ERR_INVALID, N_("The post would end before it begins."));
    int64_t id = tx_new_id(tx);
    TRY(append_post(tx, p, id, "post.add", why));
    TRY(store_do(tx, Q_POST_INSERT,
                 VALUES(v_int(id), v_int(p->account), v_int(p->agency), v_str(p->role), v_str(p->procedure_group),
                        v_int(p->valid_from), v_day(p->valid_to)),
                 NULL, why));
    if (out != NULL) *(int64_t *)out = id;
    return OK;
}

enum outcome post_end(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct post_end *end = in;
    struct row row;
    enum outcome r = store_one(tx, Q_POST_BY_ID, VALUES(v_int(end->post)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("This post is not known."));
    TRY(r);
    struct post_new p = {.actor = end->actor,
                         .account = row_int(&row, 1),
                         .agency = row_int(&row, 2),
                         .role = row_str(&row, 3),
                         .procedure_group = row_str(&row, 4),
                         .valid_from = row_day_from(&row, 5),
                         .valid_to = end->last_day};
    TRY(store_do(tx, Q_POST_SET_END, VALUES(v_day(end->last_day), v_int(end->post)), NULL, why));
    return append_post(tx, &p, end->post, "post.end", why);
}

/* ---- an agency's own name and end ---- */

static void check_change(const struct agency_change *c, struct fail *why)
{
    if (c->name.len == 0) fail_problem(why, STR("#/name"), "required", N_("Name the agency."));
    if (text_length(c->name) > AGENCY_NAME_MOST)
        fail_problem(why, STR("#/name"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", AGENCY_NAME_MOST));
    if (text_length(c->phone) > AGENCY_PHONE_MOST)
        fail_problem(why, STR("#/phone"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", AGENCY_PHONE_MOST));
    if (text_length(c->hotline) > AGENCY_PHONE_MOST)
        fail_problem(why, STR("#/hotline"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", AGENCY_PHONE_MOST));
}

enum outcome agency_rename(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct agency_change *c = in;
    struct agency known;
    check_change(c, why);
    TRY(fail_if_problems(why));
    TRY(agency_load(tx, c->agency, &known, why));
    struct str search = agency_search_text(tx_arena(tx), c->name, known.territory_name, known.identifier);
    TRY(store_do(tx, Q_AGENCY_RENAME,
                 VALUES(v_str(c->name), v_str(search), v_str(c->phone), v_str(c->hotline), v_int(c->agency)), NULL,
                 why));
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "before", known.name);
    jw_put_str(&w, "hotline", c->hotline);
    jw_put_str(&w, "name", c->name);
    jw_put_str(&w, "phone", c->phone);
    jw_close(&w);
    return append(tx, c->agency, known.version + 1, "agency.rename", &c->actor, &payload, why);
}

enum outcome agency_end(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct agency_end *e = in;
    struct agency known;
    struct post *posts;
    size_t count = 0;
    TRY(agency_load(tx, e->agency, &known, why));
    if (known.successor != 0)
        return fail(why, ERR_CONFLICT, N_("{0} has been merged into another agency already."), known.identifier);
    if (e->last_day != DAY_OPEN) TRY(posts_of_agency(tx, e->agency, STR_NONE, e->last_day + 1, &posts, &count, why));
    if (count > 0)
        return fail(why, ERR_CONFLICT, N_("{0} people have posts here beyond that day: end their posts first."),
                    str_format(tx_arena(tx), "%zu", count));
    TRY(store_do(tx, Q_AGENCY_SET_END, VALUES(v_day(e->last_day), v_int(e->agency)), NULL, why));
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str_or_null(&w, "last_day", e->last_day == DAY_OPEN ? STR_NONE : day_format(tx_arena(tx), e->last_day));
    jw_close(&w);
    return append(tx, e->agency, known.version + 1, "agency.end", &e->actor, &payload, why);
}
