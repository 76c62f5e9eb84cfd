/* Lets chosen calls on chosen files fail, or kills the process at one: see failing_calls.py.
 *
 * Preloaded into a process, it stands before the functions of the C library that read, write, flush and
 * cut files. It takes from the environment:
 *
 *   FAILING_CALLS  the names of the calls, as "read write": those with an offset go by the same name
 *   FAILING_FILES  what the paths of the files end in, as "news.db news.db-journal"
 *   FAILING_NTH    which of these calls fails, from 1; 0 for none
 *   FAILING_ERROR  the number of the error; 0 kills the process
 *   FAILING_ONCE   "1": only this one fails, else this one and all that follow
 *   FAILING_MARK   a file that is made as soon as one fails, with its number, or if none is to, with the
 *                  number of all at the end
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int calls;

/* Whether the path of a file descriptor ends in one of FAILING_FILES. */
static int is_chosen_file(int fd) {
    const char *wanted = getenv("FAILING_FILES");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    while (wanted != NULL && length > 0) {
        size_t size = strcspn(wanted, " ");
        if ((size_t)length >= size && memcmp(path + length - size, wanted, size) == 0) return 1;
        wanted = wanted[size] == ' ' ? wanted + size + 1 : NULL;
    }
    return 0;
}

static void write_mark(int number) {
    char text[16];
    int mark = open(getenv("FAILING_MARK"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    snprintf(text, sizeof text, "%d", number);
    syscall(SYS_write, mark, text, strlen(text));
    close(mark);
}

/* Whether a call is to fail; errno is set then. */
static int fails(const char *call, int fd) {
    const char *chosen = getenv("FAILING_CALLS");
    int before = errno;
    if (chosen == NULL || strstr(chosen, call) == NULL || !is_chosen_file(fd)) {
        errno = before;
        return 0;
    }
    int nth = atoi(getenv("FAILING_NTH")), number = ++calls, is_once = *getenv("FAILING_ONCE") == '1';
    if (nth == 0 || number < nth || (number > nth && is_once)) {
        errno = before;
        return 0;
    }
    write_mark(number);
    errno = atoi(getenv("FAILING_ERROR"));
    if (errno == 0) kill(getpid(), SIGKILL);
    return 1;
}

__attribute__((destructor)) static void count(void) {
    const char *nth = getenv("FAILING_NTH");
    if (nth != NULL && atoi(nth) == 0) write_mark(calls);
}

#define BEFORE(type, name, call, declared, given)                                   \
    type name declared {                                                            \
        static type(*original) declared;                                            \
        if (original == NULL) *(void **)&original = dlsym(RTLD_NEXT, #name);        \
        return fails(call, fd) ? -1 : original given;                               \
    }

BEFORE(ssize_t, read, "read", (int fd, void *to, size_t size), (fd, to, size))
BEFORE(ssize_t, pread, "read", (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
BEFORE(ssize_t, pread64, "read", (int fd, void *to, size_t size, off64_t at), (fd, to, size, at))
BEFORE(ssize_t, write, "write", (int fd, const void *from, size_t size), (fd, from, size))
BEFORE(ssize_t, pwrite, "write", (int fd, const void *from, size_t size, off_t at),
       (fd, from, size, at))
BEFORE(ssize_t, pwrite64, "write", (int fd, const void *from, size_t size, off64_t at),
       (fd, from, size, at))
BEFORE(int, fsync, "sync", (int fd), (fd))
BEFORE(int, fdatasync, "sync", (int fd), (fd))
BEFORE(int, ftruncate, "truncate", (int fd, off_t size), (fd, size))
BEFORE(int, ftruncate64, "truncate", (int fd, off64_t size), (fd, size))
