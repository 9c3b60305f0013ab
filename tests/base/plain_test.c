/* base/plain.h, and CSV of base/text_table.h: what files may hold, made harmless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/json_text.h"
#include "base/plain.h"
#include "base/text_table.h"

static const struct {
  const char *from, *to;
} lines[] = {
    {"", ""},
    {"a label, \u00e9\u00b1\u00a0\u6620 \U0001f600 \u200f",
     "a label, \u00e9\u00b1\u00a0\u6620 \U0001f600 \u200f"},
    {"a\tb\nc\rd\033[2Je\x7f", "a b c d [2Je "},
    {"a\xc2\x80\xc2\x9b\xc2\x9f", "a   "}, /* C1: U+0080, CSI, U+009F */
    {"a\u2028b\u2029c", "a b c"},
    {"\u202a\u202e\u2066\u2069x", "\ufffd\ufffd\ufffd\ufffdx"},
    {"\u2029\u202f\u2065\u206a", " \u202f\u2065\u206a"}, /* beside the ranges */
    {"\ufdd0\ufdef\ufdf0\ufff9\ufffb\ufffc", "\ufffd\ufffd\ufdf0\ufffd\ufffd\ufffc"},
    {"\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\xbf\xbe\xf4\x8f\xbf\xbf", "\ufffd\ufffd\ufffd\ufffd"},
    {"\U000e0001\U000e007f\U000e0100", "\ufffd\ufffd\U000e0100"},
    {"\x80\xff\xc0\xaf\xe6\x98", "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"}, /* not UTF-8 */
    {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"}, /* half a surrogate pair */
};

static void what_acts_on_a_terminal_has_a_substitute(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    struct text text = {0};
    plain_add(&text, lines[i].from);
    text_add(&text, "%s", "");
    if (strcmp(text.text, lines[i].to) != 0) fail_msg("line %zu: '%s'", i, text.text);
    text_clear(&text);
  }
}

static void texts_of_several_lines_keep_their_line_ends(void **state) {
  (void)state;
  static const char from[] = "a\n\tb\033\rc\xc2\x85\u2028";
  struct text text = {0};
  plain_add_lines(&text, from, strlen(from));
  assert_string_equal(text.text, "a\n\tb  c  ");
  text_clear(&text);
}

static void markup_stands_as_entities(void **state) {
  (void)state;
  struct text text = {0};
  plain_add_markup(&text, "a]]>b & <c d=\"e\" f='g'>\n\x01\xef\xbf\xbe\u202e\xc2\x85");
  assert_string_equal(text.text,
                      "a]]&gt;b &amp; &lt;c d=&quot;e&quot; f=&#39;g&#39;&gt;\n \ufffd\ufffd ");
  text_clear(&text);
}

static void json_escapes_it_and_loses_nothing(void **state) {
  (void)state;
  static const char from[] = "a\"\\\n\t\xc2\x9b\u202e\u2028\xef\xbf\xbf\U000e0001\u00e9";
  struct text text = {0};
  json_t *json = json_string(from);
  json_text_add(&text, json);
  assert_string_equal(text.text,
                      "\"a\\\"\\\\\\n\\u0009\\u009b\\u202e\\u2028\\uffff\\udb40\\udc01\u00e9\"");
  json_t *again = json_loads(text.text, JSON_DECODE_ANY, NULL);
  assert_string_equal(json_string_value(again), from);
  json_decref(json);
  json_decref(again);
  text_clear(&text);
}

static void a_field_of_csv_is_quoted_where_it_must_be_and_no_formula(void **state) {
  (void)state;
  static const struct {
    const char *field, *csv;
  } fields[] = {{"plain", "plain"},
                {"a,b", "\"a,b\""},
                {"say \"x\"", "\"say \"\"x\"\"\""},
                {"two\nlines", "\"two\nlines\""},
                {"=1+1", "'=1+1"},
                {"@SUM(A1)", "'@SUM(A1)"},
                {"+a", "'+a"},
                {"-30- (1959)", "'-30- (1959)"},
                {"=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""},
                {" =1", "' =1"},
                {"\t=1", "'\t=1"},
                {"\r=1", "' =1"},
                {"\uff1d1", "'\uff1d1"},
                {"-1.5", "-1.5"},
                {"-2e-05", "-2e-05"},
                {"a=b", "a=b"},
                {"", ""},
                {"x\xc2\x9b\u202e", "x \ufffd"}};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    struct text text = {0};
    text_table_add_csv(&text, fields[i].field);
    text_add(&text, "%s", "");
    assert_string_equal(text.text, fields[i].csv);
    text_clear(&text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_acts_on_a_terminal_has_a_substitute),
      cmocka_unit_test(texts_of_several_lines_keep_their_line_ends),
      cmocka_unit_test(markup_stands_as_entities),
      cmocka_unit_test(json_escapes_it_and_loses_nothing),
      cmocka_unit_test(a_field_of_csv_is_quoted_where_it_must_be_and_no_formula),
  };
  return cmocka_run_group_tests_name("plain", tests, NULL, NULL);
}
