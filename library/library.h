/* The room library/: libcrosslane, what include/crosslane/ declares, on top of the rooms that
 * do the work. Nothing here is for other rooms: programs include <crosslane/...>. What its own
 * files share:
 *
 *   library/library.h        errors as callers hold them, and what surrounds a call
 *   library/model_parts.h    what a crosslane_model is
 *   library/record_parts.h   what a crosslane_record is */
#ifndef CROSSLANE_LIBRARY_LIBRARY_H
#define CROSSLANE_LIBRARY_LIBRARY_H

#include <locale.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/exact.h"
#include "crosslane/error.h"

enum { LIBRARY_FILE = 1024 };

struct crosslane_error {
  struct error error;
  char file[LIBRARY_FILE]; /* that the error is of; "": none */
};

/* What a call has for the thread while it runs: numbers are read with a point, texts are
 * English, and floating point is as at the start of a C program, whatever the caller's program
 * has set. */
struct library_call {
  locale_t before;
  struct exact exact;
  crosslane_error *asked; /* the caller's; may be NULL */
  struct error *error;    /* its, emptied, or `unwanted` */
  struct error unwanted;
};
void library_begin(struct library_call *call, crosslane_error *error);
/* Returns `done` as a status: 0, or -1. */
int library_end(const struct library_call *call, bool done);

/* Says that the error is of this file, where it names none itself. */
void library_name_file(crosslane_error *error, const char *file);

#endif
