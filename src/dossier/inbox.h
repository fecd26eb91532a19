/*
 * The inbox's quick filters, as they stand in the address of /viec?loc=: for its page, and for whoever acts on all that
 * a filter shows.
 */
#ifndef DOSSIER_INBOX_H
#define DOSSIER_INBOX_H

#include "dossier/dossier_list.h"
#include "http/http.h"

/* What the filter shows to the visitor, from its beginning; an unknown name shows all. */
struct inbox_query inbox_query_of(const struct request *rq, struct str filter, size_t most);

/* A chosen dossier in a form: "G11-261122-0001@3", with the version that was seen. */
#define INBOX_CHOSEN "hs"
struct str inbox_chosen_format(struct arena *a, const struct dossier *d);
bool inbox_chosen_parse(struct str text, struct str *out_code, int64_t *out_version);

#endif
