#include "dossier/action_key.h"

/* j, k, x, g and ? belong to lists and pages. */
static const char *const keys[ACTION_COUNT] = {
    [ACTION_RECEIVE] = "t",            /* tiếp nhận */
    [ACTION_REFUSE] = "c",             /* từ chối */
    [ACTION_REQUEST_SUPPLEMENT] = "b", /* bổ sung */
    [ACTION_SUPPLEMENT] = "s",         /* sent in: the answer to b */
    [ACTION_ASSIGN] = "p",             /* phân công */
    [ACTION_EXAMINE] = "e",            /* examine */
    [ACTION_PROPOSE] = "d",            /* đề xuất */
    [ACTION_APPROVE] = "y",            /* phê duyệt */
    [ACTION_SEND_BACK] = "l",          /* trả lại */
    [ACTION_ISSUE] = "h",              /* ban hành */
    [ACTION_RETURN] = "r",             /* trả kết quả, return */
    [ACTION_STOP] = "q",               /* quit */
    [ACTION_WITHDRAW] = "w",           /* withdraw */
    [ACTION_HAND_OVER] = "u",          /* chuyển giấy tờ */
    [ACTION_EXTEND] = "i",             /* gia hạn */
    [ACTION_TRANSFER] = "f",           /* transfer */
    [ACTION_CONSULT] = "v",            /* lấy ý kiến đơn vị */
    [ACTION_ANSWER] = "a",             /* answer */
    [ACTION_REQUEST_PAYMENT] = "m",    /* money */
    [ACTION_RECORD_PAYMENT] = "n",     /* ghi nhận nộp tiền */
    [ACTION_NOTE_CONTACT] = "o",       /* lần liên hệ, outside */
    [ACTION_CORRECT] = "H",            /* what h issued */
    [ACTION_UNDO] = "z",               /* as everywhere */
};

struct str action_key(enum action_id act)
{
    return str_from(keys[act] != NULL ? keys[act] : "");
}
