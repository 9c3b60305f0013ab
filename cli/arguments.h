/* The command line, read by the table of options. */
#ifndef CROSSLANE_CLI_ARGUMENTS_H
#define CROSSLANE_CLI_ARGUMENTS_H

#include "base/error.h"
#include "cli/commands.h"

/* Reads argv[1..] into the fields of the command: "--name VALUE", "--name=VALUE"
 * or "--name"; the last of several wins. "--" ends the options. Operands are moved
 * to the front of argv + 1. What is wrong is ERROR_USAGE, with a suggestion where
 * one is near. arguments_clear frees the lists, after a failure too. */
bool arguments_parse(enum command_id id, int argc, char **argv, union command_asked *asked,
                     struct error *error);
void arguments_clear(enum command_id id, union command_asked *asked);

#endif
