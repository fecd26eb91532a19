/*
 * The merger of 2025 (Resolution 202/2025/QH15 and the resolutions on communes, in force 2025-07-01): each line names
 * an old commune with its district and province, and the new commune that took it or a part of it. Old units become
 * territories that ended on 2025-06-30, linked to their successors. The file and the list of units spell names
 * differently, so names are matched by place_normal, then without their kind (communes that became wards later).
 */
#include "agency/unit_import.h"

#include "base/auto.h"
#include "base/parse.h"
#include "base/text.h"
#include "queries.h"

enum { COLUMNS = 5, OLD_PROVINCE = 0, OLD_DISTRICT, OLD_COMMUNE, NEW_PROVINCE, NEW_COMMUNE, PAYLOAD_BYTES = 4096 };

static const char *const column_names[COLUMNS] = {"old_province", "old_district", "old_commune", "new_province",
                                                  "new_commune"};
static const struct civil last_day_of_three_levels = {2025, 6, 30};

struct merger_row {
    struct place old[3]; /* province, district, commune */
    struct known_unit *successor, *province;
    struct known_unit *old_province; /* still in force under this name; NULL: ended too */
    bool is_taken;                   /* says something new */
};

struct merger {
    struct unit_import *in;
    struct known_units known;
    LIST(struct merger_row) rows;
    struct map successions;    /* "old path>successor id" already in the store or earlier in the file */
    struct map doubted;        /* pairs whose kind differs, said once */
    struct map old_names;      /* "old province/old commune" -> district path */
    struct map ambiguous;      /* keys of old_names with several districts */
    struct map respelled;      /* new communes matched only by place_normal */
    struct map successors_hit; /* codes of units that have a predecessor */
};

/* ---- CSV (RFC 4180), one line a record ---- */

static bool cut_field(struct arena *a, struct str *rest, struct str *out)
{
    if (!str_starts(*rest, STR("\""))) {
        (void)str_cut(*rest, ',', out, rest); /* the last field has no comma after it */
        return !str_has(*out, STR("\""));
    }
    for (size_t i = 1; i < rest->len; i++) {
        if (rest->at[i] != '"') continue;
        if (i + 1 < rest->len && rest->at[i + 1] == '"') {
            i++;
            continue;
        }
        *out = str_replace(a, str_part(*rest, 1, i - 1), STR("\"\""), STR("\""));
        *rest = str_part(*rest, i + 1, rest->len);
        if (rest->len == 0) return true;
        if (rest->at[0] != ',') return false;
        *rest = str_part(*rest, 1, rest->len);
        return true;
    }
    return false;
}

static bool cut_line(struct arena *a, struct str line, struct str fields[COLUMNS])
{
    struct str rest = line;
    size_t commas = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t before = rest.len;
        if (i > 0 && before == 0) return false;
        if (!cut_field(a, &rest, &fields[i])) return false;
        fields[i] = str_trim(fields[i]);
        commas += rest.len > 0;
    }
    return rest.len == 0 && commas == COLUMNS - 1;
}

/* ---- matching ---- */

static struct known_unit *find_place(struct merger *m, const struct str *normals, size_t count, bool *out_is_bare)
{
    struct arena *a = m->in->arena;
    *out_is_bare = false;
    struct known_unit *u = map_find(&m->known.by_path, place_path(a, normals, count));
    if (u != NULL) return u;
    struct str bare[2] = {place_bare(normals[0]), count > 1 ? place_bare(normals[1]) : STR_NONE};
    u = map_find(&m->known.by_bare_path, place_path(a, bare, count));
    *out_is_bare = u != NULL;
    return u;
}

static void doubt_once(struct merger *m, const char *field, struct str value, const struct known_unit *taken_as)
{
    struct str key = str_format(m->in->arena, "%s=%.*s=%.*s", field, STR_ARG(value), STR_ARG(taken_as->code));
    if (map_set(&m->doubted, key, (void *)taken_as->code.at) != NULL) return;
    import_doubt(m->in->report, m->in->file, str_from(field), value, N_("Taken as \"{0}\", which it has become since."),
                 taken_as->name);
}

/* The unit in force that a line names; false with the reason in why. */
static bool match_successor(struct merger *m, const struct str fields[COLUMNS], struct merger_row *row,
                            struct fail *why)
{
    struct arena *a = m->in->arena;
    const struct str normals[] = {place_normal(a, fields[NEW_PROVINCE]), place_normal(a, fields[NEW_COMMUNE])};
    bool is_bare_province, is_bare;
    row->province = find_place(m, normals, 1, &is_bare_province);
    if (row->province == NULL) {
        (void)fail(why, ERR_INVALID, N_("No province in force is called \"{0}\"."), fields[NEW_PROVINCE]);
        return false;
    }
    if (is_bare_province) doubt_once(m, column_names[NEW_PROVINCE], fields[NEW_PROVINCE], row->province);
    const struct str path[] = {row->province->path, normals[1]};
    row->successor = find_place(m, path, 2, &is_bare);
    if (row->successor == NULL) {
        (void)fail(why, ERR_INVALID, N_("No unit in force in {1} is called \"{0}\"."), fields[NEW_COMMUNE],
                   fields[NEW_PROVINCE]);
        return false;
    }
    if (is_bare) doubt_once(m, column_names[NEW_COMMUNE], fields[NEW_COMMUNE], row->successor);
    /* Letter case is the file's own way of writing; beyond it the names are spelled differently. */
    bool is_respelled = !str_eq(text_lower(a, fields[NEW_COMMUNE]), text_lower(a, row->successor->name));
    if (is_respelled && !is_bare) map_set(&m->respelled, row->successor->code, row->successor);
    map_set(&m->successors_hit, row->successor->code, row->successor);
    return true;
}

static struct str old_path(struct arena *a, const struct merger_row *row, size_t levels)
{
    const struct str normals[] = {row->old[0].normal, row->old[1].normal, row->old[2].normal};
    return place_path(a, normals, levels);
}

static void note_ambiguity(struct merger *m, const struct merger_row *row)
{
    struct arena *a = m->in->arena;
    const struct str normals[] = {row->old[0].normal, row->old[2].normal};
    struct str key = place_path(a, normals, 2), district = row->old[1].normal;
    struct str *first = map_find(&m->old_names, key);
    if (first == NULL) {
        first = ARENA_NEW(a, struct str);
        *first = district;
        map_set(&m->old_names, key, first);
    } else if (!str_eq(*first, district)) {
        map_set(&m->ambiguous, key, first);
    }
}

/* The old units of a line: kinds of place, but for a military training ground among the communes. */
static bool read_old(struct merger *m, const struct str fields[COLUMNS], struct merger_row *row, struct fail *why)
{
    struct arena *a = m->in->arena;
    for (size_t i = 0; i < LENGTH(row->old); i++) {
        struct place *place = &row->old[i];
        if (place_read(a, fields[i], place)) continue;
        if (i != OLD_COMMUNE)
            return fail(why, ERR_INVALID, N_("\"{0}\" does not begin with the kind of unit."), fields[i]) == OK;
        struct str name = text_one_line(a, text_clean(a, fields[i]));
        *place = (struct place){TERRITORY_OTHER, name, name, place_normal(a, name)};
        import_doubt(m->in->report, m->in->file, STR("old_commune"), fields[i],
                     N_("Kept as it is written; it is no commune, ward or township."));
    }
    return true;
}

/* One line; false with the reason in why when it is refused. */
static bool read_row(struct merger *m, const struct str fields[COLUMNS], struct fail *why)
{
    struct arena *a = m->in->arena;
    struct merger_row row = {0};
    if (!read_old(m, fields, &row, why)) return false;
    if (!match_successor(m, fields, &row, why)) return false;
    bool is_bare;
    row.old_province = find_place(m, &row.old[0].normal, 1, &is_bare);
    row.old[1].kind = TERRITORY_DISTRICT; /* "thành phố" below a province */
    note_ambiguity(m, &row);
    struct str key = str_format(a, "%.*s>%lld", STR_ARG(old_path(a, &row, 3)), (long long)row.successor->id);
    void *said = map_find(&m->successions, key);
    row.is_taken = said == NULL;
    if (row.is_taken) map_set(&m->successions, key, row.successor);
    if (said == row.successor) /* not in the store before, so earlier in this file */
        import_doubt(m->in->report, m->in->file, STR("old_commune"), fields[OLD_COMMUNE],
                     N_("Two lines say that {0} in {1} took it; read once."), fields[NEW_COMMUNE],
                     fields[NEW_PROVINCE]);
    m->in->report->taken += row.is_taken;
    m->in->report->unchanged += !row.is_taken;
    LIST_PUSH(a, m->rows) = row;
    return true;
}

static struct str line_place(struct arena *a, size_t line)
{
    return str_format(a, "line %zu", line);
}

static void refuse_file(struct merger *m, size_t line, const char *sentence)
{
    struct fail broken;
    fail_init(&broken, m->in->arena);
    (void)fail(&broken, ERR_BAD, sentence); /* only its sentence is used */
    import_refuse(m->in->report, m->in->file, line_place(m->in->arena, line), &broken);
}

static bool is_header(const struct str fields[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (!str_eq(fields[i], str_from(column_names[i]))) return false;
    return true;
}

/* Shape first, so that a broken file is refused whole. */
static bool has_good_shape(struct merger *m)
{
    struct scan s = scan_of(m->in->content);
    struct str fields[COLUMNS];
    for (size_t line = 1; !scan_is_end(&s); line++) {
        struct str text = scan_line(&s);
        if (line > 1 && str_trim(text).len == 0) continue;
        bool is_cut = cut_line(m->in->arena, text, fields);
        if (line == 1 && (!is_cut || !is_header(fields))) {
            refuse_file(m, line,
                        N_("The first line has to name the columns old_province, old_district, old_commune, "
                           "new_province and new_commune."));
            return false;
        }
        if (!is_cut) {
            refuse_file(m, line, N_("A line has five fields with commas between them."));
            return false;
        }
        for (size_t i = 0; i < COLUMNS; i++)
            if (fields[i].len == 0) {
                refuse_file(m, line, N_("A field is empty."));
                return false;
            }
    }
    return true;
}

static void read_rows(struct merger *m)
{
    struct scan s = scan_of(m->in->content);
    struct str fields[COLUMNS];
    for (size_t line = 1; !scan_is_end(&s); line++) {
        struct str text = scan_line(&s);
        struct fail why;
        fail_init(&why, m->in->arena);
        if (line == 1 || str_trim(text).len == 0 || !cut_line(m->in->arena, text, fields)) continue;
        if (!read_row(m, fields, &why)) import_refuse(m->in->report, m->in->file, line_place(m->in->arena, line), &why);
    }
}

static struct str count_str(struct arena *a, size_t count)
{
    return str_format(a, "%zu", count);
}

static void sum_up_doubts(struct merger *m)
{
    struct unit_import *in = m->in;
    struct arena *a = in->arena;
    if (m->respelled.count > 0)
        import_doubt(
            in->report, in->file, STR("new_commune"), count_str(a, m->respelled.count),
            N_("So many names are spelled differently in the two lists (where the tone mark stands, spaces around "
               "hyphens); matched with their accents."));
    if (m->ambiguous.count > 0)
        import_doubt(in->report, in->file, STR("old_commune"), count_str(a, m->ambiguous.count),
                     N_("So many old names stand in several districts of their province; told apart by the district."));
    for (size_t i = 0; i < m->known.count; i++) {
        const struct known_unit *u = &m->known.at[i];
        bool is_commune = str_has(u->path, STR("/"));
        if (is_commune && u->valid_to == DAY_OPEN && map_find(&m->successors_hit, u->code) == NULL)
            import_doubt(in->report, in->file, STR("new_commune"), u->name,
                         N_("No line names the unit {0}; it has no predecessor on record."), u->code);
    }
}

/* ---- the command ---- */

struct take_merger {
    struct actor actor;
    const struct merger_row *rows;
    size_t count;
    const struct known_unit *province;
};

struct former {
    struct str path;
    const struct place *place;
    int64_t parent;
};

static enum outcome former_id(struct tx *tx, const struct former *f, int64_t *out_id, struct fail *why)
{
    struct row row;
    enum outcome r = store_one(tx, Q_TERRITORY_FORMER_BY_PATH, VALUES(v_str(f->path)), &row, why);
    if (r == OK) *out_id = row_int(&row, 0);
    if (r != ERR_MISSING) return r;
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, Q_TERRITORY_INSERT,
                 VALUES(v_int(id), v_null(), v_str(str_from(territory_kind_name(f->place->kind))),
                        v_str(f->place->name), v_str(f->path), v_ref(f->parent), v_null(),
                        v_int(day_from_civil(last_day_of_three_levels))),
                 NULL, why));
    *out_id = id;
    return OK;
}

static enum outcome succeed(struct tx *tx, int64_t territory, int64_t successor, struct fail *why)
{
    return store_do(tx, Q_TERRITORY_SUCCEED,
                    VALUES(v_int(territory), v_int(successor), v_int(day_from_civil(last_day_of_three_levels) + 1)),
                    NULL, why);
}

static enum outcome take_row(struct tx *tx, const struct merger_row *row, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    int64_t province, district, commune;
    if (row->old_province != NULL) {
        province = row->old_province->id;
    } else {
        TRY(former_id(tx, &(struct former){old_path(a, row, 1), &row->old[0], 0}, &province, why));
        TRY(succeed(tx, province, row->province->id, why));
    }
    TRY(former_id(tx, &(struct former){old_path(a, row, 2), &row->old[1], province}, &district, why));
    TRY(former_id(tx, &(struct former){old_path(a, row, 3), &row->old[2], district}, &commune, why));
    return succeed(tx, commune, row->successor->id, why);
}

static enum outcome take_merger(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* counted before */
    const struct take_merger *in = input;
    int64_t taken = 0;
    for (size_t i = 0; i < in->count; i++) {
        if (!in->rows[i].is_taken || in->rows[i].province != in->province) continue;
        TRY(take_row(tx, &in->rows[i], why));
        taken++;
    }
    if (taken == 0) return OK;
    struct agency committee;
    TRY(store_do(tx, Q_AGENCY_TOUCH, VALUES(v_int(in->province->agency)), NULL, why));
    TRY(agency_load(tx, in->province->agency, &committee, why));
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_AGENCY,
                                          .subject = committee.id,
                                          .version = committee.version,
                                          .act = "units.merger",
                                          .actor = in->actor,
                                          .payload = str_format(tx_arena(tx), "{\"rows\":%lld}", (long long)taken)},
                          NULL, why);
}

static enum outcome load_successions(struct merger *m, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rows rows;
    TRY(store_read_begin(m->in->store, m->in->arena, &tx, why));
    TRY(store_all(tx, Q_TERRITORY_ALL_SUCCESSIONS, NO_VALUES, &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct str key =
            str_format(m->in->arena, "%.*s>%lld", STR_ARG(row_str(&rows.at[i], 0)), (long long)row_int(&rows.at[i], 1));
        map_set(&m->successions, key, &m->known);
    }
    return OK;
}

enum outcome unit_import_merger(struct unit_import *in, struct fail *why)
{
    struct merger m = {.in = in};
    struct map *const maps[] = {&m.successions, &m.doubted,   &m.old_names,
                                &m.ambiguous,   &m.respelled, &m.successors_hit};
    for (size_t i = 0; i < LENGTH(maps); i++) map_init(maps[i], in->arena);
    if (!has_good_shape(&m)) return OK;
    TRY(known_units_load(in->store, in->arena, &m.known, why));
    TRY(load_successions(&m, why));
    read_rows(&m);
    sum_up_doubts(&m);
    for (size_t i = 0; i < m.known.count; i++) {
        const struct known_unit *u = &m.known.at[i];
        bool has_rows = false;
        if (str_has(u->path, STR("/"))) continue; /* a commune */
        for (size_t n = 0; n < m.rows.count && !has_rows; n++)
            has_rows = m.rows.at[n].is_taken && m.rows.at[n].province == u;
        if (!has_rows) continue;
        struct take_merger take = {in->actor, m.rows.at, m.rows.count, u};
        TRY(store_run(in->store, take_merger, &take, NULL, why));
    }
    return OK;
}
