/* safetensors (huggingface.co/docs/safetensors, "Format"): 8 bytes, the length
 * N of the header, little-endian; N bytes of JSON,
 * {"NAME": {"dtype": "F32", "shape": [...], "data_offsets": [BEGIN, END]}, ...,
 * "__metadata__": {"KEY": "TEXT"}}; then the tensors, row-major, without a gap.
 * Of its types those that Crosslane writes are read: F32 for weights; F64 and U32 beside them
 * for the state of a training. */
#ifndef CROSSLANE_MODEL_CHECKPOINT_FILE_H
#define CROSSLANE_MODEL_CHECKPOINT_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { CHECKPOINT_HEADER_MAX = 64 << 20, CHECKPOINT_DIMENSIONS_MAX = 4 };

enum checkpoint_type { CHECKPOINT_F32, CHECKPOINT_F64, CHECKPOINT_U32 };

struct checkpoint_tensor {
  const char *name;
  enum checkpoint_type type;
  size_t dimensions, shape[CHECKPOINT_DIMENSIONS_MAX];
  size_t values;    /* the product of the shape */
  size_t at;        /* of its first byte, after the header */
  const char *data; /* reading: in the file, at any address; writing: [values] */
};

/* Bytes of all its values. */
size_t checkpoint_tensor_bytes(const struct checkpoint_tensor *tensor);

/* A file that is mapped, not read: only what is used is loaded. */
struct checkpoint_file {
  char *name;
  const void *map;
  bool lent; /* the bytes are the caller's */
  size_t size;
  json_t *header;
  size_t tensors;
  struct checkpoint_tensor *tensor; /* by their place in the file */
};

/* Everything is checked: lengths, names, types, shapes, that the tensors fill
 * the file without overlap, and that it is as it was written, where its metadata
 * have "file_digest": XXH3 of the rest of the header, as one line of JSON, and of
 * the tensors. What is wrong is ERROR_DATA with its reason. */
bool checkpoint_file_open(struct checkpoint_file *file, const char *path, struct error *error);
/* The same of the bytes of such a file, which must stay as long as it is open; `name` is in
 * messages. */
bool checkpoint_file_open_bytes(struct checkpoint_file *file, const char *name, const void *bytes,
                                size_t size, struct error *error);
void checkpoint_file_close(struct checkpoint_file *file);

/* NULL: there is none. */
const struct checkpoint_tensor *checkpoint_file_tensor(const struct checkpoint_file *file,
                                                       const char *name);
/* Of "__metadata__"; NULL: it has no such key. */
const char *checkpoint_file_text(const struct checkpoint_file *file, const char *key);

/* Atomically, tensor by tensor from where they are. `metadata`: an object of texts;
 * "file_digest" is added. */
bool checkpoint_file_write(const char *path, const struct checkpoint_tensor *tensor, size_t tensors,
                           const json_t *metadata, struct error *error);

#endif
