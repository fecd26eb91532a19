#include "base/text.h"

#include <string.h>
#include <utf8proc.h>

#include "base/auto.h"
#include "base/fail.h"

/* More marks on one letter than any script has: the rest is dropped (Unicode TR 15, Stream-Safe Text Format). Without
 * this bound sorting the marks of a hostile text takes quadratic time. */
enum { MARKS_MOST = 30, DECOMPOSED_MOST = 32, UTF8_BYTES = 4 };

/* A text as code points. */
struct points {
    int32_t *at;
    size_t count;
};

/* The code point at *i, which moves on; -1 and one byte for what is not UTF-8. */
static int32_t next_point(struct str s, size_t *i)
{
    unsigned char first = (unsigned char)s.at[*i];
    if (first < 0x80) {
        (*i)++;
        return first;
    }
    utf8proc_int32_t point;
    utf8proc_ssize_t bytes =
        utf8proc_iterate((const utf8proc_uint8_t *)s.at + *i, (utf8proc_ssize_t)(s.len - *i), &point);
    *i += bytes > 0 ? (size_t)bytes : 1;
    return bytes > 0 ? point : -1;
}

bool text_is_utf8(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        if (next_point(s, &i) < 0) return false;
    }
    return true;
}

bool text_is_plain(struct str s)
{
    return (s.len == 0 || memchr(s.at, '\0', s.len) == NULL) && text_is_utf8(s);
}

size_t text_length(struct str s)
{
    size_t length = 0;
    for (size_t i = 0; i < s.len; i++) length += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return length;
}

static char *put_point(char *end, int32_t point)
{
    if (point < 0x80) {
        *end = (char)point;
        return end + 1;
    }
    return end + utf8proc_encode_char(point, (utf8proc_uint8_t *)end);
}

/* Written over the code points themselves, which are never shorter than their bytes, and copied out of the scratch
 * arena. */
static struct str encode(struct arena *a, struct points p)
{
    char *at = (char *)p.at, *end = at;
    for (size_t i = 0; i < p.count; i++) end = put_point(end, p.at[i]);
    return str_dup(a, str_of(at, (size_t)(end - at)));
}

/* For the code points of a text: at most 18 of four bytes for three bytes of text, in a list that doubles as it grows.
 */
static void scratch_init(struct arena *scratch, struct str s)
{
    arena_init(scratch, s.len * 96 + 4096);
}

/* ---- normalisation ---- */

static int class_of(int32_t point)
{
    return point < 0x300 ? 0 : utf8proc_get_property(point)->combining_class;
}

/* Marks of one letter come in the order of their classes; those of one class keep theirs. */
static void order_marks(struct points p)
{
    for (size_t i = 1; i < p.count; i++) {
        int32_t point = p.at[i];
        int class = class_of(point);
        if (class == 0) continue;
        size_t to = i;
        for (; to > 0 && class_of(p.at[to - 1]) > class; to--) p.at[to] = p.at[to - 1];
        p.at[to] = point;
    }
}

static struct points decompose(struct arena *scratch, struct str s, utf8proc_option_t options)
{
    struct points p = {ARENA_ARRAY(scratch, int32_t, s.len + DECOMPOSED_MOST), 0};
    size_t room = s.len + DECOMPOSED_MOST, marks = 0;
    for (size_t i = 0; i < s.len;) {
        int32_t point = next_point(s, &i);
        if (point < 0) point = 0xFFFD;
        if (room - p.count < DECOMPOSED_MOST) {
            p.at = arena_grow(scratch, p.at, room * sizeof *p.at, room * 2 * sizeof *p.at);
            room *= 2;
        }
        int boundary = 0;
        utf8proc_ssize_t made =
            utf8proc_decompose_char(point, p.at + p.count, DECOMPOSED_MOST, UTF8PROC_DECOMPOSE | options, &boundary);
        if (made < 0 || made > DECOMPOSED_MOST) BUG("U+%04X does not decompose", (unsigned)point);
        /* Counted as they are kept (one may be two), so that what was cut here is not cut further the next time. */
        marks = class_of(point) > 0 ? marks + (size_t)made : 0;
        if (marks <= MARKS_MOST) p.count += (size_t)made;
    }
    order_marks(p);
    return p;
}

static struct points compose(struct points p)
{
    utf8proc_ssize_t count =
        utf8proc_normalize_utf32(p.at, (utf8proc_ssize_t)p.count, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (count < 0) BUG("a decomposed text does not compose");
    return (struct points){p.at, (size_t)count};
}

/* Whether every letter is of the blocks where nothing changes under NFC: below U+0300, and the Vietnamese letters of
 * Latin Extended Additional. That is nearly every text here. */
static bool is_plainly_nfc(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        int32_t point = next_point(s, &i);
        if (point >= 0x300 && (point < 0x1E00 || point > 0x1EFF)) return false;
    }
    return true;
}

static struct str nfc(struct arena *a, struct str s)
{
    if (is_plainly_nfc(s)) return s;
    AUTO_ARENA struct arena scratch;
    scratch_init(&scratch, s);
    return encode(a, compose(decompose(&scratch, s, UTF8PROC_STABLE)));
}

bool text_is_nfc(struct str s)
{
    if (is_plainly_nfc(s)) return text_is_utf8(s);
    AUTO_ARENA struct arena scratch;
    scratch_init(&scratch, s);
    return str_eq(nfc(&scratch, s), s);
}

static bool is_control(int32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

/* What turns the direction of writing: by it a name or an address reads as another. */
static bool is_direction(int32_t point)
{
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

struct str text_clean(struct arena *a, struct str s)
{
    char *at = arena_alloc(a, s.len + 1), *end = at;
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        int32_t point = next_point(s, &i);
        if (is_direction(point) || (point == '\r' && i < s.len && s.at[i] == '\n')) continue;
        if (point == '\r' || point == '\n') {
            *end++ = '\n';
        } else if (is_control(point)) {
            *end++ = ' ';
        } else {
            end = mempcpy(end, s.at + from, i - from);
        }
    }
    return nfc(a, str_of(at, (size_t)(end - at)));
}

/* ---- length and white space ---- */

static bool is_white(int32_t point)
{
    if (point < 0x80) return point == ' ' || (point >= '\t' && point <= '\r');
    utf8proc_category_t category = utf8proc_category(point);
    return point == 0x85 || category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

struct str text_one_line(struct arena *a, struct str s)
{
    char *at = arena_alloc(a, s.len + 1), *end = at;
    bool is_gap = false;
    for (size_t i = 0; i < s.len;) {
        size_t from = i;
        if (is_white(next_point(s, &i))) {
            is_gap = end > at;
            continue;
        }
        if (is_gap) *end++ = ' ';
        is_gap = false;
        end = mempcpy(end, s.at + from, i - from);
    }
    return str_of(at, (size_t)(end - at));
}

struct str text_shorten(struct arena *a, struct str s, size_t most)
{
    if (text_length(s) <= most) return s;
    if (most == 0) return STR_NONE;
    size_t cut = 0, word_end = 0, i = 0;
    /* One place is for the dots; a cut is before a letter, never before its marks. */
    for (size_t taken = 0; taken < most; taken++) {
        size_t from = i;
        int32_t point = next_point(s, &i);
        if (class_of(point) == 0) cut = from;
        if (is_white(point)) word_end = from;
    }
    if (word_end > cut / 2) cut = word_end; /* a very long word is cut inside */
    struct str kept = str_trim(str_part(s, 0, cut));
    return str_join(a, STR_NONE, (const struct str[]){kept, STR("…")}, 2);
}

/* ---- folding ---- */

/* Another case of one code point may need more bytes, but of at most four. */
static struct str change_case(struct arena *a, struct str s, utf8proc_int32_t (*change)(utf8proc_int32_t))
{
    char *at = arena_alloc(a, s.len * UTF8_BYTES + 1), *end = at;
    for (size_t i = 0; i < s.len;) {
        int32_t point = next_point(s, &i);
        end = put_point(end, point < 0 ? 0xFFFD : change(point));
    }
    return str_of(at, (size_t)(end - at));
}

struct str text_lower(struct arena *a, struct str s)
{
    return change_case(a, s, utf8proc_tolower);
}

struct str text_upper(struct arena *a, struct str s)
{
    return change_case(a, s, utf8proc_toupper);
}

/* What a code point of decomposed, case-folded text is for finding: itself, ' ' between words, 0 for nothing. */
static int32_t folded(int32_t point)
{
    if (point < 0x80) {
        bool is_kept = (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
        return is_kept ? point : ' ';
    }
    if (point == 0x111 || point == 0xF0 || point == 0x256)
        return 'd'; /* đ, and the eth and ɖ that old fonts put for it */
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF: return 0; /* marks; invisible joiners and the soft hyphen */
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return point;
    default: return ' ';
    }
}

struct str text_fold(struct arena *a, struct str s)
{
    AUTO_ARENA struct arena scratch;
    scratch_init(&scratch, s);
    struct points p = decompose(&scratch, s, UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
    size_t count = 0;
    for (size_t i = 0; i < p.count; i++) {
        int32_t point = folded(p.at[i]);
        if (point == 0 || (point == ' ' && (count == 0 || p.at[count - 1] == ' '))) continue;
        p.at[count++] = point;
    }
    if (count > 0 && p.at[count - 1] == ' ') count--;
    return encode(a, (struct points){p.at, count});
}

/* ---- the place of the tone mark ---- */

enum { SYLLABLE_POINTS = 32 };

static bool is_tone(int32_t point)
{
    return point == 0x300 || point == 0x301 || point == 0x303 || point == 0x309 || point == 0x323;
}

static bool is_vowel(int32_t point)
{
    return point == 'a' || point == 'e' || point == 'i' || point == 'o' || point == 'u' || point == 'y';
}

/* One letter of a decomposed word: where it stands, and whether it wears ^, the breve or the horn. */
struct letter {
    int32_t base;
    size_t end; /* after its marks, in the word without its tone */
    bool is_marked;
};

/* The letters of a word of which the tone was taken out; 0 when there are too many. */
static size_t letters_of(const int32_t *word, size_t count, struct letter *out)
{
    size_t letters = 0;
    for (size_t i = 0; i < count; i++) {
        if (class_of(word[i]) == 0) out[letters++] = (struct letter){.base = word[i]};
        if (letters == 0) return 0;
        out[letters - 1].end = i + 1;
        if (class_of(word[i]) > 0) out[letters - 1].is_marked = true;
    }
    return letters;
}

/* The vowels that can carry the tone, [*from, *to). The u of "qu" and, before another vowel, the i of "gi" are part of
 * the consonant. False when the word is not one Vietnamese syllable. */
static bool find_vowels(const struct letter *l, size_t count, size_t *from, size_t *to)
{
    size_t i = 0;
    while (i < count && !is_vowel(l[i].base)) i++;
    bool is_qu = i == 1 && l[0].base == 'q' && l[1].base == 'u' && !l[1].is_marked;
    bool is_gi = i == 1 && l[0].base == 'g' && l[1].base == 'i' && !l[1].is_marked;
    if ((is_qu || is_gi) && i + 1 < count && is_vowel(l[i + 1].base)) i++;
    *from = i;
    while (i < count && is_vowel(l[i].base)) i++;
    *to = i;
    while (i < count && !is_vowel(l[i].base)) i++;
    return *to > *from && *to - *from <= 3 && i == count;
}

/* The modern rule (as schoolbooks and the Ministry of Education write it): on the letter with a mark of its own, else
 * on the middle one of three vowels, the last before a consonant and of oa, oe, uy; the first of other pairs. */
static size_t tone_place(const struct letter *l, size_t count, size_t from, size_t to)
{
    for (size_t i = to; i > from; i--) {
        if (l[i - 1].is_marked) return i - 1;
    }
    if (to - from == 1) return from;
    if (to - from == 3) return from + 1;
    int32_t first = l[from].base, second = l[from + 1].base;
    bool is_glide = (first == 'o' && (second == 'a' || second == 'e')) || (first == 'u' && second == 'y');
    return is_glide || to < count ? from + 1 : from;
}

/* Takes the tone out of a word: the rest goes to `rest`. The place of the tone, or `count` when there is none or
 * several. */
static size_t take_tone(const int32_t *word, size_t count, int32_t *rest)
{
    size_t tone_at = count, left = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_tone(word[i])) {
            rest[left++] = word[i];
        } else if (tone_at < count) {
            return count;
        } else {
            tone_at = i;
        }
    }
    return tone_at;
}

/* Moves the one tone of a decomposed lower-case word to its place. Leaves alone what is not one syllable with one tone
 * on a vowel: names in the languages of the minorities, foreign words. */
static void place_tone(int32_t *word, size_t count)
{
    int32_t rest[SYLLABLE_POINTS];
    struct letter letters[SYLLABLE_POINTS];
    if (count > SYLLABLE_POINTS) return;
    size_t tone_at = take_tone(word, count, rest);
    if (tone_at == count) return;
    int32_t tone = word[tone_at];
    size_t letter_count = letters_of(rest, count - 1, letters), from, to, wears = 0;
    if (letter_count == 0 || !find_vowels(letters, letter_count, &from, &to)) return;
    while (wears + 1 < letter_count && letters[wears].end < tone_at) wears++;
    if (!is_vowel(letters[wears].base)) return;
    size_t at = letters[tone_place(letters, letter_count, from, to)].end;
    memcpy(word, rest, at * sizeof *word);
    word[at] = tone;
    memcpy(word + at + 1, rest + at, (count - 1 - at) * sizeof *word);
}

static bool is_word_point(int32_t point)
{
    return class_of(point) > 0 || point == 0x111 || (point >= 'a' && point <= 'z');
}

/* One space between words, none at the ends and around hyphens, which are all the same one. */
static struct points squeeze(struct points p)
{
    size_t count = 0;
    bool is_gap = false;
    for (size_t i = 0; i < p.count; i++) {
        if (is_white(p.at[i])) {
            is_gap = count > 0 && p.at[count - 1] != '-';
            continue;
        }
        bool is_hyphen = p.at[i] == '-' || (p.at[i] >= 0x2010 && p.at[i] <= 0x2015);
        if (is_gap && !is_hyphen) p.at[count++] = ' ';
        is_gap = false;
        p.at[count++] = is_hyphen ? '-' : p.at[i];
    }
    return (struct points){p.at, count};
}

struct str text_tone_normal(struct arena *a, struct str s)
{
    AUTO_ARENA struct arena scratch;
    scratch_init(&scratch, s);
    scratch.ceiling_bytes *= 4; /* lower case first, which may be longer */
    struct points p = decompose(&scratch, text_lower(&scratch, s), UTF8PROC_STABLE);
    for (size_t i = 0; i < p.count; i++) {
        size_t from = i;
        while (i < p.count && is_word_point(p.at[i])) i++;
        if (i > from) place_tone(p.at + from, i - from);
    }
    order_marks(p);
    return encode(a, compose(squeeze(p)));
}
