#include "image/image.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "image/image_run.h"
#include "image/sandbox.h"
#include "store/blob.h"

/* KNOWN: files whose facts are kept in memory too; two of one place turn each other out. */
enum { PATHS_ARENA = 64 * 1024, HASH_PIECE = 16 * 1024, FACTS_BYTES = 256, KNOWN = 2048 };
#define SLOW_US (10 * US_PER_MINUTE) /* so long a file that took too long is not looked into again */

struct known_file {
    struct sha256 hash;
    struct image_facts facts;
    int64_t until_us; /* by the monotonic clock; 0: an empty place */
};

struct images {
    struct arena arena; /* the folders' names */
    struct str cache, files, spool;
    struct image_runner *runner;
    pthread_mutex_t lock; /* of known */
    struct known_file known[KNOWN];
};

struct images *image_new(const struct image_options *options)
{
    struct images *s = calloc(1, sizeof *s);
    if (s == NULL) BUG("out of memory");
    arena_init(&s->arena, PATHS_ARENA);
    s->cache = str_dup(&s->arena, options->cache_folder);
    s->files = str_dup(&s->arena, options->files_folder);
    s->spool = str_dup(&s->arena, options->spool_folder);
    s->runner = image_runner_new(options);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void image_free(struct images *s)
{
    if (s == NULL) return;
    image_runner_free(s->runner);
    pthread_mutex_destroy(&s->lock);
    arena_end(&s->arena);
    free(s);
}

bool image_can_draw_pdf(const struct images *s, const char **out_reason)
{
    (void)s; /* the same for every service of this machine */
    *out_reason = NULL;
    if (!sandbox_has_landlock()) *out_reason = N_("This kernel has no Landlock, so pages of PDF files are not drawn.");
    if (access(IMAGE_PDF_PROGRAM, X_OK) != 0)
        *out_reason =
            N_("The program pdftoppm (package poppler-utils) is missing, so pages of PDF files are not drawn.");
    return *out_reason == NULL;
}

const char *image_state_message(enum image_state state)
{
    static const char *const messages[IMAGE_STATE_COUNT] = {
        [IMAGE_LOCKED] = N_("The file {0} asks for a password. Save it without one and send it again."),
        [IMAGE_DAMAGED] = N_("The file {0} is damaged and cannot be opened. Take the photo again, or save the file "
                             "anew and send it again."),
        [IMAGE_TOO_LARGE] = N_("The file {0} has more pages or dots than can be read. Split it, or take the photo with "
                               "a lower resolution."),
        [IMAGE_TOO_SLOW] = N_("Looking into the file {0} took too long and was stopped. Save it anew, for example by "
                              "printing it to PDF, and send it again."),
        [IMAGE_NO_PAGE] = N_("The file {0} has no such page."),
    };
    return messages[state];
}

/* ---- the cache: DIR/cache/ab/cdef.../facts and page-1-960-0.jpg ---- */

static struct str cache_folder_of(const struct images *s, struct arena *a, struct sha256 hash)
{
    struct str hex = sha256_format(a, hash);
    return file_join(a, file_join(a, s->cache, str_part(hex, 0, 2)), str_part(hex, 2, SHA256_HEX));
}

/* A file's facts are as lasting as its hash: what stands here is never wrong. But how long a look takes depends on the
 * machine as well: that it took too long is soon forgotten, and never written down. */
static struct known_file *known_place(struct images *s, const struct sha256 *hash)
{
    return &s->known[((size_t)hash->at[0] << 8 | hash->at[1]) % KNOWN];
}

static void keep_known(struct images *s, struct sha256 hash, const struct image_facts *facts)
{
    int64_t until_us = facts->state == IMAGE_TOO_SLOW ? clock_monotonic_us() + SLOW_US : INT64_MAX;
    pthread_mutex_lock(&s->lock);
    *known_place(s, &hash) = (struct known_file){hash, *facts, until_us};
    pthread_mutex_unlock(&s->lock);
}

static bool find_known(struct images *s, struct sha256 hash, struct image_facts *out)
{
    pthread_mutex_lock(&s->lock);
    const struct known_file *k = known_place(s, &hash);
    bool is_known = memcmp(&k->hash, &hash, sizeof hash) == 0 && clock_monotonic_us() < k->until_us;
    if (is_known) *out = k->facts;
    pthread_mutex_unlock(&s->lock);
    return is_known;
}

/* Losing it costs a second look only, so nothing is synced and nothing said when the disk is full. */
static void remember_facts(struct images *s, struct arena *a, struct sha256 hash, const struct image_facts *facts)
{
    char line[REPORT_BYTES];
    struct fail ignored;
    fail_init(&ignored, a);
    keep_known(s, hash, facts);
    if (facts->state == IMAGE_TOO_SLOW) return;
    struct str folder = cache_folder_of(s, a, hash);
    image_report_format(facts, line);
    if (file_make_folder(folder, 0700, &ignored) != OK) return;
    AUTO_FILE FILE *f = fopen(file_join(a, folder, STR("facts")).at, "we");
    if (f != NULL) fputs(line, f);
}

static bool recall_facts(struct images *s, struct arena *a, struct sha256 hash, struct image_facts *out)
{
    struct str line;
    struct fail missing;
    if (find_known(s, hash, out)) return true;
    fail_init(&missing, a);
    if (file_read(a, file_join(a, cache_folder_of(s, a, hash), STR("facts")), FACTS_BYTES, &line, &missing) != OK)
        return false;
    if (!image_report_parse(line, out) || out->state == IMAGE_TOO_SLOW) return false;
    keep_known(s, hash, out);
    return true;
}

/* ---- looking ---- */

enum outcome image_probe(struct images *s, int fd, struct image_facts *out, struct fail *why)
{
    const struct image_job job = {.task = TASK_PROBE, .width = 1, .part_count = 1};
    return image_run(s->runner, &job, &fd, -1, out, why);
}

enum outcome image_look(struct images *s, struct sha256 hash, struct image_facts *out, struct fail *why)
{
    uint64_t bytes;
    if (recall_facts(s, why->arena, hash, out)) return OK;
    AUTO_FD int fd = -1;
    TRY(blob_open(s->files, hash, &fd, &bytes, why));
    TRY(image_probe(s, fd, out, why));
    remember_facts(s, why->arena, hash, out);
    return OK;
}

bool image_known(struct images *s, struct sha256 hash, struct image_facts *out)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, PATHS_ARENA);
    return recall_facts(s, &a, hash, out);
}

void image_remember(struct images *s, struct sha256 hash, const struct image_facts *facts)
{
    AUTO_ARENA struct arena a;
    struct image_facts kept = *facts;
    arena_init(&a, PATHS_ARENA);
    kept.part = 0;
    remember_facts(s, &a, hash, &kept);
}

/* ---- pages ---- */

static int nearest_width(int width)
{
    static const int widths[] = {IMAGE_THUMB_WIDTH, 320, 480, 640, 960, 1280, 1600, 2000, IMAGE_WIDTH_MOST};
    for (size_t i = 0; i < LENGTH(widths); i++)
        if (width <= widths[i]) return widths[i];
    return IMAGE_WIDTH_MOST;
}

static bool open_cached(struct str path, int *out_fd, uint64_t *out_bytes)
{
    struct stat about;
    int fd = open(path.at, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    if (fstat(fd, &about) != 0) {
        (void)close(fd);
        return false;
    }
    (void)futimens(fd, NULL); /* seen today: the sweeper goes by this; without it the page is drawn again one day */
    *out_fd = fd;
    *out_bytes = (uint64_t)about.st_size;
    return true;
}

static enum outcome refuse(const struct images *s, enum image_kind kind, enum image_state state, struct fail *why)
{
    const char *reason;
    if (state == IMAGE_NO_PAGE) return fail(why, ERR_MISSING, N_("This paper has no such page."));
    if (state == IMAGE_UNKNOWN)
        return fail(why, ERR_INVALID, N_("This kind of file has no pages to show. Open the file itself."));
    if (kind == IMAGE_PDF && !image_can_draw_pdf(s, &reason)) return fail(why, ERR_INVALID, reason);
    return fail(why, ERR_INVALID,
                N_("This paper cannot be shown as pictures: it is damaged, locked or too large. Open the file itself, "
                   "or ask for it again."));
}

/* Drawn beside its place and put there at once, so that no one ever reads half a page. */
static enum outcome draw(struct images *s, struct sha256 hash, const struct image_job *job, struct str folder,
                         struct str path, struct fail *why)
{
    struct arena *a = why->arena;
    struct image_facts facts, known;
    uint64_t bytes;
    AUTO_FD int in = -1;
    TRY(blob_open(s->files, hash, &in, &bytes, why));
    TRY(file_make_folder(folder, 0700, why));
    struct str fresh = str_format(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(random_token(a, 6)));
    AUTO_FD int out = open(fresh.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) return fail(why, ERR_DOWN, N_("The picture of the page could not be kept. Try again in a moment."));
    enum outcome done = image_run(s->runner, job, &in, out, &facts, why);
    bool is_drawn = done == OK && facts.state == IMAGE_WELL && rename(fresh.at, path.at) == 0;
    if (!is_drawn) (void)unlink(fresh.at); /* what is left is swept */
    TRY(done);
    facts.width = facts.height = 0; /* the picture's, not the file's */
    if (facts.state != IMAGE_NO_PAGE && !recall_facts(s, a, hash, &known)) remember_facts(s, a, hash, &facts);
    if (is_drawn) return OK;
    return refuse(s, facts.kind, facts.state, why);
}

enum outcome image_page(struct images *s, struct sha256 hash, const struct image_view *view, int *out_fd,
                        uint64_t *out_bytes, struct fail *why)
{
    struct arena *a = why->arena;
    struct image_facts known;
    if (view->page < 1 || view->page > IMAGE_PAGES_MOST) return refuse(s, IMAGE_OTHER, IMAGE_NO_PAGE, why);
    const struct image_job job = {TASK_PICTURE, view->page, nearest_width(view->width), view->turn & 3, 1};
    struct str folder = cache_folder_of(s, a, hash),
               path = file_join(a, folder, str_format(a, "page-%d-%d-%d.jpg", job.page, job.width, job.turn));
    if (open_cached(path, out_fd, out_bytes)) return OK;
    if (recall_facts(s, a, hash, &known) && known.state != IMAGE_WELL) return refuse(s, known.kind, known.state, why);
    TRY(draw(s, hash, &job, folder, path, why));
    if (open_cached(path, out_fd, out_bytes)) return OK;
    return fail(why, ERR_DOWN, N_("The picture of the page could not be kept. Try again in a moment."));
}

/* ---- making ---- */

static enum outcome hash_of(int fd, struct image_made *made, struct fail *why)
{
    char piece[HASH_PIECE];
    struct sha256_stream *hash = sha256_begin();
    ssize_t n;
    while ((n = pread(fd, piece, sizeof piece, (off_t)made->bytes)) > 0) {
        sha256_add(hash, str_of(piece, (size_t)n));
        made->bytes += (uint64_t)n;
    }
    made->hash = sha256_end(hash);
    return n == 0 ? OK : fail(why, ERR_DOWN, N_("The file cannot be read right now. Try again in a moment."));
}

static enum outcome make(struct images *s, const struct image_job *job, const int *fds, struct image_made *out,
                         struct fail *why)
{
    struct image_made made = {
        .path = file_join(why->arena, s->spool,
                          str_format(why->arena, "made-%.*s", STR_ARG(random_token(why->arena, 12))))};
    AUTO_FD int fd = open(made.path.at, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return fail(why, ERR_DOWN, N_("The file cannot be read right now. Try again in a moment."));
    enum outcome done = image_run(s->runner, job, fds, fd, &made.facts, why);
    if (done == OK && made.facts.state == IMAGE_WELL) done = hash_of(fd, &made, why);
    if (done != OK || made.facts.state != IMAGE_WELL) image_made_drop(&made);
    TRY(done);
    *out = made;
    return OK;
}

enum outcome image_photo(struct images *s, int fd, struct image_made *out, struct fail *why)
{
    const struct image_job job = {.task = TASK_PHOTO, .width = 1, .part_count = 1};
    return make(s, &job, &fd, out, why);
}

enum outcome image_join(struct images *s, const int *fds, size_t count, struct image_made *out, struct fail *why)
{
    if (count == 0 || count > IMAGE_PARTS_MOST) BUG("%zu files cannot be joined", count);
    const struct image_job job = {.task = TASK_JOIN, .width = 1, .part_count = (int)count};
    return make(s, &job, fds, out, why);
}

void image_made_drop(const struct image_made *made)
{
    if (made->path.len > 0) (void)unlink(made->path.at); /* it may have been renamed away */
}

/* ---- sweeping ---- */

/* A folder of one file's pictures: all of it when the file is gone, else what nobody looked at. */
static enum outcome sweep_file(const struct images *s, struct str folder, struct str hex, instant_t unused_since,
                               struct fail *why)
{
    struct arena *a = why->arena;
    struct str *names;
    size_t count;
    struct str blob = file_join(a, file_join(a, s->files, str_part(hex, 0, 2)), str_part(hex, 2, hex.len));
    bool is_gone = !file_exists(blob);
    TRY(file_names(a, folder, &names, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct stat about;
        struct str path = file_join(a, folder, names[i]);
        bool is_old = stat(path.at, &about) == 0 && (instant_t)about.st_mtime * US_PER_S < unused_since;
        if (is_gone || is_old) (void)unlink(path.at); /* swept again next time */
    }
    (void)rmdir(folder.at); /* stays while something is in it */
    return OK;
}

enum outcome image_sweep(struct images *s, instant_t unused_since, struct fail *why)
{
    struct arena *a = why->arena;
    struct str *shelves, *files;
    size_t shelf_count, file_count;
    if (!file_exists(s->cache)) return OK;
    TRY(file_names(a, s->cache, &shelves, &shelf_count, why));
    for (size_t i = 0; i < shelf_count; i++) {
        struct str shelf = file_join(a, s->cache, shelves[i]);
        struct arena_mark mark = arena_mark(a);
        TRY(file_names(a, shelf, &files, &file_count, why));
        for (size_t n = 0; n < file_count; n++) {
            struct str hex = str_format(a, "%.*s%.*s", STR_ARG(shelves[i]), STR_ARG(files[n]));
            TRY(sweep_file(s, file_join(a, shelf, files[n]), hex, unused_since, why));
        }
        arena_back(a, mark);
    }
    return OK;
}
