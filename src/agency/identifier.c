#include "agency/identifier.h"

#include "base/parse.h"

enum { OLD_GROUPS = 4 };

/* Widths of the old form, as it is written: V1V2V3.Z1Z2.Y1Y2.MX1X2. */
static const size_t old_widths[OLD_GROUPS] = {3, 2, 2, 3};

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A letter and two digits: the level-1 code of both forms. */
static bool is_top(struct str group)
{
    return group.len == 3 && is_capital(group.at[0]) && is_digit(group.at[1]) && is_digit(group.at[2]);
}

static bool is_zero(struct str group)
{
    for (size_t i = 0; i < group.len; i++)
        if (group.at[i] != '0') return false;
    return true;
}

/* The four groups of the old form, as written; false when the text has another shape. */
static bool old_groups(struct str text, struct str groups[OLD_GROUPS])
{
    struct str rest = text;
    for (size_t i = 0; i < OLD_GROUPS; i++) {
        bool is_cut = str_cut(rest, '.', &groups[i], &rest);
        if (is_cut != (i < OLD_GROUPS - 1) || groups[i].len != old_widths[i]) return false;
        if (i < OLD_GROUPS - 1 && !parse_is_digits(groups[i], 2, 3)) return false;
    }
    return is_top(groups[OLD_GROUPS - 1]);
}

/* "000.00.01.H22" -> "H22.01": from the top down, without the zeros below the last level in use. */
static struct str from_old(struct arena *a, struct str groups[OLD_GROUPS])
{
    struct str parts[OLD_GROUPS];
    size_t lowest = 0;
    while (lowest < OLD_GROUPS - 1 && is_zero(groups[lowest])) lowest++;
    size_t count = 0;
    for (size_t i = OLD_GROUPS; i > lowest; i--) parts[count++] = groups[i - 1];
    return str_join(a, STR("."), parts, count);
}

static bool has_good_groups(struct str text)
{
    bool is_group_empty = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '.' && is_group_empty) return false;
        if (c != '.' && !is_capital(c) && !is_digit(c)) return false;
        is_group_empty = c == '.';
    }
    return !is_group_empty;
}

enum outcome identifier_parse(struct arena *a, struct str text, struct str *out, struct fail *why)
{
    struct str trimmed = str_trim(text);
    if (trimmed.len == 0) return fail(why, ERR_INVALID, N_("An agency identifier is missing."));
    if (trimmed.len > IDENTIFIER_BYTES)
        return fail(why, ERR_INVALID, N_("An agency identifier has at most 35 characters."));
    char upper[IDENTIFIER_BYTES];
    for (size_t i = 0; i < trimmed.len; i++) {
        char c = trimmed.at[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    struct str id = {upper, trimmed.len};
    struct str groups[OLD_GROUPS];
    if (old_groups(id, groups)) {
        *out = from_old(a, groups);
        return OK;
    }
    struct str top, rest;
    (void)str_cut(id, '.', &top, &rest); /* without a dot the whole is the top */
    /* Enterprises go by their enterprise number, of 10 digits, a branch of 13. */
    bool is_enterprise = parse_is_digits(id, 10, 10) || parse_is_digits(id, 13, 13);
    if (!has_good_groups(id) || !(is_top(top) || is_enterprise))
        return fail(why, ERR_INVALID,
                    N_("\"{0}\" is not an agency identifier; one looks like H36.02.02 or 000.00.02.H36."), trimmed);
    *out = str_dup(a, id);
    return OK;
}

bool identifier_format_old(struct arena *a, struct str identifier, struct str *out)
{
    struct str groups[OLD_GROUPS] = {STR("000"), STR("00"), STR("00"), STR_NONE};
    struct str rest = identifier;
    bool is_more = true;
    for (size_t i = OLD_GROUPS; i > 0 && is_more; i--) {
        is_more = str_cut(rest, '.', &groups[i - 1], &rest);
        if (groups[i - 1].len != old_widths[i - 1]) return false;
        if (i < OLD_GROUPS && !parse_is_digits(groups[i - 1], 2, 3)) return false;
    }
    if (is_more || !is_top(groups[OLD_GROUPS - 1])) return false;
    *out = str_join(a, STR("."), groups, OLD_GROUPS);
    return true;
}

/*
 * Statistical codes (Decision 19/2025/QĐ-TTg) and the H list of Decision 20/2020/QĐ-TTg. Certain: the eleven provinces
 * that Resolution 202/2025/QH15 (2025-06-12) left as they were. The others carry the code of the name that went on.
 */
static const struct {
    struct str statistical_code, identifier;
    bool is_certain;
} provinces[] = {
    {STR_INIT("01"), STR_INIT("H26"), true }, /* Hà Nội */
    {STR_INIT("04"), STR_INIT("H14"), true }, /* Cao Bằng */
    {STR_INIT("08"), STR_INIT("H60"), false}, /* Tuyên Quang + Hà Giang */
    {STR_INIT("11"), STR_INIT("H18"), true }, /* Điện Biên */
    {STR_INIT("12"), STR_INIT("H35"), true }, /* Lai Châu */
    {STR_INIT("14"), STR_INIT("H52"), true }, /* Sơn La */
    {STR_INIT("15"), STR_INIT("H38"), false}, /* Lào Cai + Yên Bái */
    {STR_INIT("19"), STR_INIT("H55"), false}, /* Thái Nguyên + Bắc Kạn */
    {STR_INIT("20"), STR_INIT("H37"), true }, /* Lạng Sơn */
    {STR_INIT("22"), STR_INIT("H49"), true }, /* Quảng Ninh */
    {STR_INIT("24"), STR_INIT("H05"), false}, /* Bắc Ninh + Bắc Giang */
    {STR_INIT("25"), STR_INIT("H44"), false}, /* Phú Thọ + Vĩnh Phúc + Hòa Bình */
    {STR_INIT("31"), STR_INIT("H24"), false}, /* Hải Phòng + Hải Dương */
    {STR_INIT("33"), STR_INIT("H31"), false}, /* Hưng Yên + Thái Bình */
    {STR_INIT("37"), STR_INIT("H42"), false}, /* Ninh Bình + Hà Nam + Nam Định */
    {STR_INIT("38"), STR_INIT("H56"), true }, /* Thanh Hóa */
    {STR_INIT("40"), STR_INIT("H41"), true }, /* Nghệ An */
    {STR_INIT("42"), STR_INIT("H27"), true }, /* Hà Tĩnh */
    {STR_INIT("44"), STR_INIT("H50"), false}, /* Quảng Trị + Quảng Bình */
    {STR_INIT("46"), STR_INIT("H57"), true }, /* Huế */
    {STR_INIT("48"), STR_INIT("H17"), false}, /* Đà Nẵng + Quảng Nam */
    {STR_INIT("51"), STR_INIT("H48"), false}, /* Quảng Ngãi + Kon Tum */
    {STR_INIT("52"), STR_INIT("H21"), false}, /* Gia Lai + Bình Định */
    {STR_INIT("56"), STR_INIT("H32"), false}, /* Khánh Hòa + Ninh Thuận */
    {STR_INIT("66"), STR_INIT("H15"), false}, /* Đắk Lắk + Phú Yên */
    {STR_INIT("68"), STR_INIT("H36"), false}, /* Lâm Đồng + Đắk Nông + Bình Thuận */
    {STR_INIT("75"), STR_INIT("H19"), false}, /* Đồng Nai + Bình Phước */
    {STR_INIT("79"), STR_INIT("H29"), false}, /* Hồ Chí Minh + Bình Dương + Bà Rịa - Vũng Tàu */
    {STR_INIT("80"), STR_INIT("H53"), false}, /* Tây Ninh + Long An */
    {STR_INIT("82"), STR_INIT("H20"), false}, /* Đồng Tháp + Tiền Giang */
    {STR_INIT("86"), STR_INIT("H61"), false}, /* Vĩnh Long + Bến Tre + Trà Vinh */
    {STR_INIT("91"), STR_INIT("H01"), false}, /* An Giang + Kiên Giang */
    {STR_INIT("92"), STR_INIT("H13"), false}, /* Cần Thơ + Sóc Trăng + Hậu Giang */
    {STR_INIT("96"), STR_INIT("H12"), false}, /* Cà Mau + Bạc Liêu */
};

struct str identifier_of_province(struct str statistical_code, bool *out_is_certain)
{
    for (size_t i = 0; i < LENGTH(provinces); i++) {
        if (!str_eq(provinces[i].statistical_code, statistical_code)) continue;
        *out_is_certain = provinces[i].is_certain;
        return provinces[i].identifier;
    }
    *out_is_certain = false;
    return STR_NONE;
}
