/*
 * The contents of the manual, in the order in which a reader meets them: who reads it, the page's place in the address,
 * its title (Vietnamese: the manual is written in it), its template in src/help/pages. One list makes the table of
 * contents, the templates and the search.
 */
#ifndef HELP_CONTENTS_H
#define HELP_CONTENTS_H

/* clang-format off */
#define MANUAL_PAGES(X)                                                                                                \
    X(FOR_CITIZENS,       "tim-thu-tuc",      "Tìm thủ tục",                              citizen_find)                \
    X(FOR_CITIZENS,       "nop-ho-so",        "Nộp hồ sơ trực tuyến",                     citizen_apply)               \
    X(FOR_CITIZENS,       "giay-to",          "Chụp và gửi giấy tờ",                      citizen_papers)              \
    X(FOR_CITIZENS,       "theo-doi",         "Theo dõi hồ sơ",                           citizen_follow)              \
    X(FOR_CITIZENS,       "bo-sung",          "Bổ sung và rút hồ sơ",                     citizen_supplement)          \
    X(FOR_CITIZENS,       "trao-doi",         "Trao đổi với cơ quan",                     citizen_messages)            \
    X(FOR_CITIZENS,       "ket-qua",          "Nhận kết quả",                             citizen_result)              \
    X(FOR_CITIZENS,       "kho-giay-to",      "Kho giấy tờ của tôi",                      citizen_vault)               \
    X(FOR_CITIZENS,       "danh-gia",         "Đánh giá việc giải quyết",                 citizen_rating)              \
    X(FOR_CITIZENS,       "tai-khoan",        "Tài khoản và mật khẩu",                    citizen_account)             \
    X(FOR_CITIZENS,       "thay-nguoi-khac",  "Làm thủ tục thay người khác",              citizen_behalf)              \
    X(FOR_CITIZENS,       "uy-quyen",         "Ủy quyền giữa hai tài khoản",              citizen_mandate)             \
    X(FOR_CITIZENS,       "tai-quay",         "Đến nộp tại bộ phận một cửa",              citizen_counter)             \
    X(FOR_CITIZENS,       "dat-hen",          "Đặt lịch hẹn và lấy số",                   citizen_appointment)         \
    X(FOR_CITIZENS,       "khieu-nai-to-cao", "Khiếu nại, tố cáo",                        citizen_complaint)           \
    X(FOR_CITIZENS,       "rieng-tu",         "Dữ liệu của quý vị",                       citizen_privacy)             \
    X(FOR_CITIZENS,       "hien-thi",         "Màu, chữ, bàn phím, in",                   citizen_display)             \
    X(FOR_CITIZENS,       "khi-gap-loi",      "Khi gặp lỗi",                              citizen_trouble)             \
    X(FOR_CITIZENS,       "giai-thich-tu",    "Giải thích từ ngữ",                        citizen_words)               \
    X(FOR_OFFICERS,       "cong-viec",        "Danh sách công việc",                      officer_inbox)               \
    X(FOR_OFFICERS,       "phim-tat",         "Phím tắt",                                 officer_keys)                \
    X(FOR_OFFICERS,       "tiep-nhan",        "Tiếp nhận tại quầy",                       officer_counter)             \
    X(FOR_OFFICERS,       "xep-hang",         "Gọi số và lịch hẹn",                       officer_queue)               \
    X(FOR_OFFICERS,       "tai-khoan",        "Tài khoản tại quầy",                       officer_account)             \
    X(FOR_OFFICERS,       "xu-ly-ho-so",      "Xử lý một hồ sơ",                          officer_dossier)             \
    X(FOR_OFFICERS,       "trao-doi-ghi-chu", "Trao đổi, ghi chú, câu mẫu",               officer_talk)                \
    X(FOR_OFFICERS,       "bo-sung",          "Yêu cầu bổ sung, từ chối, dừng",           officer_supplement)          \
    X(FOR_OFFICERS,       "lay-y-kien",       "Lấy ý kiến đơn vị khác",                   officer_units)               \
    X(FOR_OFFICERS,       "trinh-duyet",      "Trình, duyệt và phát hành",                officer_approve)             \
    X(FOR_OFFICERS,       "tra-ket-qua",      "Trả kết quả",                              officer_return)              \
    X(FOR_OFFICERS,       "phi-le-phi",       "Phí, lệ phí",                              officer_fees)                \
    X(FOR_OFFICERS,       "hang-loat",        "Làm một việc cho nhiều hồ sơ",             officer_many)                \
    X(FOR_OFFICERS,       "thoi-han",         "Thời hạn, gia hạn và xin lỗi",             officer_deadline)            \
    X(FOR_OFFICERS,       "khieu-nai-to-cao", "Khiếu nại, tố cáo, thủ tục nội bộ",        officer_secret)              \
    X(FOR_OFFICERS,       "tien-do",          "Tiến độ và báo cáo",                       officer_progress)            \
    X(FOR_OFFICERS,       "giay-to-in",       "Phiếu, sổ và mẫu in",                      officer_slips)               \
    X(FOR_ADMINISTRATORS, "thiet-lap",        "Thiết lập cơ quan mới",                    admin_setup)                 \
    X(FOR_ADMINISTRATORS, "co-quan-can-bo",   "Cơ quan, đơn vị, cán bộ, vai trò",         admin_people)                \
    X(FOR_ADMINISTRATORS, "thu-tuc",          "Thủ tục, công bố và phân cấp",             admin_procedures)            \
    X(FOR_ADMINISTRATORS, "lich-lam-viec",    "Lịch làm việc",                            admin_calendar)              \
    X(FOR_ADMINISTRATORS, "quay",             "Quầy, hàng chờ và lịch hẹn",               admin_counter)               \
    X(FOR_ADMINISTRATORS, "mau-va-thong-bao", "Mẫu giấy, lời thư, câu mẫu, webhook",      admin_words)                 \
    X(FOR_ADMINISTRATORS, "van-hanh",         "Vận hành, bảo trì và sao lưu",             admin_operate)               \
    X(FOR_ADMINISTRATORS, "tap-huan",         "Tập huấn và trình diễn",                   admin_training)
/* clang-format on */

#endif
