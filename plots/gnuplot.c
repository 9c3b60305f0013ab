#define _XOPEN_SOURCE 700 /* realpath */
#include "plots/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

extern char **environ;

enum { OUT, ERR, STREAMS };

/* Two pipes: [stream][0] is read here, [stream][1] is gnuplot's. */
struct pipes {
  int end[STREAMS][2];
};

static void close_end(int *descriptor) {
  if (*descriptor >= 0) (void)close(*descriptor);
  *descriptor = -1;
}

static void pipes_close(struct pipes *pipes) {
  for (int stream = 0; stream < STREAMS; stream++) {
    close_end(&pipes->end[stream][0]);
    close_end(&pipes->end[stream][1]);
  }
}

static bool pipes_open(struct pipes *pipes, struct error *error) {
  *pipes = (struct pipes){{{-1, -1}, {-1, -1}}};
  for (int stream = 0; stream < STREAMS; stream++) {
    int *end = pipes->end[stream];
    bool good = pipe(end) == 0 && fcntl(end[0], F_SETFD, FD_CLOEXEC) == 0 &&
                fcntl(end[1], F_SETFD, FD_CLOEXEC) == 0;
    if (good) continue;
    error_system(error, errno, "cannot make a pipe");
    pipes_close(pipes);
    return false;
  }
  return true;
}

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

static int spawn(const char *program, char *const arguments[], const struct pipes *pipes,
                 char *const environment[], pid_t *child) {
  posix_spawn_file_actions_t actions;
  int status = posix_spawn_file_actions_init(&actions);
  if (status != 0) return status;
  status = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, pipes->end[OUT][1], 1);
  if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, pipes->end[ERR][1], 2);
  if (status == 0) status = posix_spawnp(child, program, &actions, NULL, arguments, environment);
  (void)posix_spawn_file_actions_destroy(&actions);
  return status;
}

/* Both at once: a program that fills one pipe while the other is waited for
 * would never end. */
static bool drain(struct pipes *pipes, struct text *streams[STREAMS]) {
  char bytes[4096];
  while (pipes->end[OUT][0] >= 0 || pipes->end[ERR][0] >= 0) {
    struct pollfd wait[STREAMS] = {{pipes->end[OUT][0], POLLIN, 0},
                                   {pipes->end[ERR][0], POLLIN, 0}};
    if (poll(wait, STREAMS, -1) < 0 && errno != EINTR) return false;
    for (int stream = 0; stream < STREAMS; stream++) {
      if (pipes->end[stream][0] < 0 || wait[stream].revents == 0) continue;
      ssize_t count = read(pipes->end[stream][0], bytes, sizeof bytes);
      if (count > 0) text_add_bytes(streams[stream], bytes, (size_t)count);
      if (count == 0 || (count < 0 && errno != EINTR)) close_end(&pipes->end[stream][0]);
    }
  }
  return true;
}

static bool wait_for(pid_t child, int *status) {
  while (waitpid(child, status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

static bool run(const char *program, const char *folder, const char *script,
                char *const arguments[], struct text *output, struct error *error) {
  struct pipes pipes;
  struct text messages = {0};
  struct text *streams[STREAMS] = {output, &messages};
  pid_t child;
  char **environment = own_environment(error);
  if (environment == NULL || !pipes_open(&pipes, error)) {
    free(environment);
    return false;
  }
  int fault = spawn(program, arguments, &pipes, environment, &child);
  free(environment);
  close_end(&pipes.end[OUT][1]);
  close_end(&pipes.end[ERR][1]);
  if (fault != 0) {
    pipes_close(&pipes);
    return no_gnuplot(program, fault, error);
  }
  bool drained = drain(&pipes, streams);
  pipes_close(&pipes);
  int status = 0;
  bool waited = wait_for(child, &status);
  bool good = drained && waited && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (!good) failed(folder, script, messages.text != NULL ? messages.text : "", error);
  text_clear(&messages);
  return good;
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
  struct text words = {0}; /* program, zero, path, zero: exec takes texts that are not const */
  text_add_bytes(&words, program, strlen(program) + 1);
  if (path != NULL) text_add_bytes(&words, path, strlen(path) + 1);
  bool good = path != NULL;
  if (good && (words.failed || go.failed)) good = error_set(error, ERROR_SYSTEM, "out of memory");
  if (good) {
    char defaults[] = "-d", expression[] = "-e";
    char *after = words.text + strlen(program) + 1;
    char *arguments[] = {words.text, defaults, expression, go.text, after, NULL};
    good = run(program, folder, script, arguments, output, error);
  }
  free(path);
  text_clear(&words);
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
