/*
 * How it went, said by who came: once for each dossier, after its end, by its submitter or by whoever has the letter
 * about it. The five answers and the words are kept without the dossier, the person and the hour, so that no officer
 * can tell whose they are; a leader reads sums and words of the agency, and no sums of so few that they would tell. It
 * is no appraisal of one officer.
 *
 * The questions are the indicators that the rating slip collects: 1 time, 3 contacts, 4 bodies, 7 attitude, each 0 to 2
 * points (Circular 01/2018/TT-VPCP, art. 13 and 14), beside one for everything from 1 to 5.
 */
#ifndef QUALITY_QUALITY_H
#define QUALITY_QUALITY_H

#include "html/html.h"
#include "http/router.h"
#include "journal/journal.h"

enum { RATING_COMMENT_MOST = 1000, RATING_TELLS_FROM = 5 }; /* fewer ratings than these would say whose they are */
enum rating_question {
    RATING_SATISFACTION,
    RATING_TIME,
    RATING_CONTACTS,
    RATING_BODIES,
    RATING_ATTITUDE,
    RATING_COUNT
};

struct rating_choice {
    int points;
    const char *label; /* message */
};
struct rating_asked {
    const char *name;  /* of the field and the column */
    const char *label; /* message */
    struct rating_choice choices[5];
    size_t choice_count;
};
extern const struct rating_asked rating_questions[RATING_COUNT];

/* Who says it of which dossier. */
struct rating_who {
    int64_t account; /* must be the submitter's */
    struct str code;
    int64_t dossier; /* of the letter's token (dossier_rating_token), which stands for both; 0: there is none */
};

struct rating_new {
    struct rating_who who;
    int points[RATING_COUNT];
    struct str comment;
};
store_command rating_give; /* no output; ERR_MISSING: not this person's; ERR_CONFLICT: not over yet, or rated already */

/* May they rate the dossier now? The same refusals. *out_code: of which dossier. */
enum outcome rating_may(struct tx *tx, const struct rating_who *who, struct str *out_code, struct fail *why) MUST_USE;

struct rating_sums {
    int64_t count;
    int64_t satisfied[5];         /* how many said 1 ... 5 */
    int64_t points[RATING_COUNT]; /* sums */
    struct str *comments;         /* newest months first, at most 50 */
    size_t comment_count;
};
/* Of an agency since a day; all zero when there are fewer than RATING_TELLS_FROM, but the count. */
enum outcome rating_sums(struct tx *tx, int64_t agency, day_t since, struct rating_sums *out,
                         struct fail *why) MUST_USE;

extern const struct route quality_routes[];
extern const size_t quality_route_count;
extern const struct page_template quality_templates[];
extern const size_t quality_template_count;

#endif
