#include "base/file_system.h"

#include <limits.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include "base/list.h"

/* clang-format off */
static const struct {
    uint32_t number;
    struct file_system kind;
} kinds[] = {
    {0xEF53,     {STR_INIT("ext4"),    false, false}},
    {0x58465342, {STR_INIT("xfs"),     false, false}},
    {0x9123683E, {STR_INIT("btrfs"),   false, false}},
    {0x2FC12FC1, {STR_INIT("zfs"),     false, false}},
    {0xF2F52010, {STR_INIT("f2fs"),    false, false}},
    {0x794C7630, {STR_INIT("overlay"), false, false}},
    {0x01021994, {STR_INIT("tmpfs"),   false, true }},
    {0x858458F6, {STR_INIT("ramfs"),   false, true }},
    {0x6969,     {STR_INIT("nfs"),     true,  false}},
    {0xFF534D42, {STR_INIT("cifs"),    true,  false}},
    {0xFE534D42, {STR_INIT("smb2"),    true,  false}},
    {0x65735546, {STR_INIT("fuse"),    false, false}},
};
/* clang-format on */

struct file_system file_system_of(struct arena *a, struct str folder)
{
    struct statfs about;
    if (statfs(str_cstr(a, folder), &about) != 0) return (struct file_system){0};
    for (size_t i = 0; i < LENGTH(kinds); i++)
        if ((uint32_t)about.f_type == kinds[i].number) return kinds[i].kind;
    return (struct file_system){.name = str_format(a, "0x%x", (unsigned)about.f_type)};
}

bool file_system_room(struct str folder, struct file_system_room *out)
{
    struct statvfs disk;
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%.*s", STR_ARG(folder)) >= PATH_MAX || statvfs(path, &disk) != 0) return false;
    *out = (struct file_system_room){(uint64_t)disk.f_bavail * disk.f_frsize, (uint64_t)disk.f_blocks * disk.f_frsize};
    return true;
}

int file_system_percent(const struct file_system_room *room)
{
    return room->all > 0 ? (int)((double)room->free * 100 / (double)room->all) : 0;
}
