#include "model/state_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { ROOM = 64 };

static bool make_room(struct state_list *list) {
  struct error unused = {0};
  if (list->failed) return false;
  if (list->count < list->room) return true;
  void *grown = memory_grow(list->item, list->room + ROOM, sizeof *list->item, &unused);
  list->failed = grown == NULL;
  if (list->failed) return false;
  list->item = grown;
  list->room += ROOM;
  return true;
}

void state_list_add(struct state_list *list, enum checkpoint_type type, void *data, size_t rows,
                    size_t columns, const char *format, ...) {
  if (!make_room(list)) return;
  struct state_item *item = &list->item[list->count++];
  *item = (struct state_item){.type = type, .rows = rows, .columns = columns, .data = data};
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(item->name, sizeof item->name, format, arguments);
  va_end(arguments);
}

void state_list_clear(struct state_list *list) {
  free(list->item);
  *list = (struct state_list){0};
}

static struct checkpoint_tensor tensor_of(const struct state_item *item) {
  return (struct checkpoint_tensor){.name = item->name,
                                    .type = item->type,
                                    .dimensions = 2,
                                    .shape = {item->rows, item->columns},
                                    .values = item->rows * item->columns,
                                    .data = item->data};
}

static bool out_of_memory(struct error *error) {
  return error_set(error, ERROR_SYSTEM, "out of memory for the state of a training");
}

bool state_list_write(const struct state_list *list, const char *path, const json_t *metadata,
                      struct error *error) {
  if (list->failed) return out_of_memory(error);
  struct checkpoint_tensor *tensor = memory_array(list->count, sizeof *tensor, error);
  if (tensor == NULL) return false;
  for (size_t i = 0; i < list->count; i++) tensor[i] = tensor_of(&list->item[i]);
  const bool done = checkpoint_file_write(path, tensor, list->count, metadata, error);
  free(tensor);
  return done;
}

static bool is_same(const struct checkpoint_tensor *found, const struct state_item *item) {
  return found->type == item->type && found->dimensions == 2 && found->shape[0] == item->rows &&
         found->shape[1] == item->columns;
}

bool state_list_read(const struct state_list *list, const struct checkpoint_file *file,
                     struct error *error) {
  if (list->failed) return out_of_memory(error);
  for (size_t i = 0; i < list->count; i++) {
    const struct state_item *item = &list->item[i];
    const struct checkpoint_tensor *found = checkpoint_file_tensor(file, item->name);
    if (found != NULL && is_same(found, item)) continue;
    return error_set(error, ERROR_DATA, "%s: '%s' is %s", file->name, item->name,
                     found == NULL ? "missing" : "of another type or shape");
  }
  for (size_t i = 0; i < list->count; i++) {
    const struct checkpoint_tensor *found = checkpoint_file_tensor(file, list->item[i].name);
    if (found->values > 0) memcpy(list->item[i].data, found->data, checkpoint_tensor_bytes(found));
  }
  return true;
}
