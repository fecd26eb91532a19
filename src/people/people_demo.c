#include "people/people_demo.h"

/* Where an officer of the demo works. Province and commune are real: their codes are those of the list of units. */
enum demo_place { NOWHERE, MINISTRY, PROVINCE, COMMUNE, PLACES };

static const char province_code[] = "68", commune_code[] = "22963"; /* Tỉnh Lâm Đồng, Xã Tuyên Quang */

/* In the order of the work, place by place. */
static const struct {
    const char *login, *kind, *role; /* role: of the post; NULL for applicants */
    enum demo_place place;
    const char *name;
} people_of_demo[] = {
    {"congdan",         "citizen",  NULL,         NOWHERE,  "Nguyễn Thị Ngọc Ánh"           },
    {"doanhnghiep",     "business", NULL,         NOWHERE,  "Công ty TNHH Xây dựng Đức Phú"},
    {"tiepnhan",        "officer",  "receiver",   MINISTRY, "Trần Thị Thu Hà"                 },
    {"chuyenvien",      "officer",  "specialist", MINISTRY, "Lê Quang Huy"                        },
    {"chuyenvien2",     "officer",  "specialist", MINISTRY, "Phạm Văn Khải"                   },
    {"lanhdao",         "officer",  "leader",     MINISTRY, "Đỗ Minh Tuấn"                    },
    {"vanthu",          "officer",  "clerk",      MINISTRY, "Vũ Thị Lan"                        },
    {"quantri",         "officer",  "admin",      MINISTRY, "Hoàng Đức Anh"                    },
    {"tiepnhan.tinh",   "officer",  "receiver",   PROVINCE, "Hoàng Văn Lâm"                     },
    {"chuyenvien.tinh", "officer",  "specialist", PROVINCE, "Bùi Đức Long"                     },
    {"lanhdao.tinh",    "officer",  "leader",     PROVINCE, "Ngô Xuân Nam"                       },
    {"vanthu.tinh",     "officer",  "clerk",      PROVINCE, "Đinh Thị Ngọc"                   },
    {"tiepnhan.xa",     "officer",  "receiver",   COMMUNE,  "Bùi Thị Mai"                       },
    {"chuyenvien.xa",   "officer",  "specialist", COMMUNE,  "Đặng Văn Thuỷ"                  },
    {"lanhdao.xa",      "officer",  "leader",     COMMUNE,  "Huỳnh Ỷ Lan"                      },
    {"vanthu.xa",       "officer",  "clerk",      COMMUNE,  "Ngô Thị Hồng"                    },
};

struct office {
    int64_t id;
    struct str identifier;
};

static enum outcome found_agency(struct store *s, const struct agency_new *n, struct office *out, struct fail *why)
{
    out->identifier = n->identifier;
    return store_run(s, agency_add, n, &out->id, why);
}

static enum outcome find_places(struct store *s, struct arena *a, int64_t *out_territory, struct office *out_commune,
                                struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct territory province, commune;
    struct agency *list;
    size_t count;
    TRY(store_read_begin(s, a, &tx, why));
    TRY(territory_find(tx, str_from(province_code), &province, why));
    TRY(territory_find(tx, str_from(commune_code), &commune, why));
    struct agency_filter words = {.words = str_from(commune_code), .day = day_of(tx_now(tx)), .most = 1};
    TRY(agency_list(tx, &words, &list, &count, why));
    if (count == 0) return fail(why, ERR_MISSING, N_("The demo needs the list of units: import it first."));
    *out_territory = province.id;
    *out_commune = (struct office){list[0].id, list[0].identifier};
    return OK;
}

static enum outcome found_agencies(struct store *s, struct arena *a, struct office offices[PLACES], struct fail *why)
{
    int64_t province = 0;
    TRY(find_places(s, a, &province, &offices[COMMUNE], why));
    struct agency_new ministry = {
        .identifier = DEMO_MINISTRY, .name = STR("Bộ Quốc phòng"), .class = STR("ministry"), .valid_from = DAY_UNKNOWN};
    TRY(found_agency(s, &ministry, &offices[MINISTRY], why));
    /* Its real identifier is not published: ours is below the ministry's, with the province's statistical code. */
    struct agency_new command = {.identifier = STR("G11.68"),
                                 .is_provisional = true,
                                 .name = STR("Bộ Chỉ huy quân sự tỉnh Lâm Đồng"),
                                 .class = STR("military_command_province"),
                                 .territory = province,
                                 .parent = offices[MINISTRY].id,
                                 .valid_from = day_from_civil((struct civil){2025, 7, 1})};
    return found_agency(s, &command, &offices[PROVINCE], why);
}

/* Numbers of nobody: possible by their rules, so that the forms take them. */
static const struct identity citizen_number = {IDENTITY_PERSONAL_ID, STR_INIT("068190999901")};
static const struct identity business_number = {IDENTITY_ENTERPRISE_NUMBER, STR_INIT("5801999008")};

static struct user_new demo_user(size_t i, const struct office *office, struct str password, struct arena *a)
{
    const char *kind = people_of_demo[i].kind;
    struct user_new n = {.login = str_from(people_of_demo[i].login),
                         .name = str_from(people_of_demo[i].name),
                         .kind = str_from(kind),
                         .password = password,
                         .post_agency = office->id,
                         .post_role = str_from(people_of_demo[i].role)};
    if (people_of_demo[i].role != NULL) return n;
    n.identities = str_eq(n.kind, STR("citizen")) ? &citizen_number : &business_number;
    n.identity_count = 1;
    n.email = str_format(a, "%s@example.vn", people_of_demo[i].login);
    n.phone = STR("0912 000 000");
    n.address = STR("Xã Tuyên Quang, tỉnh Lâm Đồng");
    return n;
}

enum outcome demo_office(struct people *p, struct store *s, struct str fixed_password, struct demo_account **out,
                         size_t *out_count, struct fail *why)
{
    struct arena *a = why->arena;
    struct office offices[PLACES] = {0};
    TRY(found_agencies(s, a, offices, why));
    struct demo_account *list = ARENA_ARRAY(a, struct demo_account, LENGTH(people_of_demo));
    for (size_t i = 0; i < LENGTH(people_of_demo); i++) {
        const struct office *office = &offices[people_of_demo[i].place];
        struct str password = fixed_password.len > 0 ? fixed_password : people_make_password(a);
        struct user_new n = demo_user(i, office, password, a);
        TRY(people_user_add(p, &n, NULL, why));
        list[i] = (struct demo_account){n.login, password, people_of_demo[i].role != NULL ? n.post_role : n.kind,
                                        office->identifier, n.name};
    }
    *out = list;
    *out_count = LENGTH(people_of_demo);
    return OK;
}
