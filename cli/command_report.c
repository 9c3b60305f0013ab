#include "results/report.h"

#include "cli/cli.h"
#include "cli/commands.h"

int command_report(const struct report_command *asked) {
  struct error error = {0};
  struct text written = {0}, notes = {0}, damaged = {0};
  const bool done = report_write(asked->operands.item, asked->operands.count, asked->out, &written,
                                 &notes, &damaged, &error);
  cli_warn(&damaged);
  if (done) cli_tell(&notes);
  text_clear(&notes);
  const int printed = cli_print(&written);
  return done ? printed : cli_fail(&error);
}
