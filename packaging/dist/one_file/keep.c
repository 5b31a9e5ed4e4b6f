/* It is unpacked beside its final place and renamed: what has the final name is whole. */
#define _GNU_SOURCE
#include "keep.h"

#include "place.h"
#include "sound.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PREFIX ".gomedic-"
#define UNFINISHED ".new-" /* in the name of what is being unpacked or removed */
#define PATIENCE 600 /* twentieths of a second that another start may take to unpack, or to remove */
#define SPARE (4u << 20)
#define PLACES 3

/* Wait for a lock; false where it cannot be had. */
static bool lock(int folder, int kind) {
    for (int turn = 0; turn < PATIENCE; turn++) {
        if (!flock(folder, kind | LOCK_NB)) return true;
        if (errno != EWOULDBLOCK) return false;
        nanosleep(&(struct timespec){0, 50000000}, NULL);
    }
    return false;
}

/* Open the bundle in a place and take part in it; -1 where there is none, or none that may be believed. */
static int open_kept(const struct carried *carried, int place, const char *name, const char *executable) {
    struct stat status, again;
    int folder = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (folder < 0) return -1;
    bool may_be = !fstat(folder, &status) && is_ours(&status) && !others_write(&status);
    if (may_be) lock(folder, LOCK_SH); /* waits while it is being removed */
    may_be = may_be && !fstatat(place, name, &again, AT_SYMLINK_NOFOLLOW) && again.st_ino == status.st_ino;
    if (may_be && is_sound(carried, folder, executable)) return folder;
    close(folder);
    return -1;
}

/* ---------------------------------------------------------------- unpacking */

static bool write_file(struct stream *stream, int folder, const struct entry *entry) {
    static char buffer[1 << 17];
    int file = openat(folder, entry->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool written = file >= 0;
    for (unsigned long long left = entry->size; written && left;) {
        size_t size = left < sizeof buffer ? left : sizeof buffer, done = 0;
        written = read_stream(stream, buffer, size);
        for (ssize_t more; written && done < size; done += written ? more : 0) {
            more = write(file, buffer + done, size - done);
            written = more > 0;
        }
        left -= size;
    }
    written = written && !fchmod(file, entry->kind == 'x' ? 0755 : 0644);
    int reason = errno;
    if (file >= 0 && close(file)) return false;
    errno = reason;
    return written;
}

static bool write_entries(const struct carried *carried, int folder) {
    struct stream stream;
    struct entry entry;
    bool written = open_stream(carried, &stream);
    for (const char *at = NULL; written && next_entry(carried, &at, &entry);)
        if (entry.kind == 'd')
            written = !mkdirat(folder, entry.name, 0700) && !fchmodat(folder, entry.name, 0755, 0);
        else if (entry.kind == 'l')
            written = !symlinkat(entry.target, folder, entry.name);
        else
            written = write_file(&stream, folder, &entry);
    written = written && ended_well(&stream);
    close_stream(&stream);
    return written;
}

/* Whether programs may run in the folder: one that does nothing, this program without its bundle, is started there. */
static bool can_run(const struct carried *carried, int folder) {
    const char name[] = TRIED;
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700), status = 0;
    if (file < 0) return false;
    ssize_t size = carried->footer.program;
    bool written = write(file, carried->bytes, size) == size;
    if (close(file) || !written) return false;
    pid_t child = fork();
    if (child == 0) {
        if (!fchdir(folder)) execve(name, (char *[]){(char *)name, NULL}, (char *[]){NULL});
        _exit(127);
    }
    bool ran = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    unlinkat(folder, name, 0);
    errno = ENOEXEC;
    return ran;
}

static bool has_room(const struct carried *carried, int place) {
    struct statvfs system;
    errno = ENOSPC;
    return fstatvfs(place, &system) || (uint64_t)system.f_bavail * system.f_frsize > carried->footer.unpacked + SPARE;
}

/* Unpack into `folder`, which is new and empty. */
static bool fill(const struct carried *carried, int folder, const char *executable) {
    char state[STATE];
    this_boot(state);
    if (!can_run(carried, folder) || !write_entries(carried, folder) || fchmod(folder, 0755)) return false;
    /* Others may use root's, and could not write that they have compared it. */
    if (geteuid() == 0 && !syncfs(folder)) strcpy(state, SOUND);
    return write_stamp(folder, executable, state);
}

static void discard(int place, const char *name) {
    int reason = errno;
    remove_all(place, name);
    errno = reason;
}

/* Put what was unpacked in the place of whatever has its name and is not sound. */
static bool move_in(int place, const char *unpacked, const char *name) {
    char old[NAME_MAX];
    if (!renameat(place, unpacked, place, name)) return true;
    snprintf(old, sizeof old, "%s" UNFINISHED "%ld-old", name, (long)getpid());
    if ((errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR) || renameat(place, name, place, old)) return false;
    bool moved = !renameat(place, unpacked, place, name);
    discard(place, old);
    return moved;
}

/* Unpack into a place, and open it there; -1 and errno where that cannot be done. */
static int unpack(const struct carried *carried, int place, const char *name, const char *executable) {
    char staging[NAME_MAX];
    snprintf(staging, sizeof staging, "%s" UNFINISHED "%ld", name, (long)getpid());
    if (!has_room(carried, place)) return -1;
    remove_all(place, staging);
    if (mkdirat(place, staging, 0700)) return -1;
    int folder = openat(place, staging, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool filled = folder >= 0 && fill(carried, folder, executable);
    if (folder >= 0) close(folder);
    int kept = filled ? open_kept(carried, place, name, executable) : -1; /* another start may have been first */
    if (filled && kept < 0 && move_in(place, staging, name)) kept = open_kept(carried, place, name, executable);
    discard(place, staging);
    return kept;
}

/* ---------------------------------------------------------------- tidying up */

/* Whether the executable that a bundle came from is still there, and still carries it. */
static bool is_wanted(int folder, const char *name) {
    char state[STATE], executable[PATH_MAX], carries[64];
    struct stat stamp;
    return read_stamp(folder, state, executable, &stamp) && carried_name(executable, carries)
        && !strcmp(name + strlen(PREFIX), carries);
}

static void remove_unused(int place, const char *name) {
    struct stat status;
    int folder = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return;
    bool unused = !fstat(folder, &status) && status.st_uid == geteuid()
               && (strstr(name, UNFINISHED) || (!is_wanted(folder, name) && !flock(folder, LOCK_EX | LOCK_NB)));
    if (unused) {
        unlinkat(folder, STAMP, 0); /* first: what is left over when this is interrupted is not sound */
        remove_all(place, name);
    }
    close(folder);
}

/* Remove what nobody uses: of starts that were interrupted, and of other versions whose executable is gone. */
static void tidy(int place, const char *name) {
    int again = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = again < 0 ? NULL : fdopendir(again);
    if (!entries) return;
    for (struct dirent *entry; (entry = readdir(entries));)
        if (!strncmp(entry->d_name, PREFIX, strlen(PREFIX)) && strcmp(entry->d_name, name)) remove_unused(place, entry->d_name);
    closedir(entries);
}

/* ---------------------------------------------------------------- the places */

/* Open the bundle in a place; unpack it there, where it may be unpacked. -1 and errno where there is none. */
static int keep_in(const struct carried *carried, const char *path, const char *executable, const char *name, bool may_unpack) {
    if (!is_safe(path)) return -1;
    int place = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place < 0) return -1;
    int kept = open_kept(carried, place, name, executable);
    if (kept >= 0 && faccessat(kept, "lib/gomedic", X_OK, 0)) {
        close(kept);
        kept = -1;
        errno = ENOEXEC; /* they might run when it was unpacked */
    } else if (kept < 0 && may_unpack && !faccessat(place, ".", W_OK, AT_EACCESS)) {
        bool alone = lock(place, LOCK_EX);
        kept = open_kept(carried, place, name, executable); /* another start may have been first */
        if (kept < 0) kept = unpack(carried, place, name, executable);
        if (alone && kept >= 0) tidy(place, name);
    }
    int reason = errno;
    close(place);
    errno = reason;
    return kept;
}

static bool find_place(int number, const char *executable, bool may_make, char *path) {
    char home[PATH_MAX];
    const char *cache = getenv("XDG_CACHE_HOME");
    if (number == 0) {
        snprintf(path, PATH_MAX, "%s", executable);
        char *slash = strrchr(path, '/');
        if (!slash) return false;
        slash[slash == path] = '\0';
        return true;
    }
    bool has_cache = number == 1 && cache && *cache == '/';
    if (!has_cache && !find_home(home)) return false;
    const char *format = has_cache ? "%s/gomedic" : number == 1 ? "%s/.cache/gomedic" : "%s";
    return snprintf(path, PATH_MAX, format, has_cache ? cache : home) < PATH_MAX && (number != 1 || !may_make || make_folders(path));
}

static void note(struct kept *kept, const char *path) {
    const char *reason = errno == ENOEXEC ? "programs may not run there"
                       : errno == EPERM   ? "others could change it"
                       : errno == EBADMSG ? "this file is damaged"
                                          : strerror(errno);
    size_t length = strlen(kept->tried);
    snprintf(kept->tried + length, sizeof kept->tried - length, "%s%s (%s)", length ? ", " : "", path, reason);
}

bool keep_bundle(const char *executable, const struct carried *carried, struct kept *kept) {
    char name[sizeof PREFIX + sizeof carried->footer.name], path[PATH_MAX];
    snprintf(name, sizeof name, PREFIX "%s", carried->footer.name);
    kept->tried[0] = '\0';
    for (int turn = 0; turn < 2 * PLACES; turn++) { /* all of them first, for one that is there already */
        bool may_unpack = turn >= PLACES;
        errno = ENOENT;
        kept->lock = find_place(turn % PLACES, executable, may_unpack, path) ? keep_in(carried, path, executable, name, may_unpack) : -1;
        if (kept->lock >= 0) return snprintf(kept->folder, sizeof kept->folder, "%s/%s", path, name) < (int)sizeof kept->folder;
        if (may_unpack) note(kept, path);
    }
    return false;
}
