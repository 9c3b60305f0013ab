#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/predict_parts.h"
#include "data/readers/csv.h"

enum { TOP_MAX = 1000000 };

double predict_seconds(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

json_t *predict_rating(float prediction) {
  char number[CSV_NUMBER + 1];
  number[csv_number(prediction, number)] = '\0';
  return json_real(strtod(number, NULL));
}

bool predict_json(json_t *json, struct text *text, struct error *error) {
  if (json == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  json_text_add(text, json);
  text_add(text, "\n");
  json_decref(json);
  return true;
}

static bool parse_format(const char *name, enum predict_format *format, struct error *error) {
  static const char *const names[] = {"text", "csv", "json"};
  enum { FORMATS = sizeof names / sizeof *names };
  for (size_t i = 0; i < FORMATS; i++) {
    if (strcmp(name, names[i]) != 0) continue;
    *format = (enum predict_format)i;
    return true;
  }
  const char *nearest = text_nearest(name, names, FORMATS);
  error_set(error, ERROR_USAGE, "--format: expected text, csv or json, found '%s'", name);
  return nearest != NULL ? error_help(error, "did you mean '%s'?", nearest) : false;
}

static bool parse_id(const char *option, const char *text, uint64_t *id, struct error *error) {
  if (text == NULL || (text_u64(text, text + strlen(text), id) && *id > 0)) return true;
  return error_set(error, ERROR_USAGE, "%s: expected an id, found '%s'", option, text);
}

/* One way of asking, and nothing that goes with another. */
static bool check(const struct predict_arguments *a, struct error *error) {
  const int ways = (a->user != NULL) + (a->batch != NULL) + (a->setting_count > 0);
  if (ways > 1) {
    return error_set(error, ERROR_USAGE, "--user, --set and --batch do not go together");
  }
  if (a->item != NULL && a->user == NULL) {
    return error_set(error, ERROR_USAGE, "--item goes with --user");
  }
  if (a->top != NULL && (a->batch != NULL || a->item != NULL)) {
    return error_set(error, ERROR_USAGE, "--top goes with --user or --set");
  }
  if (a->batch != NULL && a->format != NULL && a->output != PREDICT_CSV) {
    return error_set(error, ERROR_USAGE, "--batch writes csv alone");
  }
  if (a->setting_count > 0 && a->data != NULL) {
    return error_set(error, ERROR_USAGE, "--data goes with --user or --batch");
  }
  return true;
}

static bool parse(int argc, char **argv, struct predict_arguments *a, struct error *error) {
  const struct option options[] = {
      {.name = "--set", .values = a->settings, .count = &a->setting_count},
      {.name = "--user", .value = &a->user},
      {.name = "--item", .value = &a->item},
      {.name = "--top", .value = &a->top},
      {.name = "--batch", .value = &a->batch},
      {.name = "--data", .value = &a->data},
      {.name = "--format", .value = &a->format},
      {.name = "--isa", .value = &a->isa},
      {.name = "--timing", .flag = true, .set = &a->timing},
  };
  size_t operands;
  if (!parse_arguments(argc, argv, options, sizeof options / sizeof *options, &operands, error)) {
    return false;
  }
  if (operands != 1) {
    error_set(error, ERROR_USAGE, "predict needs one model, found %zu", operands);
    return error_help(error,
                      "for example: runs/report/models/KEY.safetensors, from "
                      "'crosslane sweep --save-models'");
  }
  a->model = argv[1];
  return (a->format == NULL || parse_format(a->format, &a->output, error)) &&
         parse_id("--user", a->user, &a->user_id, error) &&
         parse_id("--item", a->item, &a->item_id, error) &&
         (a->top == NULL || parse_count("--top", a->top, TOP_MAX, &a->most, error)) &&
         check(a, error);
}

static int run(const struct predict_arguments *a) {
  struct error error = {0};
  struct text text = {0}, notes = {0};
  enum isa isa;
  const char *asked = a->isa != NULL ? a->isa : environment("CROSSLANE_ISA");
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  if (serving == NULL) return fail(&error);
  bool done = isa_choose(asked, a->isa != NULL ? "--isa" : "CROSSLANE_ISA", &isa, &error) &&
              serving_open(serving, a->model, kernels_of(isa), &error);
  if (done && a->batch != NULL) {
    done = predict_batch(a, serving, &notes, &error);
  } else if (done) {
    done = (a->user != NULL ? predict_films : predict_values)(a, serving, &text, &notes, &error);
  }
  serving_close(serving);
  free(serving);
  const bool printed = print_text(&text);
  if (notes.text != NULL) (void)fputs(notes.text, stderr);
  text_clear(&notes);
  if (!done) return fail(&error);
  return printed ? EXIT_DONE : EXIT_TRIAL_FAILED;
}

int command_predict(int argc, char **argv) {
  struct error error = {0};
  struct predict_arguments arguments = {0};
  arguments.settings = memory_array((size_t)argc, sizeof *arguments.settings, &error);
  const bool parsed = arguments.settings != NULL && parse(argc, argv, &arguments, &error);
  const int status = parsed ? run(&arguments) : fail(&error);
  free(arguments.settings);
  return status;
}
