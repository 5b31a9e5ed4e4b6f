#define _GNU_SOURCE
#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOBODY 65534 /* how a user namespace shows whom it has no number for: nobody in it can become them */

static bool in_user_namespace(void) {
    unsigned inside, outside, count;
    FILE *map = fopen("/proc/self/uid_map", "re");
    bool told = map && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3;
    if (map) fclose(map);
    return told && count != 4294967295u;
}

bool others_write(const struct stat *status) {
    bool group_of_one = status->st_gid == getegid() && getegid() == geteuid();
    return status->st_mode & S_IWOTH || (status->st_mode & S_IWGRP && !group_of_one);
}

bool is_ours(const struct stat *status) {
    return status->st_uid == geteuid() || status->st_uid == 0;
}

static bool is_held(const struct stat *status) { /* by us, by root, or by nobody who is here */
    bool ours = is_ours(status) || (status->st_uid == NOBODY && in_user_namespace());
    return ours && (!others_write(status) || status->st_mode & S_ISVTX);
}

bool is_safe(const char *folder) {
    char path[PATH_MAX], home[PATH_MAX];
    if (!realpath(folder, path)) return false;
    bool has_home = geteuid() != 0 && find_home(home);
    for (;;) {
        struct stat status;
        if (stat(path, &status)) return false;
        errno = EPERM;
        if (!is_held(&status)) return false;
        /* Above a home that is the person's own, everything of theirs is as safe as this. */
        if (!strcmp(path, "/") || (has_home && !strcmp(path, home) && status.st_uid == geteuid())) return true;
        char *slash = strrchr(path, '/');
        slash[slash == path] = '\0';
    }
}

static bool home_of_account(char *home) {
    struct passwd *account = NULL;
    FILE *accounts = fopen("/etc/passwd", "re");
    if (!accounts) return false;
    while ((account = fgetpwent(accounts)) && account->pw_uid != geteuid()) continue;
    bool found = account && realpath(account->pw_dir, home);
    fclose(accounts);
    return found;
}

bool find_home(char *home) {
    const char *told = getenv("HOME");
    return (told && *told == '/' && realpath(told, home)) || home_of_account(home);
}

static bool make_folder(const char *path) {
    if (!mkdir(path, 0700) || errno == EEXIST) return true;
    int reason = errno; /* on a read-only file system also where it is there */
    bool there = !access(path, F_OK);
    errno = reason;
    return there;
}

bool make_folders(const char *folder) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", folder) >= (int)sizeof path) return false;
    for (char *slash = path + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        if (!make_folder(path)) return false;
    }
    return make_folder(path);
}

void remove_all(int parent, const char *name) {
    if (!unlinkat(parent, name, 0)) return;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder < 0 ? NULL : fdopendir(folder);
    if (!entries) return;
    for (struct dirent *entry; (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) remove_all(folder, entry->d_name);
    closedir(entries);
    unlinkat(parent, name, AT_REMOVEDIR);
}
