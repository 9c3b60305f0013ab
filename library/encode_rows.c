/* Words to codes, once for many predictions. */
#include <string.h>

#include "library/model_parts.h"

static bool check_kind(const crosslane_model *model, size_t i, enum crosslane_input_kind kind,
                       struct error *error) {
  const struct query_input *input = model_input(model, i);
  if (!model_takes_values(model, error)) return false;
  if (input == NULL) {
    return error_set(error, ERROR_USAGE, "no input %zu: the model has %zu", i,
                     crosslane_model_inputs(model));
  }
  if (crosslane_model_input_kind(model, i) == kind) return true;
  error_set(error, ERROR_USAGE, "%s is no %s", input->column->name,
            kind == CROSSLANE_INPUT_CATEGORY ? "category" : "multi-hot input");
  error->column = i + 1;
  return false;
}

int crosslane_model_encode(const crosslane_model *model, size_t input, size_t rows,
                           const char *const *values, uint32_t *codes, crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  const bool done = check_kind(model, input, CROSSLANE_INPUT_CATEGORY, call.error);
  for (size_t r = 0; done && r < rows; r++) {
    const char *text = values[r] != NULL ? values[r] : "";
    codes[r] = vocabulary_find(model_input(model, input)->vocabulary, text, strlen(text));
  }
  return library_end(&call, done);
}

/* The sets of all rows, as the desk's query splits them. */
static bool encode_sets(struct desk *desk, size_t i, size_t rows, const char *const *values,
                        uint32_t *codes, size_t room, size_t *offsets, struct error *error) {
  const struct query_input *input = &desk->query.input[i];
  offsets[0] = 0;
  for (size_t r = 0; r < rows; r++) {
    const char *text = values[r] != NULL ? values[r] : "";
    (void)query_set(&desk->query, i, 0, text, strlen(text));
    const size_t begin = offsets[r], size = input->set_size[0];
    offsets[r + 1] = begin + size;
    if (offsets[r + 1] <= room && size > 0) memcpy(codes + begin, input->set, size * sizeof *codes);
  }
  return offsets[rows] <= room ||
         error_set(error, ERROR_USAGE, "%zu codes, with room for %zu", offsets[rows], room);
}

int crosslane_model_encode_sets(const crosslane_model *model, size_t input, size_t rows,
                                const char *const *values, uint32_t *codes, size_t room,
                                size_t *offsets, crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  struct desk *desk = check_kind(model, input, CROSSLANE_INPUT_MULTI_HOT, call.error)
                          ? desks_take(model->desks, call.error)
                          : NULL;
  const bool done =
      desk != NULL && encode_sets(desk, input, rows, values, codes, room, offsets, call.error);
  if (desk != NULL) desks_give(model->desks, desk);
  return library_end(&call, done);
}
