#include "base/auto.h"

#include <unistd.h>

void auto_close_fd(int *fd)
{
    if (*fd >= 0) (void)close(*fd); /* whoever must know has synced before */
}

void auto_close_file(FILE **f)
{
    if (*f) (void)fclose(*f); /* the same */
}
