/* The cell, and the small things of the image room that need no worker; what a person meets is in
 * tests/papers.test.mjs. */
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"
#include "image/image_job.h"
#include "image/pdf.h"
#include "image/picture.h"
#include "image/sandbox.h"

/* ---- the cell: each attempt runs in a process that has gone in ---- */

enum { SUCCEEDED = 0, REFUSED = 1, NO_CELL = 2, KILLED = -1 };

typedef bool attempt_fn(void);

static bool open_file(void)
{
    return open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool write_file(void)
{
    return open("/tmp/motcua-cell", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0;
}

static bool open_socket(void)
{
    return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0;
}

static bool run_program(void)
{
    return execl("/bin/true", "true", (char *)NULL) == 0;
}

static bool begin_process(void)
{
    return fork() >= 0;
}

static bool kill_parent(void)
{
    return kill(getppid(), 0) == 0;
}

static bool write_instructions(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* which reserve terabytes of addresses */
static bool take_memory(void)
{
    void *volatile at = malloc((size_t)512 << 20);
    return at != NULL;
}
#endif

static bool work_on(void)
{
    char *volatile at = malloc(1 << 20);
    char byte;
    return at != NULL && read(0, &byte, 0) == 0;
}

static int in_cell(enum sandbox kind, attempt_fn *attempt)
{
    static const struct sandbox_bounds bounds = {2, UINT64_C(256) << 20, 1 << 20};
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (!sandbox_enter(kind, &bounds, IMAGE_PDF_PROGRAM)) _exit(NO_CELL);
        _exit(attempt() ? SUCCEEDED : REFUSED);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
}

/* Valgrind lives in the process that it watches, and does there what the cell forbids. */
static bool is_under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
}

static void what_is_in_the_cell_opens_no_file_and_no_socket_and_begins_no_process(void **state)
{
    (void)state;
    if (is_under_valgrind()) skip();
    static const struct {
        attempt_fn *attempt;
        int expected;
    } rows[] = {
        {work_on,            SUCCEEDED},
        {open_file,          REFUSED  },
        {write_file,         REFUSED  },
        {open_socket,        KILLED   },
        {run_program,        KILLED   },
        {begin_process,      KILLED   },
        {kill_parent,        KILLED   },
        {write_instructions, KILLED   },
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(in_cell(SANDBOX_CLOSED, rows[i].attempt), rows[i].expected);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    assert_int_equal(in_cell(SANDBOX_CLOSED, take_memory), REFUSED);
#endif
}

static void a_program_in_its_cell_sees_no_files_of_ours_and_no_network(void **state)
{
    (void)state;
    if (!sandbox_has_landlock()) {
        assert_int_equal(in_cell(SANDBOX_PROGRAM, work_on), NO_CELL);
        return;
    }
    assert_int_equal(in_cell(SANDBOX_PROGRAM, work_on), SUCCEEDED);
    assert_int_equal(in_cell(SANDBOX_PROGRAM, open_file), REFUSED);
    assert_int_equal(in_cell(SANDBOX_PROGRAM, write_file), KILLED);
    assert_int_equal(in_cell(SANDBOX_PROGRAM, open_socket), KILLED);
    assert_int_equal(in_cell(SANDBOX_PROGRAM, begin_process), KILLED);
    assert_int_equal(in_cell(SANDBOX_PROGRAM, run_program), REFUSED);
}

/* ---- jobs and reports ---- */

static void a_job_and_a_report_are_read_as_they_were_written(void **state)
{
    (void)state;
    const struct image_job job = {TASK_PICTURE, 12, 960, 3, 1};
    const struct image_facts facts = {IMAGE_PDF, IMAGE_WELL, 12, 595, 842, 0, true};
    char words[JOB_WORDS][12], *at[JOB_WORDS], line[REPORT_BYTES];
    struct image_job read;
    struct image_facts said;
    image_job_format(&job, words);
    for (int i = 0; i < JOB_WORDS; i++) at[i] = words[i];
    assert_true(image_job_parse(JOB_WORDS, at, &read));
    assert_memory_equal(&read, &job, sizeof job);
    image_report_format(&facts, line);
    assert_true(image_report_parse(str_from(line), &said));
    char again[REPORT_BYTES];
    image_report_format(&said, again);
    assert_string_equal(again, line);
}

static void a_report_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "report",
        "report 5 0 1 595 842 0",
        "report 5 0 1 595 842 0 0 9",
        "report 99 0 1 595 842 0 0",
        "report 5 99 1 595 842 0 0",
        "report 5 0 -1 595 842 0 0",
        "report 5 0 999999 595 842 0 0",
        "report 5 0 1 99999999999999999999 842 0 0",
        "terminate called after throwing",
    };
    struct image_facts said;
    for (size_t i = 0; i < LENGTH(lines); i++) assert_false(image_report_parse(str_from(lines[i]), &said));
}

/* ---- what is remembered ---- */

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static struct images *open_images(struct str cache)
{
    const struct image_options options = {
        .program = STR("/proc/self/exe"), .cache_folder = cache, .files_folder = cache, .spool_folder = cache};
    return image_new(&options);
}

static void that_a_look_took_too_long_is_not_kept_for_ever(void **state)
{
    (void)state;
    char folder[] = "/tmp/motcua-image-XXXXXX";
    const struct image_facts slow = {IMAGE_PDF, IMAGE_TOO_SLOW, 0, 0, 0, 0, false},
                             locked = {IMAGE_PDF, IMAGE_LOCKED, 0, 0, 0, 0, false};
    const struct sha256 one = sha256_of(STR("one")), other = sha256_of(STR("other"));
    struct image_facts known;
    assert_non_null(mkdtemp(folder));
    struct images *s = open_images(str_from(folder));
    image_remember(s, one, &slow);
    image_remember(s, other, &locked);
    assert_true(image_known(s, one, &known));
    assert_int_equal(known.state, IMAGE_TOO_SLOW);
    image_free(s);
    s = open_images(str_from(folder));
    assert_false(image_known(s, one, &known));
    assert_true(image_known(s, other, &known));
    assert_int_equal(known.state, IMAGE_LOCKED);
    image_free(s);
    assert_int_equal(nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* ---- dots ---- */

/* Two dots beside each other, one below: red blue / green white. */
static struct raster corners(void)
{
    static const unsigned char dots[] = {255, 0, 0, 0, 0, 255, 0, 255, 0, 255, 255, 255};
    struct raster r;
    raster_init(&r, 2, 2);
    memcpy(r.at, dots, sizeof dots);
    return r;
}

static void a_picture_is_turned_as_the_camera_was_held(void **state)
{
    (void)state;
    /* Which corner (0 red, 1 blue, 2 green, 3 white) stands first and second afterwards. */
    static const int expected[][2] = {
        [1] = {0, 1},
          {1, 0},
          {3, 2},
          {2, 3},
          {0, 2},
          {2, 0},
          {3, 1},
          {1, 3}
    };
    for (int orientation = 1; orientation <= 8; orientation++) {
        struct raster before = corners(), r = corners();
        raster_orient(&r, orientation);
        for (int i = 0; i < 2; i++)
            assert_memory_equal(r.at + (size_t)i * 3, before.at + (size_t)expected[orientation][i] * 3, 3);
        raster_clear(&r);
        raster_clear(&before);
    }
}

static void a_smaller_picture_is_the_average_of_its_dots(void **state)
{
    (void)state;
    struct raster r = corners();
    raster_fit(&r, 1, 1);
    assert_int_equal(r.width, 1);
    assert_int_equal(r.height, 1);
    assert_in_range(r.at[0], 126, 129);
    raster_fit(&r, 100, 100);
    assert_int_equal(r.width, 1); /* never larger */
    raster_clear(&r);
}

static void a_written_picture_is_read_again_smaller_when_less_is_wanted(void **state)
{
    (void)state;
    struct raster r, back;
    raster_init(&r, 1600, 800);
    memset(r.at, 200, (size_t)1600 * 800 * 3);
    struct str jpeg = picture_write(&r, 80);
    assert_true(picture_is_grey(jpeg));
    assert_int_equal(picture_read(IMAGE_JPEG, jpeg, 400, &back), IMAGE_WELL);
    assert_int_equal(back.width, 400);
    assert_int_equal(back.height, 200);
    assert_in_range(back.at[0], 198, 202);
    raster_clear(&back);
    assert_int_equal(picture_read(IMAGE_JPEG, str_part(jpeg, 0, jpeg.len / 2), 400, &back), IMAGE_DAMAGED);
    picture_free(jpeg);
    raster_clear(&r);
}

/* ---- PDF ---- */

static void what_is_no_pdf_or_no_picture_is_said_to_be_so(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        enum image_kind kind;
        enum image_state state;
    } rows[] = {
        {STR_INIT(""),                   IMAGE_OTHER, IMAGE_UNKNOWN},
        {STR_INIT("PK\x03\x04"),         IMAGE_OTHER, IMAGE_UNKNOWN},
        {STR_INIT("\xff\xd8\xff"),       IMAGE_JPEG,  IMAGE_DAMAGED},
        {STR_INIT("\x89PNG\r\n\x1a\n"),  IMAGE_PNG,   IMAGE_DAMAGED},
        {STR_INIT("RIFF\x08\0\0\0WEBP"), IMAGE_WEBP,  IMAGE_DAMAGED},
        {STR_INIT("\0\0\0\x18"
                  "ftypheic"),
         IMAGE_HEIC,                                  IMAGE_DAMAGED},
    };
    struct raster none;
    struct image_facts facts;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(image_kind_of(rows[i].bytes), rows[i].kind);
        assert_int_equal(picture_read(rows[i].kind, rows[i].bytes, 100, &none), rows[i].state);
    }
    pdf_look(STR("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj"), &facts);
    assert_int_equal(facts.state, IMAGE_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_the_cell_opens_no_file_and_no_socket_and_begins_no_process),
        cmocka_unit_test(a_program_in_its_cell_sees_no_files_of_ours_and_no_network),
        cmocka_unit_test(a_job_and_a_report_are_read_as_they_were_written),
        cmocka_unit_test(a_report_that_is_none_is_refused),
        cmocka_unit_test(that_a_look_took_too_long_is_not_kept_for_ever),
        cmocka_unit_test(a_picture_is_turned_as_the_camera_was_held),
        cmocka_unit_test(a_smaller_picture_is_the_average_of_its_dots),
        cmocka_unit_test(a_written_picture_is_read_again_smaller_when_less_is_wanted),
        cmocka_unit_test(what_is_no_pdf_or_no_picture_is_said_to_be_so),
    };
    return RUN_TESTS(tests);
}
