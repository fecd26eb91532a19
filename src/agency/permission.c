#include "agency/permission.h"

#include "base/fail.h"

static const struct {
    const char *name, *message;
} permissions[PERMISSION_COUNT] = {
#define X(bit, name, message) [bit] = {name, N_(message)},
    PERMISSIONS(X)
#undef X
};

const char *permission_name(enum permission p)
{
    if (p <= PERMIT_NONE || p >= PERMISSION_COUNT) BUG("no permission has the number %d", (int)p);
    return permissions[p].name;
}

const char *permission_message(enum permission p)
{
    if (p <= PERMIT_NONE || p >= PERMISSION_COUNT) BUG("no permission has the number %d", (int)p);
    return permissions[p].message;
}
