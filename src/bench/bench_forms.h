/*
 * What the scratch office is asked for: who asks, real submissions of its procedures with their papers sent before, and
 * words that people search for. All of it comes from the catalogue, nothing is made up but names.
 */
#ifndef BENCH_BENCH_FORMS_H
#define BENCH_BENCH_FORMS_H

#include "bench/bench_office.h"

/* Standing and token of the citizen and the officer. */
enum outcome bench_people(struct bench_office *o, struct fail *why) MUST_USE;
/* Standing in that role, at the ministry when it is an officer's, and a token. */
enum outcome bench_meet(struct bench_office *o, struct str login, struct str role, struct bench_person *out,
                        struct fail *why) MUST_USE;
/* A session of this account as the headers of a browser; with a new password each time: nobody else knows the ones of
 * an office that is used again. */
enum outcome bench_sign_in(struct bench_office *o, struct str login, struct str *out, struct fail *why) MUST_USE;
/* Uploads the papers through the API, prepares one submission for each procedure that can be applied for online. */
enum outcome bench_forms(struct bench_office *o, struct fail *why) MUST_USE;

#endif
