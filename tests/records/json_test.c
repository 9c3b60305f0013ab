/* base/document.h, records/architectures.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_text.h"
#include "records/architectures.h"
#include "tests/records/fabricate.h"

static void write_file(const char *folder, const char *name, const char *text) {
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  assert_true(file_write_atomic(path, text, strlen(text), &error));
  free(path);
}

static void numbers_in_a_file_are_short(void **state) {
  (void)state;
  struct text text = {0};
  const double values[] = {0.2, 100, -0.0, 1.5e300, 1e15, 123456.75, 5e-324};
  static const char *const wanted[] = {"0.2",   "100.0",     "-0.0",  "1.5e+300",
                                       "1e+15", "123456.75", "5e-324"};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    json_text_add_real(&text, values[i]);
    assert_string_equal(text.text, wanted[i]);
    text_clear(&text);
  }
}

static void a_short_container_stands_on_one_line(void **state) {
  (void)state;
  struct text text = {0};
  json_t *json = json_pack("{s:[i,i,i], s:{}}", "hidden", 64, 32, 16, "none");
  json_text_add(&text, json);
  assert_string_equal(text.text, "{\"hidden\": [64, 32, 16], \"none\": {}}");
  text_clear(&text);
  for (int i = 0; i < 20; i++) {
    char name[16];
    (void)snprintf(name, sizeof name, "k%02d", i);
    json_object_set_new(json, name, json_string("value"));
  }
  json_text_add(&text, json);
  assert_non_null(strstr(text.text, "{\n  \"hidden\": [64, 32, 16],\n  \"none\": {},\n  \"k00\""));
  text_clear(&text);
  json_decref(json);
}

static void architectures_read_back(void **state) {
  (void)state;
  char *folder = fabricate_run(&(struct fabricated_run){
      .architectures = 3, .seeds = 2, .epochs = 1, .irreducible_mse = NAN, .rating_variance = NAN});
  struct architecture_list list;
  struct error error = {0};
  bool found;
  assert_true(architectures_read(folder, &list, &found, &error));
  assert_true(found);
  assert_string_equal(list.name, "fabricated");
  assert_null(list.baseline);
  assert_int_equal(list.count, 3);
  assert_string_equal(list.architecture[2].label, "hidden=[3]");
  assert_int_equal(list.architecture[2].keys, 2);
  assert_int_equal(strlen(list.architecture[2].key[1]), 16);
  architectures_clear(&list);
  write_file(folder, "architectures.json",
             "{\"schema\": 1, \"name\": 2, \"description\": \"\", \"baseline\": null,"
             " \"architectures\": [{\"label\": \"a\", \"swept\": {}, \"keys\": [\"xy\"]}]}");
  assert_false(architectures_read(folder, &list, &found, &error));
  assert_non_null(strstr(error.message, "architectures.json: field 'name': expected a text"));
  assert_non_null(strstr(error.message, "field 'architectures[0].keys'"));
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_in_a_file_are_short),
      cmocka_unit_test(a_short_container_stands_on_one_line),
      cmocka_unit_test(architectures_read_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
