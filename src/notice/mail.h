/*
 * A letter as mail servers take it: RFC 5322 with MIME, one plain text in UTF-8. Pure. Nothing that is put in can add a
 * header or end one: what is not printable becomes a space, what is not ASCII is encoded (RFC 2047), the text is
 * base64. It says of itself that a program wrote it (RFC 3834) and how to stop it with one click (RFC 8058).
 */
#ifndef NOTICE_MAIL_H
#define NOTICE_MAIL_H

#include "base/clock.h"

struct mail {
    struct str from_name, from, to; /* the addresses alone */
    struct str message_id;          /* without < > */
    struct str list_id;             /* which kind of letters this is: "thong-bao.xa.example.vn" */
    struct str subject, text;       /* UTF-8; text with LF */
    struct str language;            /* "vi" */
    struct str unsubscribe;         /* address that ends it without signing in; empty: none */
    instant_t date;
};

/* With CRLF, as it is handed to the server. */
struct str mail_write(struct arena *a, const struct mail *m);

#endif
