/* predict --batch: CSV to CSV or JSON. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/predict_parts.h"
#include "serving/csv_prediction.h"
#include "serving/places.h"

static bool write_out(void *context, const char *bytes, size_t count, struct error *error) {
  (void)context;
  return file_write_all(STDOUT_FILENO, bytes, count) ||
         error_system(error, errno, "cannot write the output");
}

static bool prepare(const struct predict_command *asked, struct serving *serving,
                    struct error *error) {
  if (asked->data == NULL) return serving_values(serving, CSV_PREDICTION_ROWS, error);
  return serving_read(serving, asked->data, error) && places_add_all(serving, error) &&
         serving_prepare(serving, error);
}

/* In the order of --flush. */
enum flush { FLUSH_LINE, FLUSH_BLOCK };

/* As asked; else by line where somebody may wait for an answer before the next line. */
static bool is_prompt(const struct predict_command *asked, int input) {
  struct stat kind;
  if (asked->flush.given) return asked->flush.place == FLUSH_LINE;
  return strcmp(asked->batch, "-") == 0 && fstat(input, &kind) == 0 && !S_ISREG(kind.st_mode);
}

static bool run(const struct predict_command *asked, struct serving *serving, int input,
                struct text *notes, struct error *error) {
  const struct csv_prediction request = {
      .serving = serving,
      .by_data = asked->data != NULL,
      .probabilities = asked->probabilities,
      .json = asked->format.given && asked->format.place == PREDICT_JSON,
      .prompt = is_prompt(asked, input),
      .input = input,
      .name = strcmp(asked->batch, "-") == 0 ? "standard input" : asked->batch,
      .write = write_out};
  if (!prepare(asked, serving, error)) return false;
  if (request.by_data) predict_note_data(serving, notes);
  size_t rows;
  const double started = predict_seconds();
  const bool done = csv_prediction_run(&request, &rows, notes, error);
  const double taken = predict_seconds() - started;
  if (asked->timing) {
    text_add(notes, "%zu rows in %.3f s: %.2f million rows/s\n", rows, taken,
             1e-6 * (double)rows / taken);
  }
  return done;
}

bool predict_batch(const struct predict_command *asked, struct serving *serving, struct text *notes,
                   struct error *error) {
  if (strcmp(asked->batch, "-") == 0) {
    return run(asked, serving, STDIN_FILENO, notes, error);
  }
  const int input = open(asked->batch, O_RDONLY | O_CLOEXEC);
  if (input < 0) {
    return error_set(error, ERROR_DATA, "%s: cannot open: %s", asked->batch, strerror(errno));
  }
  const bool done = run(asked, serving, input, notes, error);
  (void)close(input);
  return done;
}
