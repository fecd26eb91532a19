/*
 * SQLite's own way to the disk with a count beside it; private to src/store. Writes and syncs are counted by the kind
 * of file. Pages of the tables carry a sum, pages of the log are remembered by one (store_page.h): a page that is read
 * and is not what was written is SQLITE_IOERR_DATA; what was compared a moment ago is not compared again. One for each
 * store, registered under a name of its own.
 */
#ifndef STORE_STORE_VFS_H
#define STORE_STORE_VFS_H

#include "store/store_cost.h"

struct counted_vfs;

struct counted_vfs *counted_vfs_new(void);
void counted_vfs_free(struct counted_vfs *v); /* after all its connections; NULL is fine */
const char *counted_vfs_name(const struct counted_vfs *v);
/* What names the log's present generation: 8 bytes of its header; 0: none was read or written yet. */
uint64_t counted_vfs_log_salts(struct counted_vfs *v);
/* Of sqlite3_file_control, with an int: -1 asks whether the pages of this database carry sums, 0 and 1 say it. */
enum { VFS_SUMS = 0x6d637301 };
/* Of a file that is open: from now on every page that is read through it is compared, however lately it was. */
enum { VFS_THOROUGH = 0x6d637302 };
struct disk_cost counted_vfs_cost(struct counted_vfs *v);

#endif
