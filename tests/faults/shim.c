/* Preloaded under the program: lets calls of the C library fail, as tests/faults/run asks.
 *
 *   FAULT_CALLS  names parted by commas: alloc, write, fsync, rename, open, mkdir, fork, flock
 *   FAULT_AT     the how-maniest of them fails, in each process; 0: none
 *   FAULT_STAYS  1: all later ones fail too, as on a full disk
 *   FAULT_ERROR  errno of the failure; or -1: a write takes half of its bytes
 *   FAULT_SITES  a file to which each call site is appended once
 *   FAULT_CLOCK  the seconds since 1970 that the first look at the clock gives, in each process;
 *                each further look finds it set back by an hour
 *
 * Allocation goes through glibc's own names, since dlsym allocates. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

enum call { ALLOC, WRITE, FSYNC, RENAME, OPEN, MKDIR, FORK, FLOCK, CALLS };
static const char *const names[CALLS] = {"alloc", "write", "fsync", "rename",
                                         "open",  "mkdir", "fork",  "flock"};

static bool watched[CALLS], stays, ready;
static long at;
static int error_number;
static int sites = -1;
static atomic_long count;

static long number(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : strtol(text, NULL, 10);
}

static bool has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at_word = list; at_word != NULL; at_word = strchr(at_word, ',')) {
    if (*at_word == ',') at_word++;
    if (strncmp(at_word, word, length) == 0 && (at_word[length] == ',' || at_word[length] == 0)) {
      return true;
    }
  }
  return false;
}

/* Far from the numbers that the program gives to its own files and pipes. */
enum { SITES_DESCRIPTOR = 250 };

__attribute__((constructor)) static void start(void) {
  const char *calls = getenv("FAULT_CALLS");
  const char *file = getenv("FAULT_SITES");
  if (calls == NULL) return;
  for (int i = 0; i < CALLS; i++) watched[i] = has_word(calls, names[i]);
  at = number("FAULT_AT");
  stays = number("FAULT_STAYS") != 0;
  error_number = (int)number("FAULT_ERROR");
  if (file != NULL) {
    long opened =
        syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (opened >= 0) {
      sites = (int)syscall(SYS_dup3, (int)opened, SITES_DESCRIPTOR, O_CLOEXEC);
      (void)syscall(SYS_close, (int)opened);
    }
  }
  ready = true;
}

/* A site is a call and the three that lead to it: what wraps malloc is one place, its callers are
 * many. Each once for each process, in a table that is never full enough to matter. */
enum { FRAMES = 7, SKIPPED = 3, TABLE = 1 << 14 };

static void note_site(enum call call) {
  static _Atomic(uint64_t) seen[TABLE];
  static _Thread_local bool inside;
  if (sites < 0 || inside) return;
  inside = true;
  void *frame[FRAMES];
  int frames = backtrace(frame, FRAMES);
  uint64_t key = 1469598103934665603u;
  for (int i = SKIPPED; i < frames; i++) key = (key ^ (uintptr_t)frame[i]) * 1099511628211u;
  bool is_new = false;
  for (size_t i = 0; i < TABLE; i++) {
    uint64_t empty = 0;
    is_new = atomic_compare_exchange_strong(&seen[(key + i) % TABLE], &empty, key | 1);
    if (is_new || empty == (key | 1)) break;
  }
  char line[400];
  int length = 0;
  for (int i = SKIPPED; is_new && i < frames; i++) {
    Dl_info info;
    if (dladdr(frame[i], &info) == 0 || info.dli_fname == NULL) continue;
    const char *base = strrchr(info.dli_fname, '/');
    length += snprintf(line + length, sizeof line - (size_t)length, "%.30s+%lx ",
                       base == NULL ? info.dli_fname : base + 1,
                       (unsigned long)((uintptr_t)frame[i] - (uintptr_t)info.dli_fbase));
  }
  if (is_new) {
    length += snprintf(line + length, sizeof line - (size_t)length, "%s\n", names[call]);
    (void)syscall(SYS_write, sites, line, (size_t)length);
  }
  inside = false;
}

/* Whether a library that cannot bear it is at work: libfyaml 0.7 reads through the NULL that
 * malloc gave it. */
static bool spared(void) {
  void *frame[32];
  int frames = backtrace(frame, 32);
  for (int i = SKIPPED; i < frames; i++) {
    Dl_info info;
    if (dladdr(frame[i], &info) != 0 && info.dli_fname != NULL &&
        strstr(info.dli_fname, "libfyaml") != NULL) {
      return true;
    }
  }
  return false;
}

static __attribute__((noinline)) bool fails(enum call call) {
  if (!ready || !watched[call]) return false;
  note_site(call);
  long now = atomic_fetch_add(&count, 1) + 1;
  if (at == 0 || (stays ? now < at : now != at)) return false;
  static _Thread_local bool looking;
  if (looking) return false;
  looking = true;
  bool spare = call == ALLOC && spared();
  looking = false;
  if (spare) return false;
  errno = error_number > 0 ? error_number : EIO;
  return true;
}

time_t time(time_t *seconds) {
  static atomic_long looks;
  const char *first = getenv("FAULT_CLOCK");
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  if (first != NULL) {
    now.tv_sec = strtol(first, NULL, 10) - 3600 * atomic_fetch_add(&looks, 1);
  }
  if (seconds != NULL) *seconds = now.tv_sec;
  return now.tv_sec;
}

void *malloc(size_t size) {
  return fails(ALLOC) ? NULL : __libc_malloc(size);
}
void *calloc(size_t number_of, size_t size) {
  return fails(ALLOC) ? NULL : __libc_calloc(number_of, size);
}
void *realloc(void *block, size_t size) {
  return fails(ALLOC) ? NULL : __libc_realloc(block, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  return fails(ALLOC) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void **block, size_t alignment, size_t size) {
  if (fails(ALLOC)) return ENOMEM;
  *block = __libc_memalign(alignment, size);
  return *block == NULL ? ENOMEM : 0;
}

ssize_t write(int file, const void *bytes, size_t size) {
  if (fails(WRITE)) {
    if (error_number >= 0) return -1;
    size = size > 1 ? size / 2 : size;
  }
  return syscall(SYS_write, file, bytes, size);
}
ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t offset) {
  if (fails(WRITE)) {
    if (error_number >= 0) return -1;
    size = size > 1 ? size / 2 : size;
  }
  return syscall(SYS_pwrite64, file, bytes, size, offset);
}
int fsync(int file) {
  return fails(FSYNC) ? -1 : (int)syscall(SYS_fsync, file);
}
int rename(const char *from, const char *to) {
  return fails(RENAME) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int mkdir(const char *path, mode_t mode) {
  return fails(MKDIR) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}
int flock(int file, int what) {
  return fails(FLOCK) ? -1 : (int)syscall(SYS_flock, file, what);
}
static int fcntl_of(int file, int what, void *argument) {
  if ((what == F_SETLK || what == F_SETLKW) && fails(FLOCK)) return -1;
  return (int)syscall(SYS_fcntl, file, what, argument);
}
#define ARGUMENT_OF(what, argument)  \
  void *argument;                    \
  do {                               \
    va_list list;                    \
    va_start(list, what);            \
    argument = va_arg(list, void *); \
    va_end(list);                    \
  } while (0)
int fcntl(int file, int what, ...) {
  ARGUMENT_OF(what, argument);
  return fcntl_of(file, what, argument);
}
int fcntl64(int file, int what, ...) {
  ARGUMENT_OF(what, argument);
  return fcntl_of(file, what, argument);
}
pid_t fork(void) {
  static pid_t (*real)(void);
  if (fails(FORK)) return -1;
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fork");
  return real();
}

/* Only files that are to be made or written: reading is another matter. */
static int open_at(int folder, const char *path, int flags, mode_t mode) {
  if ((flags & (O_WRONLY | O_RDWR)) != 0 && fails(OPEN)) return -1;
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}
static bool makes_file(int flags) {
  return (flags & O_CREAT) != 0;
}
#define MODE_OF(flags, mode)                            \
  mode_t mode = 0;                                      \
  do {                                                  \
    va_list list;                                       \
    va_start(list, flags);                              \
    if (makes_file(flags)) mode = va_arg(list, mode_t); \
    va_end(list);                                       \
  } while (0)
int open64(const char *path, int flags, ...) {
  MODE_OF(flags, mode);
  return open_at(AT_FDCWD, path, flags, mode);
}
int open(const char *path, int flags, ...) {
  MODE_OF(flags, mode);
  return open_at(AT_FDCWD, path, flags, mode);
}
