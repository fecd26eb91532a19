#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/map.h"
#include "journal/journal.h"
#include "process/process.h"
#include "queries.h"
#include "store/store.h"

enum { MEMORY_MOST = 256 << 20, SCRATCH_MOST = 8 << 20, KEY_BYTES = 24 };

struct processes {
    pthread_mutex_t lock; /* of arena, by_id and standard; tables themselves never change */
    struct arena arena;
    struct map by_id; /* row id in digits -> const struct step_table * */
    int64_t standard, own[OWN_PROCESS_COUNT];
    const struct str *acts;
    size_t act_count;
};

struct processes *processes_new(const struct str *acts, size_t act_count)
{
    struct processes *p = calloc(1, sizeof *p);
    if (!p || pthread_mutex_init(&p->lock, NULL) != 0) BUG("no memory for processes");
    arena_init(&p->arena, MEMORY_MOST);
    map_init(&p->by_id, &p->arena);
    p->acts = acts;
    p->act_count = act_count;
    return p;
}

void processes_free(struct processes *p)
{
    if (!p) return;
    arena_end(&p->arena);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static struct str key_of(char key[KEY_BYTES], int64_t id)
{
    int len = snprintf(key, KEY_BYTES, "%" PRId64, id); /* at most 20 characters */
    return str_of(key, (size_t)len);
}

static const struct step_table *find(struct processes *p, int64_t id)
{
    char key[KEY_BYTES];
    pthread_mutex_lock(&p->lock);
    const struct step_table *found = map_find(&p->by_id, key_of(key, id));
    pthread_mutex_unlock(&p->lock);
    return found;
}

/* Compiles into the kept memory, once for each id. */
static enum outcome keep(struct processes *p, int64_t id, struct str text, const struct step_table **out,
                         struct fail *why)
{
    char key[KEY_BYTES];
    pthread_mutex_lock(&p->lock);
    const struct step_table *table = map_find(&p->by_id, key_of(key, id));
    struct arena_mark mark = arena_mark(&p->arena);
    enum outcome o = table ? OK : process_compile(&p->arena, text, p->acts, p->act_count, &table, why);
    if (o == OK) {
        (void)map_set(&p->by_id, key_of(key, id), (void *)(uintptr_t)table); /* the same or none was there */
    } else {
        arena_back(&p->arena, mark);
    }
    pthread_mutex_unlock(&p->lock);
    if (o == OK) *out = table;
    return o;
}

/* ---- publishing ---- */

struct saving {
    struct str hash, name, text;
};

static enum outcome append_publication(struct tx *tx, const struct saving *in, struct fail *why)
{
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, 4096);
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "name", in->name);
    jw_put_str(&w, "version", in->hash);
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_SYSTEM, .act = "process.publish", .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

static enum outcome save_version(struct tx *tx, const void *in_version, void *out, struct fail *why)
{
    const struct saving *in = in_version;
    struct row r;
    enum outcome o = store_one(tx, Q_PROCESS_VERSION_BY_HASH, VALUES(v_str(in->hash)), &r, why);
    if (o != OK && o != ERR_MISSING) return o;
    int64_t id = o == OK ? row_int(&r, 0) : tx_new_id(tx);
    if (o == ERR_MISSING) {
        TRY(store_do(tx, Q_PROCESS_VERSION_ADD,
                     VALUES(v_int(id), v_str(in->hash), v_str(in->name), v_str(in->text), v_instant(tx_now(tx))), NULL,
                     why));
        TRY(append_publication(tx, in, why));
    }
    *(int64_t *)out = id;
    return OK;
}

/* The row of a version, or 0. Looked up first, so that a start with nothing new writes nothing. */
static enum outcome find_saved(struct store *s, struct str hash, int64_t *out, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    AUTO_READ struct tx *tx = NULL;
    struct row r;
    arena_init(&scratch, SCRATCH_MOST);
    TRY(store_read_begin(s, &scratch, &tx, why));
    enum outcome o = store_one(tx, Q_PROCESS_VERSION_BY_HASH, VALUES(v_str(hash)), &r, why);
    if (o != OK && o != ERR_MISSING) return o;
    *out = o == OK ? row_int(&r, 0) : 0;
    return OK;
}

enum outcome process_publish(struct processes *p, struct store *s, struct str text, int64_t *out_id, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    const struct step_table *table;
    int64_t id;
    arena_init(&scratch, SCRATCH_MOST);
    TRY(process_compile(&scratch, text, p->acts, p->act_count, &table, why));
    struct saving in = {sha256_format(&scratch, table->version), table->name, text};
    TRY(find_saved(s, in.hash, &id, why));
    if (id == 0) TRY(store_run(s, save_version, &in, &id, why));
    TRY(keep(p, id, text, &table, why));
    *out_id = id;
    return OK;
}

enum outcome process_publish_standard(struct processes *p, struct store *s, struct fail *why)
{
    int64_t id;
    TRY(process_publish(p, s, str_from(process_standard_text), &id, why));
    pthread_mutex_lock(&p->lock);
    p->standard = id;
    pthread_mutex_unlock(&p->lock);
    return OK;
}

int64_t process_standard(struct processes *p)
{
    pthread_mutex_lock(&p->lock);
    int64_t id = p->standard;
    pthread_mutex_unlock(&p->lock);
    return id;
}

/* In the order of enum own_process. */
static const char *const own_texts[OWN_PROCESS_COUNT] = {process_complaint_first_text, process_complaint_second_text,
                                                         process_denunciation_text, process_suspension_text,
                                                         process_internal_text};

enum outcome process_publish_own(struct processes *p, struct store *s, struct fail *why)
{
    for (enum own_process which = 0; which < OWN_PROCESS_COUNT; which++) {
        int64_t id;
        TRY(process_publish(p, s, str_from(own_texts[which]), &id, why));
        pthread_mutex_lock(&p->lock);
        p->own[which] = id;
        pthread_mutex_unlock(&p->lock);
    }
    return OK;
}

int64_t process_own(struct processes *p, enum own_process which)
{
    pthread_mutex_lock(&p->lock);
    int64_t id = p->own[which];
    pthread_mutex_unlock(&p->lock);
    return id;
}

/* ---- versions of earlier days ---- */

enum outcome process_get(struct processes *p, struct tx *tx, int64_t id, const struct step_table **out,
                         struct fail *why)
{
    struct row r;
    const struct step_table *found = find(p, id);
    if (found) {
        *out = found;
        return OK;
    }
    enum outcome o = store_one(tx, Q_PROCESS_VERSION_BY_ID, VALUES(v_int(id)), &r, why);
    if (o == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is no such version of a process."));
    TRY(o);
    return keep(p, id, row_str(&r, 1), out, why);
}
