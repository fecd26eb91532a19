#include "image/image_job.h"

#include <stdio.h>

#include "base/parse.h"

static const char *const tasks[TASK_COUNT] = {"probe", "picture", "photo", "join"};
enum { NUMBER_MOST = 1000000 };

void image_job_format(const struct image_job *job, char words[JOB_WORDS][12])
{
    const int numbers[] = {job->page, job->width, job->turn, job->part_count};
    snprintf(words[0], sizeof words[0], "%s", tasks[job->task]);
    for (size_t i = 0; i < LENGTH(numbers); i++) snprintf(words[i + 1], sizeof words[0], "%d", numbers[i]);
}

bool image_job_parse(int count, char **words, struct image_job *out)
{
    if (count != JOB_WORDS) return false;
    for (enum image_task t = 0; t < TASK_COUNT; t++)
        if (str_eq(str_from(words[0]), str_from(tasks[t]))) {
            out->task = t;
            return parse_int(str_from(words[1]), 0, NUMBER_MOST, &out->page) &&
                   parse_int(str_from(words[2]), 1, IMAGE_WIDTH_MOST, &out->width) &&
                   parse_int(str_from(words[3]), 0, 3, &out->turn) &&
                   parse_int(str_from(words[4]), 1, IMAGE_PARTS_MOST, &out->part_count);
        }
    return false;
}

void image_report_format(const struct image_facts *facts, char out[REPORT_BYTES])
{
    snprintf(out, REPORT_BYTES, "report %d %d %d %d %d %d %d\n", facts->kind, facts->state, facts->pages, facts->width,
             facts->height, facts->part, facts->is_signed);
}

bool image_report_parse(struct str line, struct image_facts *out)
{
    static const int most[] = {IMAGE_KIND_COUNT - 1,
                               IMAGE_STATE_COUNT - 1,
                               IMAGE_PAGES_MOST,
                               NUMBER_MOST,
                               NUMBER_MOST,
                               IMAGE_PARTS_MOST - 1,
                               1};
    int numbers[LENGTH(most)];
    struct str rest = str_trim(line), word;
    if (!str_cut(rest, ' ', &word, &rest) || !str_eq(word, STR("report"))) return false;
    for (size_t i = 0; i < LENGTH(most); i++) {
        (void)str_cut(rest, ' ', &word, &rest); /* the last number has no space behind it */
        if (!parse_int(word, 0, most[i], &numbers[i])) return false;
    }
    *out = (struct image_facts){(enum image_kind)numbers[0],
                                (enum image_state)numbers[1],
                                numbers[2],
                                numbers[3],
                                numbers[4],
                                numbers[5],
                                numbers[6] == 1};
    return rest.len == 0;
}
