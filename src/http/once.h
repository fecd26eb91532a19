/*
 * A request of a program that creates something, done once: the command runs under the request's Idempotency-Key, in
 * whose transaction its answer is kept. What is kept is the number that the command gives (an id, a version, a count);
 * the handler makes its answer from it, so a replay reads as the first answer did. A request without a key runs as it
 * is. A page's form that begins something hides a key of its own (`key`), which is another idempotency: form_key().
 */
#ifndef HTTP_ONCE_H
#define HTTP_ONCE_H

#include "http/http.h"
#include "store/idempotency.h"

/* Whose key it is, and what it stands for: method, path and body. */
struct idempotency request_key(const struct request *rq);
/* A form's key, however what is typed in it has changed since; and what the page hides as `key`: the key that came with
 * the form, else a new one. */
struct idempotency form_key(const struct request *rq);
struct str form_key_to_hide(const struct request *rq);
/* `out`: what the command writes into its int64_t; a command without output leaves 0. Says Idempotency-Replayed when
 * nothing was done again. */
enum outcome request_once(struct request *rq, struct store *s, store_command *command, const void *in, int64_t *out,
                          struct fail *why) MUST_USE;
/* Was it done already? For handlers that look at what the first time has changed, before they run the command. */
enum outcome request_was_done(struct request *rq, struct store *s, bool *out_is, int64_t *out,
                              struct fail *why) MUST_USE;
/* For work of several commands that can be done twice without harm: the whole answer of the first time is kept. */
enum outcome request_replay(struct request *rq, struct store *s, bool *out_is_answered, struct fail *why) MUST_USE;
enum outcome request_keep_reply(struct request *rq, struct store *s, int status, struct str json,
                                struct fail *why) MUST_USE;

#endif
