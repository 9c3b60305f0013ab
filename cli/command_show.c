#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "results/table.h"

int command_show(const struct show_command *asked) {
  struct error error = {0};
  const size_t runs = asked->operands.count;
  const struct table_options options = {
      .format = (enum text_table_format)asked->format.place,
      .sort = asked->sort,
      .columns = asked->columns,
      .top = (size_t)asked->top,
      .width = cli_width(STDOUT_FILENO),
      .color = isatty(STDOUT_FILENO) == 1 && cli_environment("NO_COLOR") == NULL};
  struct summary *summaries = memory_array(runs, sizeof *summaries, &error);
  if (summaries == NULL) return cli_fail(&error);
  struct text left_out = {0};
  size_t made;
  bool done = summary_read_all(asked->operands.item, runs, summaries, &made, &left_out, &error);
  cli_warn(&left_out);
  struct text text = {0};
  done = done && table_write(summaries, made, &options, &text, &error);
  for (size_t i = 0; i < made; i++) summary_clear(&summaries[i]);
  free(summaries);
  if (done) return cli_print(&text);
  text_clear(&text);
  return cli_fail(&error);
}
