/* The bundle that a self-contained executable carries at its end; pack_one_file.py puts it there.
 *
 * Behind the program come: a list of what is in the bundle, the contents of all its files one after another as one
 * Zstandard frame with a checksum, and a footer.
 */
#ifndef CARRIED_H
#define CARRIED_H

#include <stdbool.h>
#include <stdint.h>
#include <zstd.h>

struct footer {
    char magic[16];
    uint64_t program, list, packed, unpacked; /* bytes */
    char name[64];                            /* of the bundle: version and hash */
};

struct carried {
    int file;
    struct footer footer;
    const char *bytes; /* the whole executable but the footer */
};

struct entry {
    char kind; /* d folder, f file, x program, l link */
    unsigned long long size;
    const char *name, *target;
};

struct stream {
    ZSTD_DStream *decoder;
    ZSTD_inBuffer in;
    size_t left; /* 0 at the end of the frame */
};

/* What this program carries; false where it carries nothing. */
bool open_carried(const char *executable, struct carried *carried);
void close_carried(struct carried *carried);

/* The name of the bundle that another executable carries, into 64 bytes; false where it carries none. */
bool carried_name(const char *executable, char *name);

/* Read the entry at *at, which is NULL for the first, and go on; false at the end. */
bool next_entry(const struct carried *carried, const char **at, struct entry *entry);

bool open_stream(const struct carried *carried, struct stream *stream);
void close_stream(struct stream *stream);

/* Fill `buffer` with what comes next; errno is EBADMSG where what is carried is damaged. */
bool read_stream(struct stream *stream, char *buffer, size_t size);

/* Whether all was read and the checksum is right. */
bool ended_well(struct stream *stream);

#endif
