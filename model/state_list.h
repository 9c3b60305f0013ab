/* Arrays in memory, by their names: written to a file as they are, and read back to where they
 * were. One list serves both ways, so that what is written is what is read.
 *
 *   struct state_list list = {0};
 *   state_list_add(&list, CHECKPOINT_F64, &optimizer->factor, 1, 1, "optimizer.factor");
 *   state_list_write(&list, path, metadata, error)   or   state_list_read(&list, file, error)
 *   state_list_clear(&list);
 *
 * The file is a safetensors file (model/checkpoint_file.h). Private to model/. */
#ifndef CROSSLANE_MODEL_STATE_LIST_H
#define CROSSLANE_MODEL_STATE_LIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/checkpoint_file.h"

enum { STATE_NAME = 48 };

struct state_item {
  char name[STATE_NAME];
  enum checkpoint_type type;
  size_t rows, columns;
  void *data; /* [rows * columns], the caller's */
};

/* Starts from {0}. */
struct state_list {
  struct state_item *item;
  size_t count, room;
  bool failed; /* memory ran out: nothing is written or read */
};

/* Names are different, and shorter than STATE_NAME. */
void state_list_add(struct state_list *list, enum checkpoint_type type, void *data, size_t rows,
                    size_t columns, const char *format, ...) __attribute__((format(printf, 6, 7)));
void state_list_clear(struct state_list *list);

bool state_list_write(const struct state_list *list, const char *path, const json_t *metadata,
                      struct error *error);

/* All or nothing: each must be in the file, with its type and shape; ERROR_DATA. */
bool state_list_read(const struct state_list *list, const struct checkpoint_file *file,
                     struct error *error);

#endif
