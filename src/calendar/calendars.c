#include "calendar/calendars.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/map.h"
#include "journal/journal.h"
#include "queries.h"
#include "store/store.h"

enum { MEMORY_MOST = 2000 << 20, SCRATCH_MOST = 64 << 20, BASES_MOST = 4, MEMO_SLOTS = 4096 };
#define MEMO_US (30 * US_PER_S)
#define MEMO_PAUSE_US (2 * US_PER_S)

/* What an office was last found to work by. */
struct memo {
    int64_t office, known_at_us; /* known_at_us by the monotonic clock */
    day_t day;
    const struct calendar *calendar; /* NULL: an empty slot */
};

/* Values of both maps are const struct calendar *; a map hands out void *. */
struct calendars {
    pthread_mutex_t lock; /* of all below; calendars themselves never change */
    struct arena arena;
    struct map by_version, by_name;
    const struct calendar *standard;
    calendars_change_fn *on_change; /* NULL: nothing follows */
    void (*on_forget)(void *context);
    void *forget_context;
    struct memo memo[MEMO_SLOTS];
    int64_t forgotten_at_us; /* by the monotonic clock; 0: never */
};

struct calendars *calendars_new(void)
{
    struct calendars *c = calloc(1, sizeof *c);
    if (!c || pthread_mutex_init(&c->lock, NULL) != 0) BUG("no memory for calendars");
    arena_init(&c->arena, MEMORY_MOST);
    map_init(&c->by_version, &c->arena);
    map_init(&c->by_name, &c->arena);
    return c;
}

void calendars_free(struct calendars *c)
{
    if (!c) return;
    arena_end(&c->arena);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void calendars_on_change(struct calendars *c, calendars_change_fn *fn)
{
    c->on_change = fn;
}

void calendars_on_forget(struct calendars *c, void (*fn)(void *context), void *context)
{
    c->on_forget = fn;
    c->forget_context = context;
}

static const struct calendar *find(struct calendars *c, const struct map *m, struct str key)
{
    pthread_mutex_lock(&c->lock);
    const struct calendar *found = map_find(m, key);
    pthread_mutex_unlock(&c->lock);
    return found;
}

const struct calendar *calendars_current(struct calendars *c, struct str name)
{
    return find(c, &c->by_name, name);
}

const struct calendar *calendars_standard(struct calendars *c)
{
    pthread_mutex_lock(&c->lock);
    const struct calendar *standard = c->standard;
    pthread_mutex_unlock(&c->lock);
    return standard;
}

static void set(struct map *m, struct str key, const struct calendar *calendar)
{
    (void)map_set(m, key, (void *)(uintptr_t)calendar); /* nothing is lost: calendars live in the arena */
}

/* Parses into the kept memory, once for each version. */
static enum outcome parse_once(struct calendars *c, struct str text, const struct calendar *base,
                               const struct calendar **out, struct fail *why)
{
    pthread_mutex_lock(&c->lock);
    struct arena_mark mark = arena_mark(&c->arena);
    const struct calendar *parsed = NULL, *known = NULL;
    enum outcome o = calendar_parse(&c->arena, text, base, &parsed, why);
    struct str version = o == OK ? sha256_format(why->arena, calendar_version(parsed)) : STR_NONE;
    if (o == OK) known = map_find(&c->by_version, version);
    if (o != OK || known) arena_back(&c->arena, mark);
    if (o == OK && !known) set(&c->by_version, version, parsed);
    pthread_mutex_unlock(&c->lock);
    if (o == OK) *out = known ? known : parsed;
    return o;
}

/* ---- publishing ---- */

struct saving {
    struct actor actor;
    struct str hash, name, base, record;
    calendars_change_fn *on_change;
};

static enum outcome append_publication(struct tx *tx, const struct saving *in, int64_t id, struct fail *why)
{
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, 4096);
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "name", in->name);
    jw_put_str(&w, "version", in->hash);
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_CALENDAR,
                      .subject = id,
                      .version = 1,
                      .act = "calendar.publish",
                      .actor = in->actor,
                      .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

static enum outcome add_version(struct tx *tx, const struct saving *in, int64_t *out_id, struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_CALENDAR_VERSION_BY_HASH, VALUES(v_str(in->hash)), &r, why);
    if (o == OK) *out_id = row_int(&r, 0);
    if (o != ERR_MISSING) return o;
    *out_id = tx_new_id(tx);
    return store_do(tx, Q_CALENDAR_VERSION_ADD,
                    VALUES(v_int(*out_id), v_str(in->hash), v_str(in->name), v_str_or_null(in->base), v_str(in->record),
                           v_instant(tx_now(tx))),
                    NULL, why);
}

/* A command. out: bool, whether anything changed. */
static enum outcome put_in_use(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct saving *in = input;
    bool *is_new = output;
    struct row r;
    int64_t id;
    enum outcome found = store_one(tx, Q_CALENDAR_CURRENT_OF, VALUES(v_str(in->name)), &r, why);
    if (found != OK && found != ERR_MISSING) return found;
    *is_new = found == ERR_MISSING || !str_eq(row_str(&r, 0), in->hash);
    if (!*is_new) return OK;
    TRY(add_version(tx, in, &id, why));
    TRY(store_do(tx, Q_CALENDAR_CURRENT_PUT, VALUES(v_str(in->name), v_str(in->hash), v_instant(tx_now(tx))), NULL,
                 why));
    TRY(append_publication(tx, in, id, why));
    return found == OK && in->on_change != NULL ? in->on_change(tx, in->actor, in->name, why) : OK;
}

/* The base that the text names, by the version in use. */
static enum outcome base_of(struct calendars *c, struct str text, const struct calendar **out, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    struct str name;
    arena_init(&scratch, SCRATCH_MOST);
    TRY(calendar_base_name(&scratch, text, &name, why));
    *out = name.len > 0 ? calendars_current(c, name) : NULL; /* a missing one is calendar_parse's to say */
    return OK;
}

enum outcome calendars_try(struct calendars *c, struct arena *a, struct str text, const struct calendar **out,
                           struct fail *why)
{
    const struct calendar *base;
    TRY(base_of(c, text, &base, why));
    return calendar_parse(a, text, base, out, why);
}

static void use(struct calendars *c, const struct calendar *calendar)
{
    pthread_mutex_lock(&c->lock);
    set(&c->by_name, calendar_name(calendar), calendar);
    if (str_eq(calendar_name(calendar), STR(STANDARD_CALENDAR))) c->standard = calendar;
    pthread_mutex_unlock(&c->lock);
}

static enum outcome publish_one(struct calendars *c, struct store *s, struct actor actor, struct str text,
                                bool *out_new, const struct calendar **out, struct fail *why)
{
    const struct calendar *base, *calendar;
    TRY(base_of(c, text, &base, why));
    TRY(parse_once(c, text, base, &calendar, why));
    struct saving in = {.actor = actor,
                        .hash = sha256_format(why->arena, calendar_version(calendar)),
                        .name = calendar_name(calendar),
                        .base = base ? sha256_format(why->arena, calendar_version(base)) : STR_NONE,
                        .record = text,
                        .on_change = c->on_change};
    TRY(store_run(s, put_in_use, &in, out_new, why));
    use(c, calendar);
    calendars_forget(c);
    *out = calendar;
    return OK;
}

static enum outcome read_in_use(struct store *s, struct arena *a, struct calendar_in_use **out, size_t *out_count,
                                struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(s, a, &tx, why));
    return calendars_in_use(tx, out, out_count, why);
}

static bool is_among(const struct str *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], name)) return true;
    return false;
}

/* Those laid over a calendar that changed are counted anew over its new version, and those laid over them. */
static enum outcome publish_those_above(struct calendars *c, struct store *s, struct arena *a, struct actor actor,
                                        struct calendars_changed *changed, struct fail *why)
{
    struct calendar_in_use *all;
    size_t count;
    TRY(read_in_use(s, a, &all, &count, why));
    struct str *names = ARENA_ARRAY(a, struct str, count + 1);
    names[0] = changed->names[0];
    changed->names = names;
    for (size_t round = 0; round < BASES_MOST; round++) {
        for (size_t i = 0; i < count; i++) {
            struct str base;
            const struct calendar *calendar;
            bool is_new;
            TRY(calendar_base_name(a, all[i].text, &base, why));
            if (base.len == 0 || !is_among(names, changed->count, base) || is_among(names, changed->count, all[i].name))
                continue;
            TRY(publish_one(c, s, actor, all[i].text, &is_new, &calendar, why));
            names[changed->count++] = all[i].name;
        }
    }
    return OK;
}

enum outcome calendars_publish(struct calendars *c, struct store *s, struct arena *a, struct actor actor,
                               struct str text, struct calendars_changed *out, struct fail *why)
{
    struct calendars_changed changed = {0};
    bool is_new;
    TRY(publish_one(c, s, actor, text, &is_new, &changed.calendar, why));
    if (is_new) {
        struct str name = calendar_name(changed.calendar);
        changed.names = &name;
        changed.count = 1;
        TRY(publish_those_above(c, s, a, actor, &changed, why));
    }
    if (out) *out = changed;
    return OK;
}

enum outcome calendars_in_use(struct tx *tx, struct calendar_in_use **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_CALENDAR_CURRENT_ALL, NO_VALUES, &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct calendar_in_use, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] =
            (struct calendar_in_use){row_str(r, 0), row_str(r, 1), row_str(r, 3), row_str(r, 4), row_instant(r, 2)};
    }
    return OK;
}

enum outcome calendars_settled(struct calendars *c, struct tx *tx, struct str name, const struct calendar **out,
                               struct fail *why)
{
    struct row r;
    const struct calendar *known = calendars_current(c, name);
    enum outcome o = store_one(tx, Q_CALENDAR_CURRENT_OF, VALUES(v_str(name)), &r, why);
    if (o == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is no calendar “{0}”."), name);
    TRY(o);
    if (known == NULL || !str_eq(row_str(&r, 0), sha256_format(tx_arena(tx), calendar_version(known))))
        return fail(why, ERR_DOWN, N_("The calendar “{0}” is being changed. Try again in a moment."), name);
    *out = known;
    return OK;
}

/* ---- the memory of offices ---- */

static struct memo *slot_of(struct calendars *c, int64_t office)
{
    return &c->memo[(uint64_t)office * UINT64_C(0x9E3779B97F4A7C15) >> 52];
}

const struct calendar *calendars_remembered(struct calendars *c, int64_t office, day_t day)
{
    const struct calendar *found = NULL;
    pthread_mutex_lock(&c->lock);
    const struct memo *m = slot_of(c, office);
    if (m->calendar && m->office == office && m->day == day && clock_monotonic_us() - m->known_at_us < MEMO_US)
        found = m->calendar;
    pthread_mutex_unlock(&c->lock);
    return found;
}

void calendars_remember(struct calendars *c, int64_t office, day_t day, const struct calendar *calendar)
{
    int64_t now = clock_monotonic_us();
    pthread_mutex_lock(&c->lock);
    /* Who asks may look at a snapshot from before the change: nothing is learnt until those are gone. */
    if (c->forgotten_at_us == 0 || now - c->forgotten_at_us > MEMO_PAUSE_US)
        *slot_of(c, office) = (struct memo){office, now, day, calendar};
    pthread_mutex_unlock(&c->lock);
}

static void forget_offices(struct calendars *c)
{
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < MEMO_SLOTS; i++) c->memo[i].calendar = NULL;
    c->forgotten_at_us = clock_monotonic_us();
    pthread_mutex_unlock(&c->lock);
}

void calendars_forget(struct calendars *c)
{
    forget_offices(c);
    if (c->on_forget) c->on_forget(c->forget_context);
}

/* ---- versions of earlier days ---- */

static enum outcome load(struct calendars *c, struct tx *tx, struct str version, int depth, const struct calendar **out,
                         struct fail *why)
{
    struct row r;
    const struct calendar *base = NULL, *found = find(c, &c->by_version, version);
    if (found) {
        *out = found;
        return OK;
    }
    enum outcome o = store_one(tx, Q_CALENDAR_VERSION_BY_HASH, VALUES(v_str(version)), &r, why);
    if (o == ERR_MISSING || depth > BASES_MOST)
        return fail(why, ERR_MISSING, N_("There is no calendar of the version {0}."), version);
    TRY(o);
    if (!row_is_null(&r, 2)) TRY(load(c, tx, row_str(&r, 2), depth + 1, &base, why));
    return parse_once(c, row_str(&r, 3), base, out, why);
}

enum outcome calendars_get(struct calendars *c, struct tx *tx, struct str version, const struct calendar **out,
                           struct fail *why)
{
    return load(c, tx, version, 0, out, why);
}

/* ---- at start ---- */

static enum outcome load_in_use(struct calendars *c, struct store *s, struct arena *a, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct calendar_in_use *all;
    size_t count;
    TRY(store_read_begin(s, a, &tx, why));
    TRY(calendars_in_use(tx, &all, &count, why));
    for (size_t i = 0; i < count; i++) {
        const struct calendar *calendar;
        TRY(calendars_get(c, tx, all[i].version, &calendar, why));
        use(c, calendar);
    }
    return OK;
}

enum outcome calendars_reload(struct calendars *c, struct store *s, struct fail *why)
{
    forget_offices(c);
    return load_in_use(c, s, why->arena, why);
}

/* A year that the office has entered as announced stays announced. */
static bool announces_all_of(const struct calendar *ours, const struct calendar *theirs)
{
    for (int year = CALENDAR_FIRST_YEAR; year <= CALENDAR_LAST_YEAR; year++)
        if (!calendar_is_provisional(theirs, year) && calendar_is_provisional(ours, year)) return false;
    return true;
}

/* Has the text been in use here? Then what came after it was somebody's decision. */
static enum outcome was_in_use(struct store *s, struct arena *a, const struct calendar *calendar, bool *out,
                               struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct row r;
    TRY(store_read_begin(s, a, &tx, why));
    struct str hash = sha256_format(a, calendar_version(calendar));
    enum outcome o = store_one(tx, Q_CALENDAR_VERSION_BY_HASH, VALUES(v_str(hash)), &r, why);
    if (o != OK && o != ERR_MISSING) return o;
    *out = o == OK;
    return OK;
}

static enum outcome open_with_ours(struct calendars *c, struct store *s, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    const struct calendar *ours;
    bool is_known;
    arena_init(&scratch, SCRATCH_MOST);
    TRY(load_in_use(c, s, &scratch, why));
    const struct calendar *theirs = calendars_standard(c);
    TRY(calendars_try(c, &scratch, str_from(calendar_vietnam_text), &ours, why));
    TRY(was_in_use(s, &scratch, ours, &is_known, why));
    if (theirs != NULL && (is_known || !announces_all_of(ours, theirs))) return OK;
    return calendars_publish(c, s, &scratch, (struct actor){0}, str_from(calendar_vietnam_text), NULL, why);
}

enum outcome calendars_open(struct calendars *c, struct store *s, struct fail *why)
{
    TRY(open_with_ours(c, s, why));
    c->forgotten_at_us = 0; /* nobody has asked yet, so nobody looks at a snapshot from before */
    return OK;
}
