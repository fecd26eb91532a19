/*
 * Components: what an applicant hands in. The sheets have no "required" column, so it is read from the words: "nếu có"
 * (if there is one), "một trong" (one of), "trường hợp" (in a case), "phải xuất trình" (shown). A third of the rows is
 * conditional; taking all as required would block most applications, so in doubt a component does not block and the
 * officer decides at intake. A row of 0 originals and 0 copies is the heading of a case, a paper to show, or a real
 * paper whose counts nobody filled in.
 */
#include "catalogue/sheet_part.h"

#include "base/hash.h"
#include "base/map.h"
#include "base/parse.h"
#include "base/text.h"

static const struct str if_any_words[] = {STR_INIT("neu co"), STR_INIT("neu can"), STR_INIT("khong bat buoc"),
                                          STR_INIT("neu la")};
static const struct str one_of_words[] = {STR_INIT("mot trong"), STR_INIT("mot hoac"), STR_INIT("mot so trong")};
/* "trường họp" is a frequent slip of the keyboard; folded with "họp" it reads the same. */
static const struct str case_words[] = {STR_INIT("truong hop"), STR_INIT("neu"), STR_INIT("khi co yeu cau")};
static const struct str show_words[] = {STR_INIT("phai xuat trinh"), STR_INIT("giay to xuat trinh"),
                                        STR_INIT("xuat trinh ban chinh")};
static const struct str heading_ends[] = {STR_INIT(" gom"), STR_INIT(" bao gom"), STR_INIT(" sau"),
                                          STR_INIT(" sau day")};

/* What reading the rows in order carries along. */
struct rows {
    const struct sheet_place *place;
    struct procedure *p;
    struct map seen_ids, seen_rows, seen_names;
    struct str group;                  /* of the case that is open */
    enum required_kind group_required; /* what its rows are */
    char group_mark;                   /* the list mark of an open one-of group's rows; '\0' before the first */
    bool zero_row_shows;               /* some 0/0 row of the sheet is a paper to show */
    bool joins_next;                   /* the row before ended with "hoặc" */
    int groups;
};

/* One row on its way to a component. */
struct reading {
    struct str pointer;
    struct str text, folded, bare; /* cleaned; folded; without list marks and tail */
    bool is_zero;
    struct component *c;
};

static void row_doubt(const struct rows *rows, const struct reading *r, struct str value, const char *action,
                      struct str arg)
{
    import_doubt(rows->place->report, rows->place->file, r->pointer, value, action, arg);
}

/* "Trường hợp 2", after list marks. */
static bool opens_numbered_case(const struct reading *r)
{
    struct str folded = r->folded;
    size_t i = 0; /* the folded text keeps the digits of list marks: "2 truong hop 2 2 1 ho so" */
    while (i < folded.len && (folded.at[i] == ' ' || (folded.at[i] >= '0' && folded.at[i] <= '9'))) i++;
    struct str rest = str_part(folded, i, folded.len);
    struct str word = STR("truong hop ");
    return str_starts(rest, word) && rest.len > word.len && rest.at[word.len] >= '0' && rest.at[word.len] <= '9';
}

/* The text announces what follows: "..., gồm:", "bao gồm". Junk after the colon is gone already. */
static bool ends_as_heading(const struct reading *r)
{
    struct str s = str_trim(r->text);
    bool has_colon = false;
    while (s.len > 0 && (s.at[s.len - 1] == '.' || s.at[s.len - 1] == ',' || s.at[s.len - 1] == ';' ||
                         s.at[s.len - 1] == ' ' || s.at[s.len - 1] == ':')) {
        has_colon = has_colon || s.at[s.len - 1] == ':';
        s.len--;
    }
    if (has_colon) return true;
    for (size_t i = 0; i < LENGTH(heading_ends); i++) {
        if (str_ends(r->folded, heading_ends[i]) && sheet_says(r->folded, STR("gom"))) return true;
    }
    return false;
}

/* ---- counts, files, label ---- */

/* "Bản chính: 1" within the cell; COUNT_UNKNOWN when it does not say. */
static int count_after(struct str folded, struct str word)
{
    ptrdiff_t at = str_find(folded, word, 0);
    if (at < 0) return COUNT_UNKNOWN;
    struct str rest = str_trim(str_part(folded, (size_t)at + word.len, folded.len));
    size_t digits = 0;
    while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9') digits++;
    int n = COUNT_UNKNOWN;
    (void)parse_int(str_part(rest, 0, digits), 0, 1000, &n); /* stays unknown when it is no number */
    return n;
}

static void read_counts(const struct rows *rows, struct reading *r, struct str counts)
{
    struct str folded = text_fold(rows->place->arena, counts);
    r->c->originals = count_after(folded, STR("ban chinh"));
    r->c->copies = count_after(folded, STR("ban sao"));
    r->is_zero = r->c->originals == 0 && r->c->copies == 0;
    if (r->c->originals == COUNT_UNKNOWN || r->c->copies == COUNT_UNKNOWN || str_has(counts, STR(": -")) ||
        str_has(counts, STR(":-"))) {
        row_doubt(rows, r, counts, N_("The number of originals and copies cannot be read; kept unknown"), STR_NONE);
        if (str_has(counts, STR("-"))) r->c->originals = r->c->copies = COUNT_UNKNOWN;
        r->is_zero = false;
    }
}

static bool is_file_name(struct str s)
{
    for (size_t i = s.len; i > 0 && s.len - i < 6; i--) {
        if (s.at[i - 1] == '.') return i > 1 && i < s.len;
    }
    return false;
}

static void read_files(const struct rows *rows, struct reading *r, struct str cell)
{
    LIST(struct str) names = {0};
    struct str rest = cell, line;
    size_t lines = 0;
    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest); /* the last line has no end */
        line = str_trim(line);
        if (line.len == 0) continue;
        if (++lines > SHEET_NAMES_MOST) {
            row_doubt(rows, r, sheet_head(line, SHEET_CELL_BYTES),
                      N_("More lines than a procedure can have; the rest is left out"), STR_NONE);
            break;
        }
        if (parse_is_digits(line, 1, 6) || (!is_file_name(line) && line.at[0] >= '0' && line.at[0] <= '9')) {
            row_doubt(rows, r, line, N_("A number in the column of form files; not used, the counts stand in the note"),
                      STR_NONE);
            continue;
        }
        if (!is_file_name(line)) row_doubt(rows, r, line, N_("No name of a file by its look; kept as one"), STR_NONE);
        LIST_PUSH(rows->place->arena, names) = line;
    }
    r->c->form_files = names.at;
    r->c->form_file_count = names.count;
}

/* At most 200 code points: the whole text, its first clause, or its beginning cut at a word. */
static void read_label(const struct rows *rows, struct reading *r)
{
    struct arena *a = rows->place->arena;
    struct str one_line = text_one_line(a, r->bare);
    if (text_length(one_line) <= COMPONENT_LABEL_MOST) {
        r->c->label = one_line;
        r->c->detail = str_has(r->bare, STR("\n")) ? r->bare : STR_NONE;
        return;
    }
    for (size_t i = 30; i < one_line.len; i++) {
        bool ends =
            (one_line.at[i] == ':' || one_line.at[i] == ';') && (i + 1 == one_line.len || one_line.at[i + 1] == ' ');
        struct str clause = str_part(one_line, 0, i);
        if (!ends) continue;
        /* "Một trong các giấy tờ sau:" alone says nothing: a clause before a colon has to be of some length */
        bool says_enough = one_line.at[i] == ';' || text_length(clause) >= 60;
        if (says_enough && text_length(clause) <= COMPONENT_LABEL_MOST) r->c->label = str_trim(clause);
        break;
    }
    if (r->c->label.len == 0) r->c->label = text_shorten(a, one_line, COMPONENT_LABEL_MOST);
    r->c->detail = r->bare;
    row_doubt(rows, r, r->c->label,
              N_("The name has more than 200 characters; shortened for lists, the whole text is kept as detail"),
              STR_NONE);
}

/* Stable while the text is: eight hex digits of its hash, with a number when the sheet repeats it. */
static struct str component_id(struct rows *rows, const struct reading *r)
{
    struct arena *a = rows->place->arena;
    struct str hex = str_part(sha256_format(a, sha256_of(r->folded)), 0, 8);
    struct str id = str_format(a, "c%.*s", STR_ARG(hex));
    for (int n = 2; map_find(&rows->seen_ids, id) != NULL; n++) id = str_format(a, "c%.*s-%d", STR_ARG(hex), n);
    (void)map_set(&rows->seen_ids, id, r->c); /* there is none earlier */
    return id;
}

/* ---- required ---- */

static void open_group(struct rows *rows, const char *name, enum required_kind required)
{
    rows->groups++;
    rows->group = str_format(rows->place->arena, "%s-%d", name, rows->groups);
    rows->group_required = required;
    rows->group_mark = '\0';
}

/* "-", "+", "a" for "a)", "1" for "1." or "2)", "." for none. */
static char mark_of(struct str text)
{
    struct str s = str_trim(text);
    if (s.len < 2) return '.';
    if (s.at[0] == '-' || s.at[0] == '+' || s.at[0] == '*') return s.at[0];
    if (s.at[0] >= '0' && s.at[0] <= '9') return s.at[1] == '.' || s.at[1] == ')' ? '1' : '.';
    return s.at[1] == ')' ? 'a' : '.';
}

/* The alternatives below "Một trong các giấy tờ sau:" end where the list marks change; a case ends at the next heading.
 */
static void close_group_at(struct rows *rows, const struct reading *r)
{
    if (rows->group.len == 0 || rows->group_required != REQUIRED_ONE_OF) return;
    char mark = mark_of(r->text);
    if (rows->group_mark == '\0')
        rows->group_mark = mark;
    else if (mark != rows->group_mark)
        rows->group = STR_NONE;
}

/* A group of its own, without changing the one that is open. */
static struct str own_group(struct rows *rows, const char *name)
{
    rows->groups++;
    return str_format(rows->place->arena, "%s-%d", name, rows->groups);
}

static void read_heading(struct rows *rows, struct reading *r)
{
    bool is_one_of = sheet_says_any(r->folded, one_of_words, LENGTH(one_of_words)) && !opens_numbered_case(r);
    open_group(rows, is_one_of ? "one-of" : "case", is_one_of ? REQUIRED_ONE_OF : REQUIRED_CASE);
    r->c->is_heading = true;
    r->c->required = rows->group_required;
    r->c->group = rows->group;
    row_doubt(rows, r, r->c->label, N_("A row without any paper announces the ones below it; taken as a heading"),
              STR_NONE);
}

/* The condition in the words of one row, or REQUIRED_ALWAYS. */
static enum required_kind condition_of(const struct reading *r)
{
    if (sheet_says_any(r->folded, show_words, LENGTH(show_words))) return REQUIRED_SHOWN;
    if (sheet_says_any(r->folded, if_any_words, LENGTH(if_any_words))) return REQUIRED_IF_ANY;
    if (sheet_says_any(r->folded, one_of_words, LENGTH(one_of_words))) return REQUIRED_ONE_OF;
    if (sheet_says_any(r->folded, case_words, LENGTH(case_words))) return REQUIRED_CASE;
    if (str_starts(r->folded, STR("doi voi "))) return REQUIRED_CASE;
    return REQUIRED_ALWAYS;
}

/* Whether the condition stands beside the paper's name, or deep in a long text that may name more than one paper. */
static bool is_deep(const struct rows *rows, const struct reading *r, enum required_kind kind)
{
    if (kind == REQUIRED_ALWAYS || text_length(r->bare) <= COMPONENT_LABEL_MOST) return false;
    struct reading near = *r;
    near.folded = text_fold(rows->place->arena,
                            text_shorten(rows->place->arena, text_one_line(rows->place->arena, r->bare), 120));
    return condition_of(&near) == REQUIRED_ALWAYS;
}

static void read_zero_row(struct rows *rows, struct reading *r)
{
    r->c->originals = r->c->copies = COUNT_UNKNOWN;
    if (rows->zero_row_shows) {
        r->c->required = REQUIRED_SHOWN;
        row_doubt(rows, r, r->c->label, N_("0 originals and 0 copies of a paper to show; it is shown, not handed in"),
                  STR_NONE);
        return;
    }
    r->c->required = condition_of(r);
    row_doubt(rows, r, r->c->label, N_("0 originals and 0 copies of a real paper; the counts are kept unknown"),
              STR_NONE);
}

static void read_required(struct rows *rows, struct reading *r)
{
    bool announces = ends_as_heading(r);
    bool is_heading_row =
        announces && r->bare.len > 0 && (r->is_zero || sheet_says_any(r->folded, one_of_words, LENGTH(one_of_words)));
    if (opens_numbered_case(r) && !(r->is_zero || announces)) {
        open_group(rows, "case", REQUIRED_CASE);
        r->c->required = REQUIRED_CASE;
        r->c->group = rows->group;
        return;
    }
    if (is_heading_row || (opens_numbered_case(r) && (r->is_zero || announces))) {
        read_heading(rows, r);
        return;
    }
    if (r->is_zero) {
        read_zero_row(rows, r);
        return;
    }
    close_group_at(rows, r);
    enum required_kind kind = condition_of(r);
    if (rows->group.len > 0 && kind != REQUIRED_SHOWN) {
        r->c->required = rows->group_required;
        r->c->group = rows->group;
        return;
    }
    r->c->required = kind;
    if (kind == REQUIRED_ONE_OF) r->c->group = own_group(rows, "one-of");
    if (is_deep(rows, r, kind))
        row_doubt(rows, r, r->c->label,
                  N_("A condition stands deep in the text; not demanded of everyone, the officer decides at intake"),
                  STR_NONE);
}

/* "... hoặc" at the end of a row: it and the next stand for one another. */
static void join_alternatives(struct rows *rows, struct reading *r, struct component *before)
{
    bool ends_with_or = str_ends(r->folded, STR(" hoac"));
    if (rows->joins_next && before != NULL) {
        if (before->group.len == 0) before->group = own_group(rows, "one-of");
        before->required = r->c->required = REQUIRED_ONE_OF;
        r->c->group = before->group;
    }
    rows->joins_next = ends_with_or;
}

/* Whether the same was read before, within the case that is open; both maps know a row by its case and words. */
enum sameness { IS_NEW, IS_ALIKE, IS_DOUBLE };
static enum sameness sameness_of(struct rows *rows, const struct reading *r, const struct component_row *row)
{
    struct arena *a = rows->place->arena;
    const struct str exact[] = {rows->group, text_one_line(a, row->name), text_fold(a, row->counts), row->files};
    const struct str alike[] = {rows->group, r->folded};
    bool is_double = map_set(&rows->seen_rows, str_join(a, STR("\x1f"), exact, LENGTH(exact)), r->c) != NULL;
    bool is_alike = map_set(&rows->seen_names, str_join(a, STR("\x1f"), alike, LENGTH(alike)), r->c) != NULL;
    return is_double ? IS_DOUBLE : is_alike ? IS_ALIKE : IS_NEW;
}

static bool shows_in_zero_row(struct arena *a, const struct component_row *row)
{
    struct str folded = text_fold(a, row->name), counts = text_fold(a, row->counts);
    return count_after(counts, STR("ban chinh")) == 0 && count_after(counts, STR("ban sao")) == 0 &&
           sheet_says_any(folded, show_words, LENGTH(show_words));
}

void sheet_components(const struct sheet_place *place, const struct component_row *list, size_t count,
                      struct procedure *p)
{
    struct rows rows = {.place = place, .p = p};
    map_init(&rows.seen_ids, place->arena);
    map_init(&rows.seen_rows, place->arena);
    map_init(&rows.seen_names, place->arena);
    for (size_t i = 0; i < count; i++)
        rows.zero_row_shows = rows.zero_row_shows || shows_in_zero_row(place->arena, &list[i]);
    p->components = ARENA_ARRAY(place->arena, struct component, count);
    p->component_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_junk;
        struct reading r = {.pointer = str_format(place->arena, "%.*s/%zu", STR_ARG(place->field), i),
                            .c = &p->components[p->component_count]};
        *r.c = (struct component){0};
        r.text = list[i].name;
        r.bare = sheet_untailed(sheet_unmarked(r.text), &is_junk);
        r.folded = text_fold(place->arena, r.bare);
        if (r.folded.len == 0) {
            row_doubt(&rows, &r, list[i].name, N_("A row without the name of a paper; left out"), STR_NONE);
            continue;
        }
        if (is_junk) row_doubt(&rows, &r, r.text, N_("Stray marks at the end; removed"), STR_NONE);
        read_counts(&rows, &r, list[i].counts);
        read_label(&rows, &r);
        read_files(&rows, &r, list[i].files);
        read_required(&rows, &r);
        enum sameness same = sameness_of(&rows, &r, &list[i]);
        if (same == IS_ALIKE)
            row_doubt(&rows, &r, r.c->label,
                      N_("Nearly the same component stands above, perhaps for other applicants; both are kept"),
                      STR_NONE);
        if (same == IS_DOUBLE) {
            row_doubt(&rows, &r, r.c->label, N_("The same component stands above already; left out"), STR_NONE);
            continue;
        }
        r.c->id = component_id(&rows, &r);
        join_alternatives(&rows, &r, p->component_count > 0 ? r.c - 1 : NULL);
        p->component_count++;
    }
    if (p->component_count == 0)
        place_doubt(place, STR_NONE, N_("No component is listed; the form asks only for the application"));
}
