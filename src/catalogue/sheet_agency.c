/*
 * Lists of agencies and of results. The sheets separate them by commas, but a comma also stands inside a name ("Ủy ban
 * Quốc gia Ứng phó sự cố, thiên tai và Tìm kiếm cứu nạn"). Names begin with a capital letter, so a comma separates only
 * when a capital follows; a semicolon or a line break always does. A slash, or a dash before the name of a body, leads
 * to the parent: "Cục Quân y/Tổng cục Hậu cần - Kỹ thuật".
 */
#include "catalogue/sheet_part.h"

#include "base/map.h"
#include "base/text.h"

enum { HEAD_BYTES = 64 }; /* enough for the first words of a name */

/* Folded beginnings of an office held by a person. */
static const struct str person_titles[] = {
    STR_INIT("bo truong"),         STR_INIT("can bo"),         STR_INIT("chanh thanh tra"),
    STR_INIT("chanh van phong"),   STR_INIT("chi huy truong"), STR_INIT("chinh tri vien"),
    STR_INIT("chinh uy"),          STR_INIT("chu nhiem"),      STR_INIT("chu tich"),
    STR_INIT("cuc truong"),        STR_INIT("don truong"),     STR_INIT("giam doc"),
    STR_INIT("hieu truong"),       STR_INIT("lu doan truong"), STR_INIT("nguoi"),
    STR_INIT("pho chu tich"),      STR_INIT("su doan truong"), STR_INIT("thu truong"),
    STR_INIT("thu tuong"),         STR_INIT("thuyen truong"),  STR_INIT("tong tham muu truong"),
    STR_INIT("trung doan truong"), STR_INIT("truong ban"),     STR_INIT("truong phong"),
    STR_INIT("tu lenh"),           STR_INIT("vien truong"),    STR_INIT("vu truong"),
};

/* Folded beginnings of a body: what may follow a dash as a parent. */
static const struct str body_nouns[] = {
    STR_INIT("ban"), STR_INIT("bo"),       STR_INIT("cuc"),    STR_INIT("quan chung"), STR_INIT("quan khu"),
    STR_INIT("so"),  STR_INIT("tong cuc"), STR_INIT("uy ban"), STR_INIT("van phong"),  STR_INIT("vien"),
};

/* Civil bodies, wherever they are named. */
static const struct str civil_bodies[] = {
    STR_INIT("bo cong an"),           STR_INIT("bo cong thuong"),
    STR_INIT("bo giao duc"),          STR_INIT("bo khoa hoc"),
    STR_INIT("bo ngoai giao"),        STR_INIT("bo noi vu"),
    STR_INIT("bo nong nghiep"),       STR_INIT("bo tai chinh"),
    STR_INIT("bo tu phap"),           STR_INIT("bo van hoa"),
    STR_INIT("bo xay dung"),          STR_INIT("bo y te"),
    STR_INIT("bao hiem xa hoi tinh"), STR_INIT("cang vu"),
    STR_INIT("co quan kiem dich"),    STR_INIT("co so giao duc"),
    STR_INIT("co so y te"),           STR_INIT("giam dinh y khoa tinh"),
    STR_INIT("hai quan cua khau"),    STR_INIT("phong noi vu"),
    STR_INIT("so giao duc"),          STR_INIT("so noi vu"),
    STR_INIT("so xay dung"),          STR_INIT("so y te"),
    STR_INIT("thu tuong chinh phu"),  STR_INIT("tram kiem dich"),
    STR_INIT("trung tam kiem dich"),  STR_INIT("ubnd"),
    STR_INIT("uy ban nhan dan"),
};

/* The district is said with its accents, because "huấn luyện" and "chuyên" fold alike. */
static bool is_former_district(struct arena *a, struct str text)
{
    struct str lower = text_lower(a, text);
    static const struct str departments[] = {STR_INIT("phong noi vu"), STR_INIT("phong tu phap"),
                                             STR_INIT("phong lao dong"), STR_INIT("phong tai nguyen")};
    if (sheet_begins_any(text_fold(a, text), departments, LENGTH(departments)))
        return true; /* they belonged to the district */
    return str_has(lower, STR("huyện")) || str_has(lower, STR("thị xã")) || str_has(lower, STR("cấp quận"));
}

static void split_parent(struct arena *a, struct agency_name *name)
{
    ptrdiff_t slash = str_find(name->text, STR("/"), 0);
    name->unit = name->text;
    if (slash > 0) {
        name->unit = str_trim(str_part(name->text, 0, (size_t)slash));
        name->parent = str_trim(str_part(name->text, (size_t)slash + 1, name->text.len));
        return;
    }
    for (ptrdiff_t at = 0; (at = str_find(name->text, STR(" - "), (size_t)at)) > 0; at++) {
        struct str after = str_trim(str_part(name->text, (size_t)at + 3, name->text.len));
        struct str folded = text_fold(a, sheet_head(after, HEAD_BYTES));
        if (!sheet_begins_any(folded, body_nouns, LENGTH(body_nouns))) continue;
        name->unit = str_trim(str_part(name->text, 0, (size_t)at));
        name->parent = after;
        return;
    }
    ptrdiff_t under = str_find(name->text, STR(" thuộc "), 0);
    if (under > 0 && str_ends(str_part(name->text, 0, (size_t)under), STR(" trực"))) return;
    struct str after = under > 0 ? str_part(name->text, (size_t)under + STR(" thuộc ").len, name->text.len) : STR_NONE;
    if (sheet_is_capital(a, after) &&
        sheet_begins_any(text_fold(a, sheet_head(after, HEAD_BYTES)), body_nouns, LENGTH(body_nouns))) {
        name->unit = str_part(name->text, 0, (size_t)under);
        name->parent = after;
    }
}

void sheet_address(const struct sheet_place *place, struct str text, struct procedure *p)
{
    struct str lower = text_lower(place->arena, text);
    p->reception_address = text;
    if (str_has(lower, STR("huyện")) || str_has(lower, STR("quận ")))
        place_doubt(place, text,
                    N_("The address names a district, a level that ended on 30 June 2025; kept as written"));
}

static void read_name(const struct sheet_place *place, struct str text, struct agency_name *out)
{
    struct arena *a = place->arena;
    out->text = text;
    split_parent(a, out);
    struct str folded = text_fold(a, text);
    out->is_person_title = sheet_begins_any(folded, person_titles, LENGTH(person_titles));
    out->is_outside_ministry = sheet_says_any(folded, civil_bodies, LENGTH(civil_bodies));
    out->is_former_district = is_former_district(a, text);
    if (out->is_person_title) place_doubt(place, text, N_("An office held by a person, not a body; kept and marked"));
    if (out->is_former_district)
        place_doubt(place, text,
                    N_("A body of the district level, which ended on 30 June 2025; kept and marked, competence has to "
                       "be decided"));
}

/* The end of the piece that begins at `from`: a semicolon, a line break, or a comma before a capital letter, none of
 * them inside brackets. */
static size_t piece_end(struct arena *a, struct str text, size_t from)
{
    int depth = 0;
    for (size_t i = from; i < text.len; i++) {
        char c = text.at[i];
        if (c == '(') depth++;
        if (c == ')' && depth > 0) depth--;
        if (c == '\n' || (c == ';' && depth == 0)) return i;
        if (c == ',' && depth == 0 && sheet_is_capital(a, str_trim(str_part(text, i + 1, text.len)))) return i;
    }
    return text.len;
}

void sheet_agencies(const struct sheet_place *place, struct str text, struct agency_list *out)
{
    LIST(struct agency_name) names = {0};
    struct map known;
    map_init(&known, place->arena);
    size_t pieces = 0;
    for (size_t from = 0; from < text.len;) {
        bool is_last = ++pieces == SHEET_NAMES_MOST; /* the rest stays together */
        size_t end = is_last ? text.len : piece_end(place->arena, text, from);
        struct str piece = sheet_untailed(sheet_unmarked(str_part(text, from, end - from)), NULL);
        from = end + 1;
        if (piece.len == 0) continue;
        if (map_set(&known, text_fold(place->arena, piece), out) != NULL) {
            place_doubt(place, piece, N_("The same agency is named twice; taken once"));
            continue;
        }
        struct agency_name *name = &LIST_PUSH(place->arena, names);
        read_name(place, piece, name);
    }
    out->text = text;
    out->at = names.at;
    out->count = names.count;
}

/* Folded beginnings of a result: only before one of them does a comma separate two results. */
static const struct str result_nouns[] = {
    STR_INIT("ban"),  STR_INIT("bang"),     STR_INIT("bien ban"),  STR_INIT("chung chi"), STR_INIT("cong van"),
    STR_INIT("giay"), STR_INIT("ket luan"), STR_INIT("phep"),      STR_INIT("phieu"),     STR_INIT("quyet dinh"),
    STR_INIT("so"),   STR_INIT("sua phep"), STR_INIT("thong bao"), STR_INIT("van ban"),
};

static size_t result_end(struct arena *a, struct str text, size_t from)
{
    for (size_t end = piece_end(a, text, from); end < text.len; end = piece_end(a, text, end + 1)) {
        if (text.at[end] != ',') return end;
        struct str next = sheet_unmarked(str_part(text, end + 1, text.len));
        if (sheet_begins_any(text_fold(a, sheet_head(next, HEAD_BYTES)), result_nouns, LENGTH(result_nouns)))
            return end;
    }
    return text.len;
}

void sheet_results(const struct sheet_place *place, struct str text, struct procedure *p)
{
    LIST(struct str) results = {0};
    struct arena *a = place->arena;
    bool is_list = sheet_begins_any(text_fold(a, sheet_unmarked(text)), result_nouns,
                                    LENGTH(result_nouns)); /* else one sentence */
    for (size_t from = 0; from < text.len;) {
        bool splits = is_list && results.count + 1 < SHEET_NAMES_MOST;
        size_t end = splits ? result_end(a, text, from) : text.len;
        struct str piece = sheet_untailed(sheet_unmarked(str_part(text, from, end - from)), NULL);
        from = end + 1;
        if (piece.len > 0) LIST_PUSH(a, results) = piece;
    }
    p->results = results.at;
    p->result_count = results.count;
}
