/*
 * The four things an arena cannot release, released when their variable goes out of scope. Nothing else uses
 * attributes for flow.
 *     AUTO_FD int fd = open(...);          closed when >= 0
 *     AUTO_FILE FILE *f = fopen(...);      closed when not NULL
 *     AUTO_ARENA struct arena scratch;     after arena_init
 *     AUTO_BUF struct buf out;             after buf_init
 */
#ifndef BASE_AUTO_H
#define BASE_AUTO_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"

void auto_close_fd(int *fd);
void auto_close_file(FILE **f);

#define AUTO_FD __attribute__((cleanup(auto_close_fd)))
#define AUTO_FILE __attribute__((cleanup(auto_close_file)))
#define AUTO_ARENA __attribute__((cleanup(arena_end)))
#define AUTO_BUF __attribute__((cleanup(buf_end)))

#endif
