#include "base/test.h"

#include "base/auto.h"
#include "base/file.h"
#include "dossier/file_type.h"
#include "dossier/ole.h"

#include <stdlib.h>
#include <unistd.h>

#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define ODT "application/vnd.oasis.opendocument.text"

static void the_first_bytes_tell_the_type(void **state)
{
    /* clang-format off */
    static const struct {
        struct str head;
        const char *type;
    } rows[] = {
        {STR_INIT("%PDF-1.7\n%\xe2\xe3"),                                  "application/pdf"},
        {STR_INIT("\xff\xd8\xff\xe0\0\x10JFIF"),                           "image/jpeg"     },
        {STR_INIT("\xff\xd8\xff\xe1\0\x10" "Exif"),                        "image/jpeg"     },
        {STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),                        "image/png"      },
        {STR_INIT("RIFF\x10\0\0\0WEBPVP8 "),                               "image/webp"     },
        {STR_INIT("\0\0\0\x18" "ftypheic\0\0\0\0mif1heic"),                "image/heic"     },
        {STR_INIT("\0\0\0\x18" "ftypmif1\0\0\0\0mif1heic"),                "image/heic"     },
        {STR_INIT("PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0"),                  CONTAINER_ZIP    },
        {STR_INIT("PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0'\0\0\0'\0\0\0\x08\0\0\0mimetype" ODT "PK\x03\x04"), ODT},
        {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"),                 CONTAINER_OLE    },
        /* never taken */
        {STR_INIT("<!DOCTYPE html><html>"),                                ""},
        {STR_INIT("<html><script>alert(1)</script>"),                      ""},
        {STR_INIT("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\">"), ""},
        {STR_INIT("<svg onload=alert(1)>"),                                ""},
        {STR_INIT("MZ\x90\0\x03\0\0\0"),                                   ""},
        {STR_INIT("\x7f" "ELF\x02\x01\x01"),                               ""},
        {STR_INIT("#!/bin/sh\n"),                                          ""},
        {STR_INIT("GIF89a"),                                               ""},
        {STR_INIT("just some words"),                                      ""},
        {STR_INIT(" %PDF-1.7"),                                            ""},
        {STR_INIT("%PDF"),                                                 ""},
        {STR_INIT("\0\0\0\x18" "ftypisom"),                                ""},
        {STR_INIT("RIFF\x10\0\0\0AVI "),                                   ""},
        {STR_INIT(""),                                                     ""},
    };
    /* clang-format on */
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) assert_str(file_type_of(rows[i].head), rows[i].type);
}

/* ---- archives ---- */

static void add_number(struct buf *b, uint32_t n, int bytes)
{
    for (int i = 0; i < bytes; i++) buf_add_char(b, (char)(n >> (8 * i)));
}

/* The directory of an archive with these parts, as it stands at the end of the file. */
static void make_tail(struct buf *b, const char *const *parts, size_t count, const char *comment)
{
    size_t from;
    buf_clear(b);
    buf_add(b, STR("compressed bytes of the last part"));
    from = b->len;
    for (size_t i = 0; i < count; i++) {
        struct str name = str_from(parts[i]);
        buf_add(b, STR("PK\x01\x02"));
        for (int n = 0; n < 24; n++) buf_add_char(b, 0);
        add_number(b, (uint32_t)name.len, 2);
        for (int n = 0; n < 16; n++) buf_add_char(b, 0);
        buf_add(b, name);
    }
    uint32_t bytes = (uint32_t)(b->len - from);
    buf_add(b, STR("PK\x05\x06"));
    add_number(b, 0, 4);
    add_number(b, (uint32_t)count, 2);
    add_number(b, (uint32_t)count, 2);
    add_number(b, bytes, 4);
    add_number(b, (uint32_t)from, 4);
    add_number(b, (uint32_t)strlen(comment), 2);
    buf_add(b, str_from(comment));
}

static void an_archive_is_what_its_directory_lists(void **state)
{
    static const struct {
        const char *parts[4];
        const char *comment, *type;
    } rows[] = {
        {{"[Content_Types].xml", "_rels/.rels", "word/document.xml"},         "",          DOCX},
        {{"[Content_Types].xml", "xl/workbook.xml"},                          "",          XLSX},
        {{"[Content_Types].xml", "xl/workbook.xml"},                          "a comment", XLSX},
        {{"[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"}, "",          ""  },
        {{"word/document.xml"},                                               "",          ""  },
        {{"[Content_Types].xml", "word/document.xml", "xl/workbook.xml"},     "",          ""  },
        {{"virus.exe", "readme.txt"},                                         "",          ""  },
    };
    AUTO_BUF struct buf b;
    (void)state;
    buf_init(&b, 4096);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        size_t count = 0;
        while (count < 4 && rows[i].parts[count] != NULL) count++;
        make_tail(&b, rows[i].parts, count, rows[i].comment);
        assert_str(file_type_of_zip(buf_str(&b)), rows[i].type);
    }
}

static void a_broken_archive_is_refused_wherever_it_is_cut(void **state)
{
    static const char *const parts[] = {"[Content_Types].xml", "word/document.xml"};
    AUTO_BUF struct buf b;
    (void)state;
    buf_init(&b, 4096);
    make_tail(&b, parts, LENGTH(parts), "");
    for (size_t len = 0; len < b.len; len++) assert_str(file_type_of_zip(str_of(b.at, len)), "");
}

/* ---- old documents ---- */

static void name_entry(char *folder, size_t n, const char *name)
{
    for (size_t i = 0; name[i] != '\0'; i++) folder[n * 128 + 2 * i] = name[i];
}

static void an_old_document_is_what_its_folder_lists(void **state)
{
    static const struct {
        const char *names[3], *type;
    } rows[] = {
        {{"Root Entry", "1Table", "WordDocument"}, "application/msword"      },
        {{"Root Entry", "Workbook", ""},           "application/vnd.ms-excel"},
        {{"Root Entry", "Book", ""},               "application/vnd.ms-excel"},
        {{"Root Entry", "WordDocument", "Macros"}, ""                        },
        {{"Root Entry", "WordDocuments", ""},      ""                        },
        {{"Root Entry", "", ""},                   ""                        },
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char folder[3 * 128] = {0};
        for (size_t n = 0; n < 3; n++) name_entry(folder, n, rows[i].names[n]);
        assert_str(file_type_of_ole(str_of(folder, sizeof folder)), rows[i].type);
    }
}

/* A document of sectors of 512 bytes: its table stands in sector 0, its folder in sectors 2, 9 and 4. */
enum { OLD_SECTORS = 10, OLD_BYTES = (OLD_SECTORS + 1) * 512 };

static void put_number(char *at, uint32_t n)
{
    for (int i = 0; i < 4; i++) at[i] = (char)(n >> (8 * i));
}

static void make_old(char *bytes, const char *last_part)
{
    memset(bytes, 0, OLD_BYTES);
    memcpy(bytes, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
    bytes[30] = 9;
    put_number(bytes + 48, 2);
    for (int i = 0; i < 109; i++) put_number(bytes + 76 + 4 * i, i == 0 ? 0 : UINT32_MAX);
    put_number(bytes + 512 + 4 * 2, 9);
    put_number(bytes + 512 + 4 * 9, 4);
    put_number(bytes + 512 + 4 * 4, 0xfffffffe);
    name_entry(bytes + 3 * 512, 0, "Root Entry");
    name_entry(bytes + 10 * 512, 3, "WordDocument");
    name_entry(bytes + 5 * 512, 2, last_part);
}

static enum outcome look_at(const char *bytes, size_t len, struct str *out, struct fail *why)
{
    char path[] = "/tmp/motcua_type_XXXXXX";
    AUTO_FD int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    enum outcome r = file_type_look(str_of(bytes, len < 512 ? len : 512), str_from(path), out, why);
    (void)unlink(path); /* looked at */
    return r;
}

static void the_folder_of_an_old_document_is_read_wherever_its_sectors_lie(void **state)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct str type;
    char bytes[OLD_BYTES];
    (void)state;
    arena_init(&a, 16 << 20);
    fail_init(&why, &a);
    make_old(bytes, "1Table");
    assert_int_equal(look_at(bytes, OLD_BYTES, &type, &why), OK);
    assert_str(type, "application/msword");
    make_old(bytes, "Macros"); /* in the last sector of the folder */
    assert_int_equal(look_at(bytes, OLD_BYTES, &type, &why), ERR_TYPE);
    make_old(bytes, "1Table");
    put_number(bytes + 512 + 4 * 4, 2); /* round and round */
    assert_int_equal(look_at(bytes, OLD_BYTES, &type, &why), ERR_TYPE);
    put_number(bytes + 512 + 4 * 4, 200); /* out of the table */
    assert_int_equal(look_at(bytes, OLD_BYTES, &type, &why), ERR_TYPE);
    make_old(bytes, "1Table");
    bytes[30] = 40;
    assert_int_equal(look_at(bytes, OLD_BYTES, &type, &why), ERR_TYPE);
}

static void an_old_document_is_refused_wherever_it_is_cut(void **state)
{
    char bytes[OLD_BYTES];
    (void)state;
    make_old(bytes, "1Table");
    for (size_t len = 8; len < OLD_BYTES; len += 131) {
        AUTO_ARENA struct arena a;
        struct fail why;
        struct str type;
        arena_init(&a, 1 << 20);
        fail_init(&why, &a);
        assert_int_equal(look_at(bytes, len, &type, &why), ERR_TYPE);
    }
}

/* Sectors of 4,096 bytes, and a table that the header has no room for. */
static bool read_large(void *context, uint64_t from, char *to, size_t bytes)
{
    const uint32_t sector = 110 * 1024 + 5;
    (void)context;
    memset(to, 0, bytes);
    if (from == 0) {
        to[30] = 12;
        put_number(to + 48, sector);
        put_number(to + 68, 3);
    } else if (from == (3 + 1) * 4096 + 4) {
        put_number(to, 7);
    } else if (from == (7 + 1) * 4096 + 4 * 5) {
        put_number(to, 0xfffffffe);
    } else if (from == (uint64_t)(sector + 1) * 4096) {
        name_entry(to, 31, "Workbook");
    } else {
        return false;
    }
    return true;
}

static void a_large_old_document_has_more_tables_than_its_header_names(void **state)
{
    AUTO_ARENA struct arena a;
    struct str folder;
    (void)state;
    arena_init(&a, 1 << 20);
    assert_true(ole_folder(read_large, NULL, &a, &folder));
    assert_int_equal(folder.len, 4096);
    assert_str(file_type_of_ole(folder), "application/vnd.ms-excel");
}

static void a_file_on_disk_is_looked_into(void **state)
{
    static const char *const parts[] = {"[Content_Types].xml", "word/document.xml"};
    char path[] = "/tmp/motcua_type_XXXXXX";
    AUTO_ARENA struct arena a;
    AUTO_BUF struct buf b, whole;
    struct fail why;
    struct str type;
    (void)state;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    buf_init(&b, 4096);
    buf_init(&whole, 8192);
    make_tail(&b, parts, LENGTH(parts), "");
    buf_add(&whole, STR("PK\x03\x04 and so on "));
    buf_add(&whole, buf_str(&b));
    AUTO_FD int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, whole.at, whole.len), (ssize_t)whole.len);
    assert_int_equal(file_type_look(buf_str(&whole), str_from(path), &type, &why), OK);
    assert_str(type, DOCX);
    assert_int_equal(ftruncate(fd, 40), 0);
    assert_int_equal(file_type_look(buf_str(&whole), str_from(path), &type, &why), ERR_TYPE);
    assert_non_null(why.sentence);
    (void)unlink(path); /* the test is over */
}

/* ---- names ---- */

static void names_are_plain_and_end_as_their_type(void **state)
{
    /* clang-format off */
    static const struct {
        const char *given, *type, *name;
    } rows[] = {
        {"Đơn đề nghị.pdf",          "application/pdf", "Đơn đề nghị.pdf"   },
        {"anh.JPEG",                 "image/jpeg",      "anh.jpg"           },
        {"anh.pdf",                  "image/jpeg",      "anh.jpg"           },
        {"",                         "application/pdf", "giay-to.pdf"       },
        {".pdf",                     "application/pdf", "pdf.pdf"           },
        {"..",                       "image/png",       "giay-to.png"       },
        {"../../etc/passwd",         "application/pdf", "passwd.pdf"        },
        {"C:\\giay\\don.doc",        "application/pdf", "don.pdf"           },
        {"a/b\\c",                   "image/png",       "c.png"             },
        {"virus.exe",                "application/pdf", "virus.exe.pdf"     },
        {"Quyết định 12.2025",       "application/pdf", "Quyết định 12.2025.pdf"},
        {"a\"b\r\nc<d>.png",         "image/png",       "a-b c-d-.png"      },
        {"gnp\xe2\x80\xae" "exe.png","image/png",       "gnpexe.png"        },
        {"\xff\xfe",                 "image/png",       "giay-to.png"       },
        {"ket qua.",                 "text/html",       "ket qua.html"      },
    };
    /* clang-format on */
    AUTO_ARENA struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_str(file_name_for(&a, str_from(rows[i].given), str_from(rows[i].type)), rows[i].name);
}

static void a_long_name_is_cut_between_letters(void **state)
{
    AUTO_ARENA struct arena a;
    AUTO_BUF struct buf b;
    (void)state;
    arena_init(&a, 1 << 20);
    buf_init(&b, 4096);
    for (int i = 0; i < 300; i++) buf_add(&b, STR("ệ"));
    struct str name = file_name_for(&a, buf_str(&b), STR("application/pdf"));
    assert_int_equal(name.len, 80 * 3 + 4);
}

static void only_what_a_browser_shows_safely_is_shown(void **state)
{
    (void)state;
    assert_true(file_type_is_shown(STR("application/pdf")));
    assert_true(file_type_is_shown(STR("image/jpeg")));
    assert_true(file_type_is_shown(STR("text/html")));
    assert_false(file_type_is_shown(STR(DOCX)));
    assert_false(file_type_is_shown(STR("image/heic")));
    assert_false(file_type_is_shown(STR("image/svg+xml")));
    assert_false(file_type_is_shown(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_bytes_tell_the_type),
        cmocka_unit_test(an_archive_is_what_its_directory_lists),
        cmocka_unit_test(a_broken_archive_is_refused_wherever_it_is_cut),
        cmocka_unit_test(an_old_document_is_what_its_folder_lists),
        cmocka_unit_test(the_folder_of_an_old_document_is_read_wherever_its_sectors_lie),
        cmocka_unit_test(an_old_document_is_refused_wherever_it_is_cut),
        cmocka_unit_test(a_large_old_document_has_more_tables_than_its_header_names),
        cmocka_unit_test(a_file_on_disk_is_looked_into),
        cmocka_unit_test(names_are_plain_and_end_as_their_type),
        cmocka_unit_test(a_long_name_is_cut_between_letters),
        cmocka_unit_test(only_what_a_browser_shows_safely_is_shown),
    };
    return RUN_TESTS(tests);
}
