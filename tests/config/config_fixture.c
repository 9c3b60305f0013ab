#include "tests/config/config_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/crosslane-config-XXXXXX";

int fixture_setup(void **state) {
  (void)state;
  return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

int fixture_teardown(void **state) {
  (void)state;
  (void)unlink("t.yaml");
  return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

void write_config(const char *text, size_t size) {
  FILE *file = fopen("t.yaml", "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

bool try_config(const char *text, const char *const *settings, struct config *config,
                struct error *error) {
  size_t count = 0;
  while (settings != NULL && settings[count] != NULL) count++;
  write_config(text, strlen(text));
  *error = (struct error){0};
  return config_read("t.yaml", settings, count, NULL, config, error);
}

void get_config(const char *text, const char *const *settings, struct config *config) {
  struct error error;
  if (!try_config(text, settings, config, &error)) fail_msg("%s", error.message);
}

void get_trials(const char *text, const char *const *settings, struct config *config,
                struct trial_list *list) {
  struct error error = {0};
  get_config(text, settings, config);
  if (!sweep_expand(config, 0x123, list, &error)) fail_msg("%s", error.message);
}

static void assert_message(const char *text, const char *const *settings, const char *message) {
  struct config config;
  struct error error;
  assert_false(try_config(text, settings, &config, &error));
  assert_string_equal(error.message, message);
  assert_int_equal(error.kind, ERROR_CONFIG);
}

void assert_refused(const char *text, const char *message) {
  assert_message(text, NULL, message);
}

void assert_setting_refused(const char *text, const char *setting, const char *message) {
  const char *const settings[] = {setting, NULL};
  assert_message(text, settings, message);
}

void assert_refused_with(const char *text, const char *part) {
  struct config config;
  struct error error;
  assert_false(try_config(text, NULL, &config, &error));
  if (strstr(error.message, part) == NULL) fail_msg("'%s' is not in: %s", part, error.message);
}
