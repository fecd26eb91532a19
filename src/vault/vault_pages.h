/* The templates of the store's pages; app/ lists them. */
#ifndef VAULT_VAULT_PAGES_H
#define VAULT_VAULT_PAGES_H

#include "html/html.h"

extern const struct page_template vault_templates[];
extern const size_t vault_template_count;

#endif
