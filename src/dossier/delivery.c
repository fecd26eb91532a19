#include "dossier/delivery.h"

#include "base/text.h"
#include "queries.h"

const char *const return_manners[] = {"in-person", "post", "electronic", NULL};
static const char *const manner_labels[] = {N_("In person, where it was filed"), N_("By post to an address"),
                                            N_("Electronically, in my own store")};

const char *return_manner_label(struct str manner)
{
    for (size_t i = 0; return_manners[i] != NULL; i++)
        if (str_eq(manner, str_from(return_manners[i]))) return manner_labels[i];
    return "";
}

/* ---- reading ---- */

/* One line of text under a pointer; empty when it is absent, or wrong, which is noted. */
static struct str read_line(struct arena *a, yyjson_val *object, const char *key, const char *pointer, size_t most,
                            struct fail *why)
{
    yyjson_val *v = json_get(object, key);
    if (v == NULL) return STR("");
    if (!yyjson_is_str(v)) {
        fail_problem(why, str_from(pointer), "type", N_("This must be text."));
        return STR("");
    }
    struct str text = text_one_line(a, text_clean(a, json_text(v)));
    if (text_length(text) > most)
        fail_problem(why, str_from(pointer), "too-long", N_("At most {0} characters."), str_format(a, "%zu", most));
    return text;
}

static bool is_object(yyjson_val *v, const char *pointer, struct fail *why)
{
    if (v == NULL) return false;
    if (yyjson_is_obj(v)) return true;
    fail_problem(why, str_from(pointer), "type", N_("This must be an object."));
    return false;
}

static void read_return(struct arena *a, yyjson_val *wish, struct delivery *out, struct fail *why)
{
    if (!is_object(wish, "/return", why)) return;
    out->manner = read_line(a, wish, "manner", "/return/manner", 20, why);
    out->address = read_line(a, wish, "address", "/return/address", RETURN_ADDRESS_MOST, why);
    if (out->manner.len > 0 && return_manner_label(out->manner)[0] == '\0')
        fail_problem(why, STR("/return/manner"), "unknown", N_("“{0}” is not one of the choices."), out->manner);
    bool is_posted = str_eq(out->manner, STR("post"));
    if (is_posted && out->address.len == 0)
        fail_problem(why, STR("/return/address"), "required", N_("Write the address that the result is sent to."));
    if (!is_posted) out->address = STR("");
}

static void read_post(struct arena *a, yyjson_val *post, bool is_by_post, day_t today, struct delivery *out,
                      struct fail *why)
{
    if (!is_object(post, "/post", why)) return;
    if (!is_by_post) {
        fail_problem(why, STR("/post"), "denied", N_("Only what came by post has a sender and a postmark."));
        return;
    }
    out->sender = read_line(a, post, "sender", "/post/sender", SENDER_MOST, why);
    struct str day = read_line(a, post, "postmarked", "/post/postmarked", 20, why);
    if (day.len == 0 || !day_or_problem(day, STR("/post/postmarked"), &out->postmarked, why)) return;
    if (out->postmarked > today) fail_problem(why, STR("/post/postmarked"), "future", N_("This day has not come yet."));
}

void delivery_read(struct arena *a, yyjson_val *body, bool is_by_post, day_t today, struct delivery *out,
                   struct fail *why)
{
    *out = (struct delivery){.manner = STR(""), .address = STR(""), .sender = STR("")};
    read_return(a, json_get(body, "return"), out, why);
    read_post(a, json_get(body, "post"), is_by_post, today, out, why);
}

/* ---- rows ---- */

enum outcome delivery_save(struct tx *tx, int64_t dossier, const struct delivery *d, struct fail *why)
{
    if (d->address.len == 0 && d->sender.len == 0 && d->postmarked == 0) return OK;
    return store_do(tx, Q_DELIVERY_INSERT,
                    VALUES(v_int(dossier), v_str(d->address), v_str(d->sender),
                           d->postmarked == 0 ? v_null() : v_int(d->postmarked)),
                    NULL, why);
}

enum outcome delivery_of(struct tx *tx, int64_t dossier, struct delivery *out, struct fail *why)
{
    struct row row;
    *out = (struct delivery){.manner = STR(""), .address = STR(""), .sender = STR("")};
    enum outcome found = store_one(tx, Q_DELIVERY_OF_DOSSIER, VALUES(v_int(dossier)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    out->address = row_str(&row, 0);
    out->sender = row_str(&row, 1);
    out->postmarked = row_is_null(&row, 2) ? 0 : (day_t)row_int(&row, 2);
    return OK;
}
