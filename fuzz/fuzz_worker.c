/* What passes between the server and the worker that reads files: the words of a job and the line of its report. A
 * worker that was taken over can write anything; nothing beyond the bounds is believed, what is believed is written
 * again as it was. */
#include <string.h>

#include "base/auto.h"
#include "image/image_job.h"

enum { WORDS_MOST = 8, WORD_BYTES = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_report(struct str line)
{
    struct image_facts said, again;
    char text[REPORT_BYTES];
    if (!image_report_parse(line, &said)) return;
    if (said.kind >= IMAGE_KIND_COUNT || said.state >= IMAGE_STATE_COUNT) BUG("a kind or state that is none");
    if (said.pages < 0 || said.pages > IMAGE_PAGES_MOST || said.part < 0 || said.part >= IMAGE_PARTS_MOST)
        BUG("%d pages, part %d", said.pages, said.part);
    image_report_format(&said, text);
    if (!image_report_parse(str_from(text), &again) || memcmp(&said.pages, &again.pages, sizeof said.pages) != 0 ||
        said.kind != again.kind || said.state != again.state || said.width != again.width ||
        said.height != again.height || said.part != again.part || said.is_signed != again.is_signed)
        BUG("a report changes by being read");
}

static void check_job(struct arena *a, struct str text)
{
    char *words[WORDS_MOST], again[JOB_WORDS][WORD_BYTES], *same[JOB_WORDS];
    struct image_job job, back;
    int count = 0;
    struct str rest = text, word;
    while (count < WORDS_MOST && rest.len > 0) {
        (void)str_cut(rest, ' ', &word, &rest); /* the last has no space after it */
        words[count++] = arena_dup(a, str_cstr(a, word), word.len + 1);
    }
    if (!image_job_parse(count, words, &job)) return;
    image_job_format(&job, again);
    for (int i = 0; i < JOB_WORDS; i++) same[i] = again[i];
    if (!image_job_parse(JOB_WORDS, same, &back)) BUG("a job does not read");
    if (back.task != job.task || back.page != job.page || back.width != job.width || back.turn != job.turn ||
        back.part_count != job.part_count)
        BUG("a job changes by being read");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 4 << 20);
    struct str text = str_of((const char *)data, size);
    check_report(text);
    if (memchr(data, '\0', size) == NULL) check_job(&a, text);
    return 0;
}
