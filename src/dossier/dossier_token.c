#include "dossier/dossier_token.h"

#include "people/id_token.h"

static const char *const for_following = "dossier-token", *const for_rating = "dossier-rating-token";

struct str dossier_token(const struct identity_keys *keys, struct arena *a, int64_t dossier)
{
    return id_token(keys, a, for_following, dossier);
}

bool dossier_token_read(const struct identity_keys *keys, struct arena *a, struct str token, int64_t *out)
{
    return id_token_read(keys, a, for_following, token, out);
}

struct str dossier_rating_token(const struct identity_keys *keys, struct arena *a, int64_t dossier)
{
    return id_token(keys, a, for_rating, dossier);
}

bool dossier_rating_token_read(const struct identity_keys *keys, struct arena *a, struct str token, int64_t *out)
{
    return id_token_read(keys, a, for_rating, token, out);
}

struct str dossier_token_path(const struct identity_keys *keys, struct arena *a, int64_t dossier)
{
    return str_format(a, "/tra-cuu/%.*s", STR_ARG(dossier_token(keys, a, dossier)));
}
