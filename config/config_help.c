#include "config/config_help.h"

#include <string.h>

#include "base/mdoc.h"
#include "config/config_table.h"
#include "data/readers/movielens_schema.h"

static void describe_group(const struct config_key *key, struct text *text) {
  text_add(text, "%sa mapping of", key->nullable ? "null, or " : "");
  const char *comma = "";
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *child = config_key_at(i);
    if (!config_key_within(child, key->path)) continue;
    text_add(text, "%s %s", comma, config_key_last(child));
    comma = ",";
  }
}

static void describe(const struct config_key *key, struct text *text) {
  if (key->type == &type_group) {
    describe_group(key, text);
  } else {
    key->type->describe(key, text);
  }
  if (key->standard != NULL) {
    text_add(text, "; default %s", key->standard);
  } else if (key->required) {
    text_add(text, "; required");
  }
}

/* "data" of "data.split.test"; "" of "seeds". */
static size_t section_length(const struct config_key *key) {
  const char *dot = strchr(key->path, '.');
  return dot == NULL ? 0 : (size_t)(dot - key->path);
}

static bool same_section(const struct config_key *one, const struct config_key *other) {
  size_t length = section_length(one);
  return length == section_length(other) && strncmp(one->path, other->path, length) == 0;
}

enum { INDENT = 4 };

static void add_wrapped(struct text *text, const char *words) {
  text_add(text, "%*s", INDENT, "");
  text_add_wrapped(text, INDENT, INDENT, words);
}

static void add_help_key(const struct config_key *key, struct text *text) {
  struct text about = {0};
  describe(key, &about);
  text_add(&about, "%s", key->swept ? "; may be swept" : "");
  text_add(text, "%s\n", key->path);
  add_wrapped(text, key->help);
  add_wrapped(text, about.text == NULL ? "" : about.text);
  text->failed = text->failed || about.failed;
  text_clear(&about);
}

static const char *kind_name(const struct column *column) {
  switch (column->kind) {
    case COLUMN_CATEGORY:
      return "category";
    case COLUMN_MULTI_HOT:
      return "categories";
    case COLUMN_NUMBER:
    case COLUMN_STATISTIC:
      return "number";
    case COLUMN_HISTORY:
      return "history";
  }
  return "";
}

void config_help(struct text *text) {
  text_add(text,
           "An experiment is one YAML file. Its keys, by their dotted paths; all but schema and\n"
           "name may be left out. --set KEY=VALUE sets any of them, with a YAML value:\n"
           "  --set model.deep.hidden='[64, 32]' --set train.epochs=5\n");
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    if (i == 0 || !same_section(key, config_key_at(i - 1))) text_add(text, "\n");
    add_help_key(key, text);
  }
  text_add(text, "\nColumns of MovieLens 100K ('crosslane data check' lists those of any data):\n");
  struct schema schema;
  struct error error;
  if (!movielens_schema(&schema, &error)) text->failed = true;
  for (size_t i = 0; i < schema.columns; i++) {
    const struct column *column = &schema.column[i];
    text_add(text, "    %-16s %-10s  %s\n", column->name, kind_name(column), column->help);
  }
  schema_clear(&schema);
}

static void add_man_key(const struct config_key *key, struct text *text) {
  struct text about = {0};
  describe(key, &about);
  text_add(text, ".It Cm %s\n", key->path);
  mdoc_add(text, key->help);
  text_add(text, ".\n.br\n");
  mdoc_add(text, about.text == NULL ? "" : about.text);
  text_add(text, "%s.\n", key->swept ? "; may be swept" : "");
  text->failed = text->failed || about.failed;
  text_clear(&about);
}

static void add_man_columns(struct text *text) {
  text_add(text,
           ".Sh COLUMNS\n"
           "Those of MovieLens 100K.\n"
           "Columns of one or more categories can be crossed.\n"
           ".Bl -tag -width Ds\n");
  struct schema schema;
  struct error error;
  if (!movielens_schema(&schema, &error)) text->failed = true;
  for (size_t i = 0; i < schema.columns; i++) {
    const struct column *column = &schema.column[i];
    text_add(text, ".It Cm %s\n%s: ", column->name, kind_name(column));
    mdoc_add(text, column->help);
    text_add(text, ".\n");
  }
  schema_clear(&schema);
  text_add(text, ".El\n");
}

void config_man_page(struct text *text) {
  text_add(text,
           ".Dd November 23, 2026\n"
           ".Dt CROSSLANE-CONFIG 5\n"
           ".Os\n"
           ".Sh NAME\n"
           ".Nm crosslane-config\n"
           ".Nd experiment files of crosslane\n"
           ".Sh DESCRIPTION\n"
           "An experiment is one YAML file that names the data, a Wide & Deep model, how it is\n"
           "trained, and what a sweep varies.\n"
           "Unknown and duplicate keys, wrong types and values out of bounds are refused with\n"
           "their line and column.\n"
           "Keys are given here by their dotted paths; in the file each part is one level of\n"
           "indentation.\n"
           "The option\n"
           ".Fl -set Ar KEY Ns = Ns Ar VALUE\n"
           "of\n"
           ".Xr crosslane 1\n"
           "takes any of them, with a value in YAML.\n"
           ".Bl -tag -width Ds\n");
  for (size_t i = 0; i < config_key_count(); i++) add_man_key(config_key_at(i), text);
  text_add(text, ".El\n");
  add_man_columns(text);
  text_add(text,
           ".Sh EXAMPLES\n"
           "Six trials, three models with two seeds each:\n"
           ".Bd -literal -offset indent\n"
           "schema: 1\n"
           "name: depth\n"
           "data: {path: ml-100k}\n"
           "model:\n"
           "  wide: {crosses: [[gender, genre]]}\n"
           "  deep: {columns: [age, gender, occupation, genre]}\n"
           "seeds: [1, 2]\n"
           "sweep:\n"
           "  method: grid\n"
           "  parameters:\n"
           "    model.deep.hidden: {values: [[64], [64, 32], [64, 32, 16]]}\n"
           ".Ed\n"
           ".Sh SEE ALSO\n"
           ".Xr crosslane 1\n");
}

const char *config_key_path(size_t index) {
  return index < config_key_count() ? config_key_at(index)->path : NULL;
}
