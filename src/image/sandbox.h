/*
 * The cell in which bytes from outside are read. A process goes in by itself and never comes out: bounded processor
 * time, memory and file size, no new privileges, no folder (Landlock), no socket, no other process (seccomp). What it
 * may use is what was open before. It knows nothing of pictures.
 */
#ifndef IMAGE_SANDBOX_H
#define IMAGE_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

enum sandbox {
    SANDBOX_CLOSED,  /* nothing can be opened; only what is open already is read and written */
    SANDBOX_PROGRAM, /* may become another program, which reads the libraries and fonts of the system and nothing else
                      */
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANDBOX_SLOWER = 4 }; /* how many times as long everything may take: a sanitizer's own work */
#else
enum { SANDBOX_SLOWER = 1 };
#endif

struct sandbox_bounds {
    uint64_t cpu_s, memory_bytes, file_bytes;
};

/* Can this kernel keep a process out of folders? Without it SANDBOX_PROGRAM is refused; SANDBOX_CLOSED still holds by
 * seccomp alone. */
bool sandbox_has_landlock(void);
/* False when the cell cannot be closed; the caller then reads nothing. `program` is the only thing that may be run. */
bool sandbox_enter(enum sandbox kind, const struct sandbox_bounds *bounds, const char *program);

#endif
