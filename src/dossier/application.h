/*
 * An application in the making: what the apply pages gather step by step and keep in a draft, exactly as typed. As JSON
 * it is the body that the API takes for a new dossier (docs/api.md), with the names of the files beside, so that one
 * set of rules (submission_read) judges both. It checks nothing itself. Texts live in the arena it was read into.
 */
#ifndef DOSSIER_APPLICATION_H
#define DOSSIER_APPLICATION_H

#include "base/fail.h"
#include "base/json.h"
#include "http/http.h"

struct applicant {
    struct str role, kind, basis, name, phone, email, address;
    bool by_email;                      /* letters to that address */
    struct str identity_type, identity; /* one number; empty: none given */
};

struct applied_file {
    struct str component, file; /* id of the paper; SHA-256 in hexadecimal */
    struct str name, type;
    int64_t bytes;
    bool is_joined; /* made of the photographs of this paper */
    bool is_reused; /* out of the applicant's own store */
};

enum { APPLICANTS_MOST = 2, APPLIED_FILES_MOST = 100, APPLIED_STEPS_MOST = 8, KNOWN_MOST = 40 };

struct application {
    struct str procedure, agency, channel, case_id;
    struct str behalf;  /* "self", or by what right somebody acts for the owner: "parent", ... (people/party.h) */
    struct str mandate; /* the authorisation from the owner by which they act; empty: none */
    struct str return_manner, return_address;     /* how the result is wanted */
    struct str sender, postmarked;                /* of what came by post */
    struct applicant applicants[APPLICANTS_MOST]; /* the owner, then the one who acts for them */
    size_t applicant_count;
    struct pair *form; /* declarations */
    size_t form_count;
    bool is_form_seen; /* the step of declarations was saved once, even empty */
    struct applied_file files[APPLIED_FILES_MOST];
    size_t file_count;
    struct applied_file
        photos[APPLIED_FILES_MOST]; /* the pages of a paper in their order; `files` has them as one PDF */
    size_t photo_count;
    int64_t saved[APPLIED_STEPS_MOST]; /* how often each step was saved, so that two windows know of each other */
    struct pair known[KNOWN_MOST];     /* places that were filled in for the applicant ("parties/0/phone"), and from
                                          where: "account", or a dossier's code */
    size_t known_count;
    struct pair
        doubts[KNOWN_MOST]; /* places whose filled-in value the applicant says is wrong, and from where it was */
    size_t doubt_count;
};

/* Exact inverses. ERR_BAD when the text is not an application. */
enum outcome application_read(struct arena *a, struct str text, struct application *out, struct fail *why) MUST_USE;
struct str application_write(struct arena *a, const struct application *app);

/* Who types moves between the places of owner and representative and takes their data along. */
void application_set_behalf(struct application *app, struct str behalf);

/* The value of a place in such a list; empty when it is not there. */
struct str application_source(const struct pair *list, size_t count, struct str place);
/* Sets it; an empty value takes the place out. */
void application_note(struct pair *list, size_t *count, struct str place, struct str value);

/* Files that came or went here since `base` was read come or go in `theirs` too, which another window saved meanwhile.
 */
void application_merge_files(struct application *theirs, const struct application *base,
                             const struct application *mine);

/* False when there is no room for one more. The same file for the same paper is there once. */
bool application_add_file(struct application *app, const struct applied_file *file);
void application_remove_file(struct application *app, struct str component, struct str file);

/* Photographs of a paper, in order. False when there is no room; the same one is there once. */
bool application_add_photo(struct application *app, const struct applied_file *photo);
bool application_remove_photo(struct application *app, struct str component, struct str file); /* was there one? */
/* Changes places with the one before (by -1) or behind (1) it in the same paper, when there is one. */
void application_move_photo(struct application *app, struct str component, struct str file, int by);
/* What the photographs of a paper are now as one file; NULL: there are none. */
bool application_join(struct application *app, struct str component, const struct applied_file *joined);

/* Does the problem's place ("/parties/0/name", with or without "#") lie at or under a member ("/parties")? */
bool application_is_under(struct str pointer, struct str member);

#endif
