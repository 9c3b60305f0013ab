/* The texts of `crosslane help`, from the table of options. */
#ifndef CROSSLANE_CLI_HELP_TEXT_H
#define CROSSLANE_CLI_HELP_TEXT_H

#include "base/text.h"
#include "cli/commands.h"

void help_overview(struct text *text);
void help_command(enum command_id id, struct text *text);

/* On all commands of a group, such as `data`; false when there is no such group. */
bool help_group(const char *group, struct text *text);

/* An option's help with its default, and without a full stop. */
void help_option(const struct option *option, struct text *text);

/* "--jobs N", with `blank` between name and metavar. */
void help_label(const struct option *option, char blank, struct text *text);

/* Whether the option stands in that usage line. */
bool help_in_form(const struct option *option, size_t form);

/* The operands of that usage line. */
const char *help_operands(enum command_id id, size_t form);

#endif
