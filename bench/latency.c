/* How long a prediction takes of a model that is open: latency MODEL
 *
 * Rows are made up of the model's own words. Each line is the median of several
 * repetitions of some milliseconds, in processor time of this thread, which is the only one.
 * bench/latency.sh prints the table of docs/library.md with it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <crosslane/model.h>

enum { ROWS_MOST = 1024, INPUTS_MOST = 64, REPETITIONS = 25, TEXT = 64 };

struct rows {
  size_t inputs;
  char text[ROWS_MOST][INPUTS_MOST][TEXT];
  const char *value[ROWS_MOST * INPUTS_MOST];
  uint32_t code[INPUTS_MOST][ROWS_MOST];
  size_t offset[ROWS_MOST + 1];
  float number[INPUTS_MOST][ROWS_MOST];
  crosslane_column column[INPUTS_MOST];
};

/* Any word or number of the training's. */
static void make_rows(const crosslane_model *model, struct rows *rows) {
  rows->inputs = crosslane_model_inputs(model);
  for (size_t r = 0; r <= ROWS_MOST; r++) rows->offset[r] = r;
  for (size_t i = 0; i < rows->inputs; i++) {
    const uint32_t words = (uint32_t)crosslane_model_input_words(model, i);
    const bool sets = crosslane_model_input_kind(model, i) == CROSSLANE_INPUT_MULTI_HOT;
    for (uint32_t r = 0; r < ROWS_MOST; r++) {
      char *text = rows->text[r][i];
      rows->value[r * rows->inputs + i] = text;
      rows->number[i][r] = (float)crosslane_model_input_least(model, i) + (float)(r * 7 % 50);
      rows->code[i][r] = words > 0 ? r * 7919 % words : 0;
      if (words == 0)
        (void)snprintf(text, TEXT, "%g", (double)rows->number[i][r]);
      else
        (void)snprintf(text, TEXT, "%s", crosslane_model_input_word(model, i, rows->code[i][r]));
    }
    rows->column[i] = (crosslane_column){
        .type = words == 0 ? CROSSLANE_COLUMN_FLOAT
                : sets     ? CROSSLANE_COLUMN_SETS
                           : CROSSLANE_COLUMN_CODES,
        .values = words == 0 ? (const void *)rows->number[i] : (const void *)rows->code[i],
        .offsets = sets ? rows->offset : NULL};
  }
}

static double now(void) {
  struct timespec time;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int ascending(const void *one, const void *other) {
  const double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

static int predict(const crosslane_model *model, const struct rows *rows, size_t count, bool text,
                   float *out) {
  return text ? crosslane_predict_text(model, count, rows->value, out, NULL)
              : crosslane_predict_coded(model, count, rows->column, out, NULL);
}

/* Seconds a call. */
static double seconds(const crosslane_model *model, const struct rows *rows, size_t count,
                      bool text) {
  static float out[ROWS_MOST];
  double times[REPETITIONS];
  const size_t calls = 20000 / count + 10;
  int failed = 0;
  for (size_t n = 0; n < REPETITIONS; n++) {
    const double start = now();
    for (size_t c = 0; c < calls; c++) failed |= predict(model, rows, count, text, out);
    times[n] = (now() - start) / (double)calls;
  }
  if (failed != 0) {
    (void)fputs("a prediction failed\n", stderr);
    exit(1);
  }
  qsort(times, REPETITIONS, sizeof *times, ascending);
  return times[REPETITIONS / 2];
}

int main(int count, char **arguments) {
  if (count != 2) {
    (void)fputs("usage: latency MODEL\n", stderr);
    return 2;
  }
  crosslane_error *error = crosslane_error_new();
  crosslane_model *model = crosslane_model_open(arguments[1], error);
  struct rows *rows = calloc(1, sizeof *rows);
  const size_t inputs = model != NULL ? crosslane_model_inputs(model) : 0;
  if (rows == NULL || inputs == 0 || inputs > INPUTS_MOST) {
    (void)fprintf(
        stderr, "%s\n",
        model == NULL ? crosslane_error_message(error) : "the model cannot be asked by values");
    return 1;
  }
  make_rows(model, rows);
  static const size_t counts[] = {1, 32, 1024};
  for (size_t text = 0; text < 2; text++) {
    for (size_t i = 0; i < 3; i++) {
      const double time = seconds(model, rows, counts[i], text == 1);
      printf("crosslane,%s,%zu,%.3f,%.0f\n", text == 1 ? "texts" : "codes", counts[i], time * 1e6,
             (double)counts[i] / time);
    }
  }
  free(rows);
  crosslane_model_free(model);
  crosslane_error_free(error);
  return 0;
}
