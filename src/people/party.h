/*
 * A party of a dossier: who owns the matter, who submits it, who represents whom. As sent by a program or put together
 * from a form; every mistake is reported at once, under the JSON pointer of its field.
 */
#ifndef PEOPLE_PARTY_H
#define PEOPLE_PARTY_H

#include "base/clock.h"
#include "base/json.h"
#include "people/identity.h"

enum { PARTIES_MOST = 20, IDENTITIES_MOST = 5, PARTY_NAME_MOST = 200, PARTY_ADDRESS_MOST = 500, PHONE_BYTES_MOST = 40 };

struct party {
    struct str role;  /* "owner", "submitter", "representative" */
    struct str kind;  /* "citizen", "foreigner", "business", "cooperative", "organisation", "agency" */
    struct str basis; /* of a representative: "parent", "guardian", "authorised", "legal"; empty: not said */
    struct str name, phone, email, address; /* NFC, one line each; empty: not given */
    bool by_email; /* agreed to letters at that address; counts when an officer filed the dossier */
    struct identity identities[IDENTITIES_MOST];
    size_t identity_count;
};

extern const char *const party_roles[], *const party_kinds[], *const party_bases[]; /* codes, NULL at the end */

/* What people call them (messages); "Other" for a code that is not one. */
const char *party_role_label(struct str role);
const char *party_kind_label(struct str kind);
const char *party_basis_label(struct str basis);
/* A body that acts only through people: enterprise, cooperative, organisation, agency. */
bool party_kind_is_body(struct str kind);
/* Does somebody act by written authority? Then the paper of authority comes with the dossier. */
bool parties_have_authority(const struct party *parties, size_t count);

/* The list under `pointer` ("/parties"); at least one owner. Problems are noted in why; the result holds what could be
 * read. Where a representative says by what right they act, it must fit the owner on that day. */
struct party *parties_read(struct arena *a, yyjson_val *list, struct str pointer, day_t today, size_t *out_count,
                           struct fail *why);

/* Vietnamese or international: digits, spaces, dots, hyphens and a leading +; 8 to 15 digits, 40 bytes in all. */
bool phone_is_valid(struct str phone);
/* One @, a domain with a dot, no spaces, at most 254 bytes (RFC 5321). */
bool email_is_valid(struct str email);

#endif
