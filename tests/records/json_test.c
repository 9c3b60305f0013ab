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

static void read_text(const char *architectures, struct architecture_list *list) {
  struct text text = {0};
  struct error error = {0};
  bool found;
  char *folder = fabricate_folder();
  text_add(&text,
           "{\"schema\": 1, \"name\": \"n\", \"description\": \"\", \"baseline\": null, "
           "\"architectures\": [%s]}",
           architectures);
  write_file(folder, "architectures.json", text.text);
  if (!architectures_read(folder, list, &found, &error)) fail_msg("%s", error.message);
  text_clear(&text);
  fabricate_remove(folder);
}

static void assert_entry(const struct architecture_entry *entry, const char *label, size_t keys,
                         const char *last) {
  assert_string_equal(entry->label, label);
  assert_int_equal(entry->keys, keys);
  assert_string_equal(entry->key[keys - 1], last);
}

/* Of one label and other values it is another one. */
static void what_another_folder_asks_for_is_added(void **state) {
  (void)state;
  struct architecture_list list, other;
  struct error error = {0};
  read_text(
      "{\"label\": \"a\", \"swept\": {\"h\": 1}, \"keys\": [\"00000000000000a1\"]},"
      "{\"label\": \"b\", \"swept\": {\"h\": 2}, \"keys\": [\"00000000000000b1\"]}",
      &list);
  read_text(
      "{\"label\": \"b\", \"swept\": {\"h\": 2}, \"keys\": [\"00000000000000b2\","
      " \"00000000000000b1\"]},"
      "{\"label\": \"c\", \"swept\": {\"h\": 3}, \"keys\": [\"00000000000000c1\"]},"
      "{\"label\": \"a\", \"swept\": {\"h\": 9}, \"keys\": [\"00000000000000a9\"]}",
      &other);
  assert_true(architectures_add(&list, &other, &error));
  architectures_clear(&other);
  assert_int_equal(list.count, 4);
  assert_entry(&list.architecture[0], "a", 1, "00000000000000a1");
  assert_entry(&list.architecture[1], "b", 2, "00000000000000b2");
  assert_entry(&list.architecture[2], "c", 1, "00000000000000c1");
  assert_entry(&list.architecture[3], "a", 1, "00000000000000a9");
  assert_int_equal(json_integer_value(json_object_get(list.architecture[3].swept, "h")), 9);
  architectures_clear(&list);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_in_a_file_are_short),
      cmocka_unit_test(a_short_container_stands_on_one_line),
      cmocka_unit_test(architectures_read_back),
      cmocka_unit_test(what_another_folder_asks_for_is_added),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
