#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "cli/cli.h"
#include "data/data_check.h"
#include "data/readers/movielens.h"
#include "data/synthetic/synthetic.h"

enum { SIZE_MAX_OPTION = 100000000 };

static int check(int argc, char **argv) {
  struct error error = {0};
  size_t operands;
  if (!parse_arguments(argc, argv, NULL, 0, &operands, &error)) return fail(&error);
  if (operands != 1) {
    error_set(&error, ERROR_USAGE, "data check needs one folder, found %zu", operands);
    return fail(&error);
  }
  struct text report = {0};
  if (data_check(argv[1], &report, &error))
    return print_text(&report) ? EXIT_DONE : EXIT_TRIAL_FAILED;
  if (report.text != NULL) (void)fputs(report.text, stderr);
  text_clear(&report);
  return fail(&error);
}

static bool parse_size(const char *option, const char *text, uint32_t *value, struct error *error) {
  size_t size = *value;
  if (text != NULL && !parse_count(option, text, SIZE_MAX_OPTION, &size, error)) return false;
  *value = (uint32_t)size;
  return true;
}

static bool parse_synth(int argc, char **argv, struct synthetic_spec *spec, const char **out,
                        struct error *error) {
  const char *users = NULL, *items = NULL, *ratings = NULL, *seed = NULL;
  const struct option options[] = {
      {.name = "--out", .value = out},      {.name = "--users", .value = &users},
      {.name = "--items", .value = &items}, {.name = "--ratings", .value = &ratings},
      {.name = "--seed", .value = &seed},
  };
  size_t operands;
  if (!parse_arguments(argc, argv, options, 5, &operands, error)) return false;
  if (operands > 0) {
    return error_set(error, ERROR_USAGE, "data synth takes no operand, found '%s'", argv[1]);
  }
  if (*out == NULL) return error_set(error, ERROR_USAGE, "data synth needs --out DIR");
  if (seed != NULL && !text_u64(seed, seed + strlen(seed), &spec->seed)) {
    return error_set(error, ERROR_USAGE, "--seed: expected a whole number, found '%s'", seed);
  }
  return parse_size("--users", users, &spec->users, error) &&
         parse_size("--items", items, &spec->items, error) &&
         parse_size("--ratings", ratings, &spec->ratings, error);
}

static int synth(int argc, char **argv) {
  struct error error = {0};
  struct synthetic_spec spec = {.users = 943, .items = 1682, .ratings = 100000, .seed = 1};
  const char *out = NULL;
  if (!parse_synth(argc, argv, &spec, &out, &error)) return fail(&error);
  struct dataset dataset = {0};
  bool done = synthetic_make(&spec, &dataset, &error) && movielens_write(&dataset, out, &error);
  struct text text = {0};
  if (done) {
    char digest[DIGEST_TEXT];
    digest_text(dataset.digest, digest);
    text_add(&text, "%s: %zu synthetic ratings of %zu users and %zu items, digest %s\n", out,
             dataset.ratings, dataset.users, dataset.items, digest);
    text_add(&text, "irreducible MSE %.4f: no model can do better but by chance\n",
             dataset.irreducible_mse);
  }
  dataset_clear(&dataset);
  if (!done) return fail(&error);
  return print_text(&text) ? EXIT_DONE : EXIT_TRIAL_FAILED;
}

int command_data(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "check") == 0) return check(argc - 1, argv + 1);
  if (argc > 1 && strcmp(argv[1], "synth") == 0) return synth(argc - 1, argv + 1);
  struct error error = {0};
  error_set(&error, ERROR_USAGE, "data: expected 'check DIR' or 'synth --out DIR'%s%s",
            argc > 1 ? ", found " : "", argc > 1 ? argv[1] : "");
  return fail(&error);
}
