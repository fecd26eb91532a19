/*
 * GET /so/{book}?tu=2026-11-01&den=2026-11-30&phan=1    a part of a book as a page
 * GET /so/{book}.pdf?...                                the same part as PDF
 * GET /so/{book}.csv?tu=&den=                           all of it, for spreadsheets
 */
#include <fcntl.h>
#include <unistd.h>

#include "agency/agency.h"
#include "agency/permission.h"
#include "base/csv.h"
#include "base/parse.h"
#include "dossier/desk.h"
#include "html/component.h"
#include "html/letter_pdf.h"
#include "slip/book.h"
#include "slip/slip_pages.h"

/* CSV_ROWS: read at once. */
enum { CSV_ROWS = 1000, CSV_TURN_BYTES = 16 * 1024 * 1024, PART_ARENA_BYTES = 64 * 1024 * 1024 };

struct part_link {
    struct str number, href, pdf_href;
    bool is_current, is_after_gap;
};

struct book_page {
    struct frame frame;
    struct str title, address, since, until, pdf_href, csv_href;
    struct tab_link *tabs;
    size_t tabs_count;
    struct part_link *parts;
    size_t parts_count;
    int64_t count;
    struct html letter;
};

/* clang-format off */
static const struct field part_link_fields[] = {
    FIELD_STR(struct part_link, number),
    FIELD_STR(struct part_link, href),
    FIELD_STR(struct part_link, pdf_href),
    FIELD_BOOL(struct part_link, is_current),
    FIELD_BOOL(struct part_link, is_after_gap),
    FIELD_END,
};
static const struct field book_page_fields[] = {
    FRAME_FIELDS(struct book_page),
    FIELD_STR(struct book_page, title),
    FIELD_STR(struct book_page, address),
    FIELD_STR(struct book_page, since),
    FIELD_STR(struct book_page, until),
    FIELD_STR(struct book_page, pdf_href),
    FIELD_STR(struct book_page, csv_href),
    FIELD_LIST(struct book_page, tabs, struct tab_link, tab_link_fields),
    FIELD_LIST(struct book_page, parts, struct part_link, part_link_fields),
    FIELD_INT(struct book_page, count),
    FIELD_HTML(struct book_page, letter),
    FIELD_END,
};
/* clang-format on */

/* ---- which book ---- */

static enum outcome read_day(struct request *rq, const char *name, day_t usual, day_t *out, struct fail *why)
{
    struct str text = day_typed(rq->arena, request_query(rq, name));
    struct fail wrong;
    *out = usual;
    fail_init(&wrong, rq->arena);
    if (text.len == 0 || day_parse(text, out, &wrong) == OK) return OK;
    return fail(why, ERR_INVALID, N_("“{0}” is not a day: write it as 2026-11-22."), text);
}

static enum outcome read_query(struct request *rq, struct str id, struct book_query *out, struct fail *why)
{
    day_t today = day_of(clock_now());
    struct civil c = day_to_civil(today);
    int part = 1;
    *out = (struct book_query){.desk = app_desk(rq->app), .kind = BOOK_KIND_COUNT, .agency = rq->visitor.agency};
    for (enum book_kind kind = 0; kind < BOOK_KIND_COUNT; kind++)
        if (str_eq(id, str_from(books[kind].id))) out->kind = kind;
    if (out->kind == BOOK_KIND_COUNT) return fail(why, ERR_MISSING, N_("There is no book “{0}”."), id);
    day_t first = out->kind == BOOK_REGISTER ? day_from_civil((struct civil){c.year, c.month, 1}) : today;
    TRY(read_day(rq, "tu", first, &out->since, why));
    TRY(read_day(rq, "den", today, &out->until, why));
    if (out->until < out->since || out->until - out->since >= BOOK_DAYS_MOST)
        return fail(why, ERR_INVALID, N_("A book covers one day to a year, the first day before the last."));
    struct str text = request_query(rq, "phan");
    if (text.len > 0 && !parse_int(text, 1, 1000000, &part))
        return fail(why, ERR_INVALID, N_("The part is a number from 1."));
    out->part = part;
    return OK;
}

static struct str address_of(struct arena *a, const struct book_query *q, const char *suffix, int64_t part)
{
    struct str since = day_format(a, q->since), until = day_format(a, q->until);
    return str_format(a, "/so/%s%s?tu=%.*s&den=%.*s&phan=%lld", books[q->kind].id, suffix, STR_ARG(since),
                      STR_ARG(until), (long long)part);
}

/* ---- PDF ---- */

static enum outcome answer_pdf(struct request *rq, struct tx *tx, const struct book_query *q, struct fail *why)
{
    AUTO_BUF struct buf pdf;
    struct letter letter;
    struct agency agency;
    buf_init(&pdf, LETTER_PDF_BYTES);
    TRY(agency_load(tx, q->agency, &agency, why));
    TRY(book_make(tx, app_pages(rq->app)->set, q, &letter, why));
    struct letter_facts facts = {book_title(q), agency.name, day_start(q->until)};
    TRY(letter_pdf(app_press(rq->app), &letter, &facts, &pdf, why));
    buf_add(reply_begin(rq, 200, "application/pdf"), buf_str(&pdf));
    return OK;
}

/* ---- CSV: one part after the other into a file without a name ---- */

static void put_row(struct buf *b, const struct book_row *r)
{
    const struct str cells[] = {r->number,   r->code, r->procedure, r->owner,    r->contact,   r->agency,
                                r->received, r->due,  r->finished,  r->returned, r->manner,    r->handed_over,
                                r->note,     r->what, r->tracking,  r->sender,   r->postmarked};
    csv_row(b, cells, LENGTH(cells));
}

static enum outcome write_all(int fd, const struct buf *b, uint64_t *bytes, struct fail *why)
{
    for (size_t done = 0; done < b->len;) {
        ssize_t n = write(fd, b->at + done, b->len - done);
        if (n <= 0) return fail(why, ERR_DOWN, N_("The disk does not take what is to be sent."));
        done += (size_t)n;
    }
    *bytes += b->len;
    return OK;
}

static enum outcome write_csv(struct request *rq, const struct book_query *q, int fd, uint64_t *bytes, struct fail *why)
{
    AUTO_BUF struct buf turn;
    struct book_place place = {0};
    size_t count = CSV_ROWS;
    buf_init(&turn, CSV_TURN_BYTES);
    buf_add(&turn,
            STR(CSV_MARK
                "\"STT\",\"Mã hồ sơ\",\"Thủ tục\",\"Chủ hồ sơ\",\"Liên hệ\",\"Cơ quan giải quyết\",\"Nhận\","
                "\"Hẹn trả\",\"Xong\",\"Trả\",\"Cách trả\",\"Bàn giao\",\"Trạng thái\",\"Việc\",\"Số bưu gửi\",\"Người "
                "gửi\",\"Dấu bưu điện\"\r\n"));
    while (count == CSV_ROWS) {
        AUTO_ARENA struct arena a;
        AUTO_READ struct tx *tx = NULL;
        struct book_row *rows;
        arena_init(&a, PART_ARENA_BYTES);
        TRY(store_read_begin(app_desk(rq->app)->store, &a, &tx, why));
        TRY(book_read_on(tx, q, &place, CSV_ROWS, &rows, &count, why));
        for (size_t i = 0; i < count; i++) put_row(&turn, &rows[i]);
        TRY(write_all(fd, &turn, bytes, why));
        buf_clear(&turn);
    }
    return OK;
}

static enum outcome answer_csv(struct request *rq, const struct book_query *q, struct fail *why)
{
    uint64_t bytes = 0;
    int fd = open(str_cstr(rq->arena, app_desk(rq->app)->files_folder), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) return fail(why, ERR_DOWN, N_("The disk does not take what is to be sent."));
    enum outcome written = write_csv(rq, q, fd, &bytes, why);
    if (written != OK) {
        (void)close(fd); /* it has no name: it is gone */
        return written;
    }
    (void)lseek(fd, 0, SEEK_SET); /* a file can always be wound back */
    struct str name = str_format(rq->arena, "%s.csv", books[q->kind].id);
    reply_file(rq, fd, bytes, STR("text/csv"), name, "attachment");
    return OK;
}

/* ---- the page ---- */

static void fill_parts(struct request *rq, const struct book_query *q, int64_t parts, struct book_page *page)
{
    struct arena *a = rq->arena;
    int64_t before = 0;
    page->parts = ARENA_ARRAY(a, struct part_link, BOOK_PARTS_NAMED);
    for (int64_t n = 1; n <= parts && page->parts_count < BOOK_PARTS_NAMED; n++) {
        if (!book_names_part(n, q->part, parts)) continue;
        page->parts[page->parts_count++] =
            (struct part_link){str_format(a, "%lld", (long long)n), address_of(a, q, "", n),
                               address_of(a, q, ".pdf", n), n == q->part, n != before + 1};
        before = n;
    }
}

static void fill_links(struct request *rq, const struct book_query *q, struct book_page *page)
{
    struct arena *a = rq->arena;
    int64_t parts = (page->count + BOOK_PART - 1) / BOOK_PART;
    page->pdf_href = address_of(a, q, ".pdf", q->part);
    page->csv_href = address_of(a, q, ".csv", 1);
    page->tabs = ARENA_ARRAY(a, struct tab_link, BOOK_KIND_COUNT);
    for (enum book_kind kind = 0; kind < BOOK_KIND_COUNT; kind++)
        page->tabs[page->tabs_count++] = tab_of(translate(rq->language, books[kind].title),
                                                str_format(a, "/so/%s", books[kind].id), -1, kind == q->kind);
    if (parts > 1) fill_parts(rq, q, parts, page);
}

static enum outcome answer_page(struct request *rq, struct tx *tx, const struct book_query *q, struct fail *why)
{
    struct letter letter;
    struct book_page page = {
        .title = book_title(q),
        .address = str_format(rq->arena, "/so/%s", books[q->kind].id),
        .since = day_format(rq->arena, q->since),
        .until = day_format(rq->arena, q->until),
    };
    TRY(book_count(tx, q, &page.count, why));
    TRY(book_make(tx, app_pages(rq->app)->set, q, &letter, why));
    TRY(letter_html(rq->arena, &letter, &page.letter, why));
    page.frame.title = translate(rq->language, books[q->kind].title);
    page.frame.is_wide = true;
    fill_links(rq, q, &page);
    page_reply(rq, 200, "slip/book", &page);
    return OK;
}

static enum outcome get_book(struct request *rq, struct fail *why)
{
    struct str id = request_param(rq, "book");
    bool is_pdf = str_ends(id, STR(".pdf")), is_csv = str_ends(id, STR(".csv"));
    struct book_query q;
    if (is_pdf || is_csv) id.len -= 4;
    TRY(read_query(rq, id, &q, why));
    if (is_csv) return answer_csv(rq, &q, why);
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    return is_pdf ? answer_pdf(rq, tx, &q, why) : answer_page(rq, tx, &q, why);
}

const struct route book_routes[] = {
    {GET, "/so/{book}", PERMIT_DOSSIER_READ, get_book, N_("Books of the one-stop"), .can_wait = true},
};
const size_t book_route_count = LENGTH(book_routes);

const struct page_template book_page_templates[] = {
    {"slip/book", book_page_fields},
};
const size_t book_page_template_count = LENGTH(book_page_templates);
