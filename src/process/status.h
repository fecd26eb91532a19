/*
 * The ten statuses that every system of the country shows for a dossier, and which may follow which, as one table
 * (national portal's codes; transitions as in the guidance for synchronising dossiers). Finer states are steps
 * (process.h).
 */
#ifndef PROCESS_STATUS_H
#define PROCESS_STATUS_H

#include "base/fail.h"

enum status {
    STATUS_NONE = 0,
    STATUS_NEW = 1,        /* Mới đăng ký: submitted, not yet checked */
    STATUS_RECEIVED = 2,   /* Được tiếp nhận: receipt issued */
    STATUS_REFUSED = 3,    /* Không được tiếp nhận */
    STATUS_IN_HAND = 4,    /* Đang xử lý */
    STATUS_SUPPLEMENT = 5, /* Yêu cầu bổ sung giấy tờ */
    STATUS_PAYMENT = 6,    /* Yêu cầu thực hiện nghĩa vụ tài chính */
    STATUS_WITHDRAWN = 7,  /* Công dân yêu cầu rút hồ sơ */
    STATUS_STOPPED = 8,    /* Dừng xử lý */
    STATUS_DONE = 9,       /* Đã xử lý xong: the result exists */
    STATUS_RETURNED = 10,  /* Đã trả kết quả */
    STATUS_COUNT
};

const char *status_name(enum status s);    /* "received": stable, for programs */
const char *status_message(enum status s); /* gettext message: "Accepted" */
bool status_is_final(enum status s);
bool status_may_follow(enum status from, enum status to); /* staying is always allowed */

#endif
