/* The types of what a source's tables are: names, kinds, derived columns, the scale. */
#include <math.h>
#include <string.h>

#include "config/config_table.h"

/* --- words, and lists of them --- */

static void describe_word(const struct config_key *key, struct text *text) {
  text_add(text, "a text of at most %llu bytes", (unsigned long long)key->maximum);
}

static bool read_word(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  char *field = config_field(key, draft);
  if (node->kind == YAML_SCALAR && !yaml_is_null(node) && node->length > 0 &&
      node->length <= key->maximum) {
    memcpy(field, node->text, node->length + 1);
    return true;
  }
  struct text what = {0};
  describe_word(key, &what);
  (void)yaml_expected(node, error, "%s", what.text == NULL ? "" : what.text);
  text_clear(&what);
  return false;
}

static bool word_is_none(const struct config_key *key, const struct config_draft *draft) {
  return *(const char *)config_field_const(key, draft) == '\0';
}

static json_t *json_word(const struct config_key *key, const struct config_draft *draft) {
  return json_string(config_field_const(key, draft));
}

static bool copy_name(const struct yaml_node *node, char name[COLUMN_NAME], struct error *error) {
  if (!config_read_word(node, "the name of a column", error)) return false;
  if (node->length == 0 || node->length >= COLUMN_NAME) {
    return yaml_error(node, error, "the name of a column has 1 to %d bytes", COLUMN_NAME - 1);
  }
  memcpy(name, node->text, node->length + 1);
  return true;
}

static void describe_names(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a list of at most %d names", SOURCE_HEADER_MAX);
}

static bool read_names(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  struct source_table *table = config_field(key, draft);
  if (node->kind != YAML_SEQUENCE) return yaml_expected(node, error, "a list of names");
  if (node->count == 0 || node->count > SOURCE_HEADER_MAX) {
    return yaml_error(node, error, "expected 1 to %d names", SOURCE_HEADER_MAX);
  }
  table->header = node->count;
  for (size_t i = 0; i < node->count; i++) {
    if (!copy_name(node->value[i], table->header_name[i], error)) return false;
  }
  return true;
}

static bool names_are_none(const struct config_key *key, const struct config_draft *draft) {
  const struct source_table *table = config_field_const(key, draft);
  return table->header == 0;
}

static json_t *json_names(const struct config_key *key, const struct config_draft *draft) {
  const struct source_table *table = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < table->header; i++) {
    json_array_append_new(list, json_string(table->header_name[i]));
  }
  return list;
}

/* --- the scale --- */

static void describe_scale(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a list of two numbers, the second the greater");
}

static bool read_scale(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  struct source_spec *source = config_field(key, draft);
  double *const bound[] = {&source->scale_low, &source->scale_high};
  bool good = node->kind == YAML_SEQUENCE && node->count == 2;
  for (size_t i = 0; good && i < 2; i++) {
    const struct yaml_node *item = node->value[i];
    good = item->kind == YAML_SCALAR && item->plain &&
           text_double(item->text, item->text + item->length, bound[i]);
  }
  source->has_scale = good && source->scale_low < source->scale_high;
  return source->has_scale ||
         yaml_expected(node, error, "two numbers, the second the greater, as [0.5, 5]");
}

static bool scale_is_none(const struct config_key *key, const struct config_draft *draft) {
  const struct source_spec *source = config_field_const(key, draft);
  return !source->has_scale;
}

static json_t *json_scale(const struct config_key *key, const struct config_draft *draft) {
  const struct source_spec *source = config_field_const(key, draft);
  return json_pack("[f, f]", source->scale_low, source->scale_high);
}

/* --- kinds of columns --- */

static const char *const kinds[] = {
    [CELL_INFERRED] = NULL,         [CELL_CATEGORY] = "category", [CELL_NUMBER] = "number",
    [CELL_MULTI_HOT] = "multi_hot", [CELL_TIME] = "time",         [CELL_IGNORED] = "ignore"};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void describe_kinds(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text,
           "a mapping of names to kinds: category, number, multi_hot, time or ignore; or to {kind, "
           "separator (of multi_hot, default '|'), absent (a text that means no value), side "
           "(user or item, of a column of the ratings)}");
}

static bool read_kind(const struct yaml_node *node, enum cell_kind *kind, struct error *error) {
  for (size_t k = CELL_CATEGORY; k < KINDS; k++) {
    *kind = (enum cell_kind)k;
    if (node->kind == YAML_SCALAR && yaml_equals(node, kinds[k])) return true;
  }
  return yaml_expected(node, error, "category, number, multi_hot, time or ignore");
}

static bool read_short(const struct yaml_node *node, char *out, size_t room, const char *what,
                       struct error *error) {
  if (node == NULL) return true;
  if (!config_read_word(node, what, error)) return false;
  if (node->length == 0 || node->length >= room) {
    return yaml_error(node, error, "%s has 1 to %zu bytes", what, room - 1);
  }
  memcpy(out, node->text, node->length + 1);
  return true;
}

static bool check_keys(const struct yaml_node *node, const char *const *keys, size_t count,
                       struct error *error) {
  for (size_t i = 0; i < node->count; i++) {
    bool known = false;
    for (size_t k = 0; k < count; k++) known = known || yaml_equals(node->key[i], keys[k]);
    if (known) continue;
    yaml_error(node->key[i], error, "unknown key '%.40s' in a column", node->key[i]->text);
    return config_suggest(error, node->key[i]->text, keys, count, "Keys here");
  }
  return true;
}

static bool read_side(const struct yaml_node *node, bool *of_item, struct error *error) {
  if (node == NULL) return true;
  *of_item = node->kind == YAML_SCALAR && yaml_equals(node, "item");
  const bool of_user = node->kind == YAML_SCALAR && yaml_equals(node, "user");
  return *of_item || of_user || yaml_expected(node, error, "user or item");
}

static bool read_column(const struct yaml_node *node, struct source_column *column,
                        struct error *error) {
  static const char *const keys[] = {"kind", "separator", "absent", "missing", "side"};
  struct cell_spec *spec = &column->spec;
  if (node->kind == YAML_SCALAR) return read_kind(node, &spec->kind, error);
  if (node->kind != YAML_MAPPING) return yaml_expected(node, error, "a kind, or {kind: ...}");
  const struct yaml_node *kind = yaml_get(node, "kind"), *missing = yaml_get(node, "missing");
  if (!check_keys(node, keys, sizeof keys / sizeof *keys, error) ||
      (kind != NULL && !read_kind(kind, &spec->kind, error))) {
    return false;
  }
  if (missing != NULL && !(missing->kind == YAML_SCALAR && yaml_equals(missing, "mean"))) {
    return yaml_expected(missing, error, "mean, which is what a missing number counts as");
  }
  return read_short(yaml_get(node, "separator"), spec->separator, sizeof spec->separator,
                    "a separator", error) &&
         read_short(yaml_get(node, "absent"), spec->absent, sizeof spec->absent,
                    "what stands for no value", error) &&
         read_side(yaml_get(node, "side"), &column->of_item, error);
}

static bool read_kinds(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  struct source_spec *source = config_field(key, draft);
  if (yaml_is_null(node)) return true;
  if (node->kind != YAML_MAPPING) return yaml_expected(node, error, "a mapping of names to kinds");
  if (node->count > SOURCE_COLUMNS_MAX) {
    return yaml_error(node, error, "more than %d columns", SOURCE_COLUMNS_MAX);
  }
  source->columns = 0;
  for (size_t i = 0; i < node->count; i++) {
    struct source_column *column = &source->column[source->columns++];
    *column = (struct source_column){0};
    if (!copy_name(node->key[i], column->name, error) ||
        !read_column(node->value[i], column, error)) {
      return false;
    }
  }
  return true;
}

static bool kinds_are_none(const struct config_key *key, const struct config_draft *draft) {
  const struct source_spec *source = config_field_const(key, draft);
  return source->columns == 0;
}

static json_t *json_kinds(const struct config_key *key, const struct config_draft *draft) {
  const struct source_spec *source = config_field_const(key, draft);
  json_t *object = json_object();
  for (size_t i = 0; i < source->columns; i++) {
    const struct source_column *column = &source->column[i];
    const struct cell_spec *spec = &column->spec;
    json_t *one = json_object();
    if (spec->kind != CELL_INFERRED)
      json_object_set_new(one, "kind", json_string(kinds[spec->kind]));
    if (spec->separator[0] != '\0') {
      json_object_set_new(one, "separator", json_string(spec->separator));
    }
    if (spec->absent[0] != '\0') json_object_set_new(one, "absent", json_string(spec->absent));
    if (column->of_item) json_object_set_new(one, "side", json_string("item"));
    json_object_set_new(object, column->name, one);
  }
  return object;
}

/* --- derived columns --- */

static void describe_derived(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text,
           "a list of {name, from, and one of: bins (lower bounds, of a number), prefix (a number "
           "of characters), first: true (of a multi-hot column), year: true (of a date, or of a "
           "title as 'Heat (1995)'), decade: true (of a date or a year)}");
}

static bool read_bins(const struct yaml_node *node, struct derivation *derivation,
                      struct error *error) {
  derivation->kind = DERIVE_BINS;
  if (node->kind != YAML_SEQUENCE || node->count == 0 || node->count > BINS_MAX) {
    return yaml_expected(node, error, "a list of 1 to %d numbers", BINS_MAX);
  }
  derivation->bins = node->count;
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *item = node->value[i];
    double *bin = &derivation->bin[i];
    const bool good = item->kind == YAML_SCALAR && item->plain &&
                      text_double(item->text, item->text + item->length, bin) && isfinite(*bin);
    if (!good) return yaml_expected(item, error, "a number");
    if (i > 0 && *bin <= derivation->bin[i - 1]) {
      return yaml_error(item, error, "the bounds must ascend");
    }
  }
  return true;
}

static bool read_prefix(const struct yaml_node *node, struct derivation *derivation,
                        struct error *error) {
  uint64_t characters;
  derivation->kind = DERIVE_PREFIX;
  if (!config_read_u64(node, 1, 100, &characters, error)) return false;
  derivation->prefix = (uint32_t)characters;
  return true;
}

/* What is said with `true`. */
static const struct {
  const char *key;
  enum derivation_kind kind;
} flags[] = {{"first", DERIVE_FIRST}, {"year", DERIVE_YEAR}, {"decade", DERIVE_DECADE}};
enum { FLAGS = sizeof flags / sizeof *flags };

static bool read_derivation(const struct yaml_node *node, struct derivation *derivation,
                            struct error *error) {
  static const char *const keys[] = {"name", "from", "bins", "prefix", "first", "year", "decade"};
  *derivation = (struct derivation){0};
  if (node->kind != YAML_MAPPING) return yaml_expected(node, error, "{name: ..., from: ...}");
  if (!check_keys(node, keys, sizeof keys / sizeof *keys, error)) return false;
  const struct yaml_node *name = yaml_get(node, "name"), *from = yaml_get(node, "from");
  if (name == NULL || from == NULL || node->count != 3) {
    return yaml_error(node, error,
                      "a derived column has name, from, and one of bins, prefix, first, year, "
                      "decade");
  }
  if (!copy_name(name, derivation->name, error) || !copy_name(from, derivation->from, error)) {
    return false;
  }
  const struct yaml_node *bins = yaml_get(node, "bins"), *prefix = yaml_get(node, "prefix");
  if (bins != NULL) return read_bins(bins, derivation, error);
  if (prefix != NULL) return read_prefix(prefix, derivation, error);
  for (size_t i = 0; i < FLAGS; i++) {
    const struct yaml_node *flag = yaml_get(node, flags[i].key);
    if (flag == NULL) continue;
    derivation->kind = flags[i].kind;
    if (flag->kind != YAML_SCALAR || !yaml_equals(flag, "true")) {
      return yaml_expected(flag, error, "true");
    }
  }
  return true;
}

static bool read_derived(const struct config_key *key, const struct yaml_node *node,
                         struct config_draft *draft, struct error *error) {
  struct source_spec *source = config_field(key, draft);
  if (node->kind != YAML_SEQUENCE) return yaml_expected(node, error, "a list of columns");
  if (node->count > SOURCE_DERIVED_MAX) {
    return yaml_error(node, error, "more than %d derived columns", SOURCE_DERIVED_MAX);
  }
  source->derived = 0;
  for (size_t i = 0; i < node->count; i++) {
    if (!read_derivation(node->value[i], &source->derivation[source->derived++], error)) {
      return false;
    }
  }
  return true;
}

static bool derived_are_none(const struct config_key *key, const struct config_draft *draft) {
  const struct source_spec *source = config_field_const(key, draft);
  return source->derived == 0;
}

static json_t *json_derivation(const struct derivation *derivation) {
  json_t *object = json_pack("{s:s, s:s}", "name", derivation->name, "from", derivation->from);
  if (derivation->kind == DERIVE_BINS) {
    json_t *bins = json_array();
    for (size_t i = 0; i < derivation->bins; i++) {
      json_array_append_new(bins, json_real(derivation->bin[i]));
    }
    json_object_set_new(object, "bins", bins);
  } else if (derivation->kind == DERIVE_PREFIX) {
    json_object_set_new(object, "prefix", json_integer((json_int_t)derivation->prefix));
  }
  for (size_t i = 0; i < FLAGS; i++) {
    if (flags[i].kind == derivation->kind) json_object_set_new(object, flags[i].key, json_true());
  }
  return object;
}

static json_t *json_derived(const struct config_key *key, const struct config_draft *draft) {
  const struct source_spec *source = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < source->derived; i++) {
    json_array_append_new(list, json_derivation(&source->derivation[i]));
  }
  return list;
}

/* --- the seed of the split --- */

static void describe_split_seed(const struct config_key *key, struct text *text) {
  text_add(text, "null, or a whole number from 0 to %llu", (unsigned long long)key->maximum);
}

static bool read_split_seed(const struct config_key *key, const struct yaml_node *node,
                            struct config_draft *draft, struct error *error) {
  struct split_spec *split = config_field(key, draft);
  split->has_seed = !yaml_is_null(node);
  split->seed = 0;
  return !split->has_seed || config_read_u64(node, 0, key->maximum, &split->seed, error);
}

static json_t *json_split_seed(const struct config_key *key, const struct config_draft *draft) {
  const struct split_spec *split = config_field_const(key, draft);
  return split->has_seed ? json_integer((json_int_t)split->seed) : json_null();
}

const struct config_type type_word = {
    .read = read_word, .json = json_word, .describe = describe_word, .is_none = word_is_none};
const struct config_type type_names = {
    .read = read_names, .json = json_names, .describe = describe_names, .is_none = names_are_none};
const struct config_type type_scale = {
    .read = read_scale, .json = json_scale, .describe = describe_scale, .is_none = scale_is_none};
const struct config_type type_kinds = {
    .read = read_kinds, .json = json_kinds, .describe = describe_kinds, .is_none = kinds_are_none};
const struct config_type type_derived = {.read = read_derived,
                                         .json = json_derived,
                                         .describe = describe_derived,
                                         .is_none = derived_are_none};
const struct config_type type_split_seed = {
    .read = read_split_seed, .json = json_split_seed, .describe = describe_split_seed};
