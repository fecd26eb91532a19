/*
 * The data folder and its one owner. Whoever holds the lock on DIR/lock owns everything in it; the lock goes with the
 * process, so a kill never leaves a stale one. Nodes (processes that share an office on a database server, and this
 * folder or copies of it) hold that lock together, and each its own on DIR/node-NAME.lock. Layout: motcua.db, files/,
 * spool/, keys/, control.sock, motcua.conf, backups/ (backups.h), and cache/ (pictures of papers), which may be deleted
 * at any time.
 */
#ifndef APP_FOLDER_H
#define APP_FOLDER_H

#include "base/fail.h"

enum { NODE_NAME_MOST = 32, FOLDER_FREE_LEAST = 5 /* per cent of its disk: with less, somebody should look */ };

struct folder {
    struct str path;
    int lock_fd;     /* -1: not owned */
    struct str node; /* empty: this process has the folder to itself */
    int node_fd;     /* with a node: its own lock */
};

/* Root, on a folder of somebody else, becomes that somebody, so that nothing in it is ever root's. Before any thread.
 */
enum outcome folder_become_owner(struct arena *a, struct str path, struct fail *why) MUST_USE;
/* The folder must exist. ERR_CONFLICT when another process owns it. */
enum outcome folder_own(struct arena *a, struct str path, struct folder *out, struct fail *why) MUST_USE;
/* The same beside other nodes: `node` is 1 to NODE_NAME_MOST small letters, digits and dashes. */
enum outcome folder_share(struct arena *a, struct str path, struct str node, struct folder *out,
                          struct fail *why) MUST_USE;
/* Makes the folder and what belongs in it, with rights for the owner only. */
enum outcome folder_make(struct arena *a, struct str path, struct fail *why) MUST_USE;
/* With all that is in it; best effort, for what nothing needs any more. */
void folder_remove(struct arena *a, struct str path);
void folder_release(struct folder *f);
bool folder_is_made(struct arena *a, struct str path); /* there is a store in it, or it says where */
/* Where its motcua.conf says that the tables are: postgresql://...; empty: in the folder. */
struct str folder_store(struct arena *a, struct str path);
/* Says so from now on; the other lines stay. Nothing when there is nothing to change. */
enum outcome folder_set_store(struct arena *a, struct str path, struct str url, struct fail *why) MUST_USE;
/* A file or folder that each node has for itself: "spool" is DIR/spool, of the node b DIR/spool-b. `extension` may be
 * empty. */
struct str folder_own_file(struct arena *a, const struct folder *f, const char *name, const char *extension);
/* Where servers of this folder may listen for commands: DIR/control.sock and those of nodes. */
enum outcome folder_sockets(struct arena *a, struct str path, struct str **out, size_t *out_count,
                            struct fail *why) MUST_USE;
struct str folder_file(struct arena *a, const struct folder *f, const char *name);

#endif
