/* The bundle that is carried, unpacked once and kept. */
#ifndef KEEP_H
#define KEEP_H

#include "carried.h"
#include <limits.h>

/* What this program is called when it is only started to see whether programs may run in a folder. */
#define TRIED "gomedic-try"

struct kept {
    char folder[PATH_MAX]; /* where the bundle lies */
    int lock;              /* the descriptor that keeps other versions from removing it; it outlives execve */
    char tried[PATH_MAX];  /* where it lies nowhere: each place, and why not there */
};

/* Find the bundle that an earlier start unpacked, or unpack it into the first of the executable's own folder, the
 * cache folder and the home where that can be done and programs may run. */
bool keep_bundle(const char *executable, const struct carried *carried, struct kept *kept);

#endif
