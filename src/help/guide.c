#include "help/guide.h"

/* In order of path. Pages that citizens and officers share have two rows: what an officer reads stands in the last
 * column. */
static const struct guide {
    const char *path;
    const char *reader, *slug;
    const char *officer_slug; /* NULL: the same for everybody */
} guides[] = {
    {"/",                                       "nguoi-dan", "tim-thu-tuc",      "cong-viec"  },
    {"/bon-khong",                              "can-bo",    "tien-do",          NULL         },
    {"/dang-ky",                                "nguoi-dan", "tai-khoan",        NULL         },
    {"/dang-nhap",                              "nguoi-dan", "tai-khoan",        NULL         },
    {"/dat-hen",                                "nguoi-dan", "tai-quay",         NULL         },
    {"/ho-so",                                  "nguoi-dan", "theo-doi",         "xu-ly-ho-so"},
    {"/ho-so-cua-toi",                          "nguoi-dan", "theo-doi",         NULL         },
    {"/ho-so/{code}/da-nop",                    "nguoi-dan", "theo-doi",         "tiep-nhan"  },
    {"/ho-so/{code}/danh-tinh",                 "can-bo",    "xu-ly-ho-so",      NULL         },
    {"/ho-so/{code}/phieu",                     "nguoi-dan", "theo-doi",         "giay-to-in" },
    {"/kho-giay-to",                            "nguoi-dan", "ket-qua",          NULL         },
    {"/lay-so",                                 "nguoi-dan", "tai-quay",         NULL         },
    {"/lich-hen",                               "nguoi-dan", "tai-quay",         NULL         },
    {"/ma-tai-khoan",                           "nguoi-dan", "tai-khoan",        NULL         },
    {"/mo-thu-tuc",                             "can-bo",    "xu-ly-ho-so",      NULL         },
    {"/nop-ho-so",                              "nguoi-dan", "nop-ho-so",        "tiep-nhan"  },
    {"/nop-ho-so/{procedure}/{draft}/giay-to",  "nguoi-dan", "giay-to",          "tiep-nhan"  },
    {"/nop-ho-so/{procedure}/{draft}/thay-mat", "nguoi-dan", "thay-nguoi-khac",  "tiep-nhan"  },
    {"/quan-tri",                               "quan-tri",  "thiet-lap",        NULL         },
    {"/quan-tri/lich",                          "quan-tri",  "lich-lam-viec",    NULL         },
    {"/quan-tri/mau-giay",                      "quan-tri",  "mau-va-thong-bao", NULL         },
    {"/quan-tri/phan-cap",                      "quan-tri",  "thu-tuc",          NULL         },
    {"/quan-tri/suc-khoe",                      "quan-tri",  "van-hanh",         NULL         },
    {"/quan-tri/tai-khoan",                     "quan-tri",  "co-quan-can-bo",   NULL         },
    {"/quan-tri/thong-bao",                     "quan-tri",  "mau-va-thong-bao", NULL         },
    {"/quan-tri/thu-tuc",                       "quan-tri",  "thu-tuc",          NULL         },
    {"/quan-tri/webhook",                       "quan-tri",  "mau-va-thong-bao", NULL         },
    {"/so",                                     "can-bo",    "giay-to-in",       NULL         },
    {"/tai-khoan",                              "nguoi-dan", "tai-khoan",        NULL         },
    {"/tai-khoan/ai-da-xem",                    "nguoi-dan", "rieng-tu",         NULL         },
    {"/tai-khoan/uy-quyen",                     "nguoi-dan", "thay-nguoi-khac",  NULL         },
    {"/thong-bao",                              "nguoi-dan", "theo-doi",         "cong-viec"  },
    {"/thu-tuc",                                "nguoi-dan", "tim-thu-tuc",      NULL         },
    {"/tien-do",                                "can-bo",    "tien-do",          NULL         },
    {"/tiep-nhan",                              "can-bo",    "tiep-nhan",        NULL         },
    {"/tra-cuu",                                "nguoi-dan", "theo-doi",         NULL         },
    {"/viec",                                   "can-bo",    "cong-viec",        NULL         },
    {"/viec/chon",                              "can-bo",    "hang-loat",        NULL         },
    {"/viec/hang-loat",                         "can-bo",    "hang-loat",        NULL         },
    {"/viec/vang-mat",                          "can-bo",    "hang-loat",        NULL         },
    {"/xac-nhan",                               "nguoi-dan", "tai-quay",         NULL         },
};

static bool begins(struct str route, struct str path)
{
    if (path.len == 1) return route.len == 1;
    return str_starts(route, path) && (route.len == path.len || route.at[path.len] == '/');
}

const struct manual_page *guide_find(struct str route, bool is_officer)
{
    const struct guide *best = NULL;
    for (size_t i = 0; i < LENGTH(guides); i++) /* the later of two that fit is the longer */
        if (begins(route, str_from(guides[i].path))) best = &guides[i];
    if (best == NULL) return NULL;
    return is_officer && best->officer_slug != NULL ? manual_find(STR("can-bo"), str_from(best->officer_slug))
                                                    : manual_find(str_from(best->reader), str_from(best->slug));
}
