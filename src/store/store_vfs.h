/*
 * SQLite's own way to the disk with a count beside it; private to src/store. Everything is handed on as it came; writes
 * and syncs are counted by the kind of file. One for each store, registered under a name of its own.
 */
#ifndef STORE_STORE_VFS_H
#define STORE_STORE_VFS_H

#include "store/store_cost.h"

struct counted_vfs;

struct counted_vfs *counted_vfs_new(void);
void counted_vfs_free(struct counted_vfs *v); /* after all its connections; NULL is fine */
const char *counted_vfs_name(const struct counted_vfs *v);
struct disk_cost counted_vfs_cost(struct counted_vfs *v);

#endif
