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

enum outcome folder_own(struct arena *a, struct str path, struct folder *out, struct fail *why)
{
    int fd = open(str_cstr(a, file_join(a, path, STR("lock"))), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(why, errno == ENOENT ? ERR_MISSING : ERR_DOWN, N_("The data folder {0} cannot be opened: {1}."),
                    path, str_from(strerror(errno)));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return fail(why, ERR_CONFLICT, N_("The data folder {0} is in use by another process."), path);
    }
    *out = (struct folder){str_dup(a, path), fd};
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
    f->lock_fd = -1;
}

struct str folder_file(struct arena *a, const struct folder *f, const char *name)
{
    return file_join(a, f->path, str_from(name));
}
