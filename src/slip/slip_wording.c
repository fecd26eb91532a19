#include "slip/slip_wording.h"

#include "agency/agency.h"
#include "base/auto.h"
#include "base/log.h"
#include "people/people.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 1024 };

static struct slip_wording read_wording(const struct row *r)
{
    return (struct slip_wording){row_int(r, 0), row_str(r, 1), row_instant(r, 2), row_int(r, 3), STR_NONE};
}

/* ---- which there are ---- */

struct wording_kind wording_kind_of_slip(enum slip_kind kind)
{
    const struct slip_row *row = &slip_rows[kind];
    return (struct wording_kind){str_from(row->id), row->title, row->letter, slip_paper_fields};
}

struct wording_kind wording_kind_at(struct arena *a, size_t n)
{
    if (n < SLIP_KIND_COUNT) return wording_kind_of_slip((enum slip_kind)n);
    const struct book_info *book = &books[n - SLIP_KIND_COUNT];
    return (struct wording_kind){str_format(a, "book-%s", book->id), book->title, book->letter, book_paper_fields};
}

/* ---- versions ---- */

enum outcome slip_wording_at(struct tx *tx, int64_t agency, struct str kind, instant_t at, struct slip_wording *out,
                             struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_SLIP_WORDING_AT, VALUES(v_int(agency), v_str(kind), v_instant(at)), &row, why);
    *out = found == OK ? read_wording(&row) : (struct slip_wording){0};
    return found == ERR_MISSING ? OK : found;
}

enum outcome slip_wording_own(struct tx *tx, int64_t agency, struct rows *out, struct fail *why)
{
    return store_all(tx, Q_SLIP_WORDING_OWN, VALUES(v_int(agency)), out, why);
}

enum outcome slip_wording_versions(struct tx *tx, int64_t agency, struct str kind, struct slip_wording **out,
                                   size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_SLIP_WORDING_VERSIONS, VALUES(v_int(agency), v_str(kind)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct slip_wording, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct account account;
        (*out)[i] = read_wording(&rows.at[i]);
        TRY(account_load(tx, (*out)[i].account, &account, why));
        (*out)[i].by = account.name;
    }
    return OK;
}

/* ---- an example ---- */

static struct slip_paper slip_sample(struct arena *a, enum slip_kind kind)
{
    static const struct slip_component components[] = {
        {STR_INIT("Đơn đề nghị"),              STR_INIT("1"), STR_INIT("0"), STR_INIT("1")},
        {STR_INIT("Bản sao giấy chứng nhận"), STR_INIT("0"), STR_INIT("1"), STR_INIT("") },
    };
    static const struct slip_hand hands[] = {
        {STR_INIT("Thẩm định"), STR_INIT("Trần Thị Bình"), STR_INIT("Lê Văn Cường"), STR_INIT("09:00 02/11/2026"),
         STR_INIT("16:00 05/11/2026"), STR_INIT("Trước hạn"), STR_INIT("")},
    };
    return (struct slip_paper){
        .parent = STR("Ủy ban nhân dân tỉnh Mẫu"),
        .agency = STR("Ủy ban nhân dân xã Mẫu"),
        .unit = STR("Bộ phận Tiếp nhận và Trả kết quả"),
        .place = STR("Xã Mẫu"),
        .day = STR("02"),
        .month = STR("11"),
        .year = STR("2026"),
        .title = str_from(slip_rows[kind].name_vi),
        .form = STR("01"),
        .form_basis = STR("Thông tư mẫu"),
        .code = STR("H00.00-261102-0001"),
        .link = STR("H00.00-261102-0001"),
        .owner = STR("Nguyễn Văn An"),
        .submitter = STR("Nguyễn Thị Em"),
        .address = STR("Thôn 1, xã Mẫu"),
        .phone = STR("0912 345 678"),
        .email = STR("an@example.vn"),
        .procedure = STR("Thủ tục hành chính làm ví dụ"),
        .procedure_code = STR("1.000000"),
        .channel = STR("trực tiếp"),
        .components = arena_dup(a, components, sizeof components),
        .components_count = LENGTH(components),
        .term = STR("10 ngày làm việc"),
        .submitted_at = STR("08 giờ 00 phút, ngày 02/11/2026"),
        .received_at = STR("08 giờ 30 phút, ngày 02/11/2026"),
        .due_at = STR("17 giờ 00 phút, ngày 16/11/2026"),
        .first_due_at = STR("17 giờ 00 phút, ngày 12/11/2026"),
        .until = STR("10/11/2026"),
        .return_place = STR("Bộ phận Tiếp nhận và Trả kết quả"),
        .reason = STR("Lý do và căn cứ pháp lý làm ví dụ."),
        .note = STR("Ghi chú làm ví dụ."),
        .officer = STR("Trần Thị Bình"),
        .officer_role = STR("Cán bộ tiếp nhận"),
        .agency_phone = STR("0200 000 000"),
        .hands = arena_dup(a, hands, sizeof hands),
        .hands_count = LENGTH(hands),
        .finished_at = STR("16 giờ 00 phút, ngày 05/11/2026"),
        .verdict = STR("Trước hạn"),
        .receipt_number = STR("BL-H00.00-2026-0000001"),
        .amount = STR("50.000 đồng"),
        .amount_in_words = STR("Năm mươi nghìn đồng"),
        .fee = STR("Lệ phí"),
        .manner = STR("tiền mặt"),
    };
}

static struct book_paper book_sample(struct arena *a, enum book_kind kind)
{
    static const struct book_row rows[] = {
        {.number = STR_INIT("1"),
         .code = STR_INIT("H00.00-261102-0001"),
         .procedure = STR_INIT("Thủ tục hành chính làm ví dụ"),
         .owner = STR_INIT("Nguyễn Văn An"),
         .contact = STR_INIT("Thôn 1, xã Mẫu; 0912 345 678"),
         .agency = STR_INIT("Ủy ban nhân dân xã Mẫu"),
         .received = STR_INIT("08:30 02/11/2026"),
         .due = STR_INIT("17:00 16/11/2026"),
         .returned = STR_INIT("09:00 10/11/2026"),
         .manner = STR_INIT("Qua bưu chính"),
         .handed_over = STR_INIT("10:00 02/11/2026"),
         .note = STR_INIT("Đã trả kết quả"),
         .post_address = STR_INIT("Thôn 1, xã Mẫu"),
         .what = STR_INIT("Tiếp nhận"),
         .tracking = STR_INIT("VN000000001"),
         .sender = STR_INIT("Nguyễn Văn An"),
         .postmarked = STR_INIT("01/11/2026")},
    };
    return (struct book_paper){
        .parent = STR("Ủy ban nhân dân tỉnh Mẫu"),
        .agency = STR("Ủy ban nhân dân xã Mẫu"),
        .unit = STR("Bộ phận Tiếp nhận và Trả kết quả"),
        .place = STR("Xã Mẫu"),
        .day = STR("30"),
        .month = STR("11"),
        .year = STR("2026"),
        .title = str_from(books[kind].name_vi),
        .form = STR("07"),
        .since = STR("01/11/2026"),
        .until = STR("30/11/2026"),
        .part = STR("1"),
        .parts = STR("1"),
        .rows = arena_dup(a, rows, sizeof rows),
        .rows_count = LENGTH(rows),
    };
}

static const void *sample_of(struct arena *a, const struct wording_kind *kind)
{
    struct slip_paper *slip = ARENA_NEW(a, struct slip_paper);
    struct book_paper *book = ARENA_NEW(a, struct book_paper);
    for (enum slip_kind k = 0; k < SLIP_KIND_COUNT; k++)
        if (str_eq(kind->id, str_from(slip_rows[k].id))) {
            *slip = slip_sample(a, k);
            return slip;
        }
    for (enum book_kind k = 0; k < BOOK_KIND_COUNT; k++)
        if (str_ends(kind->id, str_from(books[k].id))) *book = book_sample(a, k);
    return book;
}

enum outcome slip_wording_sample(const struct html_set *set, struct arena *a, const struct wording_kind *kind,
                                 struct str text, struct letter *out, struct fail *why)
{
    const void *paper = sample_of(a, kind);
    if (text.len == 0) return letter_make(set, kind->letter, paper, a, out, why);
    struct html_source own = {kind->id, text};
    return letter_make_own(set, &own, kind->fields, paper, a, out, why);
}

enum outcome slip_wording_check(const struct html_set *set, struct arena *a, const struct wording_kind *kind,
                                struct str text, struct fail *why)
{
    struct letter letter;
    struct slip_paper bare_slip = {0};
    struct book_paper bare_book = {0};
    const void *bare = kind->fields == slip_paper_fields ? (const void *)&bare_slip : &bare_book;
    if (text.len > WORDING_TEXT_MOST) return fail(why, ERR_TOO_LARGE, N_("The letter is too long."));
    struct html_source own = {STR("letter"), text};
    TRY(slip_wording_sample(set, a, kind, text, &letter, why));
    return letter_make_own(set, &own, kind->fields, bare, a, &letter, why);
}

/* ---- letters ---- */

enum outcome slip_letter_make(struct tx *tx, const struct wording_use *use, const void *paper, struct letter *out,
                              struct fail *why)
{
    struct slip_wording words;
    struct fail refused;
    struct arena *a = tx_arena(tx);
    const struct wording_kind *kind = &use->kind;
    TRY(slip_wording_at(tx, use->agency, kind->id, use->at, &words, why));
    fail_init(&refused, a);
    struct html_source own = {kind->id, words.text};
    if (words.text.len > 0 && letter_make_own(use->set, &own, kind->fields, paper, a, out, &refused) == OK) return OK;
    if (words.text.len > 0)
        log_write(LOG_WARN, "slip.wording", "agency=%lld kind=%.*s n=%lld why=%s", (long long)use->agency,
                  STR_ARG(kind->id), (long long)words.n, fail_text(a, &refused).at);
    return letter_make(use->set, kind->letter, paper, a, out, why);
}

/* ---- the command ---- */

enum outcome slip_wording_save(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct slip_wording_new *in = input;
    struct str kind = in->kind;
    struct slip_wording present;
    struct agency agency;
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    (void)output; /* there is none */
    TRY(agency_load(tx, in->agency, &agency, why));
    TRY(slip_wording_at(tx, in->agency, kind, INT64_MAX, &present, why));
    if (present.n != in->after)
        return fail(why, ERR_STALE, N_("Somebody else has changed these words meanwhile. Look at them again."));
    TRY(store_do(tx, Q_SLIP_WORDING_INSERT,
                 VALUES(v_int(in->agency), v_str(kind), v_int(present.n + 1), v_str(in->text), v_instant(tx_now(tx)),
                        v_int(in->actor.account)),
                 NULL, why));
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "kind", kind);
    jw_put_int(&w, "n", present.n + 1);
    jw_put_str(&w, "sha256", sha256_format(tx_arena(tx), sha256_of(in->text)));
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_AGENCY,
                          .subject = in->agency,
                          .version = agency.version,
                          .act = "slip.wording",
                          .actor = in->actor,
                          .payload = buf_str(&payload)};
    return journal_append(tx, &entry, NULL, why);
}
