#include "slip/book.h"

#include "agency/agency.h"
#include "dossier/count_cache.h"
#include "process/rule_set.h"
#include "process/status.h"
#include "queries.h"
#include "slip/slip_wording.h"

/* clang-format off */
const struct book_info books[BOOK_KIND_COUNT] = {
    {"register",  N_("Register of dossiers"),    "Sổ theo dõi hồ sơ",                    "slip/register"},
    {"daily",     N_("Register of the day"),     "Sổ tiếp nhận và trả kết quả trong ngày", "slip/daily_list"},
    {"hand-over", N_("Papers handed over"),      "Danh sách bàn giao hồ sơ",             "slip/hand_over_list"},
    {"postal",    N_("Results sent by post"),    "Danh sách trả kết quả qua bưu chính",  "slip/postal_list"},
    {"postal-in", N_("Dossiers that came by post"), "Danh sách hồ sơ nhận qua bưu chính", "slip/postal_in_list"},
};

static const struct field book_row_fields[] = {
    FIELD_STR(struct book_row, number),
    FIELD_STR(struct book_row, code),
    FIELD_STR(struct book_row, procedure),
    FIELD_STR(struct book_row, owner),
    FIELD_STR(struct book_row, contact),
    FIELD_STR(struct book_row, agency),
    FIELD_STR(struct book_row, received),
    FIELD_STR(struct book_row, due),
    FIELD_STR(struct book_row, finished),
    FIELD_STR(struct book_row, returned),
    FIELD_STR(struct book_row, manner),
    FIELD_STR(struct book_row, handed_over),
    FIELD_STR(struct book_row, note),
    FIELD_STR(struct book_row, post_address),
    FIELD_STR(struct book_row, what),
    FIELD_STR(struct book_row, tracking),
    FIELD_STR(struct book_row, sender),
    FIELD_STR(struct book_row, postmarked),
    FIELD_END,
};
const struct field book_paper_fields[] = {
    FIELD_STR(struct book_paper, parent),
    FIELD_STR(struct book_paper, agency),
    FIELD_STR(struct book_paper, unit),
    FIELD_STR(struct book_paper, place),
    FIELD_STR(struct book_paper, day),
    FIELD_STR(struct book_paper, month),
    FIELD_STR(struct book_paper, year),
    FIELD_STR(struct book_paper, title),
    FIELD_STR(struct book_paper, form),
    FIELD_STR(struct book_paper, since),
    FIELD_STR(struct book_paper, until),
    FIELD_STR(struct book_paper, part),
    FIELD_STR(struct book_paper, parts),
    FIELD_LIST(struct book_paper, rows, struct book_row, book_row_fields),
    FIELD_END,
};
/* clang-format on */

/* How long the length of a book may be out of date; what stands in its parts never is. */
#define BOOK_KEPT_US (5 * US_PER_S)

/* Columns of the queries book_*. */
enum {
    B_CODE,
    B_PROCEDURE_VERSION,
    B_PROCEDURE_CODE,
    B_OWNER,
    B_ADDRESS,
    B_PHONE,
    B_AGENCY,
    B_RECEIVED,
    B_DUE,
    B_FINISHED,
    B_RETURNED,
    B_MANNER,
    B_STATUS,
    B_HANDED_OVER,
    B_POST_ADDRESS,
    B_ID,
    B_SENDER,
    B_POSTMARKED
};

/* The bounds of a query in its order. */
static size_t bounds_of(const struct book_query *q, struct value out[3])
{
    out[0] = v_int(q->agency);
    out[1] = v_instant(day_start(q->since));
    out[2] = v_instant(day_start(q->until + 1));
    return 3;
}

enum outcome book_count(struct tx *tx, const struct book_query *q, int64_t *out, struct fail *why)
{
    static const unsigned queries_of[BOOK_KIND_COUNT] = {
        Q_BOOK_REGISTER_COUNT, Q_BOOK_DAILY_COUNT, Q_BOOK_HAND_OVER_COUNT, Q_BOOK_POSTAL_COUNT, Q_BOOK_POSTAL_IN_COUNT};
    struct value values[3];
    struct rows rows;
    size_t count = bounds_of(q, values);
    struct str key = str_format(tx_arena(tx), "book %d %lld %d %d", (int)q->kind, (long long)q->agency, (int)q->since,
                                (int)q->until);
    const struct counted_query query = {key, queries_of[q->kind], values, count, BOOK_KEPT_US};
    TRY(count_cache_rows(q->desk->counts, tx, &query, &rows, why));
    *out = row_int(&rows.at[0], 0);
    return OK;
}

static struct str moment(struct arena *a, const struct row *r, size_t column)
{
    return row_is_null(r, column) ? STR_NONE : instant_for_people(a, row_instant(r, column));
}

static struct str manner_text(struct str manner)
{
    if (str_eq(manner, STR("post"))) return STR("Qua bưu chính");
    if (str_eq(manner, STR("electronic"))) return STR("Điện tử");
    return str_eq(manner, STR("in-person")) ? STR("Trực tiếp") : STR_NONE;
}

static struct str contact_text(struct arena *a, struct str address, struct str phone)
{
    const struct str parts[] = {address, phone};
    if (address.len == 0 || phone.len == 0) return address.len > 0 ? address : phone;
    return str_join(a, STR("; "), parts, LENGTH(parts));
}

static struct book_row read_row(struct arena *a, const struct row *r, int64_t number)
{
    return (struct book_row){
        .number = str_format(a, "%lld", (long long)number),
        .code = row_str(r, B_CODE),
        .owner = row_str(r, B_OWNER),
        .contact = contact_text(a, row_str(r, B_ADDRESS), row_str(r, B_PHONE)),
        .agency = row_str(r, B_AGENCY),
        .received = moment(a, r, B_RECEIVED),
        .due = moment(a, r, B_DUE),
        .finished = moment(a, r, B_FINISHED),
        .returned = moment(a, r, B_RETURNED),
        .manner = manner_text(row_str(r, B_MANNER)),
        .handed_over = moment(a, r, B_HANDED_OVER),
        .note = translate(VIETNAMESE, status_message((enum status)row_int(r, B_STATUS))),
        .sender = row_str(r, B_SENDER),
        .postmarked = row_is_null(r, B_POSTMARKED) ? STR_NONE : day_for_people(a, (day_t)row_int(r, B_POSTMARKED)),
        .post_address = row_str(r, B_POST_ADDRESS).len > 0 ? row_str(r, B_POST_ADDRESS) : row_str(r, B_ADDRESS),
    };
}

/* What happened in the time: a dossier may have come and gone on one day. */
static struct str what_of(const struct book_query *q, const struct row *r)
{
    instant_t since = day_start(q->since), before = day_start(q->until + 1);
    instant_t received = row_instant(r, B_RECEIVED), returned = row_instant(r, B_RETURNED);
    bool came = received >= since && received < before;
    bool went = !row_is_null(r, B_RETURNED) && returned >= since && returned < before;
    if (came && went) return STR("Tiếp nhận, trả kết quả");
    return went ? STR("Trả kết quả") : STR("Tiếp nhận");
}

/* Under which number of the post it went. */
static enum outcome tracking_of(struct tx *tx, int64_t dossier, struct str *out, struct fail *why)
{
    struct row row;
    struct fail ignored;
    yyjson_val *payload;
    fail_init(&ignored, tx_arena(tx));
    *out = STR("");
    enum outcome found = store_one(tx, Q_BOOK_RETURN_ENTRY, VALUES(v_int(dossier)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    if (row_is_null(&row, 0) || json_read(tx_arena(tx), row_str(&row, 0), &payload, &ignored) != OK)
        return OK; /* erased */
    *out = json_str(payload, "tracking");
    return OK;
}

/* What is read at once: rows behind a place, less some that are passed over. */
struct book_reach {
    const struct book_place *place;
    int64_t most, skip;
};

/* The parameters of a book in their order. The register of a day has rows from two walks: what was received begins with
 * the time asked for, what was returned may have come long before. */
static size_t values_of(const struct book_query *q, const struct book_reach *reach, struct value out[9])
{
    const struct book_place *place = reach->place;
    instant_t since = day_start(q->since), begin = q->kind == BOOK_DAILY ? 0 : since;
    bool is_begun = place->rows > 0, is_past = is_begun && place->at >= since;
    struct value before = v_instant(day_start(q->until + 1));
    size_t count = 0;
    out[count++] = v_int(q->agency);
    if (q->kind == BOOK_DAILY) {
        out[count++] = v_instant(is_past ? place->at : since);
        out[count++] = v_int(is_past ? place->dossier : 0);
        out[count++] = before;
        out[count++] = v_instant(since);
    }
    out[count++] = v_instant(is_begun ? place->at : begin);
    out[count++] = v_int(place->dossier);
    if (q->kind != BOOK_DAILY) out[count++] = before;
    out[count++] = v_int(reach->most);
    out[count++] = v_int(reach->skip);
    return count;
}

static instant_t place_at(const struct book_query *q, const struct row *r)
{
    if (q->kind == BOOK_HAND_OVER) return row_instant(r, B_HANDED_OVER);
    return row_instant(r, q->kind == BOOK_POSTAL ? B_RETURNED : B_RECEIVED);
}

static enum outcome read_rows(struct tx *tx, const struct book_query *q, const struct book_reach *reach,
                              struct rows *out, struct fail *why)
{
    static const unsigned queries_of[BOOK_KIND_COUNT] = {Q_BOOK_REGISTER, Q_BOOK_DAILY, Q_BOOK_HAND_OVER, Q_BOOK_POSTAL,
                                                         Q_BOOK_POSTAL_IN};
    struct value values[9];
    size_t count = values_of(q, reach, values);
    return store_all(tx, queries_of[q->kind], values, count, out, why);
}

static enum outcome make_rows(struct tx *tx, const struct book_query *q, const struct rows *rows, int64_t before,
                              struct book_row **out, struct fail *why)
{
    *out = ARENA_ARRAY(tx_arena(tx), struct book_row, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->at[i];
        const struct procedure *p;
        TRY(catalogue_version(q->desk->catalogue, tx, row_int(r, B_PROCEDURE_VERSION), &p, why));
        (*out)[i] = read_row(tx_arena(tx), r, before + (int64_t)i + 1);
        (*out)[i].procedure = p->name;
        (*out)[i].what = what_of(q, r);
        if (q->kind == BOOK_POSTAL) TRY(tracking_of(tx, row_int(r, B_ID), &(*out)[i].tracking, why));
    }
    return OK;
}

enum outcome book_part(struct tx *tx, const struct book_query *q, struct book_row **out, size_t *out_count,
                       struct fail *why)
{
    const struct book_place beginning = {0};
    const struct book_reach reach = {&beginning, BOOK_PART, (q->part - 1) * BOOK_PART};
    struct rows rows;
    TRY(read_rows(tx, q, &reach, &rows, why));
    TRY(make_rows(tx, q, &rows, reach.skip, out, why));
    *out_count = rows.count;
    return OK;
}

enum outcome book_read_on(struct tx *tx, const struct book_query *q, struct book_place *place, int64_t most,
                          struct book_row **out, size_t *out_count, struct fail *why)
{
    const struct book_reach reach = {place, most, 0};
    struct rows rows;
    TRY(read_rows(tx, q, &reach, &rows, why));
    TRY(make_rows(tx, q, &rows, place->rows, out, why));
    *out_count = rows.count;
    if (rows.count == 0) return OK;
    const struct row *last = &rows.at[rows.count - 1];
    *place = (struct book_place){place_at(q, last), row_int(last, B_ID), place->rows + (int64_t)rows.count};
    return OK;
}

bool book_names_part(int64_t n, int64_t part, int64_t parts)
{
    enum { ALL = 20, AROUND = 2, BETWEEN = 10 };
    int64_t tens = (parts + 10 * BETWEEN - 1) / (10 * BETWEEN), step = parts <= ALL ? 1 : 10 * tens;
    return n == 1 || n == parts || n % step == 0 || (n >= part - AROUND && n <= part + AROUND);
}

static const struct rule_form *form_of(const struct book_query *q)
{
    return q->kind == BOOK_REGISTER ? rule_set_form(rule_set_at(q->until), books[q->kind].id) : NULL;
}

struct str book_title(const struct book_query *q)
{
    const struct rule_form *form = form_of(q);
    return form != NULL ? form->title : str_from(books[q->kind].name_vi);
}

enum outcome book_make(struct tx *tx, const struct html_set *set, const struct book_query *q, struct letter *out,
                       struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct agency agency;
    int64_t count;
    struct civil c = day_to_civil(q->until);
    TRY(agency_load(tx, q->agency, &agency, why));
    TRY(book_count(tx, q, &count, why));
    struct book_paper paper = {
        .parent = agency.parent_name,
        .agency = agency.name,
        .unit = STR("Bộ phận Tiếp nhận và Trả kết quả"),
        .place = agency.territory_name,
        .day = str_format(a, "%02d", c.day),
        .month = str_format(a, c.month < 3 ? "%02d" : "%d", c.month),
        .year = str_format(a, "%d", c.year),
        .title = book_title(q),
        .form = form_of(q) != NULL ? form_of(q)->number : STR_NONE,
        .since = day_for_people(a, q->since),
        .until = day_for_people(a, q->until),
        .part = str_format(a, "%lld", (long long)q->part),
        .parts = str_format(a, "%lld", (long long)((count + BOOK_PART - 1) / BOOK_PART)),
    };
    TRY(book_part(tx, q, &paper.rows, &paper.rows_count, why));
    const struct wording_use use = {set, q->agency, wording_kind_at(a, SLIP_KIND_COUNT + q->kind),
                                    day_start(q->until + 1) - 1};
    return slip_letter_make(tx, &use, &paper, out, why);
}

const struct page_template book_letters[] = {
    {"slip/register",       book_paper_fields},
    {"slip/hand_over_list", book_paper_fields},
    {"slip/postal_list",    book_paper_fields},
    {"slip/postal_in_list", book_paper_fields},
    {"slip/daily_list",     book_paper_fields},
};
const size_t book_letter_count = LENGTH(book_letters);
