/*
 * Routes are a table. The router finds the row of a request, asks the app who is visiting, refuses what the row's
 * permission does not allow, checks CSRF for forms of browsers, then calls the handler.
 */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "base/embedded.h"
#include "http/http.h"

struct route_list {
    const struct route *routes;
    size_t count;
};

struct router_options {
    const struct route_list *lists; /* wiring/routes.c */
    size_t list_count;
    /* Reads the session cookie or bearer token into rq->visitor; OK with account 0 when nobody is signed in. */
    enum outcome (*identify)(struct request *rq, struct fail *why);
    /* May this visitor use a row with this permission? ERR_SIGN_IN or ERR_DENIED with a sentence. */
    enum outcome (*authorise)(struct request *rq, unsigned permission, struct fail *why);
    /* Keeps the fields of a form whose session has ended and answers; for rows that say keeps_form. NULL: none are. */
    enum outcome (*hold_form)(struct request *rq, struct fail *why);
    /* Files of the program served to everyone under their hashed paths (app/embedded.h); sorted by path. */
    const struct embedded_file *assets;
    size_t asset_count;
    /* Answers a failure as a page for people; the router itself answers programs with problem+json. */
    void (*error_page)(struct request *rq, const struct fail *why);
    /* What JSON a row takes, asked once a row; NULL: nothing is said. It lives as long as the router. */
    const struct contract *(*contract)(void *context, const struct route *row);
    void *contract_context;
};

struct router;
/* Checks the table: every row has a permission, handler and title, no two rows match the same path. */
enum outcome router_new(const struct router_options *options, struct router **out, struct fail *why) MUST_USE;
void router_free(struct router *r);
void router_handle(struct router *r, struct request *rq); /* always leaves an answer */
/*
 * The same in two halves around the arrival of the body, so that a large upload is refused before it is read: first
 * path, visitor, permission and origin; false when an answer has been left (the body is not wanted). Then the CSRF
 * token and the handler.
 */
bool router_begin(struct router *r, struct request *rq);
void router_finish(struct router *r, struct request *rq);
/* Answers a failure as problem+json or as the app's error page, whichever the visitor understands. */
void router_refuse(struct router *r, struct request *rq, const struct fail *why);
/* The row for a method and path before the body is read (limits, spooling); NULL when there is none. */
const struct route *router_match(struct router *r, enum method m, struct str path, bool *out_path_exists);
size_t router_route_count(const struct router *r);

#endif
