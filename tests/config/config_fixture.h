/* Configs as texts, read from a file "t.yaml" in an empty folder of their own,
 * so that messages are the same everywhere. */
#ifndef CROSSLANE_TESTS_CONFIG_CONFIG_FIXTURE_H
#define CROSSLANE_TESTS_CONFIG_CONFIG_FIXTURE_H

#include "config/config.h"
#include "config/sweep.h"

/* A minimal config; more keys can follow. Line 4 is the next. */
#define MINIMAL \
  "schema: 1\n" \
  "name: t\n"   \
  "model: {wide: {crosses: [[gender, genre]]}}\n"

int fixture_setup(void **state);    /* makes the folder and goes there */
int fixture_teardown(void **state); /* removes it */

void write_config(const char *text, size_t size);

/* Reads `text` with settings, the last of them followed by NULL, or none (NULL). */
bool try_config(const char *text, const char *const *settings, struct config *config,
                struct error *error);
/* The same; fails the test with the message when it is refused. */
void get_config(const char *text, const char *const *settings, struct config *config);
void get_trials(const char *text, const char *const *settings, struct config *config,
                struct trial_list *list);

/* The text must be refused with just this message. */
void assert_refused(const char *text, const char *message);
void assert_setting_refused(const char *text, const char *setting, const char *message);
/* The message must hold `part`. */
void assert_refused_with(const char *text, const char *part);

#endif
