/* Labels: what they may hold, and that each names one model. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/sweep_spec.h"

bool sweep_check_label(const struct yaml_node *label, struct error *error) {
  bool good = label->kind == YAML_SCALAR && !yaml_is_null(label) && label->length > 0 &&
              label->length <= SWEEP_LABEL_MAX;
  for (size_t i = 0; good && i < label->length; i++) {
    const unsigned char byte = (unsigned char)label->text[i];
    good = byte >= 0x20 && byte != 0x7f;
  }
  return good ||
         yaml_expected(label, error, "a label of one line, at most %d bytes", SWEEP_LABEL_MAX);
}

struct named {
  const char *label;
  size_t architecture;
};

static int by_label(const void *one, const void *other) {
  const struct named *a = one, *b = other;
  const int order = strcmp(a->label, b->label);
  if (order != 0) return order;
  return (a->architecture > b->architecture) - (a->architecture < b->architecture);
}

/* Of a list: the label that is in the way; else the first names of values,
 * which alone can make two combinations look the same. */
static const struct yaml_node *place_of(const struct config_draft *draft,
                                        const struct sweep_spec *sweep, const struct named *pair) {
  if (draft->method == SWEEP_LIST) {
    size_t found = sweep->points;
    for (size_t i = 0; i < sweep->points; i++) {
      const struct sweep_point *point = &sweep->point[i];
      const size_t a = point->architecture;
      if (a != pair[0].architecture && a != pair[1].architecture) continue;
      found = i;
      if (strcmp(point->label, pair[0].label) == 0) break;
    }
    return yaml_get(draft->trials->value[found], "label");
  }
  for (size_t i = 0; i < draft->parameters->count; i++) {
    const struct yaml_node *labels = yaml_get(draft->parameters->value[i], "labels");
    if (labels != NULL) return labels;
  }
  return draft->parameters;
}

static bool refuse(const struct config_draft *draft, const struct sweep_spec *sweep,
                   const struct named *pair, struct error *error) {
  yaml_error(place_of(draft, sweep, pair), error, "two different models have the label '%.200s'",
             pair->label);
  if (draft->method == SWEEP_LIST) {
    return error_help(error, "' | ' joins the labels of equal models: use another sign");
  }
  return error_help(error, "give the values labels without spaces, '=' and '|'");
}

bool sweep_check_labels(const struct config_draft *draft, const struct sweep_spec *sweep,
                        struct error *error) {
  const size_t count = sweep->points + sweep->architectures;
  struct named *named = memory_array(count, sizeof *named, error);
  if (named == NULL) return false;
  for (size_t i = 0; i < sweep->points; i++) {
    named[i] = (struct named){sweep->point[i].label, sweep->point[i].architecture};
  }
  for (size_t a = 0; a < sweep->architectures; a++) {
    named[sweep->points + a] = (struct named){sweep->architecture[a].label, a};
  }
  qsort(named, count, sizeof *named, by_label);
  bool good = true;
  for (size_t i = 1; i < count && good; i++) {
    const struct named *pair = &named[i - 1];
    if (pair[0].architecture == pair[1].architecture) continue;
    if (strcmp(pair[0].label, pair[1].label) == 0) good = refuse(draft, sweep, pair, error);
  }
  free(named);
  return good;
}
