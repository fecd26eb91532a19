/*
 * One line a happening on stderr, `key=value` pairs (logfmt), with an id that the manual explains. Only edges log: the
 * request loop, the job loop, the command line. Never a name, number, address or text of a person.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_QUIET };

void log_set_level(enum log_level least);
/* log_write(LOG_INFO, "request", "method=%s status=%d us=%" PRId64, ...). `event` is lower-case words with dots. */
void log_write(enum log_level level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
