#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/plain.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/cli.h"

/* A longer line would wrap, and could not be rewritten. */
enum { STATUS_COLUMNS = 79 };

struct progress_style progress_style(void) {
  bool terminal = isatty(STDERR_FILENO) == 1;
  return (struct progress_style){.terminal = terminal,
                                 .color = terminal && cli_environment("NO_COLOR") == NULL};
}

static void add_duration(struct text *text, double seconds) {
  if (seconds < 120) {
    text_add(text, "%.0f s", ceil(seconds));
  } else {
    text_add(text, "%.0f min", ceil(seconds / 60));
  }
}

static void print_trial(const struct progress_style *style, const struct record *record) {
  struct text line = {0};
  plain_add(&line, record->label);
  text_add(&line, ", seed %llu%s", (unsigned long long)record->seed,
           record->fold[0] != '\0' ? ", fold " : "");
  plain_add(&line, record->fold);
  text_add(&line, ": ");
  if (record->status == TRIAL_FAILED) {
    text_add(&line, "%s ", style->color ? "\033[31mFAILED:\033[0m" : "FAILED:");
    plain_add(&line, record->error);
  }
  if (line.text != NULL) (void)fputs(line.text, stderr);
  text_clear(&line);
  if (record->status == TRIAL_FAILED) return;
  (void)fprintf(stderr, "test MSE %.4f", record->mse);
  if (!isnan(record->validation_mse)) {
    (void)fprintf(stderr, ", validation %.4f", record->validation_mse);
  }
  if (record->status == TRIAL_STOPPED) (void)fprintf(stderr, " at epoch %zu", record->epochs);
  (void)fprintf(stderr, " (%.2f s)", record->train_seconds);
}

static void add_left(const struct run_progress *p, struct text *text) {
  if (isnan(p->left_seconds)) return;
  text_add(text, ", ");
  add_duration(text, p->left_seconds);
  text_add(text, " left");
}

/* Cut to STATUS_COLUMNS at the end of a character. */
static void print_cut(const char *text) {
  char line[4 * STATUS_COLUMNS + 1];
  size_t length = 0, good = 0;
  for (; text[length] != '\0' && length + 1 < sizeof line; length++) {
    line[length] = text[length];
    line[length + 1] = '\0';
    bool whole = ((unsigned char)text[length + 1] & 0xc0u) != 0x80u;
    if (!whole) continue;
    if (width_of(line) > STATUS_COLUMNS) break;
    good = length + 1;
  }
  (void)fwrite(text, 1, good, stderr);
}

/* The line of a terminal that each trial rewrites. */
static void print_status(const struct run_progress *p) {
  struct text text = {0};
  text_add(&text, "%zu of %zu done", p->skipped + p->ended, p->total);
  if (p->failed > 0) text_add(&text, ", %zu failed", p->failed);
  add_left(p, &text);
  if (p->best_label != NULL) {
    text_add(&text, ", best validation MSE %.4f (", p->best_validation);
    plain_add(&text, p->best_label);
    text_add(&text, ")");
  }
  if (text.text != NULL && !text.failed) print_cut(text.text);
  text_clear(&text);
}

/* A log has no other line to say it. */
static void print_plain_status(const struct run_progress *p) {
  struct text text = {0};
  if (p->best_label != NULL) {
    text_add(&text, "; best validation MSE %.4f (", p->best_validation);
    plain_add(&text, p->best_label);
    text_add(&text, ")");
  }
  add_left(p, &text);
  if (text.text != NULL && !text.failed) (void)fputs(text.text, stderr);
  text_clear(&text);
}

static void print_stage(const struct run_progress *p) {
  const struct run_rung *rung = &p->rung;
  bool first = p->ended == 0 && p->skipped == rung->recorded;
  if (rung->count > 0 && rung->epochs > 0) {
    (void)fprintf(stderr, "rung %zu of %zu, to epoch %u: %zu architectures, ", rung->number,
                  rung->count, (unsigned)rung->epochs, rung->architectures);
  } else if (rung->count > 0) {
    (void)fprintf(stderr, "rung %zu of %zu, to the end: %zu architecture%s, ", rung->number,
                  rung->count, rung->architectures, rung->architectures == 1 ? "" : "s");
  }
  if (p->shard.count > 0) {
    (void)fprintf(stderr, "shard %zu/%zu of %zu trials, ", p->shard.index, p->shard.count,
                  p->all_trials);
  }
  (void)fprintf(stderr, "%zu trial%s: %zu recorded before, %zu to train\n", rung->trials,
                rung->trials == 1 ? "" : "s", rung->recorded, rung->trials - rung->recorded);
  if (!first) return;
  if (p->left_out > 0) {
    (void)fprintf(stderr,
                  "%zu architecture%s with more parameters than sweep.constraint allows "
                  "left out\n",
                  p->left_out, p->left_out == 1 ? "" : "s");
  }
  if (!p->validated && rung->trials > rung->recorded) {
    (void)fprintf(stderr, "no validation rows: the best so far is not shown\n");
  }
}

void progress_print(void *context, const struct run_progress *p, const struct record *record) {
  const struct progress_style *style = context;
  size_t done = p->skipped + p->ended;
  if (style->terminal) (void)fputs("\r\033[K", stderr);
  if (record == NULL) {
    print_stage(p);
  } else {
    (void)fprintf(stderr, "[%zu/%zu] ", done, p->total);
    print_trial(style, record);
    if (!style->terminal && done < p->total) print_plain_status(p);
    (void)fputc('\n', stderr);
  }
  if (style->terminal && done < p->total) print_status(p);
  (void)fflush(stderr);
}
