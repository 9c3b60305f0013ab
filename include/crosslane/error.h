/* Errors as values. A function that can fail takes a `crosslane_error *` as its last
 * argument and fills it when it does; NULL says that nobody wants to know more than that.
 *
 *   crosslane_error *error = crosslane_error_new();
 *   crosslane_model *model = crosslane_model_open("model.safetensors", error);
 *   if (model == NULL) fprintf(stderr, "%s\n", crosslane_error_message(error));
 *
 * The caller owns the error and uses it again for any number of calls, each of which
 * empties it first. It is opaque, so that what it holds can grow without a change to programs
 * that are compiled already. One error is for one thread at a time. */
#ifndef CROSSLANE_ERROR_H
#define CROSSLANE_ERROR_H

#include <stddef.h>

#include <crosslane/version.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crosslane_error crosslane_error;

/* Numbers, also where they are taken for an exit status of one's own, do not change. */
enum crosslane_error_kind {
  CROSSLANE_ERROR_NONE = 0,
  CROSSLANE_ERROR_USAGE = 1,      /* an argument of the call */
  CROSSLANE_ERROR_CONFIG = 2,     /* an experiment file */
  CROSSLANE_ERROR_DATA = 3,       /* a data set or the file of a model */
  CROSSLANE_ERROR_SYSTEM = 4,     /* memory, files */
  CROSSLANE_ERROR_TRIAL = 5,      /* a training diverged */
  CROSSLANE_ERROR_INTERRUPTED = 6 /* stopped by its stop flag */
};

/* An empty error; NULL when memory ran out, which every function takes for "nobody wants
 * to know". */
CROSSLANE_API crosslane_error *crosslane_error_new(void);
CROSSLANE_API void crosslane_error_free(crosslane_error *error);

/* Of NULL: NONE, and empty texts. */
CROSSLANE_API enum crosslane_error_kind crosslane_error_kind_of(const crosslane_error *error);

/* Complete in itself, with its place: "model.safetensors: damaged, ...". Several lines where
 * there is help, or where a file has several faults. Valid until the next call with this
 * error. */
CROSSLANE_API const char *crosslane_error_message(const crosslane_error *error);

/* The place alone: the file, "" where it was none; line and column count from 1, 0: no
 * such place. For values given to a prediction, `line` is their row and `column` their input. */
CROSSLANE_API const char *crosslane_error_file(const crosslane_error *error);
CROSSLANE_API size_t crosslane_error_line(const crosslane_error *error);
CROSSLANE_API size_t crosslane_error_column(const crosslane_error *error);

#ifdef __cplusplus
}
#endif

#endif
