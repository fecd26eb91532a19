/* The letters of a FEEL text: blanks, comments, signs, words, names of several words. Only the parser's. */
#ifndef RULE_FEEL_LEX_H
#define RULE_FEEL_LEX_H

#include "base/list.h"
#include "rule/feel_node.h"

/* Where a name was found. */
struct name_match {
    struct str name; /* as it was declared */
    size_t bytes;    /* of the text */
    int hops, slot;
};

struct scope {
    const struct scope *up;
    const struct str *names;
    size_t count;
    bool is_open; /* the item of a filter: any name may be a member of it */
};

struct parser {
    struct arena *arena;
    struct fail *why;
    struct str text;
    size_t at;
    const struct feel_names *names;
    const struct scope *scope;
    struct str *members; /* names that parts of values may have */
    size_t member_count, member_room;
    int depth;
    int no_filter_depth; /* here [ ends a range */
    bool is_tested_used; /* "?" occurred */
    size_t reread_bytes; /* in another meaning: parse_again() */
    size_t placed_at;    /* whose line and column these are */
    uint32_t line, column;
};

void lex_blank(struct parser *p); /* over blanks and comments */
bool lex_is(struct parser *p, const char *sign);
bool lex_take(struct parser *p, const char *sign);
bool lex_is_word(struct parser *p, const char *word);
bool lex_take_word(struct parser *p, const char *word);
/* One word: a letter or _ or ?, then letters and digits. 0 when there is none; the number of bytes. */
size_t lex_word(const struct parser *p);
/* The longest name that is known here; bytes 0 when none is. */
struct name_match lex_known_name(struct parser *p);
/* The longest known member, or a word. */
struct str lex_member(struct parser *p);
void lex_add_member(struct parser *p, struct str name);
/* One space between words, none at the ends. */
struct str lex_name_of(struct arena *a, struct str text);

/* Notes where and gives NULL. */
#define lex_fail(p, ...) LEX_FAIL_PAD_((p), __VA_ARGS__, STR_NONE, STR_NONE, 0)
#define LEX_FAIL_PAD_(p, sentence, a, b, ...) lex_fail_with(p, sentence, a, b)
const struct feel_node *lex_fail_with(struct parser *p, const char *sentence, struct str a, struct str b);
void lex_place(struct parser *p, uint32_t *out_line, uint32_t *out_column);

#endif
