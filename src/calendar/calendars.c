#include "calendar/calendars.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/map.h"
#include "journal/journal.h"
#include "queries.h"
#include "store/store.h"

enum { MEMORY_MOST = 256 << 20, SCRATCH_MOST = 16 << 20, BASES_MOST = 4 };

/* Values of both maps are const struct calendar *; a map hands out void *. */
struct calendars {
    pthread_mutex_t lock; /* of all below; calendars themselves never change */
    struct arena arena;
    struct map by_version, by_name;
    const struct calendar *standard;
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
    struct str hash, name, base, record;
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
                      .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

static enum outcome save_version(struct tx *tx, const void *in_version, void *out, struct fail *why)
{
    const struct saving *in = in_version;
    struct row r;
    (void)out; /* nothing to say */
    enum outcome o = store_one(tx, Q_CALENDAR_VERSION_BY_HASH, VALUES(v_str(in->hash)), &r, why);
    if (o != ERR_MISSING) return o;
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, Q_CALENDAR_VERSION_ADD,
                 VALUES(v_int(id), v_str(in->hash), v_str(in->name), v_str_or_null(in->base), v_str(in->record),
                        v_instant(tx_now(tx))),
                 NULL, why));
    return append_publication(tx, in, id, why);
}

/* Looks first: a start with nothing new writes nothing. */
static enum outcome is_saved(struct store *s, struct str hash, bool *out, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    AUTO_READ struct tx *tx = NULL;
    struct row r;
    arena_init(&scratch, SCRATCH_MOST);
    TRY(store_read_begin(s, &scratch, &tx, why));
    enum outcome o = store_one(tx, Q_CALENDAR_VERSION_BY_HASH, VALUES(v_str(hash)), &r, why);
    if (o != OK && o != ERR_MISSING) return o;
    *out = o == OK;
    return OK;
}

/* The base that the text names, by its current version. */
static enum outcome base_of(struct calendars *c, struct str text, const struct calendar **out, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    struct str name;
    arena_init(&scratch, SCRATCH_MOST);
    TRY(calendar_base_name(&scratch, text, &name, why));
    *out = name.len > 0 ? calendars_current(c, name) : NULL; /* a missing one is calendar_parse's to say */
    return OK;
}

enum outcome calendars_publish(struct calendars *c, struct store *s, struct str text, const struct calendar **out,
                               struct fail *why)
{
    const struct calendar *base, *calendar;
    bool is_there = false;
    TRY(base_of(c, text, &base, why));
    TRY(parse_once(c, text, base, &calendar, why));
    struct saving in = {.hash = sha256_format(why->arena, calendar_version(calendar)),
                        .name = calendar_name(calendar),
                        .base = base ? sha256_format(why->arena, calendar_version(base)) : STR_NONE,
                        .record = text};
    TRY(is_saved(s, in.hash, &is_there, why));
    if (!is_there) TRY(store_run(s, save_version, &in, NULL, why));
    pthread_mutex_lock(&c->lock);
    set(&c->by_name, calendar_name(calendar), calendar);
    pthread_mutex_unlock(&c->lock);
    if (out) *out = calendar;
    return OK;
}

enum outcome calendars_publish_standard(struct calendars *c, struct store *s, struct fail *why)
{
    const struct calendar *standard;
    TRY(calendars_publish(c, s, str_from(calendar_vietnam_text), &standard, why));
    pthread_mutex_lock(&c->lock);
    c->standard = standard;
    pthread_mutex_unlock(&c->lock);
    return OK;
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
