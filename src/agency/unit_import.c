/*
 * The 34 provinces and their communes. Everything is read, checked and compared first; then one command for each
 * province that has something new, with the province's People's Committee as its subject.
 */
#include "agency/unit_import.h"

#include "agency/identifier.h"
#include "base/auto.h"
#include "base/parse.h"
#include "base/text.h"
#include "queries.h"

enum { SCRATCH_BYTES = 128 << 20, PAYLOAD_BYTES = 1 << 20, CODE_PROVINCE = 2, CODE_COMMUNE = 5, NAME_MOST = 100 };

/* The two-level organisation begins (Resolution 203/2025/QH15 and Law 72/2025/QH15, in force 2025-07-01). */
static const struct civil two_levels_since = {2025, 7, 1};

enum change { SAME, NEW, RENAMED };

struct unit {
    struct str code, path;
    struct place place;
    struct known_unit *known; /* NULL: new */
    enum change change;
};

struct province {
    struct unit unit;
    struct unit *communes;
    size_t commune_count, new_count, renamed_count;
    struct str identifier;
    bool is_provisional;
};

/* ---- what the store has ---- */

enum outcome known_units_load(struct store *s, struct arena *a, struct known_units *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rows rows;
    TRY(store_read_begin(s, a, &tx, why));
    TRY(store_all(tx, Q_TERRITORY_ALL_CODED, NO_VALUES, &rows, why));
    *out = (struct known_units){.at = ARENA_ARRAY(a, struct known_unit, rows.count), .count = rows.count};
    map_init(&out->by_code, a);
    map_init(&out->by_path, a);
    map_init(&out->by_bare_path, a);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        struct known_unit *u = &out->at[i];
        *u = (struct known_unit){.id = row_int(r, 0),
                                 .parent = row_int(r, 1),
                                 .code = row_str(r, 2),
                                 .name = row_str(r, 4),
                                 .valid_to = row_day_to(r, 6),
                                 .path = row_str(r, 7),
                                 .agency = row_int(r, 8),
                                 .agency_name = row_str(r, 10)};
        if (!territory_kind_parse(row_str(r, 3), &u->kind)) BUG("a territory row has an unknown kind");
        map_set(&out->by_code, u->code, u);
        map_set(&out->by_path, u->path, u);
    }
    for (size_t i = 0; i < out->count; i++) {
        struct known_unit *u = &out->at[i];
        struct str province, commune;
        bool is_commune = str_cut(u->path, '/', &province, &commune);
        struct str bare[2] = {place_bare(province), place_bare(commune)};
        map_set(&out->by_bare_path, place_path(a, bare, is_commune ? 2 : 1), u);
    }
    return OK;
}

/* ---- reading the file ---- */

struct unit_reader {
    struct unit_import *in;
    struct map codes; /* seen in this file */
    struct fail *why; /* problems of the file */
};

/* Code and name of a province or commune at a pointer; false when a problem was noted. */
static bool read_unit(struct unit_reader *r, yyjson_val *json, struct str pointer, size_t code_len, struct unit *out)
{
    struct arena *a = r->in->arena;
    struct str code = json_str(json, "Code"), name = json_str(json, "FullName");
    struct str code_at = str_format(a, "%.*s/Code", STR_ARG(pointer)),
               name_at = str_format(a, "%.*s/FullName", STR_ARG(pointer));
    size_t before = r->why->problem_count;
    if (!parse_is_digits(code, code_len, code_len))
        fail_problem(r->why, code_at, "format", N_("A statistical code has {0} digits."),
                     str_format(a, "%zu", code_len));
    else if (map_set(&r->codes, code, out) != NULL)
        fail_problem(r->why, code_at, "double", N_("The code {0} stands in the file twice."), code);
    bool has_kind = name.len > 0 && text_length(name) <= NAME_MOST && place_read(a, name, &out->place);
    enum territory_kind kind = out->place.kind;
    bool is_province = code_len == CODE_PROVINCE;
    bool is_fitting = is_province
                          ? kind == TERRITORY_PROVINCE || kind == TERRITORY_CITY
                          : kind == TERRITORY_COMMUNE || kind == TERRITORY_WARD || kind == TERRITORY_SPECIAL_ZONE;
    if (!has_kind || !is_fitting)
        fail_problem(r->why, name_at, "format", N_("\"{0}\" does not begin with the kind of unit."), name);
    if (r->why->problem_count > before) return false;
    out->code = code;
    if (!str_eq(out->place.name, text_one_line(a, text_clean(a, name))))
        import_doubt(r->in->report, r->in->file, STR("FullName"), name, N_("Written as \"{0}\"."), out->place.name);
    return true;
}

static void read_communes(struct unit_reader *r, yyjson_val *json, struct str pointer, struct province *out)
{
    struct arena *a = r->in->arena;
    yyjson_val *list = json_get(json, "Wards"), *item;
    if (!yyjson_is_arr(list)) {
        fail_problem(r->why, str_format(a, "%.*s/Wards", STR_ARG(pointer)), "required",
                     N_("The list of communes is missing."));
        return;
    }
    out->communes = ARENA_ARRAY(a, struct unit, yyjson_arr_size(list));
    size_t i, count;
    yyjson_arr_foreach(list, i, count, item)
    {
        struct unit *u = &out->communes[out->commune_count];
        struct str at = str_format(a, "%.*s/Wards/%zu", STR_ARG(pointer), i);
        if (!read_unit(r, item, at, CODE_COMMUNE, u)) continue;
        struct str said = json_str(item, "ProvinceCode");
        if (said.len > 0 && !str_eq(said, out->unit.code)) {
            fail_problem(r->why, str_format(a, "%.*s/ProvinceCode", STR_ARG(at)), "mismatch",
                         N_("The commune {0} says it belongs to province {1}."), u->code, said);
            continue;
        }
        const struct str normals[] = {out->unit.place.normal, u->place.normal};
        u->path = place_path(a, normals, LENGTH(normals));
        out->commune_count++;
    }
}

static enum outcome read_file(struct unit_reader *r, struct province **out, size_t *out_count, struct fail *why)
{
    struct arena *a = r->in->arena;
    yyjson_val *root, *item;
    TRY(json_read(a, r->in->content, &root, why));
    if (!yyjson_is_arr(root) || yyjson_arr_size(root) == 0)
        return fail(why, ERR_INVALID, N_("The file of units is a list of provinces."));
    struct province *list = ARENA_ARRAY(a, struct province, yyjson_arr_size(root));
    size_t i, count, taken = 0;
    r->why = why;
    yyjson_arr_foreach(root, i, count, item)
    {
        struct province *p = &list[taken];
        struct str at = str_format(a, "#/%zu", i);
        if (!read_unit(r, item, at, CODE_PROVINCE, &p->unit)) continue;
        p->unit.path = p->unit.place.normal;
        p->identifier = identifier_of_province(p->unit.code, &p->is_provisional);
        p->is_provisional = !p->is_provisional; /* it said whether it is certain */
        /* A province that the table does not know: Z99 is nobody's, so this never meets a real identifier. */
        if (p->identifier.len == 0) p->identifier = str_format(a, "Z99.%.*s", STR_ARG(p->unit.code));
        read_communes(r, item, at, p);
        taken++;
    }
    TRY(fail_if_problems(why));
    *out = list;
    *out_count = taken;
    return OK;
}

/* ---- comparing ---- */

static void compare_unit(const struct known_units *known, struct unit *u)
{
    u->known = map_find(&known->by_code, u->code);
    if (u->known == NULL) {
        u->change = NEW;
        return;
    }
    u->known->is_in_file = true;
    bool is_same = str_eq(u->known->name, u->place.name) && u->known->kind == u->place.kind;
    u->change = is_same ? SAME : RENAMED;
}

static void count_change(struct province *p, const struct unit *u, struct import_report *report)
{
    p->new_count += u->change == NEW;
    p->renamed_count += u->change == RENAMED;
    if (u->change == SAME)
        report->unchanged++;
    else
        report->taken++;
}

static void compare(struct unit_import *in, struct known_units *known, struct province *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct province *p = &list[i];
        compare_unit(known, &p->unit);
        count_change(p, &p->unit, in->report);
        for (size_t n = 0; n < p->commune_count; n++) {
            const struct unit *u = &p->communes[n];
            compare_unit(known, &p->communes[n]);
            count_change(p, u, in->report);
            if (u->known != NULL && (p->unit.known == NULL || u->known->parent != p->unit.known->id))
                import_doubt(in->report, in->file, STR("Code"), u->code,
                             N_("The file has it in \"{0}\"; it stays in its province until a decree moves it."),
                             p->unit.place.name);
        }
    }
    for (size_t i = 0; i < known->count; i++) {
        const struct known_unit *u = &known->at[i];
        if (!u->is_in_file && u->valid_to == DAY_OPEN)
            import_doubt(in->report, in->file, STR("Code"), u->code,
                         N_("\"{0}\" is not in the file; it stays in force until a decree ends it."), u->name);
    }
}

/* ---- the command ---- */

struct take_province {
    struct actor actor;
    const struct province *province;
};

static struct str committee_name(struct arena *a, const struct place *place)
{
    return str_format(a, "Ủy ban nhân dân %.*s", STR_ARG(place->in_sentence));
}

/* A territory and its People's Committee, new. */
struct founding {
    const struct unit *unit;
    struct str identifier, around; /* the name of the province, for searching */
    bool is_provisional;
    const char *class;
    int64_t parent_territory, parent_agency;
    day_t valid_from;
};

static enum outcome found(struct tx *tx, const struct founding *f, int64_t *out_territory, int64_t *out_agency,
                          struct fail *why)
{
    struct arena *a = tx_arena(tx);
    int64_t territory = tx_new_id(tx), agency = tx_new_id(tx);
    const struct place *place = &f->unit->place;
    struct str name = committee_name(a, place);
    TRY(store_do(tx, Q_TERRITORY_INSERT,
                 VALUES(v_int(territory), v_str(f->unit->code), v_str(str_from(territory_kind_name(place->kind))),
                        v_str(place->name), v_str(f->unit->path), v_ref(f->parent_territory), v_day(f->valid_from),
                        v_null()),
                 NULL, why));
    TRY(store_do(tx, Q_AGENCY_INSERT,
                 VALUES(v_int(agency), v_str(f->identifier), v_bool(f->is_provisional), v_str(name),
                        v_str(agency_search_text(a, name, f->around, f->identifier)), v_str(str_from(f->class)),
                        v_int(territory), v_ref(f->parent_agency), v_day(f->valid_from), v_str(STR_NONE),
                        v_str(STR_NONE)),
                 NULL, why));
    *out_territory = territory;
    *out_agency = agency;
    return OK;
}

static enum outcome rename_unit(struct tx *tx, const struct unit *u, struct str around, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct agency committee;
    const struct known_unit *k = u->known;
    TRY(store_do(tx, Q_TERRITORY_KEEP_NAME,
                 VALUES(v_int(k->id), v_int(day_of(tx_now(tx)) - 1), v_str(str_from(territory_kind_name(k->kind))),
                        v_str(k->name)),
                 NULL, why));
    TRY(store_do(
        tx, Q_TERRITORY_RENAME,
        VALUES(v_str(str_from(territory_kind_name(u->place.kind))), v_str(u->place.name), v_str(u->path), v_int(k->id)),
        NULL, why));
    if (k->agency == 0) return OK;
    TRY(agency_load(tx, k->agency, &committee, why));
    struct str name = committee_name(a, &u->place);
    const struct str places[] = {k->name, around}; /* people go on asking for the earlier name */
    struct str search =
        agency_search_text(a, name, str_join(a, STR(" "), places, LENGTH(places)), committee.identifier);
    return store_do(tx, Q_AGENCY_SET_NAME, VALUES(v_str(name), v_str(search), v_int(k->agency)), NULL, why);
}

static void write_units(struct json_writer *w, const char *key, const struct province *p, enum change change)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i <= p->commune_count; i++) {
        const struct unit *u = i == 0 ? &p->unit : &p->communes[i - 1];
        if (u->change != change) continue;
        jw_open(w, '{');
        jw_put_str(w, "code", u->code);
        jw_put_str(w, "name", u->place.name);
        if (change == RENAMED) jw_put_str(w, "was", u->known->name);
        jw_close(w);
    }
    jw_close(w);
}

static enum outcome journal_province(struct tx *tx, const struct take_province *in, int64_t agency, struct fail *why)
{
    const struct province *p = in->province;
    struct agency committee;
    if (p->unit.change == SAME) TRY(store_do(tx, Q_AGENCY_TOUCH, VALUES(v_int(agency)), NULL, why));
    TRY(agency_load(tx, agency, &committee, why));
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    write_units(&w, "added", p, NEW);
    write_units(&w, "renamed", p, RENAMED);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_AGENCY,
                                          .subject = agency,
                                          .version = committee.version,
                                          .act = "units.import",
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

static enum outcome take_province(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* counted before */
    const struct take_province *in = input;
    const struct province *p = in->province;
    day_t since = day_from_civil(two_levels_since), today = day_of(tx_now(tx));
    int64_t territory = 0, agency = 0, unused_territory, unused_agency;
    if (p->unit.change == NEW) {
        TRY(found(tx,
                  &(struct founding){.unit = &p->unit,
                                     .identifier = p->identifier,
                                     .is_provisional = p->is_provisional,
                                     .class = "province_committee",
                                     .valid_from = since},
                  &territory, &agency, why));
    } else {
        territory = p->unit.known->id;
        agency = p->unit.known->agency;
        if (p->unit.change == RENAMED) TRY(rename_unit(tx, &p->unit, STR_NONE, why));
    }
    for (size_t i = 0; i < p->commune_count; i++) {
        const struct unit *u = &p->communes[i];
        if (u->change == RENAMED) TRY(rename_unit(tx, u, p->unit.place.name, why));
        if (u->change != NEW) continue;
        /* The real identifiers of the new communes are not published: ours carries the statistical code and says so. */
        struct str identifier = str_format(tx_arena(tx), "%.*s.%.*s", STR_ARG(p->identifier), STR_ARG(u->code));
        TRY(found(tx,
                  &(struct founding){.unit = u,
                                     .identifier = identifier,
                                     .around = p->unit.place.name,
                                     .is_provisional = true,
                                     .class = "commune_committee",
                                     .parent_territory = territory,
                                     .parent_agency = agency,
                                     .valid_from = p->unit.change == NEW ? since : today},
                  &unused_territory, &unused_agency, why));
    }
    return journal_province(tx, in, agency, why);
}

/* ---- the whole ---- */

enum outcome unit_import_json(struct unit_import *in, struct fail *why)
{
    struct unit_reader reader = {.in = in};
    struct province *list = NULL;
    size_t count = 0;
    struct known_units known;
    struct fail broken;
    fail_init(&broken, in->arena);
    map_init(&reader.codes, in->arena);
    if (read_file(&reader, &list, &count, &broken) != OK) {
        struct str place =
            broken.outcome == ERR_BAD ? str_format(in->arena, "line %.*s", STR_ARG(broken.args[0])) : STR_NONE;
        import_refuse(in->report, in->file, place, &broken);
        in->report->refused = 1; /* the file as a whole, however many mistakes it has */
        in->report->doubts.count = 0;
        return OK;
    }
    TRY(known_units_load(in->store, in->arena, &known, why));
    compare(in, &known, list, count);
    for (size_t i = 0; i < count; i++)
        if (list[i].new_count + list[i].renamed_count > 0)
            TRY(store_run(in->store, take_province, &(struct take_province){in->actor, &list[i]}, NULL, why));
    return OK;
}

enum outcome agency_import_units(struct store *s, struct actor actor, struct str file, struct str content,
                                 struct import_report *report, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES);
    struct unit_import in = {s, actor, file, content, &scratch, report};
    report->files++;
    if (str_starts(content, STR("\xEF\xBB\xBF")))
        in.content = str_part(content, 3, content.len); /* a byte order mark */
    if (!text_is_utf8(in.content)) {
        struct fail broken;
        fail_init(&broken, &scratch);
        (void)fail(&broken, ERR_BAD, N_("The file is not UTF-8 text.")); /* only its sentence is used */
        import_refuse(report, file, STR_NONE, &broken);
        return OK;
    }
    struct str start = str_trim(in.content);
    bool is_json = start.len == 0 || start.at[0] == '[' || start.at[0] == '{';
    return is_json ? unit_import_json(&in, why) : unit_import_merger(&in, why);
}
