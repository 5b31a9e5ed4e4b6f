/* The stamp is written when all else is: whatever changed since has a later time of change, and is then compared with
 * what is carried. So it is once more after the machine was started again, for nothing waited until all of it was on
 * the disk.
 */
#define _GNU_SOURCE
#include "sound.h"

#include "place.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---------------------------------------------------------------- the stamp */

void this_boot(char *boot) { /* 40 bytes */
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!file || !fgets(boot, 40, file)) strcpy(boot, "unknown");
    boot[strcspn(boot, "\n")] = '\0';
    if (file) fclose(file);
}

static bool is_later(struct timespec one, struct timespec other) {
    return one.tv_sec > other.tv_sec || (one.tv_sec == other.tv_sec && one.tv_nsec > other.tv_nsec);
}

/* Whether the time of change of a file is later than that of anything before; clocks of file systems are coarse. */
static bool make_later(int file) {
    struct stat before, after;
    bool later = false;
    for (int turn = 0; !later && turn < 1000; turn++) {
        if (turn == 0 && fstat(file, &before)) return false;
        nanosleep(&(struct timespec){0, 1000000}, NULL);
        if (futimens(file, NULL) || fstat(file, &after)) return false;
        later = is_later(after.st_ctim, before.st_ctim);
    }
    return later;
}

bool write_stamp(int folder, const char *executable, const char *state) {
    int file = openat(folder, STAMP, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0) return false;
    bool written = dprintf(file, "%s\n%s\n", state, executable) > 0 && !fchmod(file, 0644) && make_later(file);
    close(file);
    return written;
}

bool read_stamp(int folder, char *state, char *executable, struct stat *status) {
    int file = openat(folder, STAMP, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    char content[PATH_MAX + 64] = "";
    if (file < 0) return false;
    bool read_well = !fstat(file, status) && read(file, content, sizeof content - 1) > 0;
    close(file);
    char *end = strchr(content, '\n'), *rest = end ? strchr(end + 1, '\n') : NULL;
    if (!read_well || !rest || end - content >= 40 || rest - end >= PATH_MAX) return false;
    *end = *rest = '\0';
    strcpy(state, content);
    strcpy(executable, end + 1);
    return true;
}

/* ---------------------------------------------------------------- is it still what was unpacked? */

static bool has_kind(const struct entry *entry, const struct stat *status) {
    if (entry->kind == 'd') return S_ISDIR(status->st_mode);
    if (entry->kind == 'l') return S_ISLNK(status->st_mode);
    bool runs = status->st_mode & S_IXOTH;
    return S_ISREG(status->st_mode) && (unsigned long long)status->st_size == entry->size && runs == (entry->kind == 'x');
}

/* Whether everything is there, ours, and unchanged since the stamp. */
static bool looks_untouched(const struct carried *carried, int folder, const struct stat *stamp) {
    struct stat status;
    struct entry entry;
    if (fstat(folder, &status) || !is_later(stamp->st_ctim, status.st_mtim)) return false;
    for (const char *at = NULL; next_entry(carried, &at, &entry);)
        if (fstatat(folder, entry.name, &status, AT_SYMLINK_NOFOLLOW) || !has_kind(&entry, &status) || !is_ours(&status)
            || (entry.kind != 'l' && others_write(&status)) || !is_later(stamp->st_ctim, status.st_ctim))
            return false;
    return true;
}

static bool same_content(struct stream *stream, int folder, const struct entry *entry) {
    static char expected[1 << 16], found[sizeof expected];
    int file = openat(folder, entry->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    bool same = file >= 0;
    for (unsigned long long left = entry->size; same && left;) {
        size_t size = left < sizeof expected ? left : sizeof expected, have = 0;
        for (ssize_t more = 1; have < size && more > 0; have += more > 0 ? more : 0) more = read(file, found + have, size - have);
        same = read_stream(stream, expected, size) && have == size && !memcmp(expected, found, size);
        left -= size;
    }
    if (file >= 0) close(file);
    return same;
}

static bool same_link(int folder, const struct entry *entry) {
    char target[PATH_MAX];
    ssize_t length = readlinkat(folder, entry->name, target, sizeof target);
    return length == (ssize_t)strlen(entry->target) && !memcmp(target, entry->target, length);
}

/* How many entries a folder has, those below it too; whatever is too much may be read as one of the bundle's. */
static long count_entries(int parent, const char *name) {
    long count = 0;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder < 0 ? NULL : fdopendir(folder);
    if (!entries) return 0;
    for (struct dirent *entry; (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) count += 1 + count_entries(folder, entry->d_name);
    closedir(entries);
    return count;
}

/* Compare everything with what is carried. */
static bool is_the_same(const struct carried *carried, int folder) {
    struct stream stream;
    struct entry entry;
    struct stat status;
    long count = 1; /* the stamp */
    bool same = open_stream(carried, &stream);
    for (const char *at = NULL; same && next_entry(carried, &at, &entry); count++) {
        same = !fstatat(folder, entry.name, &status, AT_SYMLINK_NOFOLLOW) && has_kind(&entry, &status) && is_ours(&status);
        if (same && entry.kind == 'l') same = same_link(folder, &entry);
        if (same && entry.kind != 'l') same = !others_write(&status);
        if (same && (entry.kind == 'f' || entry.kind == 'x')) same = same_content(&stream, folder, &entry);
    }
    same = same && ended_well(&stream) && count_entries(folder, ".") == count;
    close_stream(&stream);
    return same;
}

bool is_sound(const struct carried *carried, int folder, const char *executable) {
    char state[40], from[PATH_MAX], boot[40];
    struct stat stamp;
    if (!read_stamp(folder, state, from, &stamp)) return false;
    this_boot(boot);
    if ((!strcmp(state, SOUND) || !strcmp(state, boot)) && looks_untouched(carried, folder, &stamp)) return true;
    if (!is_the_same(carried, folder)) return false;
    write_stamp(folder, executable, SOUND); /* where it cannot be written, it is compared each time */
    return true;
}
