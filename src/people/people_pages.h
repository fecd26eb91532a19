/* Pages of the people room: sign in, sign up, sign out, the account. */
#ifndef PEOPLE_PEOPLE_PAGES_H
#define PEOPLE_PEOPLE_PAGES_H

#include "html/page.h"

extern const struct page_template people_templates[];
extern const size_t people_template_count;

#endif
