#include <signal.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "experiments/run_merge.h"

static void print_summary(const struct merge_command *asked, const struct merge_summary *summary) {
  const size_t trials = summary->done + summary->stopped + summary->failed;
  (void)fprintf(stderr, "%zu record%s of %zu folder%s%s: %zu trial%s, %zu done, %zu failed",
                summary->records, summary->records == 1 ? "" : "s", asked->operands.count,
                asked->operands.count == 1 ? "" : "s", summary->added ? " and of --out" : "",
                trials, trials == 1 ? "" : "s", summary->done, summary->failed);
  if (summary->stopped > 0) (void)fprintf(stderr, ", %zu stopped early", summary->stopped);
  if (summary->models > 0) {
    (void)fprintf(stderr, ", %zu model%s", summary->models, summary->models == 1 ? "" : "s");
  }
  (void)fprintf(stderr, "; results in %s\n", asked->out);
  if (summary->missing == 0) return;
  (void)fprintf(stderr, "%zu trial%s of the experiment %s no record yet\n", summary->missing,
                summary->missing == 1 ? "" : "s", summary->missing == 1 ? "has" : "have");
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
  interrupted = number;
}

static const char *data_path(const void *context, enum data_source source) {
  return cli_data_path(context, source);
}

static bool choose(const struct merge_command *asked, struct verify_options *verify,
                   struct error *error) {
  enum isa isa;
  if (asked->data != NULL && asked->verify == 0) {
    return error_set(error, ERROR_USAGE, "--data goes with --verify");
  }
  if (!cli_isa(NULL, &isa, error)) return false;
  *verify = (struct verify_options){.trials = (size_t)asked->verify,
                                    .data_path = data_path,
                                    .data_context = asked->data,
                                    .kernels = kernels_of(isa),
                                    .interrupted = &interrupted,
                                    .tell = cli_tell};
  return true;
}

/* Before the new folder is made, an interrupt leaves nothing. */
static void catch_signals(void) {
  struct sigaction action = {.sa_handler = on_signal};
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

int command_merge(const struct merge_command *asked) {
  struct error error = {0};
  struct merge_summary summary = {0};
  struct merge_options options = {.run = asked->operands.item,
                                  .runs = asked->operands.count,
                                  .out = asked->out,
                                  .add = asked->add,
                                  .warn = cli_warn};
  if (!choose(asked, &options.verify, &error)) return cli_fail(&error);
  catch_signals();
  if (!run_merge(&options, &summary, &error)) {
    const int status = cli_fail(&error);
    return status == EXIT_INTERRUPTED && interrupted == SIGTERM ? EXIT_TERMINATED : status;
  }
  print_summary(asked, &summary);
  return EXIT_DONE;
}
