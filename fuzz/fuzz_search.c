/*
 * What people type to find something, and the words of lists in addresses: a real catalogue answers any text within its
 * bounds, pages follow each other without a gap, words are bounded, cursors and views that read are written again as
 * they were. The first byte chooses the size of a page, the rest is the query.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "dossier/dossier_search.h"
#include "dossier/inbox.h"

enum { ROOM = 64 << 20, PAGES_MOST = 60, SHEETS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/motcua-fuzz-XXXXXX";
static struct store *store;
static struct catalogue *catalogue;

static void remove_store(void)
{
    static const char *const names[] = {"search.db", "search.db-wal", "search.db-shm"};
    struct arena a;
    catalogue_free(catalogue);
    store_close(store);
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < LENGTH(names); i++)
        (void)unlink(str_cstr(&a, file_join(&a, str_from(folder), str_from(names[i])))); /* some may not be there */
    (void)rmdir(folder); /* a scratch folder that stays harms nobody */
    arena_end(&a);
}

/* Some of the real sheets, once. */
static void open_catalogue(void)
{
    static const struct str sheets[SHEETS] = {
        STR_INIT("procedures/bqp/1.013124.json"), STR_INIT("procedures/bqp/1.013138.json"),
        STR_INIT("procedures/bqp/1.013152.json"), STR_INIT("procedures/bqp/1.013285.json"),
        STR_INIT("procedures/bqp/1.013513.json"), STR_INIT("procedures/bqp/1.013584.json"),
        STR_INIT("procedures/bqp/1.013633.json"), STR_INIT("procedures/bqp/2.002760.json"),
    };
    struct arena a;
    struct fail why;
    struct import_report report;
    if (store != NULL) return;
    arena_init(&a, (size_t)1 << 30);
    fail_init(&why, &a);
    import_report_init(&report, &a);
    if (mkdtemp(folder) == NULL) abort();
    struct store_options options = {.path = str_cstr(&a, file_join(&a, str_from(folder), STR("search.db"))),
                                    .may_create = true,
                                    .is_sync_off = true};
    if (store_open(&options, &store, &why) != OK) abort();
    catalogue = catalogue_new();
    (void)atexit(remove_store); /* else the leak is the fuzzer's to report */
    if (catalogue_import(store, (struct actor){0}, sheets, SHEETS, NULL, &report, &why) != OK) abort();
    arena_end(&a);
}

static void check_pages(struct arena *a, struct str text, size_t limit)
{
    AUTO_READ struct tx *tx = NULL;
    struct fail why;
    struct procedure_query q = {.text = text, .level = ANY, .audience = ANY, .channel = ANY, .limit = limit};
    size_t seen = 0;
    fail_init(&why, a);
    if (store_read_begin(store, a, &tx, &why) != OK) abort();
    for (int i = 0; i < PAGES_MOST; i++) {
        struct procedure_page page;
        if (catalogue_search(catalogue, tx, &q, &page, &why) != OK) BUG("a text that the catalogue refuses");
        if (page.count > PROCEDURE_LIST_MOST || (limit > 0 && page.count > limit)) BUG("%zu on a page", page.count);
        seen += page.count;
        if (page.next_cursor.len == 0) break;
        q.cursor = page.next_cursor;
    }
    if (seen > SHEETS) BUG("%zu found of %d", seen, SHEETS);
    q.cursor = text;
    struct procedure_page page;
    (void)catalogue_search(catalogue, tx, &q, &page, &why); /* any text as a cursor: must only not crash */
    q = (struct procedure_query){.field = text, .event = text, .level = ANY, .audience = ANY, .channel = ANY};
    (void)catalogue_search(catalogue, tx, &q, &page, &why);
}

static void check_words(struct arena *a, struct str text)
{
    struct str words[SEARCH_WORDS_MOST];
    size_t count = search_words(a, text, words);
    if (count > SEARCH_WORDS_MOST) BUG("%zu words", count);
    for (size_t i = 0; i < count; i++) {
        if (words[i].len == 0 || words[i].len > SEARCH_WORD_BYTES || !text_is_utf8(words[i]))
            BUG("a word that is none");
        for (size_t k = 0; k < i; k++)
            if (str_eq(words[i], words[k])) BUG("a word twice");
    }
    (void)search_procedure_word(a, text); /* must only not crash */
}

static void check_view(struct arena *a, struct str text)
{
    struct str said = inbox_view_format(a, inbox_view_parse(text)), code;
    struct fail why;
    instant_t due;
    int64_t version;
    fail_init(&why, a);
    if (!str_eq(inbox_view_format(a, inbox_view_parse(said)), said)) BUG("a view changes by being read");
    if (inbox_chosen_parse(text, &code, &version) && (code.len == 0 || version < 0)) BUG("chosen, but what?");
    (void)list_parse_due(text, &due, &why); /* must only not crash */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, ROOM);
    if (size < 1) return 0;
    open_catalogue();
    struct str text = str_of((const char *)data + 1, size - 1);
    if (!text_is_utf8(text)) return 0; /* refused before anybody searches */
    check_words(&a, text);
    check_view(&a, text);
    check_pages(&a, text, data[0]);
    return 0;
}
