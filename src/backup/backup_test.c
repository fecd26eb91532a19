#include "store/test_store.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include "backup/backup.h"
#include "backup/tar.h"
#include "base/file.h"
#include "queries.h"
#include "store/blob.h"

/* An office of a journal and some papers; no row names a paper in it, which the stories look at. */
struct office {
    struct test_store t;
    struct journal_key *key;
    struct str backups, file;
};

static struct backup_reading reading(void)
{
    return (struct backup_reading){embedded_migrations, embedded_migrations_count, Q_PAPERS_NAMED};
}

static enum outcome add_entry(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    (void)out;
    return journal_append(
        tx, &(struct entry){.subject_kind = SUBJECT_SYSTEM, .subject = 1, .act = "try", .payload = STR("{\"a\":1}")},
        NULL, why);
}

static struct str in_office(struct office *o, const char *name)
{
    return str_format(&o->t.arena, "%s/%s", o->t.folder, name);
}

static void keep_paper(struct office *o, struct str content)
{
    struct sha256 hash;
    assert_ok(&o->t, blob_write(in_office(o, "files"), content, &hash, &o->t.why));
}

static void open_office(struct office *o)
{
    static const char *const folders[] = {"files", "keys", "spool", "backups"};
    test_store_open(&o->t);
    for (size_t i = 0; i < LENGTH(folders); i++)
        assert_ok(&o->t, file_make_folder(in_office(o, folders[i]), 0700, &o->t.why));
    assert_ok(&o->t, journal_key_load(in_office(o, "keys/journal.key"), true, &o->key, &o->t.why));
    assert_ok(&o->t, file_write(in_office(o, "motcua.conf"), STR("office = G11\n"), 0600, &o->t.why));
    for (int i = 0; i < 20; i++) assert_ok(&o->t, store_run(o->t.store, add_entry, NULL, NULL, &o->t.why));
    keep_paper(o, STR("một tờ giấy"));
    keep_paper(o, STR("tờ thứ hai"));
    o->backups = in_office(o, "backups");
    o->file = in_office(o, "copy.tar");
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    return walk->level == 0 ? 0 : remove(path);
}

static void close_office(struct office *o)
{
    journal_key_free(o->key);
    store_close(o->t.store);
    o->t.store = NULL;
    assert_int_equal(nftw(o->t.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    assert_int_equal(rmdir(o->t.folder), 0);
    arena_end(&o->t.arena);
}

static struct str make(struct office *o, struct str to, struct backup_facts *facts)
{
    struct backup_source source = {o->t.store, o->key, str_from(o->t.folder)};
    struct str path = STR_NONE;
    assert_ok(&o->t, backup_make(&o->t.arena, &source, to, &path, facts, &o->t.why));
    return path;
}

static enum outcome verify(struct office *o, struct str path, struct backup_facts *facts)
{
    struct backup_reading how = reading();
    fail_init(&o->t.why, &o->t.arena);
    return backup_verify(&o->t.arena, &how, path, facts, &o->t.why);
}

/* ---- whole ---- */

static void a_file_and_a_list_come_back_as_they_were_with_the_sealed_head(void **state)
{
    (void)state;
    struct office o = {0};
    open_office(&o);
    const struct str targets[] = {o.file, o.backups};
    for (size_t i = 0; i < LENGTH(targets); i++) {
        struct backup_facts made, read;
        struct str path = make(&o, targets[i], &made), content;
        assert_ok(&o.t, verify(&o, path, &read));
        assert_int_equal(read.head.size, 20);
        assert_true(sha256_eq(read.head.root, made.head.root));
        assert_int_equal(read.papers, 2);
        struct str into = str_format(&o.t.arena, "%s/restored%zu", o.t.folder, i);
        struct backup_reading how = reading();
        assert_ok(&o.t, file_make_folder(into, 0700, &o.t.why));
        assert_ok(&o.t, backup_unpack(&o.t.arena, &how, path, into, &read, &o.t.why));
        assert_ok(&o.t,
                  file_read(&o.t.arena, file_join(&o.t.arena, into, STR("motcua.conf")), 100, &content, &o.t.why));
        assert_str(content, "office = G11\n");
        int fd;
        uint64_t bytes;
        struct str files = file_join(&o.t.arena, into, STR("files"));
        assert_ok(&o.t, blob_open(files, sha256_of(STR("tờ thứ hai")), &fd, &bytes, &o.t.why));
        assert_int_equal(bytes, strlen("tờ thứ hai"));
        close(fd);
    }
    close_office(&o);
}

static void a_second_backup_into_a_folder_costs_what_changed(void **state)
{
    (void)state;
    struct office o = {0};
    struct backup_facts first, second;
    open_office(&o);
    clock_hold(1800000000 * US_PER_S);
    (void)make(&o, o.backups, &first);
    clock_hold(1800000300 * US_PER_S);
    (void)make(&o, o.backups, &second);
    clock_release();
    assert_true(second.new_bytes * 4 < first.new_bytes);
    close_office(&o);
}

static void two_backups_of_one_second_are_two(void **state)
{
    (void)state;
    struct office o = {0};
    struct backup_facts facts;
    open_office(&o);
    clock_hold(1800000000 * US_PER_S);
    struct str first = make(&o, o.backups, &facts), second = make(&o, o.backups, &facts);
    clock_release();
    assert_false(str_eq(first, second));
    assert_true(file_exists(first) && file_exists(second));
    close_office(&o);
}

/* ---- damaged ---- */

static unsigned char flip(struct office *o, struct str path, off_t at)
{
    unsigned char byte;
    int fd = open(str_cstr(&o->t.arena, path), O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
    return byte ^ 1;
}

static void every_flipped_bit_and_every_lost_end_of_a_file_is_found(void **state)
{
    (void)state;
    struct office o = {0};
    struct backup_facts facts;
    struct stat about;
    open_office(&o);
    (void)make(&o, o.file, &facts);
    assert_int_equal(stat(o.file.at, &about), 0);
    off_t last = about.st_size - 2 * TAR_BLOCK; /* after it only the zeros that end an archive */
    for (int i = 0; i < 40; i++) {
        off_t at = (off_t)(random_u64() % (uint64_t)last);
        unsigned char was = flip(&o, o.file, at);
        enum outcome found = verify(&o, o.file, &facts);
        (void)flip(&o, o.file, at);
        if (found == OK) assert_int_equal(was, 0); /* zeros that fill a block up say nothing */
    }
    for (off_t end = 0; end < last - TAR_BLOCK; end += last / 7) {
        struct str cut = in_office(&o, "cut.tar"), all;
        assert_ok(&o.t, file_read(&o.t.arena, o.file, (size_t)about.st_size, &all, &o.t.why));
        assert_ok(&o.t, file_write(cut, str_part(all, 0, (size_t)end), 0600, &o.t.why));
        assert_int_not_equal(verify(&o, cut, &facts), OK);
    }
    assert_ok(&o.t, verify(&o, o.file, &facts));
    close_office(&o);
}

static struct str damaged;

static int damage_first(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)walk;
    if (kind != FTW_F || about->st_size == 0 || damaged.len > 0) return 0;
    damaged = str_from(strdup(path));
    return 0;
}

static void a_part_or_paper_that_changed_or_went_is_found(void **state)
{
    (void)state;
    static const char *const kinds[] = {"parts", "papers"};
    struct office o = {0};
    struct backup_facts facts;
    open_office(&o);
    struct str path = make(&o, o.backups, &facts);
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        damaged = STR_NONE;
        nftw(str_format(&o.t.arena, "%.*s/%s", STR_ARG(o.backups), kinds[i]).at, damage_first, 16, FTW_PHYS);
        (void)flip(&o, damaged, 3);
        assert_int_equal(verify(&o, path, &facts), ERR_CONFLICT);
        (void)flip(&o, damaged, 3);
        assert_ok(&o.t, verify(&o, path, &facts));
        struct str away = str_format(&o.t.arena, "%.*s.away", STR_ARG(damaged));
        assert_int_equal(rename(damaged.at, away.at), 0);
        assert_int_equal(verify(&o, path, &facts), ERR_CONFLICT);
        assert_int_equal(rename(away.at, damaged.at), 0);
        free((void *)(uintptr_t)damaged.at);
    }
    close_office(&o);
}

static void a_name_that_leads_out_of_the_folder_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"../motcua.db", "/etc/passwd", "keys/../../x",
                                        "files/../x",   "motcua.db/x", "x"};
    struct office o = {0};
    struct backup_facts facts;
    open_office(&o);
    for (size_t i = 0; i < LENGTH(names); i++) {
        unsigned char block[3 * TAR_BLOCK] = {0};
        tar_write_header(block, &(struct tar_entry){str_from(names[i]), 0600, 0, 0});
        struct str path = in_office(&o, "evil.tar");
        assert_ok(&o.t, file_write(path, str_of((const char *)block, sizeof block), 0600, &o.t.why));
        assert_int_equal(verify(&o, path, &facts), ERR_BAD);
    }
    close_office(&o);
}

static void a_header_is_read_as_it_was_written(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 511, 512, 077777777777, 0100000000000, UINT64_C(1) << 50};
    struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        unsigned char block[TAR_BLOCK];
        struct tar_entry read;
        tar_write_header(block, &(struct tar_entry){STR("keys/journal.key"), 0600, sizes[i], 1800000000});
        assert_int_equal(tar_read_header(&a, block, &read, &why), OK);
        assert_str(read.name, "keys/journal.key");
        assert_true(read.bytes == sizes[i]);
        assert_int_equal(read.mode, 0600);
        assert_true((read.bytes + tar_padding(read.bytes)) % TAR_BLOCK == 0);
    }
    arena_end(&a);
}

static void every_flipped_bit_of_a_header_is_found(void **state)
{
    (void)state;
    unsigned char block[TAR_BLOCK];
    struct arena a;
    struct fail why;
    struct tar_entry read;
    arena_init(&a, 1 << 24);
    fail_init(&why, &a);
    tar_write_header(block, &(struct tar_entry){STR("keys/journal.key"), 0600, 77, 1800000000});
    for (int bit = 0; bit < TAR_BLOCK * 8; bit++) {
        block[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_equal(tar_read_header(&a, block, &read, &why), ERR_BAD);
        block[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_int_equal(tar_read_header(&a, block, &read, &why), OK);
    arena_end(&a);
}

/* ---- thinning out ---- */

static void the_newest_stay_then_one_an_hour_then_one_a_day(void **state)
{
    (void)state;
    enum { COUNT = 20 * 24 * 12 }; /* every five minutes for twenty days */
    static instant_t made_at[COUNT];
    static bool goes[COUNT];
    instant_t now = 1800000000 * US_PER_S;
    int recent = 0, hourly = 0, daily = 0, old = 0;
    for (int i = 0; i < COUNT; i++) made_at[i] = now - (COUNT - 1 - i) * 5 * US_PER_MINUTE;
    backup_choose(made_at, COUNT, 14, now, goes);
    for (int i = 0; i < COUNT; i++) {
        instant_t age = now - made_at[i];
        if (goes[i]) continue;
        if (age <= 6 * US_PER_HOUR)
            recent++;
        else if (age <= 2 * US_PER_DAY)
            hourly++;
        else if (age <= 14 * US_PER_DAY)
            daily++;
        else
            old++;
    }
    assert_int_equal(recent, 73);
    assert_in_range(hourly, 42, 43);
    assert_in_range(daily, 12, 13);
    assert_int_equal(old, 0);
}

static void pruning_keeps_what_the_kept_lists_name(void **state)
{
    (void)state;
    struct office o = {0};
    struct backup_facts facts;
    int64_t dropped;
    instant_t start = 1800000000 * US_PER_S;
    open_office(&o);
    for (int i = 0; i < 3; i++) {
        clock_hold(start + i * 10 * US_PER_MINUTE);
        assert_ok(&o.t, store_run(o.t.store, add_entry, NULL, NULL, &o.t.why));
        (void)make(&o, o.backups, &facts);
    }
    clock_release();
    assert_ok(&o.t, backup_folder_prune(&o.t.arena, o.backups, 1, start + 30 * US_PER_DAY, &dropped, &o.t.why));
    assert_true(dropped > 2);
    struct backup_folder_state s;
    assert_ok(&o.t, backup_folder_look(&o.t.arena, o.backups, &s, &o.t.why));
    assert_int_equal(s.count, 1);
    assert_true(s.newest_at == start + 20 * US_PER_MINUTE);
    struct backup_reading how = reading();
    assert_ok(&o.t, backup_folder_verify(&o.t.arena, &how, o.backups, &o.t.why));
    assert_ok(&o.t, backup_folder_look(&o.t.arena, o.backups, &s, &o.t.why));
    assert_true(s.is_verified_well);
    close_office(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_and_a_list_come_back_as_they_were_with_the_sealed_head),
        cmocka_unit_test(a_second_backup_into_a_folder_costs_what_changed),
        cmocka_unit_test(two_backups_of_one_second_are_two),
        cmocka_unit_test(every_flipped_bit_and_every_lost_end_of_a_file_is_found),
        cmocka_unit_test(a_part_or_paper_that_changed_or_went_is_found),
        cmocka_unit_test(a_name_that_leads_out_of_the_folder_is_refused),
        cmocka_unit_test(a_header_is_read_as_it_was_written),
        cmocka_unit_test(every_flipped_bit_of_a_header_is_found),
        cmocka_unit_test(the_newest_stay_then_one_an_hour_then_one_a_day),
        cmocka_unit_test(pruning_keeps_what_the_kept_lists_name),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL);
}
