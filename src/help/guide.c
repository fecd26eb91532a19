#include "help/guide.h"

#include "base/list.h"

/* In order of path. Page and heading of the manual; what officers read on pages that they share with citizens. */
static const struct guide {
    const char *path;
    const char *address;
    const char *officer_address; /* NULL: the same for everybody */
} guides[] = {
    {"/",                                           "nguoi-dan/tim-thu-tuc",               "can-bo/cong-viec"                },
    {"/bang-so",                                    "nguoi-dan/dat-hen#lay-so",            "can-bo/xep-hang#goi"             },
    {"/bon-khong",                                  "can-bo/tien-do#bon-khong",            NULL                              },
    {"/chat-luong",                                 "can-bo/tien-do#chat-luong",           NULL                              },
    {"/danh-gia",                                   "nguoi-dan/danh-gia#danh-gia",         NULL                              },
    {"/dang-ky",                                    "nguoi-dan/tai-khoan#dang-ky",         NULL                              },
    {"/dang-nhap",                                  "nguoi-dan/tai-khoan#khong-vao-duoc",  NULL                              },
    {"/dat-hen",                                    "nguoi-dan/dat-hen#dat",               NULL                              },
    {"/ho-so",                                      "nguoi-dan/theo-doi",                  "can-bo/xu-ly-ho-so"              },
    {"/ho-so-cua-toi",                              "nguoi-dan/theo-doi#tai-khoan",        NULL                              },
    {"/ho-so/{code}/ai-da-xem",                     "nguoi-dan/rieng-tu#ai-xem",           NULL                              },
    {"/ho-so/{code}/bo-sung",                       "nguoi-dan/bo-sung#bo-sung",           "can-bo/bo-sung#bo-sung"          },
    {"/ho-so/{code}/da-nop",                        "nguoi-dan/nop-ho-so#nop",             "can-bo/tiep-nhan#tiep-nhan"      },
    {"/ho-so/{code}/danh-gia",                      "nguoi-dan/danh-gia#danh-gia",         NULL                              },
    {"/ho-so/{code}/danh-tinh",                     "can-bo/khieu-nai-to-cao#to-cao",      NULL                              },
    {"/ho-so/{code}/giay-to",                       "nguoi-dan/theo-doi#tai-khoan",        "can-bo/xu-ly-ho-so#giay-to"      },
    {"/ho-so/{code}/phieu",                         "nguoi-dan/tai-quay#nhan",             "can-bo/giay-to-in#phieu"         },
    {"/ho-so/{code}/trao-doi",                      "nguoi-dan/trao-doi#hoi",              "can-bo/trao-doi-ghi-chu#trao-doi"},
    {"/kho-giay-to",                                "nguoi-dan/kho-giay-to",               NULL                              },
    {"/lay-so",                                     "nguoi-dan/dat-hen#lay-so",            "can-bo/xep-hang#goi"             },
    {"/lich-hen",                                   "nguoi-dan/dat-hen#huy",               NULL                              },
    {"/ma-tai-khoan",                               "nguoi-dan/tai-khoan#khong-may",       NULL                              },
    {"/mo-thu-tuc",                                 "can-bo/khieu-nai-to-cao#noi-bo",      NULL                              },
    {"/nop-ho-so",                                  "nguoi-dan/nop-ho-so#cac-phan",        "can-bo/tiep-nhan#quet"           },
    {"/nop-ho-so/{procedure}/{draft}/ban-in",       "can-bo/tiep-nhan#quet",               NULL                              },
    {"/nop-ho-so/{procedure}/{draft}/giay-to",      "nguoi-dan/giay-to#chup",              "can-bo/tiep-nhan#quet"           },
    {"/nop-ho-so/{procedure}/{draft}/kiem-tra",     "nguoi-dan/nop-ho-so#nop",             "can-bo/tiep-nhan#quet"           },
    {"/nop-ho-so/{procedure}/{draft}/nguoi-nop",    "nguoi-dan/nop-ho-so#dien-san",        "can-bo/tiep-nhan#quet"           },
    {"/nop-ho-so/{procedure}/{draft}/nhan-ket-qua", "nguoi-dan/ket-qua#nhan",              "can-bo/tiep-nhan#quet"           },
    {"/nop-ho-so/{procedure}/{draft}/thay-mat",     "nguoi-dan/thay-nguoi-khac#cach",      "can-bo/tiep-nhan#quet"           },
    {"/nop-ho-so/{procedure}/{draft}/xac-nhan",     "can-bo/tiep-nhan#quet",               NULL                              },
    {"/quan-tri",                                   "quan-tri/van-hanh#trang-quan-tri",    NULL                              },
    {"/quan-tri/bao-tri",                           "quan-tri/van-hanh#bao-tri",           NULL                              },
    {"/quan-tri/cau-mau",                           "quan-tri/mau-va-thong-bao#cau-mau",   NULL                              },
    {"/quan-tri/co-quan",                           "quan-tri/co-quan-can-bo#co-quan",     NULL                              },
    {"/quan-tri/lich",                              "quan-tri/lich-lam-viec",              NULL                              },
    {"/quan-tri/mau-giay",                          "quan-tri/mau-va-thong-bao#mau-giay",  NULL                              },
    {"/quan-tri/phan-cap",                          "quan-tri/thu-tuc#phan-cap",           NULL                              },
    {"/quan-tri/quay",                              "quan-tri/quay#quay",                  NULL                              },
    {"/quan-tri/suc-khoe",                          "quan-tri/van-hanh#suc-khoe",          NULL                              },
    {"/quan-tri/tai-khoan",                         "quan-tri/co-quan-can-bo#tai-khoan",   NULL                              },
    {"/quan-tri/tai-khoan/{login}",                 "quan-tri/co-quan-can-bo#vi-tri",      NULL                              },
    {"/quan-tri/thiet-lap",                         "quan-tri/thiet-lap#sau-buoc",         NULL                              },
    {"/quan-tri/thong-bao",                         "quan-tri/mau-va-thong-bao#thu",       NULL                              },
    {"/quan-tri/thu-tuc",                           "quan-tri/thu-tuc#nhap",               NULL                              },
    {"/quan-tri/thu-tuc/{code}/bai-bo",             "quan-tri/thu-tuc#cong-bo",            NULL                              },
    {"/quan-tri/thu-tuc/{code}/cong-bo",            "quan-tri/thu-tuc#cong-bo",            NULL                              },
    {"/quan-tri/thu-tuc/{code}/so-sanh",            "quan-tri/thu-tuc#phien-ban",          NULL                              },
    {"/quan-tri/thu-tuc/{code}/sua",                "quan-tri/thu-tuc#phien-ban",          NULL                              },
    {"/quan-tri/thu-tuc/{code}/tham-quyen",         "quan-tri/thu-tuc#ai-lam",             NULL                              },
    {"/quan-tri/vai-tro",                           "quan-tri/co-quan-can-bo#vai-tro",     NULL                              },
    {"/quan-tri/van-hanh",                          "quan-tri/van-hanh#viec-nen",          NULL                              },
    {"/quan-tri/webhook",                           "quan-tri/mau-va-thong-bao#webhook",   NULL                              },
    {"/so",                                         "can-bo/giay-to-in#so",                NULL                              },
    {"/so-thu-tu",                                  "nguoi-dan/dat-hen#lay-so",            NULL                              },
    {"/tai-khoan",                                  "nguoi-dan/tai-khoan#doi",             "can-bo/tai-khoan#cua-minh"       },
    {"/tai-khoan/ai-da-xem",                        "nguoi-dan/rieng-tu#ai-xem",           NULL                              },
    {"/tai-khoan/phien",                            "nguoi-dan/tai-khoan#phien",           NULL                              },
    {"/tai-khoan/thong-bao",                        "nguoi-dan/theo-doi#thong-bao",        NULL                              },
    {"/thiet-lap",                                  "quan-tri/thiet-lap#lien-ket",         NULL                              },
    {"/thong-bao",                                  "nguoi-dan/theo-doi#thong-bao",        NULL                              },
    {"/thu-tuc",                                    "nguoi-dan/tim-thu-tuc#tim",           NULL                              },
    {"/thu-tuc/{code}",                             "nguoi-dan/tim-thu-tuc#trang-thu-tuc", NULL                              },
    {"/tien-do",                                    "can-bo/tien-do#don-vi",               NULL                              },
    {"/tiep-nhan",                                  "can-bo/tiep-nhan#tiep-nhan",          NULL                              },
    {"/tiep-nhan/lich-hen",                         "can-bo/xep-hang#lich-hen",            NULL                              },
    {"/tiep-nhan/tai-khoan",                        "can-bo/tai-khoan#cap-ma",             NULL                              },
    {"/tiep-nhan/thoi-gian-cho",                    "can-bo/xep-hang#cho",                 NULL                              },
    {"/tra-cuu",                                    "nguoi-dan/theo-doi#ma-ho-so",         NULL                              },
    {"/tra-cuu/{token}",                            "nguoi-dan/theo-doi#ma-qr",            NULL                              },
    {"/uy-quyen",                                   "nguoi-dan/uy-quyen#gui",              NULL                              },
    {"/viec",                                       "can-bo/cong-viec",                    NULL                              },
    {"/viec/chon",                                  "can-bo/hang-loat#chon",               NULL                              },
    {"/viec/hang-loat",                             "can-bo/hang-loat#dot",                NULL                              },
    {"/viec/tim",                                   "can-bo/cong-viec#tim",                NULL                              },
    {"/viec/vang-mat",                              "can-bo/cong-viec#vang-mat",           NULL                              },
    {"/xac-nhan",                                   "nguoi-dan/tai-quay#xac-nhan",         NULL                              },
};

static bool begins(struct str route, struct str path)
{
    if (path.len == 1) return route.len == 1;
    return str_starts(route, path) && (route.len == path.len || route.at[path.len] == '/');
}

struct str guide_find(struct arena *a, struct str route, bool is_officer)
{
    const struct guide *best = NULL;
    for (size_t i = 0; i < LENGTH(guides); i++) /* the later of two that fit is the longer */
        if (begins(route, str_from(guides[i].path))) best = &guides[i];
    if (best == NULL) return STR_NONE;
    bool is_theirs = is_officer && best->officer_address != NULL;
    return str_format(a, "/tro-giup/%s", is_theirs ? best->officer_address : best->address);
}
