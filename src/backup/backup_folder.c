/* A folder of backups: what is in it, how the last verification went, and what may go. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup/backup.h"
#include "backup/backup_parts.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/json.h"
#include "base/list.h"
#include "store/blob.h"

enum { NOTE_BYTES = 16 * 1024, NAME_LENGTH = 16, KEPT_ALL_HOURS = 6, KEPT_HOURLY_DAYS = 2, DAY_S = 86400 };
#define NOTE_NAME STR("verified.json")

/* ---- names ---- */

instant_t backup_name_at(struct str name)
{
    char text[] = "0000-00-00T00:00:00Z";
    static const unsigned char places[] = {0, 1, 2, 3, 5, 6, 8, 9, 10, 11, 12, 14, 15, 17, 18, 19};
    AUTO_ARENA struct arena a;
    struct fail unused;
    instant_t at;
    arena_init(&a, NOTE_BYTES);
    fail_init(&unused, &a);
    if (name.len != NAME_LENGTH + sizeof BACKUP_ENDING - 1 || !str_ends(name, STR(BACKUP_ENDING))) return INSTANT_NONE;
    for (size_t i = 0; i < LENGTH(places); i++) text[places[i]] = name.at[i];
    return instant_parse(str_from(text), &at, &unused) == OK ? at : INSTANT_NONE;
}

enum outcome backup_folder_list(struct arena *a, struct str folder, struct str **out, size_t *out_count,
                                struct fail *why)
{
    struct str *names;
    size_t count, kept = 0;
    TRY(file_names(a, folder, &names, &count, why));
    for (size_t i = 0; i < count; i++)
        if (backup_name_at(names[i]) != INSTANT_NONE) names[kept++] = names[i];
    *out = names;
    *out_count = kept;
    return OK;
}

/* ---- how it stands ---- */

static void read_note(struct arena *a, struct str folder, struct backup_folder_state *out)
{
    struct str text;
    struct fail unread;
    yyjson_val *note;
    instant_t at;
    fail_init(&unread, a);
    if (file_read(a, file_join(a, folder, NOTE_NAME), NOTE_BYTES, &text, &unread) != OK) return;
    if (json_read(a, text, &note, &unread) != OK || instant_parse(json_str(note, "at"), &at, &unread) != OK) return;
    out->verified = json_str(note, "backup");
    out->verified_at = at;
    out->is_verified_well = json_bool(note, "well", false);
    out->said = json_str(note, "said");
}

enum outcome backup_folder_look(struct arena *a, struct str folder, struct backup_folder_state *out, struct fail *why)
{
    struct str *names;
    size_t count = 0;
    *out = (struct backup_folder_state){.newest_at = INSTANT_NONE, .verified_at = INSTANT_NONE};
    enum outcome listed = backup_folder_list(a, folder, &names, &count, why);
    if (listed == ERR_MISSING) return OK;
    TRY(listed);
    out->count = (int64_t)count;
    if (count > 0) {
        out->newest = names[count - 1];
        out->newest_at = backup_name_at(out->newest);
    }
    read_note(a, folder, out);
    return OK;
}

enum outcome backup_folder_verify(struct arena *a, const struct backup_reading *how, struct str folder,
                                  struct fail *why)
{
    struct str *names;
    size_t count;
    struct backup_facts facts;
    struct fail found;
    AUTO_BUF struct buf note;
    struct json_writer w;
    buf_init(&note, NOTE_BYTES);
    TRY(backup_folder_list(a, folder, &names, &count, why));
    if (count == 0) return fail(why, ERR_MISSING, N_("There is no backup in {0}."), folder);
    fail_init(&found, a);
    enum outcome verified = backup_verify(a, how, file_join(a, folder, names[count - 1]), &facts, &found);
    jw_init(&w, &note);
    jw_open(&w, '{');
    jw_put_str(&w, "backup", names[count - 1]);
    jw_put_instant(&w, "at", clock_now());
    jw_put_bool(&w, "well", verified == OK);
    if (verified != OK) jw_put_str(&w, "said", str_part(fail_text(a, &found), 0, NOTE_BYTES / 8));
    jw_close(&w);
    TRY(file_write(file_join(a, folder, NOTE_NAME), buf_str(&note), 0600, why));
    if (verified != OK) *why = found;
    return verified;
}

/* ---- what may go ---- */

void backup_choose(const instant_t *made_at, size_t count, int64_t days, instant_t now, bool *out_goes)
{
    instant_t hour = INSTANT_NONE, day = INSTANT_NONE;
    for (size_t i = count; i-- > 0;) { /* newest first: the last one of an hour or a day is the one that stays */
        instant_t at = made_at[i], age = now - at, its_hour = at / US_PER_HOUR, its_day = day_of(at);
        bool is_first_of_hour = its_hour != hour, is_first_of_day = its_day != day;
        hour = its_hour;
        day = its_day;
        bool is_kept = i == count - 1 || age <= KEPT_ALL_HOURS * US_PER_HOUR ||
                       (age <= KEPT_HOURLY_DAYS * US_PER_DAY && is_first_of_hour) ||
                       (age <= days * US_PER_DAY && is_first_of_day);
        out_goes[i] = !is_kept;
    }
}

struct sweep {
    struct arena *a;
    LIST(struct sha256) named; /* sorted once all are there */
    int64_t dropped;
};

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, SHA256_BYTES);
}

static enum outcome name_parts(struct sweep *s, yyjson_val *parts, struct fail *why)
{
    yyjson_val *part;
    size_t i, count;
    yyjson_arr_foreach(parts, i, count, part)
    {
        struct sha256 hash;
        if (!sha256_parse(json_text(part), &hash))
            return fail(why, ERR_BAD, N_("This is not a backup of Motcua, or it is damaged."));
        LIST_PUSH(s->a, s->named) = hash;
    }
    return OK;
}

/* A list of papers is itself kept in parts: 32 bytes a paper. */
static enum outcome name_papers(struct sweep *s, struct str folder, yyjson_val *parts, struct fail *why)
{
    char *piece = arena_alloc(s->a, PART_BYTES);
    yyjson_val *part;
    size_t i, count, len;
    yyjson_arr_foreach(parts, i, count, part)
    {
        struct sha256 hash;
        if (!sha256_parse(json_text(part), &hash))
            return fail(why, ERR_BAD, N_("This is not a backup of Motcua, or it is damaged."));
        TRY(part_read(s->a, folder, hash, piece, &len, why));
        for (size_t at = 0; at + SHA256_BYTES <= len; at += SHA256_BYTES)
            memcpy(LIST_PUSH(s->a, s->named).at, piece + at, SHA256_BYTES);
    }
    return OK;
}

static enum outcome name_list(struct sweep *s, struct str folder, struct str name, struct fail *why)
{
    struct str text;
    yyjson_val *manifest, *file;
    size_t i, count;
    TRY(file_read(s->a, file_join(s->a, folder, name), BACKUP_MANIFEST_BYTES, &text, why));
    TRY(json_read(s->a, text, &manifest, why));
    yyjson_arr_foreach(json_get(manifest, "files"), i, count, file) TRY(name_parts(s, json_get(file, "parts"), why));
    TRY(name_parts(s, json_get(manifest, "paper_parts"), why));
    return name_papers(s, folder, json_get(manifest, "paper_parts"), why);
}

/* Sorted and each once, so that memory holds one list's worth and what the others have besides. */
static void settle(struct sweep *s)
{
    size_t kept = 0;
    if (s->named.count == 0) return;
    qsort(s->named.at, s->named.count, SHA256_BYTES, by_hash);
    for (size_t i = 0; i < s->named.count; i++)
        if (kept == 0 || !sha256_eq(s->named.at[kept - 1], s->named.at[i])) s->named.at[kept++] = s->named.at[i];
    s->named.count = kept;
}

static enum outcome drop_unnamed(void *context, struct sha256 hash, struct str path, struct fail *why)
{
    (void)why; /* what cannot be removed today goes another day */
    struct sweep *s = context;
    bool is_named = s->named.count > 0 && bsearch(&hash, s->named.at, s->named.count, SHA256_BYTES, by_hash) != NULL;
    if (!is_named && unlink(path.at) == 0) s->dropped++;
    return OK;
}

static enum outcome sweep_parts(struct arena *a, struct str folder, struct str *names, size_t count,
                                int64_t *out_dropped, struct fail *why)
{
    AUTO_ARENA struct arena walking;
    struct sweep s = {.a = a};
    arena_init(&walking, BACKUP_ARENA);
    for (size_t i = 0; i < count; i++) {
        TRY(name_list(&s, folder, names[i], why));
        settle(&s);
    }
    TRY(hashed_files(&walking, file_join(a, folder, STR("parts")), drop_unnamed, &s, why));
    TRY(hashed_files(&walking, file_join(a, folder, STR("papers")), drop_unnamed, &s, why));
    *out_dropped += s.dropped;
    return OK;
}

enum outcome backup_folder_prune(struct arena *a, struct str folder, int64_t days, instant_t now, int64_t *out_dropped,
                                 struct fail *why)
{
    struct str *names;
    size_t count, kept = 0;
    TRY(backup_folder_list(a, folder, &names, &count, why));
    instant_t *made_at = ARENA_ARRAY(a, instant_t, count + 1);
    bool *goes = ARENA_ARRAY(a, bool, count + 1);
    for (size_t i = 0; i < count; i++) made_at[i] = backup_name_at(names[i]);
    backup_choose(made_at, count, days, now, goes);
    *out_dropped = 0;
    for (size_t i = 0; i < count; i++) {
        if (!goes[i] || unlink(str_cstr(a, file_join(a, folder, names[i]))) != 0)
            names[kept++] = names[i];
        else
            ++*out_dropped;
    }
    return *out_dropped == 0 ? OK : sweep_parts(a, folder, names, kept, out_dropped, why);
}

/* ---- papers that no row names ---- */

struct unnamed {
    struct sweep sweep;
    struct str folder;
    bool removes;
    int64_t count;
    uint64_t bytes;
};

static enum outcome note_named(void *context, const struct row *r, struct fail *why)
{
    (void)why; /* taking a note cannot fail */
    struct sweep *s = context;
    struct str hash = row_str(r, 0);
    if (hash.len == SHA256_BYTES) memcpy(LIST_PUSH(s->a, s->named).at, hash.at, SHA256_BYTES);
    return OK;
}

static enum outcome look_at_paper(void *context, struct sha256 hash, struct str path, struct fail *why)
{
    (void)path;
    (void)why; /* what cannot be removed today goes another day */
    struct unnamed *u = context;
    uint64_t bytes;
    const struct sha256 *named = u->sweep.named.at;
    if (u->sweep.named.count > 0 && bsearch(&hash, named, u->sweep.named.count, SHA256_BYTES, by_hash) != NULL)
        return OK;
    blob_drop(u->folder, hash, DAY_S, u->removes, &bytes);
    u->count += bytes > 0;
    u->bytes += bytes;
    return OK;
}

enum outcome backup_unnamed_papers(struct tx *tx, unsigned named_papers, struct str files_folder, bool removes,
                                   struct backup_unnamed *out, struct fail *why)
{
    AUTO_ARENA struct arena walking, noted;
    struct unnamed u = {.sweep = {.a = &noted}, .folder = files_folder, .removes = removes};
    arena_init(&walking, BACKUP_ARENA);
    arena_init(&noted, BACKUP_ARENA);
    TRY(store_each(tx, named_papers, NO_VALUES, note_named, &u.sweep, why));
    settle(&u.sweep);
    TRY(hashed_files(&walking, files_folder, look_at_paper, &u, why));
    *out = (struct backup_unnamed){u.count, u.bytes};
    return OK;
}
