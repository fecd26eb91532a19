/*
 * What the server and its worker say to one another: a job in the words of the worker's call, and one line of report
 * that comes back. The files of a job are the worker's open descriptors: 3 and up are read, 1 is written, 2 takes the
 * report. Whatever a worker reports is read as something that a stranger may have written.
 */
#ifndef IMAGE_IMAGE_JOB_H
#define IMAGE_IMAGE_JOB_H

#include "image/image.h"

#define IMAGE_WORKER "image-worker" /* the first word of the call */
#define IMAGE_PDF_PROGRAM "/usr/bin/pdftoppm"

enum image_task {
    TASK_PROBE,   /* what it is; nothing is written */
    TASK_PICTURE, /* one page as JPEG */
    TASK_PHOTO,   /* a photograph upright, without its metadata, at most as large as readable, as JPEG */
    TASK_JOIN,    /* all files one after the other as one PDF */
    TASK_COUNT
};

struct image_job {
    enum image_task task;
    int page;        /* from 1 */
    int width, turn; /* at most so many dots wide; quarter turns clockwise */
    int part_count;  /* files to read */
};

enum { JOB_WORDS = 5, JOB_OUT = 1, JOB_REPORT = 2, JOB_FIRST_PART = 3, REPORT_BYTES = 256 };
enum { JOB_HAS_NO_CELL = 70 }; /* the worker's exit code when its cell could not be closed: it has read nothing */

/* The words after IMAGE_WORKER, each ended by NUL. */
void image_job_format(const struct image_job *job, char words[JOB_WORDS][12]);
bool image_job_parse(int count, char **words, struct image_job *out);

/* One line; false when it is none. */
void image_report_format(const struct image_facts *facts, char out[REPORT_BYTES]);
bool image_report_parse(struct str line, struct image_facts *out);

/* The whole of `motcua image-worker`: the exit code. */
int image_worker(int count, char **words);

#endif
