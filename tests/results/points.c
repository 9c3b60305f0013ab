#include "tests/results/points.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "results/plot.h"
#include "tests/records/fabricate.h"

void points_write(const char *folder, const struct point *point, size_t count, const char *data,
                  bool synthetic) {
  for (size_t i = 0; i < count; i++) {
    for (uint64_t seed = 1; seed <= 2; seed++) {
      struct record record =
          fabricate_trial(point[i].label, seed, "", point[i].mse, point[i].validation);
      json_decref(record.swept);
      record.swept = json_loads(point[i].swept, 0, NULL);
      json_t *model = json_pack("{s:{s:o, s:[s,s]}}", "deep", "hidden",
                                json_loads(point[i].hidden, 0, NULL), "columns", "age", "genre");
      json_object_set_new(record.config, "model", model);
      json_object_set_new(record.config, "label", json_string(point[i].label));
      json_object_set_new(record.data, "name", json_string(data));
      json_object_set_new(record.data, "synthetic", json_boolean(synthetic));
      json_object_set_new(record.data, "rating_variance", json_real(1.2 + 0.02 * (double)seed));
      record.train_cpu_seconds = point[i].cpu_seconds;
      fabricate_write(folder, &record);
      record_clear(&record);
    }
  }
}

struct summary points_summary(const char *folder) {
  struct summary summary;
  struct error error = {0};
  struct text left_out = {0};
  if (!summary_read(folder, &summary, &left_out, &error)) fail_msg("%s", error.message);
  return summary;
}

char *points_drawn(const char *folder, const char *name) {
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  assert_int_equal(setenv("CROSSLANE_GNUPLOT", "/no/such/gnuplot", 1), 0);
  assert_false(plot_run(folder, &(struct plot_options){.svg = true}, &written, &left_out, &left_out,
                        &error));
  assert_int_equal(unsetenv("CROSSLANE_GNUPLOT"), 0);
  if (strstr(error.message, "/no/such/gnuplot") == NULL) fail_msg("%s", error.message);
  text_clear(&written);
  text_clear(&left_out);
  return fabricate_read(folder, name);
}
