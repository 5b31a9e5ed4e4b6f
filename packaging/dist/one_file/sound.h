/* Whether an unpacked bundle is still what was unpacked, and the stamp that says so. */
#ifndef SOUND_H
#define SOUND_H

#include "carried.h"
#include <sys/stat.h>

#define STAMP ".complete"
#define SOUND "sound" /* the state of a bundle that was compared, or is on the disk */
#define STATE 40      /* bytes of a state: SOUND, or the boot that it was unpacked in */

void this_boot(char *state);

bool write_stamp(int folder, const char *executable, const char *state);

/* Read the state, which executable the bundle came from (PATH_MAX), and when the stamp was written. */
bool read_stamp(int folder, char *state, char *executable, struct stat *status);

/* Whether all that is carried is in the folder and nothing else, and nobody but this person and root may change it. */
bool is_sound(const struct carried *carried, int folder, const char *executable);

#endif
