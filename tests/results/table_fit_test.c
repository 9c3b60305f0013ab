/* results/table.h: the order of a table for people, its columns, and its width. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/width.h"
#include "results/table.h"
#include "tests/records/fabricate.h"

/* Three architectures with two seeds each; the middle one has the lowest errors. */
static char *make_run(const char *const labels[3], bool validated) {
  static const double mse[] = {1.25, 0.75, 1.0};
  char *folder = fabricate_folder();
  for (size_t a = 0; a < 3; a++) {
    for (uint64_t seed = 1; seed <= 2; seed++) {
      struct record record = fabricate_trial(labels[a], seed, "", mse[a] + 0.125 * (double)seed,
                                             validated ? mse[a] : (double)NAN);
      fabricate_write(folder, &record);
      record_clear(&record);
    }
  }
  fabricate_plan(folder, labels, 3, labels[0]);
  return folder;
}

static char *show(const char *folder, struct table_options options, struct error *error) {
  struct summary summary;
  struct text left_out = {0}, text = {0};
  if (!summary_read(folder, &summary, &left_out, error)) fail_msg("%s", error->message);
  const bool done = table_write(&summary, 1, &options, &text, error);
  summary_clear(&summary);
  return done ? text.text : NULL;
}

static char *shown(const char *folder, struct table_options options) {
  struct error error = {0};
  char *text = show(folder, options, &error);
  if (text == NULL) fail_msg("%s", error.message);
  return text;
}

/* The first letters of the rows, in their order. */
static void must_be_in_order(const char *text, const char *initials) {
  const char *at = strstr(text, "architecture");
  assert_non_null(at);
  for (; *initials != '\0'; initials++) {
    at = strchr(at, '\n') + 1;
    assert_int_equal(*at, *initials);
  }
}

static const char *const letters[] = {"a", "b", "c"};

static void the_lowest_validation_mse_is_on_top_of_text_alone(void **state) {
  (void)state;
  char *folder = make_run(letters, true);
  char *text = shown(folder, (struct table_options){0});
  must_be_in_order(text, "bca");
  assert_non_null(strstr(text, "\nordered by val. MSE, the lowest first\n"));
  const char *baseline = strstr(text, "\na ");
  assert_true(strstr(baseline, " baseline ") < strchr(baseline + 1, '\n'));
  free(text);
  text = shown(folder, (struct table_options){.sort = TABLE_CONFIG_ORDER});
  must_be_in_order(text, "abc");
  free(text);
  text = shown(folder, (struct table_options){.format = TEXT_TABLE_CSV});
  assert_true(strstr(text, ",a,") < strstr(text, ",b,"));
  assert_true(strstr(text, ",b,") < strstr(text, ",c,"));
  free(text);
  text = shown(folder, (struct table_options){.format = TEXT_TABLE_MARKDOWN});
  assert_true(strstr(text, "| a ") < strstr(text, "| b "));
  free(text);
  fabricate_remove(folder);
}

static void without_validation_rows_the_order_is_the_configs(void **state) {
  (void)state;
  char *folder = make_run(letters, false);
  char *text = shown(folder, (struct table_options){.top = 2});
  must_be_in_order(text, "ab");
  assert_null(strstr(text, "ordered by"));
  assert_non_null(strstr(text, "\n2 of 3 architectures shown, the first of the experiment file\n"));
  free(text);
  text = shown(folder, (struct table_options){.top = 2, .sort = "test MSE ± sd"});
  must_be_in_order(text, "bc");
  assert_non_null(
      strstr(text, "\nordered by test MSE, the lowest first; 2 of 3 architectures shown\n"));
  free(text);
  fabricate_remove(folder);
}

static void every_heading_is_a_name(void **state) {
  (void)state;
  static const char *const headings[] = {
      "architecture",  "n",      "test MSE", "val. MSE", "vs base",
      "95 % interval", "params", "one-hot",  "CPU s",    "wall s"};
  char *folder = make_run(letters, true);
  for (size_t i = 0; i < sizeof headings / sizeof *headings; i++) {
    char *text = shown(folder, (struct table_options){0});
    if (strstr(text, headings[i]) == NULL) fail_msg("no '%s' in %s", headings[i], text);
    free(text);
    text = shown(folder, (struct table_options){.sort = headings[i], .columns = headings[i]});
    const char *head = strstr(text, "\narchitecture");
    assert_non_null(head);
    const char *found = strstr(head, headings[i]);
    assert_true(found != NULL && found < strchr(head + 1, '\n'));
    free(text);
  }
  struct error error = {0};
  assert_null(show(folder, (struct table_options){.sort = "vall. MSE"}, &error));
  assert_non_null(strstr(error.message, "did you mean 'val. MSE'?"));
  assert_non_null(strstr(error.message, "mse (test MSE), "));
  fabricate_remove(folder);
}

static void columns_are_those_asked_for(void **state) {
  (void)state;
  char *folder = make_run(letters, true);
  char *text = shown(folder, (struct table_options){.columns = "CPU s, mse, told_apart"});
  const char wanted[] =
      "architecture  CPU s    test MSE ± sd  told_apart\n"
      "b *            1.92  0.9375 ± 0.0884         yes\n";
  if (strstr(text, wanted) == NULL) fail_msg("%s", text);
  free(text);
  text =
      shown(folder, (struct table_options){.format = TEXT_TABLE_CSV, .columns = "label,val. MSE"});
  assert_string_equal(text, "label,validation_mse\na,1.25\nb,0.75\nc,1.0\n");
  free(text);
  struct error error = {0};
  assert_null(show(folder, (struct table_options){.columns = "mse,"}, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_non_null(strstr(error.message, "--columns '': no such column"));
  fabricate_remove(folder);
}

static void must_fit(const char *text, size_t width) {
  while (*text != '\0') {
    const size_t length = strcspn(text, "\n");
    char *line = strndup(text, length);
    if (width_of(line) > width) fail_msg("%zu columns: %s", width_of(line), line);
    free(line);
    text += length + 1;
  }
}

static void columns_without_room_are_named(void **state) {
  (void)state;
  static const char *const labels[] = {"user_id + item_id + user_id*genres", "none",
                                       "gender*age_group*occupation*genre"};
  char *folder = make_run(labels, true);
  for (size_t width = 40; width <= 130; width++) {
    char *text = shown(folder, (struct table_options){.width = width});
    must_fit(text, width);
    free(text);
  }
  char *text = shown(folder, (struct table_options){.width = 80});
  assert_non_null(strstr(text,
                         "\nnot shown for want of room: 95 % interval, params, one-hot, "
                         "CPU s, wall s; to\n  see more: --columns difference_low,parameters,"));
  free(text);
  text = shown(folder, (struct table_options){.width = 500});
  assert_null(strstr(text, "want of room"));
  free(text);
  fabricate_remove(folder);
}

static void what_all_labels_share_is_said_once(void **state) {
  (void)state;
  static const char *const labels[] = {"hidden=[32, 16] dropout=0.1 columns=user_id,item_id,genres",
                                       "hidden=[32, 8] dropout=0.1 columns=user_id,item_id,genres",
                                       "hidden=[32, 4] dropout=0.1 columns=user_id,item_id,genres"};
  char *folder = make_run(labels, true);
  char *text = shown(folder, (struct table_options){.width = 100});
  must_fit(text, 100);
  assert_non_null(
      strstr(text, "\narchitecture: hidden=… dropout=0.1 columns=user_id,item_id,genres\n\n"));
  assert_non_null(strstr(text, "\n[32, 8] *  "));
  assert_non_null(strstr(text, "\n[32, 16]  "));
  assert_non_null(strstr(text, "\n[32, 4]  "));
  free(text);
  text = shown(folder, (struct table_options){0});
  assert_null(strstr(text, "…"));
  assert_non_null(strstr(text, labels[1]));
  free(text);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_lowest_validation_mse_is_on_top_of_text_alone),
      cmocka_unit_test(without_validation_rows_the_order_is_the_configs),
      cmocka_unit_test(every_heading_is_a_name),
      cmocka_unit_test(columns_are_those_asked_for),
      cmocka_unit_test(columns_without_room_are_named),
      cmocka_unit_test(what_all_labels_share_is_said_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
