/* plots/picture.h with gnuplots that are none: shell scripts that draw what each
 * test wants. The real one is in tests/results. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/scratch.h"
#include "plots/gnuplot.h"
#include "plots/picture.h"
#include "tests/plots/gnuplot_status.h"

static struct scratch drawn, temporary;
static const char *folder, *place; /* of the pictures; TMPDIR */

static int make_folders(void **state) {
  (void)state;
  struct error error = {0};
  if (!scratch_make(&drawn, &error) || !scratch_make(&temporary, &error)) return -1;
  folder = drawn.folder;
  place = temporary.folder;
  return setenv("TMPDIR", place, 1);
}

static int remove_folders(void **state) {
  (void)state;
  (void)unsetenv("TMPDIR");
  (void)unsetenv("CROSSLANE_GNUPLOT");
  scratch_remove(&drawn);
  scratch_remove(&temporary);
  return 0;
}

/* `commands` run where gnuplot would draw; $1 is the script's path. */
static void use_gnuplot(const char *commands) {
  struct error error = {0};
  struct text text = {0};
  text_add(&text,
           "#!/bin/sh\ncd \"$(printf %%s \"$3\" | sed \"s/.*; cd '//; s/'$//\")\" || exit 9\n"
           "shift 3\n%s\n",
           commands);
  char *path = file_join(place, "gnuplot", &error);
  assert_true(file_write_atomic(path, text.text, text.length, &error));
  assert_int_equal(chmod(path, 0755), 0);
  assert_int_equal(setenv("CROSSLANE_GNUPLOT", path, 1), 0);
  text_clear(&text);
  free(path);
}

static bool draw(struct plot_options options, struct text *written, struct error *error) {
  struct picture picture = {.script = "# nothing\n", .title = "picture"};
  text_add(&picture.name, "picture");
  text_add(&picture.data, "1\t2\n");
  bool done = pictures_draw(&picture, 1, folder, &options, written, error);
  pictures_clear(&picture, 1);
  return done;
}

static char *content(const char *name) {
  struct error error = {0};
  size_t size;
  char *path = file_join(folder, name, &error);
  char *text =
      file_exists(path) ? file_read(path, FILE_MOST_JSON, &size, ERROR_SYSTEM, &error) : NULL;
  free(path);
  return text;
}

static void refused(struct plot_options options, const char *needle) {
  struct text written = {0};
  struct error error = {0};
  assert_false(draw(options, &written, &error));
  assert_int_equal(error.kind, ERROR_SYSTEM);
  if (strstr(error.message, needle) == NULL) fail_msg("no '%s' in: %s", needle, error.message);
  assert_null(written.text);
}

static const struct plot_options svg = {.svg = true};

static void a_whole_picture_is_moved_to_its_folder(void **state) {
  (void)state;
  use_gnuplot("printf '<svg/>' > picture.svg");
  struct text written = {0};
  struct error error = {0};
  if (!draw(svg, &written, &error)) fail_msg("%s", error.message);
  assert_non_null(strstr(written.text, "/picture.svg\n"));
  char *text = content("picture.svg");
  assert_string_equal(text, "<svg/>");
  free(text);
  text_clear(&written);
}

static void half_a_picture_is_an_error_and_the_old_one_stays(void **state) {
  (void)state;
  use_gnuplot("printf '<svg/>' > picture.svg");
  struct text written = {0};
  struct error error = {0};
  assert_true(draw(svg, &written, &error));
  text_clear(&written);
  static const char *const halves[][2] = {
      {"printf '<svg><g>' > picture.svg", "its end is missing"},
      {": > picture.svg", "it is empty"},
      {"exit 0", "there is no such file"},
      {"kill -9 $$", "gnuplot failed at picture.gp"},
      {"printf '<svg/>' > picture.svg; exit 3", "gnuplot failed"}};
  for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
    use_gnuplot(halves[i][0]);
    refused(svg, halves[i][1]);
    char *text = content("picture.svg");
    assert_string_equal(text, "<svg/>");
    free(text);
  }
  use_gnuplot("exit 0");
  refused((struct plot_options){.text = true}, "it printed nothing");
}

static void a_kill_leaves_no_half_picture(void **state) {
  (void)state;
  use_gnuplot("printf '<svg>' > picture.svg; : > \"$TMPDIR/half\"; sleep 20");
  struct error error = {0};
  char *half = file_join(place, "half", &error);
  const pid_t child = fork();
  if (child == 0) {
    struct text written = {0};
    (void)setpgid(0, 0);
    _exit(draw(svg, &written, &error) ? 0 : 1);
  }
  for (int i = 0; i < 1000 && !file_exists(half); i++) {
    (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  assert_true(file_exists(half));
  (void)kill(-child, SIGKILL); /* with its gnuplot */
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  assert_null(content("picture.svg"));
  char *script = content("picture.gp");
  assert_non_null(script);
  free(script);
  free(half);
}

static void without_pngcairo_svg_is_drawn_and_advised(void **state) {
  (void)state;
  use_gnuplot("case $1 in *ability.gp) exit 0 ;; esac\nprintf '<svg/>' > picture.svg");
  struct text written = {0};
  struct error error = {0};
  assert_false(draw((struct plot_options){.svg = true, .png = true}, &written, &error));
  assert_non_null(strstr(error.message, "no terminal pngcairo"));
  assert_non_null(strstr(error.message, "--format svg"));
  assert_non_null(strstr(written.text, "/picture.svg\n"));
  text_clear(&written);
  char *text = content("picture.gp");
  assert_non_null(strstr(text, "\nformats = 'svg'\n")); /* the script draws here by hand, too */
  free(text);
  assert_null(content("picture.png"));
  refused((struct plot_options){.png = true}, "no terminal pngcairo");
  use_gnuplot("echo 'line 0: unknown or ambiguous terminal type' >&2; exit 1");
  refused((struct plot_options){.png = true}, "no terminal pngcairo");
}

static void a_png_without_letters_is_not_drawn(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct error error = {0};
  char *fonts = file_join(place, "fonts.conf", &error);
  static const char none[] =
      "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">"
      "<fontconfig></fontconfig>";
  assert_true(file_write_atomic(fonts, none, strlen(none), &error));
  assert_int_equal(setenv("FONTCONFIG_FILE", fonts, 1), 0);
  refused((struct plot_options){.png = true}, "without a font it would have no letters");
  assert_int_equal(unsetenv("FONTCONFIG_FILE"), 0);
  assert_null(content("picture.png"));
  free(fonts);
}

static void nothing_of_the_drawing_is_left(void **state) {
  (void)state;
  use_gnuplot("printf '<svg/>' > picture.svg");
  struct text written = {0};
  struct error error = {0};
  assert_true(draw((struct plot_options){.svg = true}, &written, &error));
  text_clear(&written);
  struct text command = {0};
  text_add(&command, "[ \"$(ls '%s')\" = gnuplot ]", place);
  assert_int_equal(system(command.text), 0);
  text_clear(&command);
}

static void the_folder_for_drawing_is_named_when_it_cannot_be_made(void **state) {
  (void)state;
  use_gnuplot("exit 0");
  assert_int_equal(setenv("TMPDIR", "/no/such/folder", 1), 0);
  refused(svg, "cannot make a temporary folder in /no/such/folder: No such file");
}

int main(void) {
#define IN_FOLDERS(test) cmocka_unit_test_setup_teardown(test, make_folders, remove_folders)
  const struct CMUnitTest tests[] = {
      IN_FOLDERS(a_whole_picture_is_moved_to_its_folder),
      IN_FOLDERS(half_a_picture_is_an_error_and_the_old_one_stays),
      IN_FOLDERS(a_kill_leaves_no_half_picture),
      IN_FOLDERS(without_pngcairo_svg_is_drawn_and_advised),
      IN_FOLDERS(a_png_without_letters_is_not_drawn),
      IN_FOLDERS(nothing_of_the_drawing_is_left),
      IN_FOLDERS(the_folder_for_drawing_is_named_when_it_cannot_be_made),
  };
  return gnuplot_status(cmocka_run_group_tests_name("picture", tests, NULL, NULL));
}
