#include "image/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/str.h"

/* ---- bounds ---- */

static bool set_bound(__rlimit_resource_t what, uint64_t most)
{
    return setrlimit(what, &(struct rlimit){most, most}) == 0;
}

static bool set_bounds(const struct sandbox_bounds *bounds)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    bool has_memory = true; /* a sanitizer reserves terabytes of addresses */
#else
    bool has_memory = set_bound(RLIMIT_AS, bounds->memory_bytes);
#endif
    return has_memory && set_bound(RLIMIT_CPU, bounds->cpu_s * SANDBOX_SLOWER) &&
           set_bound(RLIMIT_FSIZE, bounds->file_bytes) && set_bound(RLIMIT_CORE, 0);
}

/* ---- Landlock: by system calls, because Debian 12 has no library for it ---- */

/* As linux/landlock.h of newer kernels has it; the kernel takes as much of it as its version knows. */
struct landlock_rules {
    uint64_t fs, net, scoped;
};

enum {
    FS_RIGHTS_1 = (1 << 13) - 1,
    FS_REFER = 1 << 13,
    FS_TRUNCATE = 1 << 14,
    FS_DEVICE = 1 << 15,
    ALL_NET = 3,
    ALL_SCOPES = 3
};

static long landlock_version(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool sandbox_has_landlock(void)
{
    return landlock_version() >= 1;
}

static int rules_for(long version)
{
    struct landlock_rules rules = {.fs = FS_RIGHTS_1};
    size_t bytes = version >= 6   ? sizeof rules
                   : version >= 4 ? offsetof(struct landlock_rules, scoped)
                                  : sizeof rules.fs;
    if (version >= 2) rules.fs |= FS_REFER;
    if (version >= 3) rules.fs |= FS_TRUNCATE;
    if (version >= 5) rules.fs |= FS_DEVICE;
    if (version >= 4) rules.net = ALL_NET;
    if (version >= 6) rules.scoped = ALL_SCOPES;
    return (int)syscall(SYS_landlock_create_ruleset, &rules, bytes, 0);
}

static bool allow(int rules, const char *path, uint64_t rights)
{
    AUTO_FD int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT; /* a machine without that folder */
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

/* What a program needs to start and to find a typeface: nothing that belongs to anybody. */
static bool allow_program(int rules, const char *program)
{
    static const char *const folders[] = {"/usr/lib",
                                          "/lib",
                                          "/lib64",
                                          "/usr/share/fonts",
                                          "/usr/share/fontconfig",
                                          "/etc/fonts",
                                          "/usr/share/poppler",
                                          "/var/cache/fontconfig"};
    const uint64_t read = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
                   run = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
    for (size_t i = 0; i < LENGTH(folders); i++)
        if (!allow(rules, folders[i], i < 3 ? read | LANDLOCK_ACCESS_FS_EXECUTE : read)) return false;
    return allow(rules, "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE) && allow(rules, program, run);
}

static bool close_folders(enum sandbox kind, const char *program)
{
    long version = landlock_version();
    if (version < 1) return kind == SANDBOX_CLOSED;
    AUTO_FD int rules = rules_for(version);
    if (rules < 0 || (kind == SANDBOX_PROGRAM && !allow_program(rules, program))) return false;
    return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

/* ---- seccomp ---- */

/* Working with memory and with what is open already. */
static const int always[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(pwrite64),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(ftruncate),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(brk),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(getrandom),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_yield),
#if defined(__SANITIZE_THREAD__)
    SCMP_SYS(nanosleep), /* of its own thread */
#endif
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(wait4),
    SCMP_SYS(sysinfo),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(uname),
};

/* Libraries try these and live without them; everything else ends the process at once. */
static const struct {
    int call, error;
} refused[] = {
    {SCMP_SYS(open),               EACCES},
    {SCMP_SYS(stat),               EACCES},
    {SCMP_SYS(lstat),              EACCES},
    {SCMP_SYS(access),             EACCES},
    {SCMP_SYS(readlink),           EACCES},
    {SCMP_SYS(ioctl),              ENOTTY},
    {SCMP_SYS(prlimit64),          EPERM },
    {SCMP_SYS(getrlimit),          EPERM },
    {SCMP_SYS(clone3),             ENOSYS},
    {SCMP_SYS(statx),              ENOSYS},
    {SCMP_SYS(readlinkat),         EACCES},
    {SCMP_SYS(faccessat),          EACCES},
    {SCMP_SYS(faccessat2),         EACCES},
    {SCMP_SYS(sched_setaffinity),  EPERM },
    {SCMP_SYS(set_mempolicy),      EPERM },
    {SCMP_SYS(get_mempolicy),      EPERM },
    {SCMP_SYS(prctl),              EPERM },
    {SCMP_SYS(sched_setscheduler), EPERM },
    {SCMP_SYS(sched_getparam),     EPERM },
    {SCMP_SYS(sched_getscheduler), EPERM },
    {SCMP_SYS(unlink),             EPERM },
    {SCMP_SYS(mkdir),              EPERM },
    {SCMP_SYS(getcwd),             EACCES},
};

/* More, for a program that starts: it is loaded, and looks for its typefaces. Which files it sees, Landlock says. */
static const int starting[] = {
    SCMP_SYS(execve),     SCMP_SYS(access),   SCMP_SYS(stat),       SCMP_SYS(lstat),           SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(faccessat),       SCMP_SYS(faccessat2),
    SCMP_SYS(getdents64), SCMP_SYS(getcwd),   SCMP_SYS(arch_prctl), SCMP_SYS(set_tid_address), SCMP_SYS(statx),
    SCMP_SYS(fadvise64),  SCMP_SYS(dup),      SCMP_SYS(fcntl),      SCMP_SYS(prlimit64),       SCMP_SYS(getuid),
    SCMP_SYS(geteuid),    SCMP_SYS(getgid),   SCMP_SYS(getegid),    SCMP_SYS(prctl),           SCMP_SYS(mprotect),
    SCMP_SYS(mmap),       SCMP_SYS(flock),
};

static bool is_starting(int call)
{
    for (size_t i = 0; i < LENGTH(starting); i++)
        if (starting[i] == call) return true;
    return false;
}

static bool add_rules(scmp_filter_ctx filter, enum sandbox kind)
{
    bool may_start = kind == SANDBOX_PROGRAM;
    int wrong = 0;
    for (size_t i = 0; i < LENGTH(always); i++) wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, always[i], 0);
    for (size_t i = 0; may_start && i < LENGTH(starting); i++)
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, starting[i], 0);
    for (size_t i = 0; i < LENGTH(refused); i++)
        if (!may_start || (!is_starting(refused[i].call) && refused[i].call != SCMP_SYS(open)))
            wrong |= seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)refused[i].error), refused[i].call, 0);
    /* Threads of our own yes (libde265 begins one), processes no; memory yes, new instructions no. */
    wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM, CLONE_THREAD | CLONE_VM));
    wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, (uint64_t)getpid()));
    if (may_start) {
        const uint64_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, writing, 0));
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, writing, 0));
    } else {
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);
        wrong |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        wrong |=
            seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    }
    return wrong == 0;
}

static bool close_calls(enum sandbox kind)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (filter == NULL) return false;
    bool is_closed = add_rules(filter, kind) && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return is_closed;
}

bool sandbox_enter(enum sandbox kind, const struct sandbox_bounds *bounds, const char *program)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0) != 0) return false;
    return close_folders(kind, program) && set_bounds(bounds) && close_calls(kind);
}
