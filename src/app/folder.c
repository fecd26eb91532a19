#include "app/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/parse.h"

enum { OPEN_FILES = 16, CONF_BYTES = 64 * 1024 };

static const char *const parts[] = {"files", "spool", "keys"};

enum outcome folder_make(struct arena *a, struct str path, struct fail *why)
{
    TRY(file_make_folder(path, 0700, why));
    for (size_t i = 0; i < LENGTH(parts); i++) TRY(file_make_folder(file_join(a, path, str_from(parts[i])), 0700, why));
    return OK;
}

/* The last line that says it counts, as for every setting. */
struct str folder_store(struct arena *a, struct str path)
{
    struct fail unread;
    struct str text, url, found = STR_NONE;
    fail_init(&unread, a);
    if (file_read(a, file_join(a, path, STR("motcua.conf")), CONF_BYTES, &text, &unread) != OK) return found;
    struct scan scan = scan_of(text);
    while (!scan_is_end(&scan))
        if (conf_line(scan_line(&scan), STR("store"), &url)) found = url;
    return found;
}

enum outcome folder_set_store(struct arena *a, struct str path, struct str url, struct fail *why)
{
    struct str text = STR_NONE, conf = file_join(a, path, STR("motcua.conf"));
    if (str_eq(folder_store(a, path), url)) return OK;
    if (file_exists(conf)) TRY(file_read(a, conf, CONF_BYTES, &text, why));
    text = conf_without(a, text, STR("store"));
    const char *between = text.len == 0 || str_ends(text, STR("\n")) ? "" : "\n";
    if (url.len > 0) text = str_format(a, "%.*s%sstore = %.*s\n", STR_ARG(text), between, STR_ARG(url));
    return file_write(conf, text, 0600, why);
}

bool folder_is_made(struct arena *a, struct str path)
{
    return file_exists(file_join(a, path, STR("motcua.db"))) || folder_store(a, path).len > 0;
}

enum outcome folder_become_owner(struct arena *a, struct str path, struct fail *why)
{
    struct stat about;
    if (geteuid() != 0 || stat(str_cstr(a, path), &about) != 0 || about.st_uid == 0) return OK;
    if (setgroups(0, NULL) != 0 || setgid(about.st_gid) != 0 || setuid(about.st_uid) != 0)
        return fail(why, ERR_DOWN, N_("The data folder {0} cannot be opened: {1}."), path, str_from(strerror(errno)));
    return OK;
}

static enum outcome lock_file(struct arena *a, struct str path, struct str name, int how, int *out, struct fail *why)
{
    int fd = open(str_cstr(a, file_join(a, path, name)), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(why, errno == ENOENT ? ERR_MISSING : ERR_DOWN, N_("The data folder {0} cannot be opened: {1}."),
                    path, str_from(strerror(errno)));
    if (flock(fd, how | LOCK_NB) != 0) {
        close(fd);
        return fail(why, ERR_CONFLICT, N_("The data folder {0} is in use by another process."), path);
    }
    *out = fd;
    return OK;
}

enum outcome folder_own(struct arena *a, struct str path, struct folder *out, struct fail *why)
{
    int fd;
    TRY(lock_file(a, path, STR("lock"), LOCK_EX, &fd, why));
    *out = (struct folder){.path = str_dup(a, path), .lock_fd = fd, .node_fd = -1};
    return OK;
}

static bool is_node_name(struct str s)
{
    bool is = s.len > 0 && s.len <= NODE_NAME_MOST;
    for (size_t i = 0; i < s.len && is; i++)
        is = (s.at[i] >= 'a' && s.at[i] <= 'z') || (s.at[i] >= '0' && s.at[i] <= '9') || s.at[i] == '-';
    return is;
}

enum outcome folder_share(struct arena *a, struct str path, struct str node, struct folder *out, struct fail *why)
{
    struct folder f = {.path = str_dup(a, path), .node = str_dup(a, node), .lock_fd = -1, .node_fd = -1};
    if (!is_node_name(node))
        return fail(why, ERR_INVALID, N_("A node's name is small letters, digits and dashes, not “{0}”."), node);
    if (folder_store(a, path).len == 0)
        return fail(
            why, ERR_CONFLICT,
            N_("Only an office on a database server is served by several processes; this one is in its folder."));
    TRY(lock_file(a, path, str_format(a, "node-%.*s.lock", STR_ARG(node)), LOCK_EX, &f.node_fd, why));
    if (lock_file(a, path, STR("lock"), LOCK_SH, &f.lock_fd, why) != OK) {
        folder_release(&f);
        return why->outcome;
    }
    *out = f;
    return OK;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

void folder_remove(struct arena *a, struct str path)
{
    (void)nftw(str_cstr(a, path), remove_entry, OPEN_FILES, FTW_DEPTH | FTW_PHYS);
}

void folder_release(struct folder *f)
{
    if (f->lock_fd >= 0) close(f->lock_fd);
    if (f->node.len > 0 && f->node_fd >= 0) close(f->node_fd);
    f->lock_fd = f->node_fd = -1;
}

struct str folder_own_file(struct arena *a, const struct folder *f, const char *name, const char *extension)
{
    struct str file = f->node.len > 0 ? str_format(a, "%s-%.*s%s", name, STR_ARG(f->node), extension)
                                      : str_format(a, "%s%s", name, extension);
    return file_join(a, f->path, file);
}

enum outcome folder_sockets(struct arena *a, struct str path, struct str **out, size_t *out_count, struct fail *why)
{
    struct str *names;
    size_t count;
    TRY(file_names(a, path, &names, &count, why));
    *out = ARENA_ARRAY(a, struct str, count + 1);
    *out_count = 0;
    for (size_t i = 0; i < count; i++)
        if (str_starts(names[i], STR("control")) && str_ends(names[i], STR(".sock")))
            (*out)[(*out_count)++] = file_join(a, path, names[i]);
    return OK;
}

struct str folder_file(struct arena *a, const struct folder *f, const char *name)
{
    return file_join(a, f->path, str_from(name));
}
