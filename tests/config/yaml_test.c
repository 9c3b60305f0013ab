/* What is wrong with the YAML itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/config/config_fixture.h"

static void a_file_that_is_not_there_is_named(void **state) {
  (void)state;
  struct config config;
  struct error error = {0};
  assert_false(config_read("nowhere/x.yaml", NULL, 0, NULL, &config, &error));
  assert_non_null(strstr(error.message, "nowhere/x.yaml"));
}

static void a_folder_is_not_a_config(void **state) {
  (void)state;
  struct config config;
  struct error error = {0};
  assert_false(config_read(".", NULL, 0, NULL, &config, &error));
  assert_string_equal(error.message, ".: is a folder, not a config file");
}

static void an_empty_file_is_refused(void **state) {
  (void)state;
  assert_refused("", "t.yaml: the file is empty");
  assert_refused("# nothing\n", "t.yaml: the file is empty");
  assert_refused("---\n", "t.yaml: the file is empty");
}

static void a_file_that_is_no_mapping_is_refused(void **state) {
  (void)state;
  assert_refused(
      "just words\n",
      "t.yaml:1:1: expected a mapping, found 'just words'\n"
      "  1 | just words\n"
      "    | ^\n"
      "Keys here: baseline, data, description, launcher, model, name, schema, seeds, sweep, "
      "train");
  assert_refused_with("- 1\n", "t.yaml:1:1: expected a mapping, found a list");
}

static void a_tab_as_indentation_is_refused_at_its_place(void **state) {
  (void)state;
  assert_refused("schema: 1\nmodel:\n\twide: 3\n",
                 "t.yaml:3:1: tab character may not be used as indentation\n"
                 "  3 |  wide: 3\n"
                 "    | ^");
}

static void an_unclosed_bracket_is_shown_where_it_opens(void **state) {
  (void)state;
  assert_refused("schema: 1\nseeds: [1, 2\nname: t\n",
                 "t.yaml:2:8: flow sequence without a closing bracket\n"
                 "  2 | seeds: [1, 2\n"
                 "    |        ^");
}

static void a_duplicate_key_is_refused_with_the_line_of_the_first(void **state) {
  (void)state;
  assert_refused("schema: 1\nname: t\nname: u\n",
                 "t.yaml:3:1: duplicate key 'name', first given on line 2\n"
                 "  3 | name: u\n"
                 "    | ^");
  assert_refused_with("schema: 1\ntrain: {epochs: 1, epochs: 2}\n",
                      "t.yaml:2:20: duplicate key 'epochs', first given on line 2");
}

static void tags_anchors_and_aliases_are_refused(void **state) {
  (void)state;
  assert_refused_with("schema: !!int 1\n", "t.yaml:1:9: tags are not used here");
  assert_refused_with("schema: &x 1\n", ": anchors and aliases are not used here");
  assert_refused_with("schema: 1\nname: *x\n", ": anchors and aliases are not used here");
}

static void a_second_document_is_refused(void **state) {
  (void)state;
  assert_refused_with(MINIMAL "---\nschema: 1\n",
                      "t.yaml:4:1: a second document: one file is one experiment");
}

static void a_key_that_is_no_word_is_refused(void **state) {
  (void)state;
  assert_refused_with("? [a, b]\n: 1\n", "t.yaml:1:3: a key must be a single word");
}

static void bytes_that_are_not_text_are_refused_at_their_place(void **state) {
  (void)state;
  assert_refused("schema: 1\nname: \xc3\xa9\xff\n",
                 "t.yaml:2:8: byte 0xff cannot stand here: a config is text in UTF-8\n"
                 "  2 | name: \xc3\xa9\ufffd\n"
                 "    |        ^");
  assert_refused_with("name: \xed\xa0\x80\n", "t.yaml:1:7: byte 0xed");
  assert_refused_with("name: \xc0\x80\n", "t.yaml:1:7: byte 0xc0");
  assert_refused_with("name: \x1b[31m\n", "t.yaml:1:7: byte 0x1b");
  assert_refused_with("description: \"a\\0b\"\n", "t.yaml:1:14: a text cannot hold a zero byte");
  write_config("name: a\0b\n", 10);
  struct config config;
  struct error error = {0};
  assert_false(config_read("t.yaml", NULL, 0, NULL, &config, &error));
  assert_non_null(strstr(error.message, "t.yaml:1:8: byte 0x00"));
}

static void columns_count_characters(void **state) {
  (void)state;
  assert_refused_with(
      "{name: \"\xc3\xa9\xe2\x82\xac\", nane: 1}\n",
      "t.yaml:1:8: expected a text of one line, at most 63 bytes, with a letter from A "
      "to Z or a digit, found the quoted text '\xc3\xa9\xe2\x82\xac'\n"
      "  1 | {name: \"\xc3\xa9\xe2\x82\xac\", nane: 1}\n"
      "    |        ^\n"
      "name: name of the experiment; its folder of results is called so,");
  assert_refused_with("{description: \"\xc3\xa9\xe2\x82\xac\", nane: 1}\n",
                      "t.yaml:1:21: unknown key 'nane'\n"
                      "  1 | {description: \"\xc3\xa9\xe2\x82\xac\", nane: 1}\n"
                      "    |                     ^\n");
}

static void windows_line_ends_are_read_and_not_shown(void **state) {
  (void)state;
  assert_refused(
      "schema: 1\r\nname: t\r\nsedes: 1\r\n",
      "t.yaml:3:1: unknown key 'sedes'\n"
      "  3 | sedes: 1\n"
      "    | ^\n"
      "did you mean 'seeds'? Keys here: baseline, data, description, launcher, model, name, "
      "schema, seeds, sweep, train");
}

static void a_long_line_is_shown_around_its_fault(void **state) {
  (void)state;
  struct text text = {0};
  text_add(&text, "seeds: [");
  for (int i = 0; i < 100; i++) text_add(&text, "%d, ", 100 + i);
  text_add(&text, "x, ");
  for (int i = 0; i < 100; i++) text_add(&text, "%d, ", 300 + i);
  text_add(&text, "1]\n");
  assert_refused_with(
      text.text,
      "t.yaml:1:509: expected a whole number from 0 to 9223372036854775807, found 'x'\n"
      "  1 | ...188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, x, 300, 301, 302, "
      "303, 304, 305, 306, 30...\n"
      "    |                                                                ^\n"
      "seeds: each model is trained once for each seed");
  text_clear(&text);
}

static void size_and_depth_are_limited(void **state) {
  (void)state;
  struct config config;
  struct error error = {0};
  enum { SIZE = (1 << 20) + 1 };
  char *text = malloc(SIZE);
  assert_non_null(text);
  memset(text, '#', SIZE);
  write_config(text, SIZE);
  assert_false(config_read("t.yaml", NULL, 0, NULL, &config, &error));
  assert_string_equal(error.message,
                      "t.yaml: longer than 1 MiB, the most that is read of such a file");
  free(text);
  assert_refused_with("seeds: [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]\n",
                      "t.yaml:1:23: nested more than 16 deep");
  struct text many = {0};
  for (int i = 0; i < 1001; i++) text_add(&many, "k%d: 1\n", i);
  assert_refused_with(many.text, "t.yaml:1001:1: more than 1000 keys in one mapping");
  text_clear(&many);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_file_that_is_not_there_is_named),
      cmocka_unit_test(a_folder_is_not_a_config),
      cmocka_unit_test(an_empty_file_is_refused),
      cmocka_unit_test(a_file_that_is_no_mapping_is_refused),
      cmocka_unit_test(a_tab_as_indentation_is_refused_at_its_place),
      cmocka_unit_test(an_unclosed_bracket_is_shown_where_it_opens),
      cmocka_unit_test(a_duplicate_key_is_refused_with_the_line_of_the_first),
      cmocka_unit_test(tags_anchors_and_aliases_are_refused),
      cmocka_unit_test(a_second_document_is_refused),
      cmocka_unit_test(a_key_that_is_no_word_is_refused),
      cmocka_unit_test(bytes_that_are_not_text_are_refused_at_their_place),
      cmocka_unit_test(columns_count_characters),
      cmocka_unit_test(windows_line_ends_are_read_and_not_shown),
      cmocka_unit_test(a_long_line_is_shown_around_its_fault),
      cmocka_unit_test(size_and_depth_are_limited),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
