/*
 * A form that arrives when its session has ended, or with the token of an earlier one, is held for its browser until
 * somebody has signed in again: nothing typed is lost. Only rows of the route table that ask for it (keeps_form), only
 * fields (no files), only what the browser itself says came from a page of this site. It decides nothing about the
 * form; the page that it was meant for takes it up like a form that was just sent.
 */
#ifndef PEOPLE_HELD_FORM_H
#define PEOPLE_HELD_FORM_H

#include "http/http.h"

struct people;

/* For router_options.hold_form: keeps the fields and leads to the sign-in and back, or straight back to the page. */
enum outcome held_form_keep(struct request *rq, struct fail *why) MUST_USE;

/* Forgets what waited too long. A chore of the app. */
enum outcome held_form_forget(struct people *p, struct fail *why) MUST_USE;

/* A visit to a page whose form was held: rq then is that form, as if it were sent now, and true. Once. */
bool held_form_take(struct request *rq);

#endif
