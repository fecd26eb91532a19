"""One case as every side gets it: who, what, which procedure, until when, and half a page of words; and the same in SQL for
the case with the number k of those that are copied. Each case has a word of its own, and a word that it shares with one case in
`GROUP`, so that a search for the one finds one case and a search for the other about two hundred."""
import json

PROCEDURE, STATUS, PHONE, ADDRESS = "1.013124", "open", "0912000000", "Xã Tuyên Quang, tỉnh Lâm Đồng"
WORDS = ("Kính gửi Ủy ban nhân dân xã. Tôi đề nghị giải quyết theo quy định của pháp luật thủ tục nêu trên; kèm theo hồ sơ này "
         "là các giấy tờ theo yêu cầu, đã đối chiếu với bản chính. Tôi cam đoan những lời khai trên đây là đúng sự thật và xin "
         "chịu trách nhiệm trước pháp luật. Đề nghị thông báo kết quả qua thư điện tử hoặc điện thoại đã ghi ở trên. ")
GROUPS = 500  # of 100,000 cases, 200 share a group
DUE_SQL = "timestamp '2027-01-04 09:00' + (k % 365) * interval '1 day' + (k % 480) * interval '1 minute'"
NAME_SQL = "'Nguyễn Thị Ngọc Ánh ' || k"
CONTENT_SQL = f"'{WORDS}' || 'rieng' || k || ' nhom' || (k % {GROUPS})"


def fields(n):
    return {"code": f"case-{n}", "procedure": PROCEDURE, "status": STATUS, "due": "2027-06-01T09:00:00", "name": "Nguyễn Thị Ngọc Ánh",
            "phone": PHONE, "address": ADDRESS, "content": f"{WORDS}rieng{n} nhom{n}"}


def body():
    """As a template of the client: {n} becomes a word of its own. Written without escapes, as clients send it."""
    return json.dumps(fields("{n}"), ensure_ascii=False)
