/*
 * A paper as it arrives: looked at by its content, kept under its hash, remembered as sent by this account. The API and
 * the pages both take papers through here.
 */
#ifndef DOSSIER_PAPER_H
#define DOSSIER_PAPER_H

#include "dossier/desk.h"
#include "dossier/dossier_store.h"

enum { PAPER_BYTES_MOST = 20 * 1024 * 1024 };

/* On the platter and in its row before it returns. ERR_INVALID for an empty file, ERR_TOO_LARGE, ERR_TYPE; each with a
 * sentence that names the file. */
enum outcome paper_keep(const struct desk *desk, struct request *rq, const struct upload *u, struct upload_row *out,
                        struct fail *why) MUST_USE;

/* The same for a person at a page, who is told at once what is wrong with the file: it is looked into (image/image.h).
 * A photograph is kept upright, without what the camera wrote beside it, as small as readable; a large PDF likewise
 * unless it bears a signature. Also ERR_INVALID for what is locked, damaged, too large or took too long; ERR_DOWN when
 * nobody can look now. */
struct paper_taken {
    struct upload_row row;
    bool is_photo; /* a page for paper_join */
};
enum outcome paper_take(const struct desk *desk, struct request *rq, const struct upload *u, struct paper_taken *out,
                        struct fail *why) MUST_USE;
/* Photographs that were taken, in this order, as one PDF of that name; kept as an upload of the visitor. */
enum outcome paper_join(const struct desk *desk, struct request *rq, const struct sha256 *photos, size_t count,
                        struct str name, struct upload_row *out, struct fail *why) MUST_USE;

/* Everything that was sent in one field of a page: the photographs among it become one PDF of this name. What is
 * refused is noted in problems, under the field; the rest is kept. */
struct paper_field {
    struct str field, name;
    struct upload_row *rows; /* the caller's, room for `most` */
    size_t count, most;
};
enum outcome paper_take_field(const struct desk *desk, struct request *rq, struct paper_field *f, struct fail *problems,
                              struct fail *why) MUST_USE;

/* "giay-to-3.pdf": the name of a paper whose sender's own name for it would tell too much. */
struct str paper_neutral_name(struct arena *a, int64_t n, struct str type);
/* "1,2 MB", "340 KB": digits as Vietnamese write them. */
struct str paper_size_for_people(struct arena *a, int64_t bytes);
/* Can its pages be drawn (dossier/paper_picture.h)? */
bool paper_has_pages(struct str type);
/* "PDF", "JPEG", "Word": what people call a type. */
struct str paper_type_for_people(struct str type);

#endif
