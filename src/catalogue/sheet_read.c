#include "catalogue/sheet_read.h"

#include "base/file.h"
#include "base/text.h"
#include "catalogue/sheet_part.h"

enum { UNKNOWN_KEYS_MOST = 20 /* reported of one object */, NAME_MOST = 2000 };

/* One sheet on its way: texts are taken by path, and what is odd about a cell is noted under that path. */
struct sheet {
    struct arena *a;
    struct import_report *report;
    struct map *law_titles;
    struct str file, text;
    struct procedure *p;
    int not_nfc;           /* cells that were not NFC */
    struct str *out_place; /* set at the first break */
    struct fail *why;
};

static struct sheet_place place_of(const struct sheet *s, struct str pointer)
{
    return (struct sheet_place){.arena = s->a, .report = s->report, .file = s->file, .field = pointer};
}

static struct str pointer_of(struct arena *a, struct str parent, struct str key)
{
    return str_format(a, "%.*s/%.*s", STR_ARG(parent), STR_ARG(key));
}

/* ---- breaks ---- */

/* The line on which the last key of a pointer first stands; 0 when it does not. */
static int line_of(const struct sheet *s, struct str pointer)
{
    size_t slash = pointer.len;
    while (slash > 0 && pointer.at[slash - 1] != '/') slash--;
    struct str key = str_part(pointer, slash, pointer.len);
    ptrdiff_t at = str_find(s->text, str_format(s->a, "\"%.*s\"", STR_ARG(key)), 0);
    if (key.len == 0 || at < 0) return 0;
    int line = 1;
    for (ptrdiff_t i = 0; i < at; i++) line += s->text.at[i] == '\n';
    return line;
}

static enum outcome broken(struct sheet *s, struct str pointer, const char *sentence, struct str arg)
{
    int line = line_of(s, pointer);
    *s->out_place = line > 0 ? str_format(s->a, "%.*s (line %d)", STR_ARG(pointer), line) : pointer;
    return fail(s->why, ERR_INVALID, sentence, arg);
}

/* ---- members ---- */

/* A member by its name, also when the name in the file is not NFC; NULL when absent. */
static yyjson_val *member(const struct sheet *s, yyjson_val *object, const char *key)
{
    yyjson_val *v = yyjson_obj_get(object, key);
    if (v != NULL) return v;
    size_t i, count;
    yyjson_val *k, *each;
    yyjson_obj_foreach(object, i, count, k, each)
    {
        struct str name = json_text(k);
        if (!text_is_nfc(name) && str_eq(text_clean(s->a, name), str_from(key))) return each;
    }
    return NULL;
}

static void note_unknown_keys(const struct sheet *s, yyjson_val *object, struct str pointer, const char *const *known)
{
    size_t i, count, unknown = 0;
    yyjson_val *k, *v;
    yyjson_obj_foreach(object, i, count, k, v)
    {
        struct str key = json_text(k);
        if (!text_is_nfc(key)) key = text_clean(s->a, key);
        bool is_known = false;
        for (const char *const *each = known; *each != NULL && !is_known; each++)
            is_known = str_eq(key, str_from(*each));
        if (is_known || ++unknown > UNKNOWN_KEYS_MOST) continue;
        struct str shown = yyjson_is_str(v) ? json_text(v) : STR_NONE;
        import_doubt(s->report, s->file, pointer_of(s->a, pointer, key), shown,
                     N_("The sheet has a part that is not known here; left out"));
    }
}

/* The text of a cell: NFC, no tabs, trimmed. A number is taken as its text, null as empty; anything else breaks the
 * sheet. */
static enum outcome cell(struct sheet *s, yyjson_val *object, struct str parent, const char *key, struct str *out)
{
    struct str pointer = pointer_of(s->a, parent, str_from(key));
    yyjson_val *v = member(s, object, key);
    *out = STR_NONE;
    if (v == NULL) {
        import_doubt(s->report, s->file, pointer, STR_NONE, N_("The sheet lacks this part; taken as empty"));
        return OK;
    }
    if (yyjson_is_null(v)) return OK;
    if (yyjson_is_int(v)) {
        *out = str_format(s->a, "%lld", (long long)yyjson_get_sint(v));
        import_doubt(s->report, s->file, pointer, *out, N_("A number where a text belongs; taken as text"));
        return OK;
    }
    if (!yyjson_is_str(v)) return broken(s, pointer, N_("{0} is not a text."), str_from(key));
    struct str raw = json_text(v);
    s->not_nfc += !text_is_nfc(raw);
    struct sheet_place place = place_of(s, pointer);
    *out = sheet_clean(&place, raw);
    return OK;
}

static enum outcome object_part(struct sheet *s, yyjson_val *root, const char *key, yyjson_val **out)
{
    *out = member(s, root, key);
    struct str pointer = pointer_of(s->a, STR("#"), str_from(key));
    if (*out == NULL) return broken(s, STR("#"), N_("The sheet lacks its part \"{0}\"."), str_from(key));
    if (!yyjson_is_obj(*out)) return broken(s, pointer, N_("The part \"{0}\" is not an object."), str_from(key));
    return OK;
}

static enum outcome list_part(struct sheet *s, yyjson_val *tables, const char *key, yyjson_val **out)
{
    *out = member(s, tables, key);
    struct str pointer = pointer_of(s->a, STR("#/tables"), str_from(key));
    if (*out == NULL) return broken(s, STR("#/tables"), N_("The sheet lacks its list \"{0}\"."), str_from(key));
    if (!yyjson_is_arr(*out)) return broken(s, pointer, N_("\"{0}\" is not a list."), str_from(key));
    if (yyjson_arr_size(*out) > SHEET_ROWS_MOST)
        return broken(s, pointer, N_("\"{0}\" has more rows than a procedure can have."), str_from(key));
    size_t i, count;
    yyjson_val *row;
    yyjson_arr_foreach(*out, i, count, row)
    {
        if (yyjson_is_obj(row)) continue;
        return broken(s, str_format(s->a, "%.*s/%zu", STR_ARG(pointer), i), N_("A row of \"{0}\" is not an object."),
                      str_from(key));
    }
    return OK;
}

/* ---- metadata ---- */

static const char *const root_keys[] = {"thu_tuc_id", "source_file", "metadata", "content", "tables", NULL};
static const char *const metadata_keys[] = {
    "mã_thủ_tục", "tên_thủ_tục", "số_quyết_định", "cấp_thực_hiện", "loại_thủ_tục", "lĩnh_vực", NULL};
static const char *const content_keys[] = {"trình_tự_thực_hiện",          "cách_thức_thực_hiện",
                                           "đối_tượng_thực_hiện",         "cơ_quan_thực_hiện",
                                           "cơ_quan_có_thẩm_quyền",       "cơ_quan_phối_hợp",
                                           "địa_chỉ_tiếp_nhận_hs",        "kết_quả_thực_hiện",
                                           "yêu_cầu_điều_kiện_thực_hiện", NULL};
static const char *const table_keys[] = {"hinh_thuc_nop", "thanh_phan_ho_so", "can_cu_phap_ly", NULL};
static const char *const channel_keys[] = {"hinh_thuc", "thoi_han_giai_quyet", "phi_le_phi", NULL};
static const char *const component_keys[] = {"ten_giay_to", "so_luong", "ghi_chu", NULL};
static const char *const law_keys[] = {"so_ky_hieu", "trich_yeu", NULL};

/* Both places must say the same code: a sheet of unclear identity would overwrite another procedure. */
static enum outcome read_code(struct sheet *s, yyjson_val *root, yyjson_val *metadata)
{
    struct str outer, inner, pointer = STR("#/metadata/mã_thủ_tục");
    TRY(cell(s, root, STR("#"), "thu_tuc_id", &outer));
    TRY(cell(s, metadata, STR("#/metadata"), "mã_thủ_tục", &inner));
    if (outer.len > 0 && inner.len > 0 && !str_eq(outer, inner)) {
        (void)broken(s, pointer, "", STR_NONE); /* for the place */
        return fail(s->why, ERR_INVALID,
                    N_("The sheet has two codes, {0} and {1}; which procedure it is, is not clear."), outer, inner);
    }
    struct str code = inner.len > 0 ? inner : outer;
    if (code.len == 0) return broken(s, pointer, N_("The sheet has no procedure code."), STR_NONE);
    if (!procedure_code_is_valid(code))
        return broken(s, inner.len > 0 ? pointer : STR("#/thu_tuc_id"),
                      N_("{0} is not a procedure code such as 1.001193."), code);
    s->p->code = code;
    return OK;
}

static void compare_names(const struct sheet *s)
{
    if (s->p->source.len > 0 && !str_has(s->p->source, s->p->code))
        import_doubt(s->report, s->file, STR("#/source_file"), s->p->source,
                     N_("The source's name does not carry the code {0}; the code is kept"), s->p->code);
    struct str digits = str_part(s->p->code, 0, 8), file = file_base_name(s->file);
    bool names_a_code = false; /* "1.013124.json": digits, a dot, six digits */
    for (size_t i = 0; i + 8 <= file.len; i++)
        names_a_code = names_a_code || procedure_code_is_valid(str_part(file, i, 8));
    if (names_a_code && !str_has(file, digits))
        import_doubt(s->report, s->file, STR("#/thu_tuc_id"), s->p->code,
                     N_("The file's name carries another code; the code inside is kept"));
}

static enum outcome read_metadata(struct sheet *s, yyjson_val *root)
{
    yyjson_val *metadata;
    struct str pointer = STR("#/metadata"), text;
    struct procedure *p = s->p;
    TRY(object_part(s, root, "metadata", &metadata));
    TRY(read_code(s, root, metadata));
    TRY(cell(s, root, STR("#"), "source_file", &p->source));
    compare_names(s);
    TRY(cell(s, metadata, pointer, "tên_thủ_tục", &text));
    p->name = text_one_line(s->a, text);
    if (p->name.len == 0)
        return broken(s, STR("#/metadata/tên_thủ_tục"), N_("The sheet has no name of the procedure."), STR_NONE);
    if (text_length(p->name) > NAME_MOST)
        return broken(s, STR("#/metadata/tên_thủ_tục"), N_("The name is longer than a name can be."), STR_NONE);
    TRY(cell(s, metadata, pointer, "lĩnh_vực", &text));
    p->field = sheet_nothing(s->a, text_one_line(s->a, text));
    struct sheet_place place = place_of(s, STR("#/metadata/lĩnh_vực"));
    if (p->field.len == 0) place_doubt(&place, text, N_("No field is named; left unknown"));
    TRY(cell(s, metadata, pointer, "số_quyết_định", &text));
    place.field = STR("#/metadata/số_quyết_định");
    sheet_decision(&place, sheet_nothing(s->a, text), p);
    TRY(cell(s, metadata, pointer, "cấp_thực_hiện", &text));
    place.field = STR("#/metadata/cấp_thực_hiện");
    sheet_levels(&place, sheet_nothing(s->a, text), p);
    TRY(cell(s, metadata, pointer, "loại_thủ_tục", &text));
    place.field = STR("#/metadata/loại_thủ_tục");
    sheet_kind(&place, text, p);
    place.field = STR("#/metadata/tên_thủ_tục");
    sheet_process(&place, p);
    note_unknown_keys(s, metadata, pointer, metadata_keys);
    return OK;
}

/* ---- content ---- */

static enum outcome read_agencies(struct sheet *s, yyjson_val *content, const char *key, struct agency_list *out)
{
    struct str text;
    TRY(cell(s, content, STR("#/content"), key, &text));
    struct sheet_place place = place_of(s, pointer_of(s->a, STR("#/content"), str_from(key)));
    sheet_agencies(&place, sheet_nothing(s->a, text), out);
    return OK;
}

/* Commune level alone, although no commune body performs it: most are border posts and army units. */
static void compare_level(const struct sheet *s)
{
    static const struct str commune_words[] = {STR_INIT("cap xa"), STR_INIT("xa phuong"), STR_INIT("ubnd xa")};
    const struct procedure *p = s->p;
    if (p->level_count != 1 || p->levels[0] != LEVEL_COMMUNE || p->performing.count == 0) return;
    if (sheet_says_any(text_fold(s->a, p->performing.text), commune_words, LENGTH(commune_words))) return;
    import_doubt(s->report, s->file, STR("#/metadata/cấp_thực_hiện"), p->level_text,
                 N_("The level is the commune, but {0} is no commune body; both are kept, competence decides where it "
                    "is offered"),
                 p->performing.text);
}

static enum outcome read_content(struct sheet *s, yyjson_val *root)
{
    yyjson_val *content;
    struct str pointer = STR("#/content"), text;
    struct procedure *p = s->p;
    TRY(object_part(s, root, "content", &content));
    TRY(cell(s, content, pointer, "trình_tự_thực_hiện", &p->steps));
    TRY(cell(s, content, pointer, "cách_thức_thực_hiện", &p->manner));
    TRY(cell(s, content, pointer, "đối_tượng_thực_hiện", &text));
    struct sheet_place place = place_of(s, STR("#/content/đối_tượng_thực_hiện"));
    sheet_audience(&place, sheet_nothing(s->a, text), p);
    TRY(read_agencies(s, content, "cơ_quan_thực_hiện", &p->performing));
    TRY(read_agencies(s, content, "cơ_quan_có_thẩm_quyền", &p->competent));
    TRY(read_agencies(s, content, "cơ_quan_phối_hợp", &p->coordinating));
    if (p->performing.count == 0) {
        place.field = STR("#/content/cơ_quan_thực_hiện");
        place_doubt(&place, p->performing.text, N_("No performing agency is named; competence has to be decided"));
    }
    if (p->competent.count == 0) {
        place.field = STR("#/content/cơ_quan_có_thẩm_quyền");
        place_doubt(&place, p->competent.text,
                    N_("No competent agency is named; the performing agency decides until competence is entered"));
    }
    compare_level(s);
    TRY(cell(s, content, pointer, "địa_chỉ_tiếp_nhận_hs", &text));
    place.field = STR("#/content/địa_chỉ_tiếp_nhận_hs");
    sheet_address(&place, sheet_nothing(s->a, text), p);
    TRY(cell(s, content, pointer, "kết_quả_thực_hiện", &text));
    place.field = STR("#/content/kết_quả_thực_hiện");
    sheet_results(&place, sheet_nothing(s->a, text), p);
    if (p->result_count == 0) place_doubt(&place, text, N_("No result is named"));
    TRY(cell(s, content, pointer, "yêu_cầu_điều_kiện_thực_hiện", &text));
    p->conditions = sheet_nothing(s->a, text);
    note_unknown_keys(s, content, pointer, content_keys);
    return OK;
}

/* ---- channels ---- */

struct channel_row {
    unsigned channels; /* 1 << channel_kind */
    struct str pointer, term_text, fee_text;
    struct str folded; /* term and fee: rows that fold alike are doubles */
    struct procedure_case c;
};

static enum outcome read_channel_row(struct sheet *s, yyjson_val *object, struct channel_row *row)
{
    struct str way;
    TRY(cell(s, object, row->pointer, "hinh_thuc", &way));
    TRY(cell(s, object, row->pointer, "thoi_han_giai_quyet", &row->term_text));
    TRY(cell(s, object, row->pointer, "phi_le_phi", &row->fee_text));
    note_unknown_keys(s, object, row->pointer, channel_keys);
    const struct str parts[] = {text_fold(s->a, row->term_text), text_fold(s->a, row->fee_text)};
    row->folded = str_join(s->a, STR("\x1f"), parts, LENGTH(parts));
    struct sheet_place place = place_of(s, pointer_of(s->a, row->pointer, STR("hinh_thuc")));
    row->channels = sheet_channels(&place, way);
    place.field = pointer_of(s->a, row->pointer, STR("thoi_han_giai_quyet"));
    sheet_term(&place, row->term_text, &row->c);
    place.field = pointer_of(s->a, row->pointer, STR("phi_le_phi"));
    sheet_fees(&place, row->fee_text, &row->c);
    return OK;
}

/* The rows of one channel as its cases, exact doubles left out. */
static void gather_channel(struct sheet *s, const struct channel_row *rows, size_t count, enum channel_kind kind)
{
    LIST(struct procedure_case) cases = {0};
    for (size_t i = 0; i < count; i++) {
        if ((rows[i].channels & 1u << kind) == 0) continue;
        bool is_double = false;
        for (size_t j = 0; j < i && !is_double; j++)
            is_double = (rows[j].channels & 1u << kind) != 0 && str_eq(rows[i].folded, rows[j].folded);
        if (is_double) {
            import_doubt(s->report, s->file, rows[i].pointer, rows[i].term_text,
                         N_("The same channel with the same term and fee stands above already; left out"));
            continue;
        }
        LIST_PUSH(s->a, cases) = rows[i].c;
    }
    if (cases.count == 0) return;
    s->p->channels[s->p->channel_count++] =
        (struct channel){.kind = kind, .cases = cases.at, .case_count = cases.count};
}

/* Ids from the term, so that the same case has the same id on every channel; labels where there is something to choose.
 */
static void name_cases(struct sheet *s, struct channel *ch)
{
    for (size_t i = 0; i < ch->case_count; i++) {
        struct procedure_case *c = &ch->cases[i];
        struct str base = sheet_term_id(s->a, c);
        c->id = base;
        for (int n = 2; channel_case(&(struct channel){.cases = ch->cases, .case_count = i}, c->id) != NULL; n++)
            c->id = str_format(s->a, "%.*s-%d", STR_ARG(base), n);
        if (ch->case_count < 2) continue;
        c->label = c->term_text.len > 0 ? text_one_line(s->a, c->term_text)
                   : c->fee_count > 0   ? c->fees[0].text
                                        : STR_NONE;
        if (c->label.len == 0) c->label = str_format(s->a, "%zu", i + 1);
    }
}

static bool is_border_gate(const struct sheet *s)
{
    static const struct str border_words[] = {STR_INIT("bien phong"), STR_INIT("cua khau")};
    return sheet_says_any(text_fold(s->a, s->p->performing.text), border_words, LENGTH(border_words));
}

/* Things that only show when the cases stand side by side. */
static void compare_terms(const struct sheet *s, const struct channel_row *rows, size_t count)
{
    bool has_days = false, has_working_days = false;
    for (size_t i = 0; i < count; i++) {
        const struct term *t = &rows[i].c.term;
        has_days = has_days || t->unit == TERM_DAYS;
        has_working_days = has_working_days || t->unit == TERM_WORKING_DAYS;
        if (t->unit != TERM_HOURS || t->hundredths < 1000) continue;
        for (size_t j = 0; j < count; j++) {
            const struct term *other = &rows[j].c.term;
            if (other->hundredths != t->hundredths || (other->unit != TERM_DAYS && other->unit != TERM_WORKING_DAYS))
                continue;
            import_doubt(s->report, s->file, pointer_of(s->a, rows[i].pointer, STR("thoi_han_giai_quyet")),
                         rows[i].term_text, N_("Hours here, but {0} on another row: perhaps a slip; kept as written"),
                         rows[j].term_text);
            break;
        }
    }
    if (has_days && has_working_days)
        import_doubt(s->report, s->file, STR("#/tables/hinh_thuc_nop"), STR_NONE,
                     N_("Days and working days are both used; each row is kept as written"));
}

/* A channel that repeats tells no case apart but by its term or fee. */
static void report_cases(const struct sheet *s)
{
    for (size_t i = 0; i < s->p->channel_count; i++) {
        const struct channel *c = &s->p->channels[i];
        if (c->case_count < 2) continue;
        struct str n = str_format(s->a, "%zu", c->case_count);
        import_doubt(s->report, s->file, STR("#/tables/hinh_thuc_nop"), str_from(channel_words[c->kind].code),
                     N_("The channel stands there {0} times without saying for which case; taken as cases named by "
                        "their terms, the applicant or the officer chooses"),
                     n);
    }
}

static enum outcome read_channels(struct sheet *s, yyjson_val *tables)
{
    yyjson_val *list, *object;
    TRY(list_part(s, tables, "hinh_thuc_nop", &list));
    struct channel_row *rows = ARENA_ARRAY(s->a, struct channel_row, yyjson_arr_size(list));
    bool is_gate = is_border_gate(s);
    size_t i, count;
    yyjson_arr_foreach(list, i, count, object)
    {
        rows[i].pointer = str_format(s->a, "#/tables/hinh_thuc_nop/%zu", i);
        TRY(read_channel_row(s, object, &rows[i]));
        rows[i].c.term.is_continuous = is_gate && rows[i].c.term.unit == TERM_HOURS;
    }
    compare_terms(s, rows, count);
    for (int kind = 0; kind < CHANNEL_KIND_COUNT; kind++) gather_channel(s, rows, count, (enum channel_kind)kind);
    for (size_t c = 0; c < s->p->channel_count; c++) name_cases(s, &s->p->channels[c]);
    report_cases(s);
    if (s->p->channel_count == 0)
        import_doubt(s->report, s->file, STR("#/tables/hinh_thuc_nop"), STR_NONE,
                     N_("No way to submit is listed; no dossier can be submitted until there is one"));
    return OK;
}

/* ---- components and law ---- */

static enum outcome read_components(struct sheet *s, yyjson_val *tables)
{
    yyjson_val *list, *object;
    TRY(list_part(s, tables, "thanh_phan_ho_so", &list));
    struct component_row *rows = ARENA_ARRAY(s->a, struct component_row, yyjson_arr_size(list));
    struct sheet_place place = place_of(s, STR("#/tables/thanh_phan_ho_so"));
    size_t i, count;
    yyjson_arr_foreach(list, i, count, object)
    {
        struct str pointer = str_format(s->a, "%.*s/%zu", STR_ARG(place.field), i);
        TRY(cell(s, object, pointer, "ten_giay_to", &rows[i].name));
        TRY(cell(s, object, pointer, "so_luong", &rows[i].files));
        TRY(cell(s, object, pointer, "ghi_chu", &rows[i].counts));
        note_unknown_keys(s, object, pointer, component_keys);
    }
    sheet_components(&place, rows, count, s->p);
    return OK;
}

/* Two sheets of one import may call the same document by different titles. Each further title is reported once. */
static void compare_titles(const struct sheet *s, struct str pointer, const struct law_reference *law)
{
    if (s->law_titles == NULL || law->symbol.len == 0 || law->title.len == 0) return;
    struct arena *a = s->law_titles->arena;
    struct str key = text_fold(s->a, law->symbol);
    struct str variant = str_format(s->a, "%.*s\x1f%.*s", STR_ARG(key), STR_ARG(text_fold(s->a, law->title)));
    if (map_find(s->law_titles, variant) != NULL) return;
    struct str *title = ARENA_NEW(a, struct str);
    *title = str_dup(a, law->title);
    (void)map_set(s->law_titles, variant, title); /* there is none */
    const struct str *first = map_find(s->law_titles, key);
    if (first == NULL)
        (void)map_set(s->law_titles, key, title); /* there is none */
    else
        import_doubt(s->report, s->file, pointer, law->title,
                     N_("Elsewhere {0} has the title \"{1}\"; each record keeps its own"), law->symbol, *first);
}

static bool is_law_double(const struct sheet *s, const struct law_reference *law)
{
    for (size_t i = 0; i < s->p->law_count; i++) {
        const struct law_reference *other = &s->p->laws[i];
        if (str_eq(other->raw, law->raw) && str_eq(other->title, law->title)) return true;
    }
    return false;
}

static enum outcome read_laws(struct sheet *s, yyjson_val *tables)
{
    yyjson_val *list, *object;
    TRY(list_part(s, tables, "can_cu_phap_ly", &list));
    struct procedure *p = s->p;
    p->laws = ARENA_ARRAY(s->a, struct law_reference, yyjson_arr_size(list));
    size_t i, count;
    yyjson_arr_foreach(list, i, count, object)
    {
        struct sheet_place place = place_of(s, str_format(s->a, "#/tables/can_cu_phap_ly/%zu", i));
        struct str number, title;
        TRY(cell(s, object, place.field, "so_ky_hieu", &number));
        TRY(cell(s, object, place.field, "trich_yeu", &title));
        note_unknown_keys(s, object, place.field, law_keys);
        struct law_reference *law = &p->laws[p->law_count];
        sheet_law(&place, text_one_line(s->a, number), text_one_line(s->a, title), law);
        if (law->raw.len == 0 && law->title.len == 0) continue; /* sheet_law has said so */
        if (is_law_double(s, law)) {
            place_doubt(&place, law->raw, N_("The same legal basis stands above already; left out"));
            continue;
        }
        compare_titles(s, place.field, law);
        p->law_count++;
    }
    if (p->law_count == 0)
        import_doubt(s->report, s->file, STR("#/tables/can_cu_phap_ly"), STR_NONE, N_("No legal basis is listed"));
    return OK;
}

static enum outcome read_tables(struct sheet *s, yyjson_val *root)
{
    yyjson_val *tables;
    TRY(object_part(s, root, "tables", &tables));
    TRY(read_channels(s, tables));
    TRY(read_components(s, tables));
    TRY(read_laws(s, tables));
    note_unknown_keys(s, tables, STR("#/tables"), table_keys);
    return OK;
}

/* ---- the whole ---- */

static struct str without_bom(const struct sheet *s, struct str text)
{
    if (!str_starts(text, STR("\xEF\xBB\xBF"))) return text;
    import_doubt(s->report, s->file, STR("#"), STR_NONE, N_("The file begins with a byte order mark; ignored"));
    return str_part(text, 3, text.len);
}

enum outcome sheet_read(struct arena *a, const struct sheet_source *source, struct import_report *report,
                        struct procedure **out, struct str *out_place, struct fail *why)
{
    struct sheet s = {.a = a,
                      .report = report,
                      .law_titles = source->law_titles,
                      .file = source->file,
                      .out_place = out_place,
                      .why = why};
    yyjson_val *root;
    *out_place = STR_NONE;
    s.text = without_bom(&s, source->text);
    s.p = ARENA_NEW(a, struct procedure);
    enum outcome parsed = json_read(a, s.text, &root, why);
    if (parsed != OK) { /* its sentence names line and column */
        if (why->args[0].len > 0) *out_place = str_format(a, "line %.*s", STR_ARG(why->args[0]));
        return parsed;
    }
    if (!yyjson_is_obj(root))
        return broken(&s, STR("#"), N_("A sheet is a JSON object; this is something else."), STR_NONE);
    TRY(read_metadata(&s, root));
    TRY(read_content(&s, root));
    TRY(read_tables(&s, root));
    note_unknown_keys(&s, root, STR("#"), root_keys);
    if (s.not_nfc > 0)
        import_doubt(report, s.file, STR("#"), str_format(a, "%d", s.not_nfc),
                     N_("{0} texts were not in Unicode's composed form (NFC); composed"),
                     str_format(a, "%d", s.not_nfc));
    *out = s.p;
    return OK;
}
