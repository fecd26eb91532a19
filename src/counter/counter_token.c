#include "counter/counter_token.h"

#include "people/id_token.h"

static const char *const uses[] = {
    [TOKEN_TICKET] = "ticket-token", [TOKEN_APPOINTMENT] = "appointment-token", [TOKEN_KIOSK] = "kiosk-token"};

struct str counter_token(const struct identity_keys *keys, struct arena *a, enum counter_token kind, int64_t id)
{
    return id_token(keys, a, uses[kind], id);
}

bool counter_token_read(const struct identity_keys *keys, struct arena *a, enum counter_token kind, struct str token,
                        int64_t *out)
{
    return id_token_read(keys, a, uses[kind], token, out);
}
