#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

/* A pipe takes so many bytes at once or not at all (POSIX PIPE_BUF on Linux), so lines of threads never mix. */
enum { LINE_BYTES = 4096 };

static _Atomic int least_level = LOG_INFO;

static const char *const level_names[] = {"debug", "info", "warn", "error", "quiet"};

void log_set_level(enum log_level least)
{
    least_level = (int)least;
}

void log_write(enum log_level level, const char *event, const char *format, ...)
{
    if ((int)level < least_level || level >= LOG_QUIET) return;
    char line[LINE_BYTES], time[INSTANT_BYTES];
    (void)instant_write(time, clock_now()); /* its length is not needed */
    int head = snprintf(line, sizeof line, "time=%s level=%s event=%.100s ", time, level_names[level], event);
    va_list args;
    va_start(args, format);
    int rest = vsnprintf(line + head, sizeof line - (size_t)head, format, args);
    va_end(args);
    size_t len = (size_t)head + (rest > 0 ? (size_t)rest : 0);
    if (len > sizeof line - 1) len = sizeof line - 1;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f) line[i] = ' '; /* a value cannot begin a line of its own */
    }
    while (line[len - 1] == ' ') len--;
    line[len++] = '\n';
    if (write(STDERR_FILENO, line, len) < 0) return; /* there is no other place to say it */
}
