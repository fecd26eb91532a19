/*
 * GET  /tai-khoan/phien                   where I am signed in
 * POST /tai-khoan/phien/{key}/dang-xuat   signs one of them out
 * POST /tai-khoan/phien/noi-khac          signs all others out
 */
#include "people/session_pages.h"

#include "agency/permission.h"
#include "html/component.h"
#include "people/people_service.h"
#include "queries.h"

enum { AGENT_MOST = 400 };

/* ---- devices ---- */

/* The first that the browser names: several claim to be Chrome and Safari too, so they stand before these. */
static const struct {
    const char *mark, *name;
} browsers[] = {
    {"Edg",            "Edge"            },
    {"OPR/",           "Opera"           },
    {"coc_coc",        "Cốc Cốc"     },
    {"SamsungBrowser", "Samsung Internet"},
    {"Zalo",           "Zalo"            },
    {"Firefox",        "Firefox"         },
    {"FxiOS",          "Firefox"         },
    {"Chrome",         "Chrome"          },
    {"CriOS",          "Chrome"          },
    {"Safari",         "Safari"          },
};
static const struct {
    const char *mark, *name;
} systems[] = {
    {"iPhone",   "iPhone"  },
    {"iPad",     "iPad"    },
    {"Android",  "Android" },
    {"Windows",  "Windows" },
    {"Mac OS X", "macOS"   },
    {"CrOS",     "ChromeOS"},
    {"Linux",    "Linux"   },
};

static struct str device_name(struct arena *a, struct str user_agent)
{
    const char *browser = "", *system = "";
    struct str agent = str_part(user_agent, 0, AGENT_MOST);
    for (size_t i = LENGTH(browsers); i-- > 0;)
        if (str_has(agent, str_from(browsers[i].mark))) browser = browsers[i].name;
    for (size_t i = LENGTH(systems); i-- > 0;)
        if (str_has(agent, str_from(systems[i].mark))) system = systems[i].name;
    return str_format(a, "%s%s%s", browser, *browser && *system ? ", " : "", system);
}

struct str device_of(const struct request *rq)
{
    return device_name(rq->arena, request_header(rq, "user-agent"));
}

/* ---- reading ---- */

enum outcome sessions_of_account(struct tx *tx, int64_t account, struct session_line **out, size_t *out_count,
                                 struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_SESSION_OF_ACCOUNT, VALUES(v_int(account), v_instant(tx_now(tx))), &rows, why));
    struct session_line *list = ARENA_ARRAY(tx_arena(tx), struct session_line, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        struct str key = row_str(r, 0);
        list[i] = (struct session_line){{{0}}, row_instant(r, 1), row_instant(r, 2), row_instant(r, 3), row_str(r, 4)};
        for (size_t b = 0; b < key.len && b < SHA256_BYTES; b++) list[i].key.at[b] = (unsigned char)key.at[b];
    }
    *out = list;
    *out_count = rows.count;
    return OK;
}

/* ---- the page ---- */

struct session_row {
    struct str device, since, seen, end_href;
    bool is_this;
};

struct session_page {
    struct frame frame;
    struct session_row *rows;
    size_t rows_count;
    bool has_others;
};

/* clang-format off */
static const struct field session_row_fields[] = {
    FIELD_STR(struct session_row, device),
    FIELD_STR(struct session_row, since),
    FIELD_STR(struct session_row, seen),
    FIELD_STR(struct session_row, end_href),
    FIELD_BOOL(struct session_row, is_this),
    FIELD_END,
};
static const struct field session_page_fields[] = {
    FRAME_FIELDS(struct session_page),
    FIELD_LIST(struct session_page, rows, struct session_row, session_row_fields),
    FIELD_BOOL(struct session_page, has_others),
    FIELD_END,
};
/* clang-format on */

static enum outcome get_sessions(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct session_page page = {0};
    struct session_line *lines;
    size_t count;
    struct sha256 mine = session_hash(rq->visitor.session_key);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(sessions_of_account(tx, rq->visitor.account, &lines, &count, why));
    page.rows = ARENA_ARRAY(rq->arena, struct session_row, count + 1);
    page.rows_count = count;
    for (size_t i = 0; i < count; i++) {
        bool is_this = sha256_eq(lines[i].key, mine);
        struct str key = sha256_format(rq->arena, lines[i].key);
        page.rows[i] = (struct session_row){
            .device = lines[i].device.len > 0 ? lines[i].device : translate(rq->language, N_("A device not known")),
            .since = instant_for_people(rq->arena, lines[i].created_at),
            .seen = instant_for_people(rq->arena, lines[i].seen_at),
            .end_href = str_format(rq->arena, "/tai-khoan/phien/%.*s/dang-xuat", STR_ARG(key)),
            .is_this = is_this,
        };
        if (!is_this) page.has_others = true;
    }
    page.frame.back_href = STR("/tai-khoan");
    page_reply(rq, 200, "people/sessions", &page);
    return OK;
}

static enum outcome post_end_one(struct request *rq, struct fail *why)
{
    struct sha256 key;
    if (!sha256_parse(request_param(rq, "key"), &key))
        return fail(why, ERR_MISSING, N_("This browser is signed out already."));
    TRY(people_end_session(app_people(rq->app), rq->visitor.account, key, why));
    reply_redirect(rq, STR("/tai-khoan/phien"));
    page_flash(rq, N_("That browser is signed out."));
    return OK;
}

static enum outcome post_end_others(struct request *rq, struct fail *why)
{
    TRY(people_end_others(app_people(rq->app), rq->visitor.account, rq->visitor.session_key, why));
    reply_redirect(rq, STR("/tai-khoan/phien"));
    page_flash(rq, N_("All other browsers are signed out."));
    return OK;
}

/* ---- tables ---- */

const struct route session_routes[] = {
    {GET,  "/tai-khoan/phien",                 PERMIT_SIGNED_IN, get_sessions,    N_("Where I am signed in")    },
    {POST, "/tai-khoan/phien/{key}/dang-xuat", PERMIT_SIGNED_IN, post_end_one,    N_("Sign a browser out")      },
    {POST, "/tai-khoan/phien/noi-khac",        PERMIT_SIGNED_IN, post_end_others, N_("Sign out everywhere else")},
};
const size_t session_route_count = LENGTH(session_routes);

const struct page_template session_templates[] = {
    {"people/sessions", session_page_fields},
};
const size_t session_template_count = LENGTH(session_templates);
