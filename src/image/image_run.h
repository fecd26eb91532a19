/*
 * One worker for one job: started, waited for, ended when its time is over. A few run at once, a few more may wait; who
 * comes then is asked to try again, so that bad files can never take all threads of the server.
 */
#ifndef IMAGE_IMAGE_RUN_H
#define IMAGE_IMAGE_RUN_H

#include "image/image_job.h"

struct image_runner;
struct image_runner *image_runner_new(const struct image_options *options);
void image_runner_free(struct image_runner *r);

/* in: job->part_count open files; out: open for writing, or -1. A worker that dies says by that what the file is. */
enum outcome image_run(struct image_runner *r, const struct image_job *job, const int *in, int out,
                       struct image_facts *facts, struct fail *why) MUST_USE;

#endif
