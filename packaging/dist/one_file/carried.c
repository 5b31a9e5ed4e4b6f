#define _GNU_SOURCE
#include "carried.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd_errors.h>

#define MAGIC "gomedic bundle 1"
#define LARGEST_WINDOW 27 /* 128 MiB */

static bool read_footer(int file, struct footer *footer) {
    off_t end = lseek(file, 0, SEEK_END), size = sizeof *footer;
    return end > size && pread(file, footer, size, end - size) == size
        && !memcmp(footer->magic, MAGIC, sizeof footer->magic) && !footer->name[sizeof footer->name - 1]
        && !strchr(footer->name, '/')
        && footer->program + footer->list + footer->packed + (uint64_t)size == (uint64_t)end;
}

bool carried_name(const char *executable, char *name) {
    struct footer footer;
    int file = open(executable, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool found = file >= 0 && read_footer(file, &footer);
    if (file >= 0) close(file);
    if (found) memcpy(name, footer.name, sizeof footer.name);
    return found;
}

bool open_carried(const char *executable, struct carried *carried) {
    carried->file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (carried->file < 0) carried->file = open(executable, O_RDONLY | O_CLOEXEC); /* /proc may not be mounted */
    if (carried->file < 0) return false;
    if (read_footer(carried->file, &carried->footer)) {
        size_t size = carried->footer.program + carried->footer.list + carried->footer.packed;
        carried->bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, carried->file, 0);
        if (carried->bytes != MAP_FAILED) return true;
    }
    close(carried->file);
    return false;
}

void close_carried(struct carried *carried) {
    munmap((void *)carried->bytes, carried->footer.program + carried->footer.list + carried->footer.packed);
    close(carried->file);
}

bool next_entry(const struct carried *carried, const char **at, struct entry *entry) {
    const char *list = carried->bytes + carried->footer.program;
    if (!*at) *at = list;
    if (*at >= list + carried->footer.list) return false;
    char *rest;
    entry->kind = **at;
    entry->size = strtoull(*at + 1, &rest, 10);
    entry->name = rest + 1;
    entry->target = entry->kind == 'l' ? entry->name + strlen(entry->name) + 1 : NULL;
    const char *last = entry->target ? entry->target : entry->name;
    *at = last + strlen(last) + 1;
    return true;
}

bool open_stream(const struct carried *carried, struct stream *stream) {
    const char *packed = carried->bytes + carried->footer.program + carried->footer.list;
    *stream = (struct stream){ZSTD_createDStream(), {packed, carried->footer.packed, 0}, 1};
    errno = ENOMEM;
    return stream->decoder && !ZSTD_isError(ZSTD_DCtx_setParameter(stream->decoder, ZSTD_d_windowLogMax, LARGEST_WINDOW));
}

void close_stream(struct stream *stream) {
    ZSTD_freeDStream(stream->decoder);
}

/* One turn of the decoder; false where it cannot go on. */
static bool decode(struct stream *stream, ZSTD_outBuffer *out) {
    size_t out_before = out->pos, in_before = stream->in.pos;
    stream->left = ZSTD_decompressStream(stream->decoder, out, &stream->in);
    if (!ZSTD_isError(stream->left) && (out->pos > out_before || stream->in.pos > in_before)) return true;
    errno = ZSTD_getErrorCode(stream->left) == ZSTD_error_memory_allocation ? ENOMEM : EBADMSG;
    return false;
}

bool read_stream(struct stream *stream, char *buffer, size_t size) {
    ZSTD_outBuffer out = {buffer, size, 0};
    while (out.pos < out.size)
        if (!decode(stream, &out)) return false;
    return true;
}

bool ended_well(struct stream *stream) {
    ZSTD_outBuffer nothing = {NULL, 0, 0};
    while (stream->left)
        if (!decode(stream, &nothing)) return false;
    return true;
}
