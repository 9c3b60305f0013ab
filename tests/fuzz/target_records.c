/* A run folder (files as in fuzz_write_files): tables in each format, the data
 * of its pictures, its page, its index, its union with itself. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "records/index.h"
#include "records/record_union.h"
#include "results/plot.h"
#include "results/report.h"
#include "results/table.h"
#include "tests/fuzz/fuzz.h"

static bool show(const char *run) {
  struct summary summary;
  struct text text = {0};
  struct error error = {0};
  const bool sound = summary_read(run, &summary, &text, &error);
  const bool whole = sound && text.length == 0; /* no record was left out */
  if (sound) {
    for (int format = TEXT_TABLE_TEXT; format <= TEXT_TABLE_MARKDOWN; format++) {
      const struct table_options options = {.format = (enum text_table_format)format};
      text_clear(&text);
      (void)table_write(&summary, 1, &options, &text, &error);
    }
    (void)index_build(run, &error);
    summary_clear(&summary);
  }
  text_clear(&text);
  return whole;
}

/* Without gnuplot: all but the drawing. */
static void draw(const char *run) {
  struct text written = {0}, notes = {0};
  struct error error = {0};
  const char *runs[] = {run};
  (void)setenv("CROSSLANE_GNUPLOT", "/no/such/gnuplot", 1);
  (void)plot_run(run, &(struct plot_options){.svg = true}, &written, &notes, &notes, &error);
  (void)report_write(runs, 1, NULL, &written, &notes, &notes, &error);
  text_clear(&written);
  text_clear(&notes);
}

/* As `merge` does: equal records are no fault. */
static void unite(const char *run) {
  struct record_union one = {0}, two = {0};
  struct text left_out = {0};
  struct error error = {0};
  const char *const runs[] = {run, run};
  if (record_union_read(&one, runs, 1, &left_out, &error)) {
    if (!record_union_read(&two, runs, 2, &left_out, &error) || two.count != 2 * one.count) abort();
  }
  record_union_clear(&one);
  record_union_clear(&two);
  text_clear(&left_out);
}

bool fuzz_one(const uint8_t *bytes, size_t size) {
  struct error error = {0};
  fuzz_write_files(bytes, size);
  char *trials = file_join(fuzz_folder(), "trials", &error);
  (void)mkdir(trials, 0700);
  free(trials);
  const bool sound = show(fuzz_folder());
  unite(fuzz_folder());
  draw(fuzz_folder());
  return sound;
}
