#include "app/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/list.h"
#include "base/log.h"

enum { CALL_BYTES = 64 * 1024, CALL_FDS = 3, CALL_ARENA = 64 * 1024 * 1024, READ_TIMEOUT_S = 10, CALLS_MOST = 8 };

struct control {
    struct app *app;
    int listen_fd, stop_fd;
    char path[108];
    pthread_t thread;
    pthread_mutex_t one_at_a_time; /* commands that may change something */
    pthread_mutex_t lock;          /* of calls */
    pthread_cond_t ended;
    int calls; /* being answered, each on a thread of its own */
};

struct call {
    struct control *control;
    int fd;
};

static enum outcome address_of(struct str path, struct sockaddr_un *out, struct fail *why)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (path.len >= sizeof out->sun_path)
        return fail(why, ERR_INVALID, N_("The path of the data folder is too long for a socket: {0}."), path);
    memcpy(out->sun_path, path.at, path.len);
    return OK;
}

/* ---- the caller ---- */

static struct str call_text(struct buf *text, const struct str *words, size_t count, enum language l)
{
    char cwd[4096];
    struct json_writer w;
    jw_init(&w, text);
    jw_open(&w, '{');
    jw_put_str(&w, "language", str_from(language_code(l)));
    jw_put_str(&w, "cwd", str_from(getcwd(cwd, sizeof cwd)));
    jw_key(&w, "words");
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) jw_str(&w, words[i]);
    jw_close(&w);
    jw_close(&w);
    return buf_str(text);
}

static bool send_call(int fd, struct str text)
{
    int fds[CALL_FDS] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    union {
        char room[CMSG_SPACE(sizeof fds)];
        struct cmsghdr align;
    } control = {0};
    struct iovec part = {(void *)(uintptr_t)text.at, text.len};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fds);
    memcpy(CMSG_DATA(head), fds, sizeof fds);
    return sendmsg(fd, &message, MSG_NOSIGNAL) == (ssize_t)text.len;
}

enum outcome control_call(struct arena *a, struct str socket_path, const struct str *words, size_t count,
                          enum language l, enum exit_code *out, struct fail *why)
{
    (void)a;
    struct sockaddr_un address;
    TRY(address_of(socket_path, &address, why));
    AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return fail(why, ERR_MISSING, N_("No server answers at {0}."), socket_path);
    AUTO_BUF struct buf text;
    buf_init(&text, CALL_BYTES);
    struct str call = call_text(&text, words, count, l);
    if (text.is_full) return fail(why, ERR_TOO_LARGE, N_("The call has too many words for a running server."));
    int32_t code = 0;
    if (!send_call(fd, call) || recv(fd, &code, sizeof code, 0) != (ssize_t)sizeof code)
        return fail(why, ERR_DOWN, N_("The running server stopped before it finished the command."));
    *out = (enum exit_code)code;
    return OK;
}

/* ---- the server ---- */

static bool is_trusted(int fd)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0) return false;
    return peer.uid == geteuid() || peer.uid == 0;
}

static ssize_t receive_call(int fd, char *text, size_t room, int fds[CALL_FDS], int *out_fd_count)
{
    union {
        char room[CMSG_SPACE(sizeof(int) * CALL_FDS)];
        struct cmsghdr align;
    } control = {0};
    struct iovec part = {text, room};
    /* Not the whole room: what fills it up to its alignment would take one file more than fds. */
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = CMSG_LEN(sizeof(int) * CALL_FDS)};
    ssize_t got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
    *out_fd_count = 0;
    for (struct cmsghdr *head = got > 0 ? CMSG_FIRSTHDR(&message) : NULL; head; head = CMSG_NXTHDR(&message, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
        *out_fd_count = (int)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(fds, CMSG_DATA(head), sizeof(int) * (size_t)*out_fd_count);
    }
    return got;
}

static enum exit_code run_command(struct control *control, struct command_context *c)
{
    if (c->command->runs_beside) return c->command->run(c);
    pthread_mutex_lock(&control->one_at_a_time);
    enum exit_code code = c->command->run(c);
    pthread_mutex_unlock(&control->one_at_a_time);
    return code;
}

static enum exit_code run_words(struct control *control, struct command_context *c, yyjson_val *call)
{
    yyjson_val *list = json_get(call, "words"), *word;
    LIST(struct str) words = {0};
    size_t i, count;
    yyjson_arr_foreach(list, i, count, word) LIST_PUSH(c->arena, words) = json_text(word);
    c->command = words.count > 0 ? command_find(words.at[0]) : NULL;
    if (c->command == NULL || c->command->need != NEED_APP) return EXIT_USAGE;
    enum exit_code parsed = command_parse(c, words.at + 1, words.count - 1);
    return parsed == EXIT_FINE ? run_command(control, c) : parsed;
}

static enum exit_code run_call(struct control *control, struct str text, const int fds[CALL_FDS])
{
    AUTO_ARENA struct arena arena;
    arena_init(&arena, CALL_ARENA);
    struct fail why;
    fail_init(&why, &arena);
    yyjson_val *call;
    if (json_read(&arena, text, &call, &why) != OK) return EXIT_USAGE;
    AUTO_FILE FILE *in = fdopen(dup(fds[0]), "r");
    AUTO_FILE FILE *out = fdopen(dup(fds[1]), "w");
    AUTO_FILE FILE *err = fdopen(dup(fds[2]), "w");
    if (in == NULL || out == NULL || err == NULL) return EXIT_DOWN;
    struct command_context c = {.app = control->app,
                                .arena = &arena,
                                .cwd = json_str(call, "cwd"),
                                .in = in,
                                .out = out,
                                .err = err,
                                .is_remote = true,
                                .stop_fd = control->stop_fd};
    if (!language_parse(json_str(call, "language"), &c.language)) c.language = VIETNAMESE;
    return run_words(control, &c, call);
}

static void serve_call(struct control *control, int fd)
{
    struct timeval patience = {READ_TIMEOUT_S, 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience); /* best effort: the peer is ourselves */
    if (!is_trusted(fd)) return;
    char *text = malloc(CALL_BYTES);
    int fds[CALL_FDS], fd_count = 0;
    ssize_t got = text ? receive_call(fd, text, CALL_BYTES, fds, &fd_count) : -1;
    int32_t code = EXIT_USAGE;
    if (got > 0 && fd_count == CALL_FDS) code = (int32_t)run_call(control, str_of(text, (size_t)got), fds);
    for (int i = 0; i < fd_count; i++) close(fds[i]);
    free(text);
    (void)send(fd, &code, sizeof code, MSG_NOSIGNAL); /* a caller that went away hears nothing */
}

static void *answer(void *context)
{
    struct call *call = context;
    struct control *control = call->control;
    serve_call(control, call->fd);
    close(call->fd);
    free(call);
    pthread_mutex_lock(&control->lock);
    control->calls--;
    pthread_cond_broadcast(&control->ended);
    pthread_mutex_unlock(&control->lock);
    return NULL;
}

static void wait_for_calls(struct control *control, int most)
{
    pthread_mutex_lock(&control->lock);
    while (control->calls > most) pthread_cond_wait(&control->ended, &control->lock);
    pthread_mutex_unlock(&control->lock);
}

/* Takes the connection over. Without a thread the caller is told by its end. */
static void begin_answer(struct control *control, int fd)
{
    pthread_t thread;
    struct call *call = malloc(sizeof *call);
    wait_for_calls(control, CALLS_MOST - 1);
    if (call != NULL) *call = (struct call){control, fd};
    pthread_mutex_lock(&control->lock);
    bool is_begun = call != NULL && pthread_create(&thread, NULL, answer, call) == 0;
    if (is_begun) control->calls++;
    pthread_mutex_unlock(&control->lock);
    if (is_begun) {
        (void)pthread_detach(thread); /* counted instead */
        return;
    }
    close(fd);
    free(call);
}

static void *control_loop(void *context)
{
    struct control *control = context;
    for (;;) {
        struct pollfd wait[2] = {
            {control->listen_fd, POLLIN, 0},
            {control->stop_fd,   POLLIN, 0}
        };
        if (poll(wait, 2, -1) < 0 && errno != EINTR) break;
        if (wait[1].revents != 0) break;
        int fd = accept4(control->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) begin_answer(control, fd);
    }
    wait_for_calls(control, 0);
    return NULL;
}

enum outcome control_start(struct app *app, struct str socket_path, struct control **out, struct fail *why)
{
    struct sockaddr_un address;
    TRY(address_of(socket_path, &address, why));
    AUTO_FD int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    unlink(address.sun_path); /* ours: we own the folder */
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 16) != 0)
        return fail(why, ERR_DOWN, N_("The control socket {0} cannot be opened: {1}."), socket_path,
                    str_from(strerror(errno)));
    struct control *control = calloc(1, sizeof *control);
    if (control == NULL) BUG("out of memory");
    *control = (struct control){.app = app, .listen_fd = dup(fd), .stop_fd = eventfd(0, EFD_CLOEXEC)};
    pthread_mutex_init(&control->one_at_a_time, NULL);
    pthread_mutex_init(&control->lock, NULL);
    pthread_cond_init(&control->ended, NULL);
    memcpy(control->path, address.sun_path, sizeof control->path);
    if (pthread_create(&control->thread, NULL, control_loop, control) != 0) BUG("no thread for the control socket");
    *out = control;
    return OK;
}

void control_stop(struct control *c)
{
    if (c == NULL) return;
    uint64_t one = 1;
    if (write(c->stop_fd, &one, sizeof one) != (ssize_t)sizeof one) BUG("the control thread cannot be woken");
    pthread_join(c->thread, NULL);
    unlink(c->path);
    close(c->listen_fd);
    close(c->stop_fd);
    pthread_mutex_destroy(&c->one_at_a_time);
    pthread_mutex_destroy(&c->lock);
    pthread_cond_destroy(&c->ended);
    free(c);
}
