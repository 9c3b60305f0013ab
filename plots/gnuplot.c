#define _XOPEN_SOURCE 700 /* realpath */
#include "plots/gnuplot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/file.h"
#include "base/memory.h"

extern char **environ;

static bool no_gnuplot(const char *program, int fault, struct error *error) {
  error_set(error, ERROR_SYSTEM, "cannot run '%s' to draw: %s", program, strerror(fault));
  return error_help(error,
                    "install gnuplot (Debian and Ubuntu: gnuplot-nox; Homebrew, Fedora: gnuplot)");
}

/* gnuplot names the script with its folder, which may be one that does not last. */
static bool failed(const char *folder, const char *script, const char *messages,
                   struct error *error) {
  struct text shown = {0};
  size_t length = strlen(folder);
  for (const char *at = messages; *at != '\0'; at++) {
    if (strncmp(at, folder, length) == 0 && at[length] == '/') at += length + 1;
    text_add_bytes(&shown, at, 1);
  }
  error_set(error, ERROR_SYSTEM, "gnuplot failed at %s", script);
  if (shown.text != NULL) error_help(error, "%s", shown.text);
  text_clear(&shown);
  return false;
}

/* What a program needs to find its libraries, fonts and temporary files. GNUTERM,
 * GNUPLOT_LIB, DISPLAY and their like would change what is drawn, or prevent it. */
static bool is_passed_on(const char *variable) {
  static const char *const names[] = {"PATH=", "HOME=", "TMPDIR=",     "LD_",
                                      "DYLD_", "XDG_",  "FONTCONFIG_", "CROSSLANE_"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strncmp(variable, names[i], strlen(names[i])) == 0) return true;
  }
  return false;
}

/* In a UTF-8 locale, for labels: under LC_ALL=C gnuplot complains of every sign
 * beyond ASCII. The terminal `unknown` exists everywhere and opens no window.
 * Strings are borrowed. NULL when memory ran out. */
static char **own_environment(struct error *error) {
  static char locale[] = "LC_ALL=C.UTF-8", terminal[] = "GNUTERM=unknown";
  size_t count = 0, kept = 0;
  while (environ[count] != NULL) count++;
  char **own = memory_array(count + 3, sizeof *own, error);
  for (size_t i = 0; own != NULL && i < count; i++) {
    if (is_passed_on(environ[i])) own[kept++] = environ[i];
  }
  if (own != NULL) own[kept] = locale;
  if (own != NULL) own[kept + 1] = terminal;
  return own;
}

static bool run(const char *program, const char *folder, const char *script,
                const char *const *arguments, struct text *output, struct error *error) {
  struct child_end end;
  char **environment = own_environment(error);
  if (environment == NULL) return false;
  const int fault = child_run(arguments, environment, &end);
  free(environment);
  if (fault != 0) {
    no_gnuplot(program, fault, error);
  } else if (!end.good) {
    failed(folder, script, end.messages.text != NULL ? end.messages.text : "", error);
  } else if (end.output.text != NULL) {
    text_add_bytes(output, end.output.text, end.output.length);
  }
  child_end_clear(&end);
  return fault == 0 && end.good;
}

static void add_quoted(struct text *text, const char *string) {
  text_add(text, "'");
  for (const char *at = string; *at != '\0'; at++)
    text_add_bytes(text, *at == '\'' ? "''" : at, *at == '\'' ? 2 : 1);
  text_add(text, "'");
}

/* Without start-up files (-d): the same picture for everyone. gnuplot looks for
 * data in its own folder first, then in those of `loadpath`. */
static bool run_in(const char *program, const char *folder, const char *script, const char *place,
                   struct text *output, struct error *error) {
  char *path = file_join(folder, script, error);
  struct text go = {0};
  text_add(&go, "set loadpath ");
  add_quoted(&go, folder);
  text_add(&go, "; cd ");
  add_quoted(&go, place);
  bool good = path != NULL;
  if (good && go.failed) good = error_set(error, ERROR_SYSTEM, "out of memory");
  if (good) {
    const char *const arguments[] = {program, "-d", "-e", go.text, path, NULL};
    good = run(program, folder, script, arguments, output, error);
  }
  free(path);
  text_clear(&go);
  return good;
}

bool gnuplot_run(const char *folder, const char *script, const char *place, struct text *output,
                 struct error *error) {
  const char *named = getenv("CROSSLANE_GNUPLOT");
  const char *program = named != NULL && named[0] != '\0' ? named : "gnuplot";
  char *whole = realpath(folder, NULL); /* gnuplot leaves the folder that it is started in */
  if (whole == NULL) return error_system(error, errno, "%s", folder);
  bool good = run_in(program, whole, script, place != NULL ? place : whole, output, error);
  free(whole);
  return good;
}

bool gnuplot_found(void) {
  struct text output = {0};
  struct error error = {0};
  const bool found = gnuplot_run(".", "/dev/null", NULL, &output, &error);
  text_clear(&output);
  return found;
}
