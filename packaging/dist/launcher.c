/* gomedic: starts the bundle in lib/ beside this program, or, with ONE_FILE, the one that it carries and unpacks
 * (one_file/). Linked statically, so that it runs on every Linux.
 *
 * The bundle's loader and libraries must not read what the person's environment says about loaders and libraries
 * (LD_PRELOAD, PYTHONHOME, QT_PLUGIN_PATH): it may be what is ill. Such variables are handed on as
 * GOMEDIC_PERSON_NAME; gomedic.child_env gives them back, letter for letter, to every program that gomedic starts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef ONE_FILE
#include "one_file/keep.h"
#endif

#define COULD_NOT 3
#define KEPT "GOMEDIC_PERSON_"
#if defined(__x86_64__)
#define LOADER "/lib64/ld-linux-x86-64.so.2"
#define TRIPLET "x86_64-linux-gnu"
#elif defined(__aarch64__)
#define LOADER "/lib/ld-linux-aarch64.so.1"
#define TRIPLET "aarch64-linux-gnu"
#endif

/* Beginnings of names; the same list stands in gomedic.child_env, and a test compares the two. */
static const char *const TAKEN[] = {
    "GCONV_PATH", "GLIBC_TUNABLES", KEPT, "LD_", "OPENSSL_", "PYTHON", "QML2_IMPORT_PATH", "QML_IMPORT_PATH",
    "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "_MEIPASS", "_PYI_", NULL,
};
static const char *const LIBCS[] = {
    "/lib/" TRIPLET "/libc.so.6", "/usr/lib/" TRIPLET "/libc.so.6", "/lib64/libc.so.6", "/usr/lib64/libc.so.6",
    "/lib/libc.so.6", "/usr/lib/libc.so.6", NULL,
};

static const char *first_set(const char *const *names) {
    for (; *names; names++) {
        const char *value = getenv(*names);
        if (value && *value) return value;
    }
    return "";
}

static int give_up(const char *english, const char *chinese, const char *detail) {
    static const char *const LANGUAGE[] = {"LC_ALL", "LC_MESSAGES", "LANG", NULL};
    bool reads_chinese = strncmp(first_set(LANGUAGE), "zh", 2) == 0;
    fprintf(stderr, reads_chinese ? chinese : english, detail);
    fputc('\n', stderr);
    return COULD_NOT;
}

/* The path of this program; /proc may not be mounted. */
static bool own_path(char *path) {
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length > 0) path[length] = '\0';
    return length > 0 || realpath((const char *)getauxval(AT_EXECFN), path);
}

/* Whether the C library knows the symbol version that the bundle needs; true where it cannot be told. */
static bool is_new_enough(void) {
    for (const char *const *path = LIBCS; *path; path++) {
        int file = open(*path, O_RDONLY | O_CLOEXEC);
        struct stat status;
        if (file < 0) continue;
        void *bytes = fstat(file, &status) ? MAP_FAILED : mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
        close(file);
        if (bytes == MAP_FAILED) continue;
        bool found = memmem(bytes, status.st_size, "\0" NEEDS, sizeof "\0" NEEDS) != NULL;
        munmap(bytes, status.st_size);
        return found;
    }
    return true;
}

static bool is_taken(const char *variable) {
    for (const char *const *name = TAKEN; *name; name++)
        if (strncmp(variable, *name, strlen(*name)) == 0) return true;
    return false;
}

/* The environment for the bundle: the same variables in the same order, those that are taken under another name, and
 * `mark` for gomedic.child_env and gomedic.bundled. */
static char **handed_on(char **environment, const char *mark) {
    size_t count = 0;
    while (environment[count]) count++;
    char **handed = calloc(count + 2, sizeof *handed);
    if (!handed) return NULL;
    for (size_t i = 0; i < count; i++)
        if (!is_taken(environment[i]))
            handed[i] = environment[i];
        else if (asprintf(&handed[i], KEPT "%s", environment[i]) < 0)
            return NULL;
    return asprintf(&handed[count], KEPT "=%s", mark) < 0 ? NULL : handed;
}

#ifdef ONE_FILE
static int find_bundle(char *path, char **folder, char **mark) {
    static struct carried carried;
    static struct kept kept;
    if (!open_carried(path, &carried))
        return give_up("gomedic cannot read the bundle at the end of %s: fetch this file again.",
                       "gomedic 无法读取 %s 末尾所带的内容：请重新下载此文件。", path);
    if (!keep_bundle(path, &carried, &kept))
        return give_up("gomedic found no folder to unpack itself into: %s; take the folder bundle (.tar.xz) instead, or set XDG_CACHE_HOME to a folder with room.",
                       "gomedic 找不到可以解包的文件夹：%s；请改用文件夹版（.tar.xz），或将 XDG_CACHE_HOME 设为有足够空间的文件夹。", kept.tried);
    close_carried(&carried);
    *folder = kept.folder;
    return asprintf(mark, "%d %s", kept.lock, path) < 0 ? COULD_NOT : 0;
}
#else
static int find_bundle(char *path, char **folder, char **mark) {
    *strrchr(path, '/') = '\0';
    *folder = path;
    *mark = "1";
    return 0;
}
#endif

int main(int count, char **words, char **environment) {
    char path[PATH_MAX], *folder, *mark, *program = NULL;
#ifdef ONE_FILE
    if (count == 1 && !strcmp(words[0], TRIED)) return 0;
#endif
    (void)count;
    if (access(LOADER, F_OK))
        return give_up("gomedic needs the GNU C library, and this system has none at %s: install gomedic from source, with pipx.",
                       "gomedic 需要 GNU C 库，而此系统没有 %s：请改用 pipx 从源代码安装 gomedic。", LOADER);
    if (!is_new_enough())
        return give_up("gomedic needs %s or newer of the C library, and this system's is older: install gomedic from source, with pipx.",
                       "gomedic 需要 C 库的 %s 或更新版本，而此系统的较旧：请改用 pipx 从源代码安装 gomedic。", NEEDS);
    if (!own_path(path))
        return give_up("gomedic cannot find its own folder (%s).", "gomedic 找不到自己所在的文件夹（%s）。", strerror(errno));
    int failed = find_bundle(path, &folder, &mark);
    if (failed) return failed;
    char **handed = handed_on(environment, mark);
    if (!handed || asprintf(&program, "%s/lib/gomedic", folder) < 0)
        return give_up("gomedic has no memory to start with (%s).", "内存不足，gomedic 无法启动（%s）。", strerror(errno));
    words[0] = program;
    execve(program, words, handed);
    return give_up("gomedic cannot start lib/gomedic beside it (%s): keep the whole folder together, where programs may run.",
                   "gomedic 无法启动同一文件夹中的 lib/gomedic（%s）：请保持整个文件夹完整，并放在允许运行程序的位置。", strerror(errno));
}
