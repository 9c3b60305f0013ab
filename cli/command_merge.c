#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "experiments/run_merge.h"

static void print_summary(const struct merge_command *asked, const struct merge_summary *summary) {
  const size_t trials = summary->done + summary->stopped + summary->failed;
  (void)fprintf(stderr, "%zu record%s of %zu folder%s: %zu trial%s, %zu done, %zu failed",
                summary->records, summary->records == 1 ? "" : "s", asked->operands.count,
                asked->operands.count == 1 ? "" : "s", trials, trials == 1 ? "" : "s",
                summary->done, summary->failed);
  if (summary->stopped > 0) (void)fprintf(stderr, ", %zu stopped early", summary->stopped);
  if (summary->models > 0) {
    (void)fprintf(stderr, ", %zu model%s", summary->models, summary->models == 1 ? "" : "s");
  }
  (void)fprintf(stderr, "; results in %s\n", asked->out);
  if (summary->missing == 0) return;
  (void)fprintf(stderr, "%zu trial%s of the experiment %s no record yet\n", summary->missing,
                summary->missing == 1 ? "" : "s", summary->missing == 1 ? "has" : "have");
}

int command_merge(const struct merge_command *asked) {
  struct error error = {0};
  struct merge_summary summary = {0};
  const struct merge_options options = {.run = asked->operands.item,
                                        .runs = asked->operands.count,
                                        .out = asked->out,
                                        .warn = cli_warn};
  if (!run_merge(&options, &summary, &error)) return cli_fail(&error);
  print_summary(asked, &summary);
  return EXIT_DONE;
}
