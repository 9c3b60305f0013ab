#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "speeds/speed_compare.h"

int command_compare(const struct compare_command *asked) {
  struct error error = {0};
  struct speed_comparison comparison;
  const double fail_above = asked->fail_above;
  const bool done =
      compare_read(&comparison, asked->operands.item, asked->operands.count, fail_above, &error);
  struct text text = {0};
  const struct compare_form form = {.format = (enum text_table_format)asked->format.place,
                                    .all = asked->all,
                                    .width = cli_width(STDOUT_FILENO)};
  if (done) compare_write(&comparison, &form, &text);
  if (form.format == TEXT_TABLE_TEXT) cli_fold(&text, form.width);
  const bool passes = !done || compare_passes(&comparison);
  compare_clear(&comparison);
  if (!done) return cli_fail(&error);
  const int printed = cli_print(&text);
  return passes ? printed : EXIT_TRIAL_FAILED;
}
