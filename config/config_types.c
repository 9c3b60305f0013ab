/* The types of single values. */
#include <string.h>

#include "config/config_table.h"
#include "config/number_form.h"

void *config_field(const struct config_key *key, struct config_draft *draft) {
  return (char *)draft + key->offset;
}

const void *config_field_const(const struct config_key *key, const struct config_draft *draft) {
  return (const char *)draft + key->offset;
}

bool config_expect(const struct yaml_node *node, enum yaml_kind kind, const char *what,
                   struct error *error) {
  return node->kind == kind || yaml_expected(node, error, "%s", what);
}

bool config_read_word(const struct yaml_node *node, const char *what, struct error *error) {
  if (node->kind != YAML_SCALAR || yaml_is_null(node))
    return yaml_expected(node, error, "%s", what);
  return true;
}

/* Labels of a sweep can be thousands. */
enum { SUGGEST_SHOWN = 40 };

bool config_suggest(struct error *error, const char *word, const char *const *words, size_t count,
                    const char *all) {
  const char *nearest = text_nearest(word, words, count);
  struct text help = {0};
  if (nearest != NULL) text_add(&help, "did you mean '%s'? ", nearest);
  text_add(&help, "%s: ", all);
  size_t shown = count < SUGGEST_SHOWN ? count : SUGGEST_SHOWN;
  for (size_t i = 0; i < shown; i++) text_add(&help, "%s%s", i > 0 ? ", " : "", words[i]);
  if (shown < count) text_add(&help, " and %zu more", count - shown);
  error_help(error, "%s", help.text == NULL ? "" : help.text);
  text_clear(&help);
  return false;
}

/* Fails with the key's own description of what it takes. */
static bool expected(const struct config_key *key, const struct yaml_node *node,
                     struct error *error) {
  struct text what = {0};
  key->type->describe(key, &what);
  yaml_expected(node, error, "%s", what.text == NULL ? "" : what.text);
  text_clear(&what);
  return false;
}

/* Whole numbers. */

static bool expected_u64(const struct yaml_node *node, uint64_t minimum, uint64_t maximum,
                         struct error *error) {
  if (minimum == maximum) return yaml_expected(node, error, "%llu", (unsigned long long)minimum);
  yaml_expected(node, error, "a whole number from %llu to %llu", (unsigned long long)minimum,
                (unsigned long long)maximum);
  char form[TEXT_DOUBLE];
  double value;
  const bool good =
      number_form(node, true, form, &value) && value >= (double)minimum && value <= (double)maximum;
  if (good) error_help(error, "write it as %s", form);
  return false;
}

bool config_read_u64(const struct yaml_node *node, uint64_t minimum, uint64_t maximum,
                     uint64_t *value, struct error *error) {
  bool good = node->kind == YAML_SCALAR && node->plain &&
              text_u64(node->text, node->text + node->length, value) && *value >= minimum &&
              *value <= maximum;
  return good || expected_u64(node, minimum, maximum, error);
}

static void describe_u64(const struct config_key *key, struct text *text) {
  if (key->minimum == key->maximum) {
    text_add(text, "%llu", (unsigned long long)key->minimum);
  } else {
    text_add(text, "a whole number from %llu to %llu", (unsigned long long)key->minimum,
             (unsigned long long)key->maximum);
  }
}

static bool read_u64(const struct config_key *key, const struct yaml_node *node,
                     struct config_draft *draft, struct error *error) {
  return config_read_u64(node, key->minimum, key->maximum, config_field(key, draft), error);
}

static json_t *json_u64(const struct config_key *key, const struct config_draft *draft) {
  const uint64_t *value = config_field_const(key, draft);
  return json_integer((json_int_t)*value);
}

static bool read_u32(const struct config_key *key, const struct yaml_node *node,
                     struct config_draft *draft, struct error *error) {
  uint64_t value;
  if (!config_read_u64(node, key->minimum, key->maximum, &value, error)) return false;
  *(uint32_t *)config_field(key, draft) = (uint32_t)value;
  return true;
}

static json_t *json_u32(const struct config_key *key, const struct config_draft *draft) {
  const uint32_t *value = config_field_const(key, draft);
  return json_integer((json_int_t)*value);
}

/* Real numbers. */

void config_describe_real(const struct config_key *key, struct text *text) {
  text_add(text, "a number, %s %g and %s %g", key->above ? "above" : "at least", key->low,
           key->below ? "below" : "at most", key->high);
}

static bool is_within(const struct config_key *key, double value) {
  return (key->above ? value > key->low : value >= key->low) &&
         (key->below ? value < key->high : value <= key->high);
}

bool config_read_real(const struct config_key *key, const struct yaml_node *node, double *value,
                      struct error *error) {
  bool good = node->kind == YAML_SCALAR && node->plain &&
              text_double(node->text, node->text + node->length, value) && is_within(key, *value);
  if (good) {
    /* -0 is 0, so that both give one canonical form. */
    if (*value == 0) *value = 0;
    return true;
  }
  struct text what = {0};
  config_describe_real(key, &what);
  yaml_expected(node, error, "%s", what.text == NULL ? "a number" : what.text);
  text_clear(&what);
  char form[TEXT_DOUBLE];
  const bool sound = number_form(node, false, form, value) && is_within(key, *value);
  if (sound) error_help(error, "write it as %s", form);
  return false;
}

static bool read_real(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  return config_read_real(key, node, config_field(key, draft), error);
}

static json_t *json_of_real(const struct config_key *key, const struct config_draft *draft) {
  const double *value = config_field_const(key, draft);
  return json_real(*value);
}

/* Choices: an enum, or, with two of them, a bool. */

static void describe_choice(const struct config_key *key, struct text *text) {
  if (key->choice_count > 1) text_add(text, "one of ");
  for (size_t i = 0; i < key->choice_count; i++) {
    text_add(text, "%s%s", i > 0 ? ", " : "", key->choices[i]);
  }
}

static bool find_choice(const struct config_key *key, const struct yaml_node *node, size_t *choice,
                        struct error *error) {
  if (node->kind == YAML_SCALAR) {
    for (size_t i = 0; i < key->choice_count; i++) {
      *choice = i;
      if (yaml_equals(node, key->choices[i])) return true;
    }
  }
  expected(key, node, error);
  if (node->kind != YAML_SCALAR) return false;
  const char *nearest = text_nearest(node->text, key->choices, key->choice_count);
  if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
  return false;
}

static bool read_choice(const struct config_key *key, const struct yaml_node *node,
                        struct config_draft *draft, struct error *error) {
  size_t choice;
  if (!find_choice(key, node, &choice, error)) return false;
  *(unsigned *)config_field(key, draft) = key->first + (unsigned)choice;
  return true;
}

static json_t *json_choice(const struct config_key *key, const struct config_draft *draft) {
  const unsigned *value = config_field_const(key, draft);
  return json_string(key->choices[*value - key->first]);
}

static bool read_flag(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  size_t choice;
  if (!find_choice(key, node, &choice, error)) return false;
  *(bool *)config_field(key, draft) = choice == 1;
  return true;
}

static json_t *json_flag(const struct config_key *key, const struct config_draft *draft) {
  const bool *value = config_field_const(key, draft);
  return json_string(key->choices[*value ? 1 : 0]);
}

/* Truth values. */

static void describe_bool(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "true or false");
}

static bool read_bool(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  bool plain = node->kind == YAML_SCALAR && node->plain;
  bool yes = plain && yaml_equals(node, "true");
  if (!yes && !(plain && yaml_equals(node, "false"))) return expected(key, node, error);
  *(bool *)config_field(key, draft) = yes;
  return true;
}

static json_t *json_bool(const struct config_key *key, const struct config_draft *draft) {
  const bool *value = config_field_const(key, draft);
  return json_boolean(*value);
}

/* Limits: null, kept as 0, or a whole number from 1. */

static void describe_limit(const struct config_key *key, struct text *text) {
  text_add(text, "null, or a whole number from 1 to %llu", (unsigned long long)key->maximum);
}

static bool read_limit(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  uint64_t *value = config_field(key, draft);
  *value = 0;
  return yaml_is_null(node) || config_read_u64(node, 1, key->maximum, value, error);
}

/* The metric: a choice of one, as the test rows must not choose anything. */

static bool read_metric(const struct config_key *key, const struct yaml_node *node,
                        struct config_draft *draft, struct error *error) {
  if (read_choice(key, node, draft, error)) return true;
  bool scalar = node->kind == YAML_SCALAR;
  bool test = scalar && (yaml_equals(node, "mse") || yaml_equals(node, "test_mse"));
  if (test)
    error_help(
        error,
        "test rows are never used for selection: they could not measure what they have selected");
  return false;
}

/* Texts. */

static void describe_name(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a text of one line, at most %d bytes, with a letter from A to Z or a digit",
           CONFIG_NAME - 1);
}

static bool is_name(const struct yaml_node *node) {
  char folder[CONFIG_NAME];
  if (node->kind != YAML_SCALAR || node->length >= CONFIG_NAME) return false;
  for (size_t i = 0; i < node->length; i++) {
    if ((unsigned char)node->text[i] < 0x20 || node->text[i] == 0x7f) return false;
  }
  return config_folder(node->text, folder);
}

static bool read_name(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  if (yaml_is_null(node) || !is_name(node)) return expected(key, node, error);
  *(const char **)config_field(key, draft) = node->text;
  return true;
}

static void describe_text(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a text");
}

static bool read_text(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  if (node->kind != YAML_SCALAR) return expected(key, node, error);
  *(const char **)config_field(key, draft) = yaml_is_null(node) ? NULL : node->text;
  return true;
}

static json_t *json_text(const struct config_key *key, const struct config_draft *draft) {
  const char *const *value = config_field_const(key, draft);
  return *value == NULL ? json_null() : json_string(*value);
}

static void describe_path(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a path, at most %d bytes long", DATA_PATH - 1);
}

static bool read_path(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  bool good = node->kind == YAML_SCALAR && node->length > 0 && node->length < DATA_PATH;
  if (!good || yaml_is_null(node)) return expected(key, node, error);
  memcpy(config_field(key, draft), node->text, node->length + 1);
  return true;
}

static bool path_is_none(const struct config_key *key, const struct config_draft *draft) {
  return *(const char *)config_field_const(key, draft) == '\0';
}

static json_t *json_path(const struct config_key *key, const struct config_draft *draft) {
  return json_string(config_field_const(key, draft));
}

/* Nodes that the sweep reads; empty ones are none. */

static bool read_node(const struct config_key *key, const struct yaml_node *node,
                      enum yaml_kind kind, struct config_draft *draft, struct error *error) {
  if (!yaml_is_null(node) && node->kind != kind) return expected(key, node, error);
  bool empty = yaml_is_null(node) || node->count == 0;
  *(const struct yaml_node **)config_field(key, draft) = empty ? NULL : node;
  return true;
}

static bool read_mapping(const struct config_key *key, const struct yaml_node *node,
                         struct config_draft *draft, struct error *error) {
  return read_node(key, node, YAML_MAPPING, draft, error);
}

static void describe_mapping(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a mapping");
}

static bool read_list(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  return read_node(key, node, YAML_SEQUENCE, draft, error);
}

static void describe_list(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a list of mappings");
}

const struct config_type type_u32 = {
    .read = read_u32, .json = json_u32, .describe = describe_u64, .range = RANGE_WHOLE};
const struct config_type type_u64 = {.read = read_u64, .json = json_u64, .describe = describe_u64};
const struct config_type type_real = {
    .read = read_real, .json = json_of_real, .describe = config_describe_real, .range = RANGE_REAL};
const struct config_type type_choice = {
    .read = read_choice, .json = json_choice, .describe = describe_choice};
const struct config_type type_flag = {
    .read = read_flag, .json = json_flag, .describe = describe_choice};
const struct config_type type_name = {
    .read = read_name, .json = json_text, .describe = describe_name};
const struct config_type type_text = {
    .read = read_text, .json = json_text, .describe = describe_text};
const struct config_type type_path = {
    .read = read_path, .json = json_path, .describe = describe_path, .is_none = path_is_none};
const struct config_type type_mapping = {.read = read_mapping, .describe = describe_mapping};
const struct config_type type_list = {.read = read_list, .describe = describe_list};
const struct config_type type_bool = {
    .read = read_bool, .json = json_bool, .describe = describe_bool};
const struct config_type type_limit = {.read = read_limit, .describe = describe_limit};
const struct config_type type_metric = {.read = read_metric, .describe = describe_choice};

const struct config_type type_group = {.range = RANGE_NONE};
