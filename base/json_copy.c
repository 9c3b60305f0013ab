#include "base/json_copy.h"

#include <stdint.h>

static json_t *whole(json_t *copy, const json_t *json) {
  if (copy == NULL || json_equal(copy, json)) return copy;
  json_decref(copy);
  return NULL;
}

json_t *json_copy_shallow(const json_t *json) {
  return whole(json_copy((json_t *)(uintptr_t)json), json);
}

json_t *json_copy_deep(const json_t *json) {
  return whole(json_deep_copy(json), json);
}
