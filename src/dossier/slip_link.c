#include "dossier/slip_link.h"

const struct field slip_link_fields[] = {
    FIELD_STR(struct slip_link, title),
    FIELD_STR(struct slip_link, at),
    FIELD_STR(struct slip_link, href),
    FIELD_STR(struct slip_link, pdf_href),
    FIELD_END,
};
