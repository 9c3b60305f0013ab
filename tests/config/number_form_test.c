/* Numbers that a config does not take are answered with how to write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/config/config_fixture.h"

/* As it is written, and the form that the help gives; NULL: none, or taken. */
struct form {
  const char *written, *form;
};

static void check(const char *key, const struct form *form) {
  static const char help[] = "\nwrite it as ";
  char setting[128], expected[128] = "";
  const char *const settings[] = {setting, NULL};
  struct config config;
  struct error error;
  (void)snprintf(setting, sizeof setting, "%s=%s", key, form->written);
  if (try_config("schema: 1\nname: t\ndata: {source: synthetic}\n", settings, &config, &error)) {
    config_clear(&config);
  }
  if (form->form != NULL) (void)snprintf(expected, sizeof expected, "%s%s\n", help, form->form);
  const char *found = strstr(error.message, help);
  const bool good = found == NULL
                        ? form->form == NULL
                        : form->form != NULL && strncmp(found, expected, strlen(expected)) == 0;
  if (!good) fail_msg("%s: expected '%s' in: %s", setting, expected, error.message);
}

/* From 0, not included, to 100. */
static void real_numbers(void **state) {
  (void)state;
  static const struct form forms[] = {{".5", "0.5"},
                                      {"+.5", "0.5"},
                                      {"1.e-3", "1e-3"},
                                      {"+1", "1"},
                                      {"1.", "1"},
                                      {"01", "1"},
                                      {"0,5", "0.5"},
                                      {"00.25", "0.25"},
                                      {"1_0.2_5", "10.25"},
                                      {"'0.5'", "0.5"},
                                      {"+1.5E+1", "1.5E+1"},
                                      {"0.5", NULL},
                                      {"5e", NULL},
                                      {".", NULL},
                                      {"+", NULL},
                                      {".inf", NULL},
                                      {"0x1p-3", NULL},
                                      {"1.2.3", NULL},
                                      {"+200", NULL},
                                      {"-.5", NULL},
                                      {"1/2", NULL},
                                      {"nan", NULL},
                                      {"''", NULL},
                                      {"--1", NULL},
                                      {"0.00000000000000000000000000000000000000001_", NULL}};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    check("train.optimizer.learning_rate", &forms[i]);
  }
}

/* From 1 to 100,000. */
static void whole_numbers(void **state) {
  (void)state;
  static const struct form forms[] = {
      {"+1", "1"},       {"007", "7"},   {"5.", "5"},     {"5.0", "5"}, {"1e3", "1000"},
      {"1_000", "1000"}, {"'20'", "20"}, {"1.5e1", "15"}, {"7", NULL},  {".5", NULL},
      {"2.5", NULL},     {"1e9", NULL},  {"-1", NULL},    {"+0", NULL}, {"ten", NULL},
      {"1e400", NULL},   {"0x10", NULL}};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) check("train.epochs", &forms[i]);
}

static void the_whole_message(void **state) {
  (void)state;
  assert_refused("schema: 1\nname: t\ndata: {source: synthetic}\ntrain: {epochs: +1}\n",
                 "t.yaml:4:17: expected a whole number from 1 to 100000, found '+1'\n"
                 "  4 | train: {epochs: +1}\n"
                 "    |                 ^\n"
                 "write it as 1\n"
                 "train.epochs: passes over the training rows");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(real_numbers),
      cmocka_unit_test(whole_numbers),
      cmocka_unit_test(the_whole_message),
  };
  return cmocka_run_group_tests_name("number_form", tests, NULL, NULL);
}
