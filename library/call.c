#include <pthread.h>
#include <string.h>

#include "library/library.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain; /* (locale_t)0 where memory ran out: the caller's stays */

static void make_plain(void) {
  plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

void library_begin(struct library_call *call, crosslane_error *error) {
  (void)pthread_once(&once, make_plain);
  call->before = uselocale(plain);
  exact_begin(&call->exact);
  call->error = error != NULL ? &error->error : &call->unwanted;
  call->error->kind = ERROR_NONE;
  call->error->message[0] = '\0';
  call->error->file = call->error->line = call->error->column = 0;
  call->asked = error;
  if (error != NULL) error->file[0] = '\0';
}

static void set_file(crosslane_error *error, const char *file, size_t length) {
  const size_t most = sizeof error->file - 1, kept = length < most ? length : most;
  memcpy(error->file, file, kept);
  error->file[kept] = '\0';
}

int library_end(const struct library_call *call, bool done) {
  exact_end(&call->exact);
  (void)uselocale(call->before);
  if (!done && call->asked != NULL) {
    set_file(call->asked, call->error->message, call->error->file);
  }
  return done ? 0 : -1;
}

void library_name_file(crosslane_error *error, const char *file) {
  if (error != NULL && error->file[0] == '\0') set_file(error, file, strlen(file));
}
