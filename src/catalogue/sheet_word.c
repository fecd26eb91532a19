/*
 * The cells that hold words of a closed vocabulary. Everything is compared folded (no accents, no case, no
 * punctuation), because the sheets spell the same word in several ways, and as the longest word first, because "Doanh
 * nghiệp" begins "Doanh nghiệp có vốn đầu tư nước ngoài" and two terms of the audience have commas inside.
 */
#include "catalogue/sheet_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/text.h"

struct spelling {
    struct str folded;
    int word;
};

/* Longest first within each table: the reader takes the first that fits. */
static const struct spelling audience_spellings[] = {
    {STR_INIT("to chuc khong bao gom doanh nghiep hop tac xa"), AUDIENCE_ORGANISATION        },
    {STR_INIT("to chuc khong bao gom doanh nghiep htx"),        AUDIENCE_ORGANISATION        },
    {STR_INIT("doanh nghiep co von dau tu nuoc ngoai"),         AUDIENCE_FOREIGN_BUSINESS    },
    {STR_INIT("nguoi viet nam dinh cu o nuoc ngoai"),           AUDIENCE_OVERSEAS            },
    {STR_INIT("can bo cong chuc vien chuc"),                    AUDIENCE_OFFICIAL            },
    {STR_INIT("ca nhan nuoc ngoai"),                            AUDIENCE_FOREIGNER           },
    {STR_INIT("to chuc nuoc ngoai"),                            AUDIENCE_FOREIGN_ORGANISATION},
    {STR_INIT("cong dan viet nam"),                             AUDIENCE_CITIZEN             },
    {STR_INIT("nguoi nuoc ngoai"),                              AUDIENCE_FOREIGNER           },
    {STR_INIT("doanh nghiep"),                                  AUDIENCE_BUSINESS            },
    {STR_INIT("hop tac xa"),                                    AUDIENCE_COOPERATIVE         },
    {STR_INIT("cong dan"),                                      AUDIENCE_CITIZEN             },
    {STR_INIT("to chuc"),                                       AUDIENCE_ORGANISATION        },
    {STR_INIT("htx"),                                           AUDIENCE_COOPERATIVE         },
};

static const struct spelling level_spellings[] = {
    {STR_INIT("cap trung uong"), LEVEL_CENTRAL },
    {STR_INIT("co quan khac"),   LEVEL_OTHER   },
    {STR_INIT("trung uong"),     LEVEL_CENTRAL },
    {STR_INIT("cap tinh"),       LEVEL_PROVINCE},
    {STR_INIT("cap bo"),         LEVEL_CENTRAL },
    {STR_INIT("cap xa"),         LEVEL_COMMUNE },
};

static const struct spelling channel_spellings[] = {
    {STR_INIT("cong dich vu cong"), CHANNEL_ONLINE },
    {STR_INIT("buu chinh"),         CHANNEL_POSTAL },
    {STR_INIT("truc tuyen"),        CHANNEL_ONLINE },
    {STR_INIT("truc tiep"),         CHANNEL_COUNTER},
    {STR_INIT("buu dien"),          CHANNEL_POSTAL },
    {STR_INIT("qua mang"),          CHANNEL_ONLINE },
    {STR_INIT("online"),            CHANNEL_ONLINE },
    {STR_INIT("bcci"),              CHANNEL_POSTAL },
};

/* Takes every spelling out of the folded text: a bit set of words; what is left over is *out_rest, words and spaces. */
static unsigned take_words(struct arena *a, struct str text, const struct spelling *table, size_t count,
                           struct str *out_rest)
{
    struct str folded = text_fold(a, text);
    char *left = arena_dup(a, folded.at, folded.len);
    struct str rest = str_of(left, folded.len);
    unsigned found = 0;
    for (size_t i = 0; i < count; i++) {
        for (ptrdiff_t at = 0; (at = str_find(rest, table[i].folded, (size_t)at)) >= 0; at++) {
            size_t end = (size_t)at + table[i].folded.len;
            bool is_whole = (at == 0 || left[at - 1] == ' ') && (end == rest.len || left[end] == ' ');
            if (!is_whole) continue;
            memset(left + at, ' ', table[i].folded.len);
            found |= 1u << table[i].word;
        }
    }
    *out_rest = text_one_line(a, rest);
    return found;
}

/* What may stand between the words of a list. */
static struct str without_joiners(struct arena *a, struct str rest)
{
    return str_eq(rest, STR("va")) || str_eq(rest, STR("hoac")) ? STR_NONE : str_dup(a, rest);
}

void sheet_audience(const struct sheet_place *place, struct str text, struct procedure *p)
{
    struct str rest;
    unsigned found = take_words(place->arena, text, audience_spellings, LENGTH(audience_spellings), &rest);
    p->audience_text = text;
    p->audience_count = 0;
    for (int i = 0; i < AUDIENCE_COUNT; i++) {
        if (found & 1u << i) p->audience[p->audience_count++] = (enum audience)i;
    }
    rest = without_joiners(place->arena, rest);
    if (rest.len > 0)
        place_doubt(place, text,
                    N_("\"{0}\" is no known kind of applicant; the words are kept, the search does not find it"), rest);
    if (found == 0 && rest.len == 0) place_doubt(place, text, N_("No applicant is named; anyone may apply"));
}

void sheet_levels(const struct sheet_place *place, struct str text, struct procedure *p)
{
    struct str rest;
    unsigned found = take_words(place->arena, text, level_spellings, LENGTH(level_spellings), &rest);
    p->level_text = text;
    if (sheet_says(rest, STR("huyen"))) {
        found |= 1u << LEVEL_OTHER;
        place_doubt(place, text,
                    N_("The district level ended on 30 June 2025; kept as \"other\" until competence is decided"));
        rest = STR_NONE;
    }
    p->level_count = 0;
    for (int i = 0; i < PROCEDURE_LEVEL_COUNT; i++) {
        if (found & 1u << i) p->levels[p->level_count++] = (enum procedure_level)i;
    }
    rest = without_joiners(place->arena, rest);
    if (rest.len > 0) place_doubt(place, text, N_("\"{0}\" is no known level; the words are kept"), rest);
    if (found == 0 && rest.len == 0) place_doubt(place, text, N_("No level is named; left unknown"));
}

unsigned sheet_channels(const struct sheet_place *place, struct str text)
{
    struct str rest;
    unsigned found = take_words(place->arena, text, channel_spellings, LENGTH(channel_spellings), &rest);
    if (found == 0) place_doubt(place, text, N_("No known way to submit; the row is left out"));
    if ((found & (found - 1)) != 0)
        place_doubt(place, text, N_("Several ways to submit in one cell; the row is taken for each of them"));
    return found;
}

/* ---- kind, initiator, process ---- */

struct kind_rule {
    struct str folded;
    enum procedure_kind kind;
};
/* In order: the first that the text says. */
static const struct kind_rule kind_rules[] = {
    {STR_INIT("noi bo giua"),        KIND_INTERNAL_BETWEEN},
    {STR_INIT("noi bo trong"),       KIND_INTERNAL_WITHIN },
    {STR_INIT("giua cac co quan"),   KIND_INTERNAL_BETWEEN},
    {STR_INIT("trong noi bo"),       KIND_INTERNAL_WITHIN },
    {STR_INIT("noi bo"),             KIND_INTERNAL_WITHIN },
    {STR_INIT("su nghiep cong"),     KIND_CAREER          },
    {STR_INIT("dich vu su nghiep"),  KIND_CAREER          },
    {STR_INIT("tien ich"),           KIND_UTILITY         },
    {STR_INIT("tthc"),               KIND_ADMINISTRATIVE  },
    {STR_INIT("thu tuc hanh chinh"), KIND_ADMINISTRATIVE  },
    {STR_INIT("loai khac"),          KIND_ADMINISTRATIVE  },
};

void sheet_kind(const struct sheet_place *place, struct str text, struct procedure *p)
{
    struct str folded = text_fold(place->arena, text);
    p->kind_text = text;
    p->kind = KIND_ADMINISTRATIVE;
    for (size_t i = 0; i < LENGTH(kind_rules); i++) {
        if (!sheet_says(folded, kind_rules[i].folded)) continue;
        p->kind = kind_rules[i].kind;
        return;
    }
    place_doubt(place, text, N_("The kind is not known; taken as an administrative procedure"));
}

/* What an authority does of its own motion; the name of the procedure begins with it. "Cho phép ... sau khi bị đình
 * chỉ" and "cấp, tạm dừng và hủy tài khoản" are applications. */
static const struct str authority_acts[] = {
    STR_INIT("bai bo"),       STR_INIT("cham dut"), STR_INIT("cuong che"), STR_INIT("dinh chi"), STR_INIT("huy bo"),
    STR_INIT("tam dinh chi"), STR_INIT("tam dung"), STR_INIT("thu hoi"),   STR_INIT("tuoc"),
};
static const struct str name_beginnings[] = {STR_INIT("trinh tu"), STR_INIT("thu tuc"), STR_INIT("tthc"),
                                             STR_INIT("quy trinh")};
static const struct str complaint_words[] = {STR_INIT("giai quyet khieu nai"), STR_INIT("giai quyet don khieu nai")};
static const struct str denunciation_words[] = {STR_INIT("giai quyet to cao"), STR_INIT("giai quyet don to cao")};
static const struct str complaint_fields[] = {STR_INIT("khieu nai"), STR_INIT("giai quyet khieu nai")};
static const struct str denunciation_fields[] = {STR_INIT("to cao"), STR_INIT("giai quyet to cao")};

static struct str without_beginning(struct str folded)
{
    for (int rounds = 0; rounds < 3; rounds++) {
        for (size_t i = 0; i < LENGTH(name_beginnings); i++) {
            if (str_starts(folded, name_beginnings[i]))
                folded = str_trim(str_part(folded, name_beginnings[i].len, folded.len));
        }
    }
    return folded;
}

static bool is_one_of(struct str s, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(s, list[i])) return true;
    }
    return false;
}

void sheet_process(const struct sheet_place *place, struct procedure *p)
{
    struct str name = without_beginning(text_fold(place->arena, p->name)), field = text_fold(place->arena, p->field);
    bool is_complaint = sheet_says_any(name, complaint_words, LENGTH(complaint_words)) ||
                        is_one_of(field, complaint_fields, LENGTH(complaint_fields));
    bool is_denunciation = sheet_says_any(name, denunciation_words, LENGTH(denunciation_words)) ||
                           is_one_of(field, denunciation_fields, LENGTH(denunciation_fields));
    p->initiator = INITIATOR_APPLICANT;
    p->process = PROCESS_APPLICATION;
    if (is_denunciation) {
        p->process = PROCESS_DENUNCIATION;
    } else if (is_complaint) {
        p->process = PROCESS_COMPLAINT;
    } else if (sheet_begins_any(name, authority_acts, LENGTH(authority_acts))) {
        p->initiator = INITIATOR_AUTHORITY;
        p->process = PROCESS_SUSPENSION;
        place_doubt(place, p->name, N_("By its name the authority begins this procedure; it takes no applications"));
    }
    if (is_complaint && is_denunciation)
        place_doubt(place, p->name, N_("Both a complaint and a denunciation by its words; taken as a denunciation"));
}

/* ---- the publishing decision ---- */

/* A letter or digit of a symbol such as "TTLT-BQP", or one of the marks that join its parts. */
static bool is_symbol_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/' ||
           (c & 0x80);
}

/* "3980 /QĐ-BQP", "6225/QĐ-BQP": digits, a slash with or without spaces around it, and a symbol. */
static struct str decision_number(struct arena *a, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        size_t digits = i;
        while (digits < text.len && text.at[digits] >= '0' && text.at[digits] <= '9') digits++;
        if (digits == i) continue;
        size_t at = digits;
        while (at < text.len && text.at[at] == ' ') at++;
        size_t symbol = at;
        if (at < text.len && text.at[at] == '/') {
            at++;
            while (at < text.len && text.at[at] == ' ') at++;
            symbol = at;
            while (at < text.len && is_symbol_byte(text.at[at])) at++;
            struct str number = str_part(text, i, digits - i), rest = str_part(text, symbol, at - symbol);
            if (rest.len > 0) return str_format(a, "%.*s/%.*s", STR_ARG(number), STR_ARG(rest));
        }
        return str_part(text, i, digits - i);
    }
    return STR_NONE;
}

static bool next_number(struct str text, size_t *at, int least, int most, int *out)
{
    size_t start = *at;
    while (start < text.len && (text.at[start] < '0' || text.at[start] > '9')) {
        if (start - *at > 12) return false;
        start++;
    }
    size_t end = start;
    while (end < text.len && text.at[end] >= '0' && text.at[end] <= '9') end++;
    if (!parse_int(str_part(text, start, end - start), least, most, out)) return false;
    *at = end;
    return true;
}

/* "ngày 01/12/2025", "ngày 1 tháng 12 năm 2025": an ISO date, or empty. */
static struct str decision_date(struct arena *a, struct str text)
{
    struct str lower = text_lower(a, text);
    ptrdiff_t from = str_find(lower, STR("ngày"), 0);
    struct civil day;
    size_t at = from < 0 ? 0 : (size_t)from + STR("ngày").len;
    if (from < 0 || !next_number(lower, &at, 1, 31, &day.day) || !next_number(lower, &at, 1, 12, &day.month) ||
        !next_number(lower, &at, 1900, 2200, &day.year) || !civil_is_valid(day))
        return STR_NONE;
    return day_format(a, day_from_civil(day));
}

void sheet_decision(const struct sheet_place *place, struct str text, struct procedure *p)
{
    p->decision_text = text;
    p->decision_date = decision_date(place->arena, text);
    ptrdiff_t date_at = str_find(text_lower(place->arena, text), STR("ngày"), 0);
    p->decision_number = decision_number(place->arena, date_at > 0 ? str_part(text, 0, (size_t)date_at) : text);
    if (p->decision_number.len == 0) {
        p->state = DECISION_UNKNOWN;
        place_doubt(place, text, N_("No publishing decision can be read; its number and date are unknown"));
        return;
    }
    p->state = p->decision_date.len > 0 ? PUBLISHED : PUBLISHED_DATE_UNKNOWN;
    if (str_find(p->decision_number, STR("/"), 0) < 0)
        place_doubt(place, text, N_("The decision's number {0} has no symbol; kept as written"), p->decision_number);
}
