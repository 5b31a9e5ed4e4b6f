/* Folders that a bundle may be unpacked into, and what may be believed of them. */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>
#include <sys/stat.h>

/* Whether somebody but its owner may change it; a group of one person is nobody else. */
bool others_write(const struct stat *status);

/* Whether it is this person's or root's. */
bool is_ours(const struct stat *status);

/* Whether only this person and root can put something else in place of what lies in the folder; errno is EPERM else. */
bool is_safe(const char *folder);

/* Write the path of the person's home into `home` (PATH_MAX); false where there is none. */
bool find_home(char *home);

/* Make a folder and those above it, for this person alone; false where that cannot be done, errno says why. */
bool make_folders(const char *folder);

/* Remove what lies at `name` in the folder `parent`, whatever it is. */
void remove_all(int parent, const char *name);

#endif
