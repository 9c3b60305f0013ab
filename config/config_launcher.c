/* The types of the section launcher: what stands in a job's script. */
#include "config/config_table.h"

static void describe_slurm(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "null, or a text without blanks, quotes and #");
}

/* It stands in a line `#SBATCH --partition=...`, which Slurm takes apart by these. */
static bool is_slurm_word(const struct yaml_node *node) {
  bool good = node->kind == YAML_SCALAR && node->length > 0 && node->length < 256;
  for (size_t i = 0; good && i < node->length; i++) {
    const unsigned char letter = (unsigned char)node->text[i];
    good = letter > ' ' && letter != 0x7f && letter != '"' && letter != '\'' && letter != '\\' &&
           letter != '#';
  }
  return good;
}

static bool read_slurm(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  const bool none = yaml_is_null(node);
  if (!none && !is_slurm_word(node)) {
    return yaml_expected(node, error, "null, or a text without blanks, quotes and #");
  }
  *(const char **)config_field(key, draft) = none ? NULL : node->text;
  return true;
}

static void describe_lines(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a list of at most %d lines", LAUNCHER_LINES_MAX);
}

static bool read_line(const struct yaml_node *node, bool option, const char **line,
                      struct error *error) {
  if (!config_read_word(node, "a line", error)) return false;
  for (size_t i = 0; i < node->length; i++) {
    const unsigned char letter = (unsigned char)node->text[i];
    if ((letter >= 0x20 && letter != 0x7f) || letter == '\t') continue;
    return yaml_error(node, error, "expected one line, without control characters");
  }
  if (option && node->text[0] != '-') {
    return yaml_expected(node, error, "an option of sbatch, such as --constraint=avx512");
  }
  *line = node->text;
  return true;
}

static bool read_lines(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  struct launcher_lines *lines = config_field(key, draft);
  const bool options = lines == &draft->launcher.sbatch;
  if (node->kind != YAML_SEQUENCE) return yaml_expected(node, error, "a list of lines");
  if (node->count > LAUNCHER_LINES_MAX) {
    return yaml_error(node, error, "more than %d lines", LAUNCHER_LINES_MAX);
  }
  lines->count = node->count;
  for (size_t i = 0; i < node->count; i++) {
    if (!read_line(node->value[i], options, &lines->line[i], error)) return false;
  }
  return true;
}

const struct config_type type_slurm = {.read = read_slurm, .describe = describe_slurm};
const struct config_type type_lines = {.read = read_lines, .describe = describe_lines};
