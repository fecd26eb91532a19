#include "image/image_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/wait.h"
#include "image/sandbox.h"

enum {
    WAITING_MOST = 16,
    PATIENCE_S = 20 * SANDBOX_SLOWER,
    WORKER_MS = 15000 * SANDBOX_SLOWER,
    ASK_MS = 5,
    RUNNING_MOST = 4
};

struct image_runner {
    pthread_mutex_t lock;
    pthread_cond_t left;
    int running, running_most, waiting;
    struct str program; /* NUL-terminated, the runner's own */
    void (*before_wait)(void *context);
    void (*after_wait)(void *context);
    void *wait_context;
};

struct image_runner *image_runner_new(const struct image_options *options)
{
    struct image_runner *r = calloc(1, sizeof *r);
    if (r == NULL) BUG("out of memory");
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    r->running_most = cores < 1 ? 1 : cores > RUNNING_MOST ? RUNNING_MOST : (int)cores;
    r->program = str_from(strndup(options->program.at, options->program.len));
    r->before_wait = options->before_wait;
    r->after_wait = options->after_wait;
    r->wait_context = options->wait_context;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->left, NULL);
    return r;
}

void image_runner_free(struct image_runner *r)
{
    if (r == NULL) return;
    pthread_cond_destroy(&r->left);
    pthread_mutex_destroy(&r->lock);
    free((char *)(uintptr_t)r->program.at);
    free(r);
}

/* ---- a place ---- */

static bool take_place(struct image_runner *r)
{
    int64_t moment_us = clock_monotonic_us() + PATIENCE_S * US_PER_S;
    pthread_mutex_lock(&r->lock);
    bool may_wait = r->running < r->running_most || r->waiting < WAITING_MOST;
    r->waiting += may_wait;
    while (may_wait && r->running >= r->running_most && wait_until(&r->left, &r->lock, moment_us)) continue;
    r->waiting -= may_wait;
    bool has_place = may_wait && r->running < r->running_most;
    r->running += has_place;
    pthread_mutex_unlock(&r->lock);
    return has_place;
}

static void leave_place(struct image_runner *r)
{
    pthread_mutex_lock(&r->lock);
    r->running--;
    pthread_cond_signal(&r->left);
    pthread_mutex_unlock(&r->lock);
}

/* ---- starting ---- */

/* The worker's descriptors are few and low: ours are copied out of the way first, so that none is overwritten. */
enum { OUT_OF_THE_WAY = JOB_FIRST_PART + IMAGE_PARTS_MOST };

struct handing {
    int fds[OUT_OF_THE_WAY];
    int count;
};

static bool hand_over(struct handing *h, posix_spawn_file_actions_t *actions, int fd, int as)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
    if (copy < 0) return false;
    h->fds[h->count++] = copy;
    return posix_spawn_file_actions_adddup2(actions, copy, as) == 0;
}

static bool hand_over_all(struct handing *h, posix_spawn_file_actions_t *actions, const struct image_job *job,
                          const int *in, int out, int report)
{
    bool is_fine = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
                   hand_over(h, actions, report, JOB_REPORT);
    if (out >= 0)
        is_fine = is_fine && hand_over(h, actions, out, JOB_OUT);
    else
        is_fine = is_fine && posix_spawn_file_actions_addopen(actions, JOB_OUT, "/dev/null", O_WRONLY, 0) == 0;
    for (int i = 0; is_fine && i < job->part_count; i++) is_fine = hand_over(h, actions, in[i], JOB_FIRST_PART + i);
    return is_fine && posix_spawn_file_actions_addclosefrom_np(actions, JOB_FIRST_PART + job->part_count) == 0;
}

/* No mask and no handling of signals is inherited, and nothing of the environment. */
static bool set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 && posix_spawnattr_setsigdefault(attributes, &all) == 0;
}

static pid_t start(const struct image_runner *r, const struct image_job *job, const int *in, int out, int report)
{
    char words[JOB_WORDS][12], *call[JOB_WORDS + 3] = {(char[]){"motcua"}, (char[]){IMAGE_WORKER}},
                                                 *environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    struct handing handing = {.count = 0};
    pid_t pid = -1;
    image_job_format(job, words);
    for (int i = 0; i < JOB_WORDS; i++) call[i + 2] = words[i];
    if (posix_spawn_file_actions_init(&actions) != 0 || posix_spawnattr_init(&attributes) != 0) BUG("out of memory");
    if (!set_attributes(&attributes) || !hand_over_all(&handing, &actions, job, in, out, report) ||
        posix_spawn(&pid, r->program.at, &actions, &attributes, call, environment) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    for (int i = 0; i < handing.count; i++) (void)close(handing.fds[i]); /* copies; nothing is lost with them */
    return pid;
}

/* ---- waiting ---- */

static bool has_ended(pid_t pid)
{
    siginfo_t said = {.si_pid = 0};
    return waitid(P_PID, (id_t)pid, &said, WEXITED | WNOHANG | WNOWAIT) == 0 && said.si_pid == pid;
}

/* Until the process has ended; false when it had to be ended. Where the system lends no descriptor of it (valgrind,
 * some containers), it is asked for every few milliseconds. */
static bool wait_for_end(pid_t pid)
{
    AUTO_FD int process = pidfd_open(pid, 0);
    int64_t until = clock_monotonic_us() + WORKER_MS * INT64_C(1000), left;
    struct pollfd ended = {.fd = process, .events = POLLIN}; /* -1: poll only waits */
    while ((left = until - clock_monotonic_us()) > 0) {
        int got = poll(&ended, 1, process < 0 ? ASK_MS : (int)(left / 1000) + 1);
        if (got > 0 || (process < 0 && has_ended(pid))) return true;
        if (got < 0 && errno != EINTR) break;
    }
    (void)kill(pid, SIGKILL); /* it may have ended just now */
    return false;
}

static struct str read_report(int fd, char buffer[REPORT_BYTES])
{
    ssize_t n = read(fd, buffer, REPORT_BYTES - 1);
    return n > 0 ? str_of(buffer, (size_t)n) : STR_NONE;
}

static enum outcome judge(int status, bool is_in_time, struct str report, struct image_facts *facts, struct fail *why)
{
    *facts = (struct image_facts){.state = IMAGE_DAMAGED};
    if (is_in_time && WIFEXITED(status) && WEXITSTATUS(status) == 0 && image_report_parse(report, facts)) return OK;
    if (WIFEXITED(status) && WEXITSTATUS(status) == JOB_HAS_NO_CELL)
        return fail(why, ERR_DOWN, N_("Files cannot be looked into safely on this machine. Tell the office."));
    int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    log_write(LOG_WARN, "image", "worker=ended in_time=%d signal=%d", is_in_time, signal);
    if (!is_in_time || signal == SIGXCPU || signal == SIGKILL) facts->state = IMAGE_TOO_SLOW;
    return OK;
}

static enum outcome run(struct image_runner *r, const struct image_job *job, const int *in, int out,
                        struct image_facts *facts, struct fail *why)
{
    int ends[2], status = 0;
    char buffer[REPORT_BYTES];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(why, ERR_DOWN, N_("Too many files are open. Try again in a moment."));
    AUTO_FD int reading = ends[0];
    pid_t pid = start(r, job, in, out, ends[1]);
    (void)close(ends[1]); /* the worker has its own */
    if (pid < 0) return fail(why, ERR_DOWN, N_("Files cannot be looked into right now. Try again in a moment."));
    bool is_in_time = wait_for_end(pid);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    return judge(status, is_in_time, read_report(reading, buffer), facts, why);
}

enum outcome image_run(struct image_runner *r, const struct image_job *job, const int *in, int out,
                       struct image_facts *facts, struct fail *why)
{
    enum outcome done;
    if (r->before_wait != NULL) r->before_wait(r->wait_context);
    if (take_place(r)) {
        done = run(r, job, in, out, facts, why);
        leave_place(r);
    } else {
        done = fail(why, ERR_DOWN,
                    N_("Many files are being looked into right now. Nothing is lost; try again in a moment."));
    }
    if (r->after_wait != NULL) r->after_wait(r->wait_context);
    return done;
}
