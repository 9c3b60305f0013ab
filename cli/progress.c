#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/plain.h"
#include "base/text.h"
#include "base/width.h"
#include "cli/cli.h"

/* What of a label stands in the line of the terminal. */
enum { LABEL_COLUMNS = 32 };

#define LINE_BEGIN "\r\033[K"

struct progress_style progress_style(bool quiet) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  return (struct progress_style){.terminal = terminal && !quiet,
                                 .color = terminal && cli_environment("NO_COLOR") == NULL,
                                 .quiet = quiet};
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

/* As much of a text as has room, and a sign where it was cut. */
static void add_cut(struct text *out, const char *text, size_t columns) {
  size_t length = 0, width = 0;
  const bool whole = width_of(text) <= columns;
  while (text[length] != '\0') {
    size_t next = length + 1;
    while (((unsigned char)text[next] & 0xc0u) == 0x80u) next++;
    char one[8] = "";
    memcpy(one, text + length, next - length < sizeof one ? next - length : sizeof one - 1);
    width += width_of(one);
    if (!whole && width >= columns) break;
    length = next;
  }
  text_add_bytes(out, text, length);
  if (!whole) text_add(out, "…");
}

/* "2 running (epoch 3/50, 17/50)" */
static void add_flights(const struct run_progress *p, struct text *text) {
  if (p->flights == 0) return;
  text_add(text, ", %zu running", p->flights);
  size_t known = 0;
  for (size_t i = 0; i < p->flights && i < RUN_FLIGHTS; i++) {
    if (p->flight[i].epoch == 0) continue;
    text_add(text, "%s%u/%u", known++ == 0 ? " (epoch " : ", ", (unsigned)p->flight[i].epoch,
             (unsigned)p->flight[i].epochs);
  }
  if (known > 0) text_add(text, "%s)", p->flights > RUN_FLIGHTS ? ", …" : "");
}

/* The line of a terminal. A longer one would wrap, and could not be written anew. */
static void print_status(const struct run_progress *p) {
  struct text text = {0}, label = {0}, line = {0};
  text_add(&text, "%zu/%zu done", p->skipped + p->ended, p->total);
  if (p->failed > 0) text_add(&text, ", %zu failed", p->failed);
  add_flights(p, &text);
  text_add(&text, ", ");
  add_duration(&text, p->seconds);
  add_left(p, &text);
  if (p->best_label != NULL) {
    text_add(&text, ", best %.4f ", p->best_validation);
    plain_add(&label, p->best_label);
    if (!label.failed) add_cut(&text, label.text, LABEL_COLUMNS);
  }
  const size_t width = cli_width(STDERR_FILENO);
  if (!text.failed) add_cut(&line, text.text, width > 1 ? width - 1 : 1);
  if (!line.failed && line.text != NULL) {
    (void)fprintf(stderr, LINE_BEGIN "%s", line.text);
    (void)fflush(stderr);
  }
  text_clear(&text);
  text_clear(&label);
  text_clear(&line);
}

/* A log has no other line to say it. The label is said when it is a new one. */
static void print_plain_status(struct progress_style *style, const struct run_progress *p) {
  struct text text = {0};
  if (p->best_label != NULL) {
    text_add(&text, "; best validation MSE %.4f", p->best_validation);
    if (style->named != p->best_label) {
      text_add(&text, " (");
      plain_add(&text, p->best_label);
      text_add(&text, ")");
    }
    style->named = p->best_label;
  }
  add_left(p, &text);
  if (text.text != NULL && !text.failed) (void)fputs(text.text, stderr);
  text_clear(&text);
}

static void print_stage(const struct run_progress *p) {
  const struct run_rung *rung = &p->rung;
  bool first = p->ended == 0 && (p->skipped == rung->recorded || p->rounds.count > 0);
  if (p->rounds.count > 0) {
    (void)fprintf(stderr, "round %zu of %zu, ", p->rounds.drawn, p->rounds.count);
  }
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
  (void)fprintf(stderr, "%zu trial%s: %zu recorded before, %zu to train", rung->trials,
                rung->trials == 1 ? "" : "s", rung->recorded, rung->trials - rung->recorded);
  if (rung->going_on > 0) (void)fprintf(stderr, ", %zu from a checkpoint", rung->going_on);
  (void)fputc('\n', stderr);
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
  struct progress_style *style = context;
  const size_t done = p->skipped + p->ended;
  const bool failed = record != NULL && record->status == TRIAL_FAILED;
  const bool said = style->quiet || style->terminal ? failed : record != NULL;
  if (style->terminal) (void)fputs(LINE_BEGIN, stderr);
  if (record == NULL && !style->quiet) print_stage(p);
  if (said) {
    (void)fprintf(stderr, "[%zu/%zu] ", done, p->total);
    print_trial(style, record);
    if (!style->terminal && !style->quiet && done < p->total) print_plain_status(style, p);
    (void)fputc('\n', stderr);
  }
  if (style->terminal && done < p->total) print_status(p);
  (void)fflush(stderr);
}

void progress_wait(void *context, const struct run_progress *p) {
  (void)context;
  print_status(p);
}

void progress_reading(const struct progress_style *style) {
  if (!style->terminal) return;
  (void)fputs("reading the data", stderr);
  (void)fflush(stderr);
}

void progress_warn(struct text *message) {
  if (message->length > 0 && isatty(STDERR_FILENO) == 1) (void)fputs(LINE_BEGIN, stderr);
  cli_warn(message);
}

void progress_end(const struct progress_style *style) {
  if (!style->terminal) return;
  (void)fputs(LINE_BEGIN, stderr);
  (void)fflush(stderr);
}
