#include "data/readers/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

enum { CHUNK = 1 << 18, CARRY = 4 };

struct looking {
  const char *path;
  size_t line; /* of what is looked at */
  size_t utf8_line,
      other_line; /* of the first letter beyond ASCII, of the first that is no UTF-8 */
  bool first_line_ended;
  struct text first_line;
};

/* Eight bytes of ASCII, none of them zero or a line's end? Usually. */
static bool plain_eight(const char *at) {
  uint64_t eight;
  memcpy(&eight, at, sizeof eight);
  const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
  const uint64_t newline = eight ^ (ones * (uint64_t)'\n');
  const uint64_t zero = (eight - ones) & ~eight & high, ends = (newline - ones) & ~newline & high;
  return ((eight & high) | zero | ends) == 0;
}

/* Looks at [at, end); returns where it stopped: at a letter that the chunk cuts. */
static const char *look(struct looking *looking, const char *at, const char *end, bool last,
                        bool *zero) {
  while (at < end) {
    if (end - at >= 8 && plain_eight(at)) {
      at += 8;
      continue;
    }
    const unsigned char byte = (unsigned char)*at;
    if (byte == 0) {
      *zero = true;
      return at;
    }
    if (byte < 0x80) {
      looking->line += byte == '\n';
      at++;
      continue;
    }
    if (!last && end - at < CARRY) return at;
    const size_t length = text_character(at, end);
    if (length > 0 && looking->utf8_line == 0) looking->utf8_line = looking->line;
    if (length == 0 && looking->other_line == 0) looking->other_line = looking->line;
    at += length > 0 ? length : 1;
  }
  return at;
}

static void keep_first_line(struct looking *looking, const char *bytes, size_t size) {
  enum { MOST = 1 << 16 };
  if (looking->first_line_ended || size == 0) return;
  const char *end = memchr(bytes, '\n', size);
  const size_t length = end != NULL ? (size_t)(end - bytes) : size;
  text_add_bytes(&looking->first_line, bytes, length < MOST ? length : MOST);
  looking->first_line_ended = end != NULL || looking->first_line.length >= MOST;
}

static bool look_at_all(struct looking *looking, int descriptor, struct error *error) {
  char *chunk = memory_array(CHUNK + CARRY, 1, error);
  size_t kept = 0, all = 0;
  bool last = false, zero = false, done = chunk != NULL;
  while (done && !last) {
    const ssize_t got = read(descriptor, chunk + kept, CHUNK);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      done = error_set(error, ERROR_DATA, "%s: cannot read: %s", looking->path, strerror(errno));
      break;
    }
    last = got == 0;
    all += (size_t)got;
    keep_first_line(looking, chunk + kept, (size_t)got);
    const char *end = chunk + kept + (size_t)got;
    const char *stopped = look(looking, chunk, end, last, &zero);
    if (zero) {
      done = error_at(error, ERROR_DATA, looking->path, looking->line, 0,
                      "not a text file: it holds a zero byte here");
    }
    kept = (size_t)(end - stopped);
    if (done) memmove(chunk, stopped, kept);
  }
  free(chunk);
  if (done && all == 0) return error_set(error, ERROR_DATA, "%s: the file is empty", looking->path);
  return done;
}

static size_t count_of(const struct text *line, const char *delimiter) {
  size_t count = 0;
  const char *at = line->text;
  while (at != NULL && (at = strstr(at, delimiter)) != NULL) {
    count++;
    at += strlen(delimiter);
  }
  return count;
}

static void find_delimiter(const struct text *line, char delimiter[3]) {
  static const char *const known[] = {"::", "\t", ";", "|", ","};
  size_t most = 0;
  memcpy(delimiter, ",", 2);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const size_t count = count_of(line, known[i]);
    if (count <= most) continue;
    most = count;
    memcpy(delimiter, known[i], strlen(known[i]) + 1);
  }
}

static int open_file(const char *path, struct error *error) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* no FIFO blocks */
  struct stat status;
  if (descriptor < 0) {
    error_set(error, ERROR_DATA, "%s: cannot open: %s", path, strerror(errno));
    return -1;
  }
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return descriptor;
  error_set(error, ERROR_DATA, "%s: not a regular file", path);
  (void)close(descriptor);
  return -1;
}

bool text_file_open(struct text_file *file, const char *path, struct error *error) {
  struct looking looking = {.path = path, .line = 1};
  *file = (struct text_file){.descriptor = open_file(path, error)};
  bool done = file->descriptor >= 0 && look_at_all(&looking, file->descriptor, error);
  if (done && looking.utf8_line > 0 && looking.other_line > 0) {
    done = error_at(error, ERROR_DATA, path, looking.other_line, 0,
                    "a letter that is not UTF-8, but line %zu has one that is", looking.utf8_line);
    error_help(error, "save the file in one encoding, UTF-8 or Latin-1");
  }
  if (done && lseek(file->descriptor, 0, SEEK_SET) != 0) {
    done = error_set(error, ERROR_DATA, "%s: cannot read: %s", path, strerror(errno));
  }
  file->latin1 = looking.other_line > 0;
  find_delimiter(&looking.first_line, file->delimiter);
  text_clear(&looking.first_line);
  if (!done && file->descriptor >= 0) (void)close(file->descriptor);
  return done;
}
