#include "app/outgoing.h"

#include <inttypes.h>

#include "app/office.h"
#include "notice/sender.h"

/* People's browsers come by the public host, which is served over TLS; without one the address is where we listen. */
static struct str site_of(struct app *app)
{
    struct str host = app->settings.text[SETTING_PUBLIC_HOST];
    return host.len > 0 ? str_format(&app->arena, "https://%.*s", STR_ARG(host))
                        : str_dup(&app->arena, server_url(app->server));
}

static enum outcome tls_of(struct app *app, bool *out, struct fail *why)
{
    struct str tls = app->settings.text[SETTING_SMTP_TLS];
    *out = str_eq(tls, STR("required"));
    return *out || str_eq(tls, STR("never"))
               ? OK
               : fail(why, ERR_INVALID, N_("Setting smtp-tls is required or never, not “{0}”."), tls);
}

enum outcome outgoing_serve(struct app *app, struct fail *why)
{
    const struct settings *s = &app->settings;
    struct sender_options o = {
        .store = app->store,
        .keys = app->keys,
        .site = site_of(app),
        .office = office_of(app).name.len > 0 ? office_of(app).name : STR("Motcua"),
        .mail_url = s->text[SETTING_SMTP_URL],
        .mail_from = s->text[SETTING_MAIL_FROM],
        .mail_user = s->text[SETTING_SMTP_USER],
        .mail_password = s->text[SETTING_SMTP_PASSWORD],
        .mail_ca = s->text[SETTING_SMTP_CA],
        .allowed = s->text[SETTING_WEBHOOK_ALLOW],
        .first_retry_s = s->number[SETTING_RETRY_SECONDS],
        .retry_days = s->number[SETTING_RETRY_DAYS],
        .timeout_s = s->number[SETTING_SEND_SECONDS],
    };
    TRY(tls_of(app, &o.mail_needs_tls, why));
    TRY(sender_check(&o, why));
    app->sender = sender_start(&o);
    return OK;
}

enum outcome outgoing_look(struct app *app, struct arena *a, struct outgoing_finding *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app->store, a, &tx, why));
    TRY(message_health(tx, &out->health, why));
    const struct message_health *h = &out->health;
    bool is_stuck = h->oldest_at != INSTANT_NONE && tx_now(tx) - h->oldest_at > US_PER_DAY;
    out->is_well = h->given_up == 0 && !is_stuck;
    out->detail = str_format(a, "%" PRId64 " waiting, %" PRId64 " given up today", h->waiting, h->given_up);
    if (h->given_up > 0)
        out->detail = str_format(a, "%.*s; last: %s %.*s", STR_ARG(out->detail),
                                 message_reason_code(h->last_given_up.reason), STR_ARG(h->last_given_up.said));
    return OK;
}
