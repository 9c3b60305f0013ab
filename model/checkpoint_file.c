#include "model/checkpoint_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file_stream.h"
#include "base/json_copy.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "base/text.h"

enum { LENGTH_BYTES = 8, ALIGNMENT = 64, TENSORS_MOST = 4096 };

static const struct {
  const char *name;
  size_t bytes;
} types[] = {
    [CHECKPOINT_F32] = {"F32", 4}, [CHECKPOINT_F64] = {"F64", 8}, [CHECKPOINT_U32] = {"U32", 4}};

enum { TYPES = sizeof types / sizeof *types };

static const char metadata_name[] = "__metadata__", digest_name[] = "file_digest";

size_t checkpoint_tensor_bytes(const struct checkpoint_tensor *tensor) {
  return tensor->values * types[tensor->type].bytes;
}

/* --- the bytes --- */

static bool check_size(const struct checkpoint_file *file, struct error *error) {
  return file->size >= LENGTH_BYTES + 2 ||
         error_set(error, ERROR_DATA, "%s: not a model: %zu bytes are too few", file->name,
                   file->size);
}

static bool map_descriptor(struct checkpoint_file *file, int descriptor, struct error *error) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) {
    return error_set(error, ERROR_DATA, "%s: cannot read: %s", file->name, strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) {
    return error_set(
        error, ERROR_DATA,
        S_ISDIR(status.st_mode) ? "%s: is a folder, not a file" : "%s: not a regular file",
        file->name);
  }
  file->size = (size_t)status.st_size;
  if (!check_size(file, error)) return false;
  void *map = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (map != MAP_FAILED) {
    file->map = map;
    return true;
  }
  return error_set(error, ERROR_DATA, "%s: cannot map: %s", file->name, strerror(errno));
}

static bool map_file(struct checkpoint_file *file, const char *path, struct error *error) {
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not block */
  if (descriptor < 0) {
    return error_set(error, ERROR_DATA, "%s: cannot open: %s", path, strerror(errno));
  }
  const bool mapped = map_descriptor(file, descriptor, error);
  (void)close(descriptor);
  return mapped;
}

static bool refuse(const struct checkpoint_file *file, const char *name, const char *what,
                   struct error *error) {
  return error_set(error, ERROR_DATA, "%s: tensor '%.80s' %s", file->name, name, what);
}

/* --- the header --- */

/* `*data`: where the tensors begin. */
static bool read_header(struct checkpoint_file *file, size_t *data, struct error *error) {
  const unsigned char *bytes = file->map;
  uint64_t length = 0;
  for (size_t i = LENGTH_BYTES; i-- > 0;) length = length << 8 | bytes[i];
  const char *text = (const char *)bytes + LENGTH_BYTES;
  if (text[0] != '{') {
    return error_set(error, ERROR_DATA, "%s: not a safetensors file", file->name);
  }
  if (length > CHECKPOINT_HEADER_MAX) {
    return error_set(error, ERROR_DATA, "%s: a header of %llu bytes, more than %d", file->name,
                     (unsigned long long)length, CHECKPOINT_HEADER_MAX);
  }
  if (length > file->size - LENGTH_BYTES) {
    return error_set(error, ERROR_DATA, "%s: cut off: a header of %llu bytes in %zu", file->name,
                     (unsigned long long)length, file->size);
  }
  struct text name = {0};
  text_add(&name, "%s, header", file->name);
  file->header = json_parse(text, (size_t)length, name.failed ? file->name : name.text, error);
  text_clear(&name);
  *data = LENGTH_BYTES + (size_t)length;
  if (file->header == NULL) return false;
  return json_is_object(file->header) ||
         error_set(error, ERROR_DATA, "%s: the header is no JSON object", file->name);
}

static bool check_metadata(const struct checkpoint_file *file, struct error *error) {
  json_t *metadata = json_object_get(file->header, metadata_name), *value;
  const char *key;
  if (metadata == NULL) return true;
  if (!json_is_object(metadata)) {
    return error_set(error, ERROR_DATA, "%s: %s is no object", file->name, metadata_name);
  }
  json_object_foreach(metadata, key, value) {
    if (json_is_string(value)) continue;
    return error_set(error, ERROR_DATA, "%s: %s '%.80s' is no text", file->name, metadata_name,
                     key);
  }
  return true;
}

static bool read_size(const json_t *value, size_t *size) {
  const json_int_t number = json_integer_value(value);
  *size = (size_t)number;
  return json_is_integer(value) && number >= 0 && (uint64_t)number <= SIZE_MAX / 2;
}

static bool read_shape(struct checkpoint_tensor *tensor, const json_t *shape) {
  tensor->dimensions = json_array_size(shape);
  if (!json_is_array(shape) || tensor->dimensions > CHECKPOINT_DIMENSIONS_MAX) return false;
  tensor->values = 1;
  for (size_t i = 0; i < tensor->dimensions; i++) {
    if (!read_size(json_array_get(shape, i), &tensor->shape[i]) ||
        __builtin_mul_overflow(tensor->values, tensor->shape[i], &tensor->values)) {
      return false;
    }
  }
  return true;
}

static bool read_type(struct checkpoint_tensor *tensor, const char *name) {
  unsigned type = 0;
  while (type < TYPES && strcmp(name, types[type].name) != 0) type++;
  tensor->type = (enum checkpoint_type)type;
  return type < TYPES;
}

static bool read_tensor(struct checkpoint_file *file, const char *name, const json_t *json,
                        const char *data, struct error *error) {
  struct checkpoint_tensor *tensor = &file->tensor[file->tensors++];
  const size_t room = file->size - (size_t)(data - (const char *)file->map);
  const char *type = json_string_value(json_object_get(json, "dtype"));
  const json_t *offsets = json_object_get(json, "data_offsets");
  size_t end, bytes;
  tensor->name = name;
  if (type == NULL) return refuse(file, name, "has no dtype", error);
  if (!read_type(tensor, type)) return refuse(file, name, "is not of dtype F32, F64 or U32", error);
  if (!read_shape(tensor, json_object_get(json, "shape"))) {
    return refuse(file, name, "has no sound shape", error);
  }
  if (!json_is_array(offsets) || json_array_size(offsets) != 2 ||
      !read_size(json_array_get(offsets, 0), &tensor->at) ||
      !read_size(json_array_get(offsets, 1), &end) || end < tensor->at) {
    return refuse(file, name, "has no sound data_offsets", error);
  }
  if (end > room) return refuse(file, name, "lies beyond the end of the file: cut off?", error);
  if (__builtin_mul_overflow(tensor->values, types[tensor->type].bytes, &bytes) ||
      end - tensor->at != bytes) {
    return refuse(file, name, "has another size than its shape", error);
  }
  tensor->data = data + tensor->at;
  return true;
}

static int by_place(const void *one, const void *other) {
  const struct checkpoint_tensor *a = one, *b = other;
  if (a->at != b->at) return a->at < b->at ? -1 : 1;
  return (a->values > b->values) - (a->values < b->values); /* empty ones first */
}

/* In their order they fill the file. */
static bool check_places(struct checkpoint_file *file, size_t data, struct error *error) {
  qsort(file->tensor, file->tensors, sizeof *file->tensor, by_place);
  size_t next = 0;
  for (size_t i = 0; i < file->tensors; i++) {
    const struct checkpoint_tensor *tensor = &file->tensor[i];
    if (tensor->at < next) return refuse(file, tensor->name, "overlaps another", error);
    if (tensor->at > next) return refuse(file, tensor->name, "follows a gap", error);
    next += checkpoint_tensor_bytes(tensor);
  }
  if (next == file->size - data) return true;
  return error_set(error, ERROR_DATA, "%s: %zu bytes follow the last tensor", file->name,
                   file->size - data - next);
}

static bool read_tensors(struct checkpoint_file *file, size_t data, struct error *error) {
  const size_t most = json_object_size(file->header);
  if (most > TENSORS_MOST) {
    return error_set(error, ERROR_DATA, "%s: %zu tensors, more than %d", file->name, most,
                     TENSORS_MOST);
  }
  file->tensor = memory_array(most, sizeof *file->tensor, error);
  if (file->tensor == NULL) return false;
  const char *name;
  json_t *tensor;
  json_object_foreach(file->header, name, tensor) {
    if (strcmp(name, metadata_name) == 0) continue;
    if (!read_tensor(file, name, tensor, (const char *)file->map + data, error)) return false;
  }
  return check_places(file, data, error);
}

/* --- its digest --- */

/* Of the header without the digest itself, as one line of JSON, and the tensors. */
static bool digest_of(const json_t *header, const struct checkpoint_tensor *tensor, size_t tensors,
                      char digest[DIGEST_TEXT]) {
  json_t *rest = json_copy_deep(header);
  (void)json_object_del(json_object_get(rest, metadata_name), digest_name);
  char *text = rest != NULL ? json_dumps(rest, JSON_COMPACT) : NULL;
  json_decref(rest);
  if (text == NULL) return false;
  uint64_t sum = digest_bytes(text, strlen(text));
  free(text);
  for (size_t t = 0; t < tensors; t++) {
    sum = digest_extend(sum, tensor[t].data, checkpoint_tensor_bytes(&tensor[t]));
  }
  digest_text(sum, digest);
  return true;
}

/* Files of other programs, and of Crosslane before the digest, have none. */
static bool check_digest(const struct checkpoint_file *file, struct error *error) {
  const char *named = checkpoint_file_text(file, digest_name);
  char digest[DIGEST_TEXT];
  if (named == NULL) return true;
  if (!digest_of(file->header, file->tensor, file->tensors, digest)) {
    return error_set(error, ERROR_SYSTEM, "%s: out of memory", file->name);
  }
  return strcmp(named, digest) == 0 ||
         error_set(error, ERROR_DATA, "%s: damaged, or changed after it was written", file->name);
}

static bool read_file(struct checkpoint_file *file, struct error *error) {
  size_t data = 0;
  return read_header(file, &data, error) && check_metadata(file, error) &&
         read_tensors(file, data, error) && check_digest(file, error);
}

bool checkpoint_file_open(struct checkpoint_file *file, const char *path, struct error *error) {
  *file = (struct checkpoint_file){.name = memory_text(path, error)};
  const bool done = file->name != NULL && map_file(file, path, error) && read_file(file, error);
  if (!done) checkpoint_file_close(file);
  return done;
}

bool checkpoint_file_open_bytes(struct checkpoint_file *file, const char *name, const void *bytes,
                                size_t size, struct error *error) {
  *file = (struct checkpoint_file){
      .name = memory_text(name, error), .map = bytes, .lent = true, .size = size};
  const bool done = file->name != NULL && check_size(file, error) && read_file(file, error);
  if (!done) checkpoint_file_close(file);
  return done;
}

void checkpoint_file_close(struct checkpoint_file *file) {
  if (file->map != NULL && !file->lent) (void)munmap((void *)file->map, file->size);
  json_decref(file->header);
  free(file->tensor);
  free(file->name);
  *file = (struct checkpoint_file){0};
}

const struct checkpoint_tensor *checkpoint_file_tensor(const struct checkpoint_file *file,
                                                       const char *name) {
  for (size_t i = 0; i < file->tensors; i++) {
    if (strcmp(file->tensor[i].name, name) == 0) return &file->tensor[i];
  }
  return NULL;
}

const char *checkpoint_file_text(const struct checkpoint_file *file, const char *key) {
  return json_string_value(json_object_get(json_object_get(file->header, metadata_name), key));
}

/* --- writing --- */

static json_t *header_json(const struct checkpoint_tensor *tensor, size_t tensors,
                           const json_t *metadata) {
  json_t *header = json_pack("{s:O}", metadata_name, metadata);
  size_t at = 0;
  for (size_t t = 0; header != NULL && t < tensors; t++) {
    const size_t end = at + checkpoint_tensor_bytes(&tensor[t]);
    json_t *shape = json_array();
    for (size_t i = 0; i < tensor[t].dimensions; i++) {
      (void)json_array_append_new(shape, json_integer((json_int_t)tensor[t].shape[i]));
    }
    json_t *entry = json_pack("{s:s, s:o, s:[I, I]}", "dtype", types[tensor[t].type].name, "shape",
                              shape, "data_offsets", (json_int_t)at, (json_int_t)end);
    if (json_object_set_new(header, tensor[t].name, entry) != 0) {
      json_decref(header);
      header = NULL;
    }
    at = end;
  }
  return header;
}

static bool add_digest(json_t *header, const struct checkpoint_tensor *tensor, size_t tensors) {
  char digest[DIGEST_TEXT];
  if (header == NULL || !digest_of(header, tensor, tensors, digest)) return false;
  /* Not in the caller's own. */
  json_t *metadata = json_copy_shallow(json_object_get(header, metadata_name));
  const bool done = json_object_set_new(metadata, digest_name, json_string(digest)) == 0;
  return json_object_set_new(header, metadata_name, metadata) == 0 && done;
}

static void add_padded(struct file_stream *stream, const char *header, size_t size, size_t padded) {
  char length[LENGTH_BYTES];
  for (size_t i = 0; i < LENGTH_BYTES; i++) length[i] = (char)(unsigned char)(padded >> 8 * i);
  file_stream_add(stream, length, sizeof length);
  file_stream_add(stream, header, size);
  for (size_t i = size; i < padded; i++) file_stream_add(stream, " ", 1);
}

/* Blanks after the header put the tensors on whole cache lines. */
static bool write_parts(const char *path, const char *header, size_t header_size,
                        const struct checkpoint_tensor *tensor, size_t tensors,
                        struct error *error) {
  const size_t front = (LENGTH_BYTES + header_size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  struct file_stream stream;
  bool done = file_stream_open(&stream, path, error);
  if (done) {
    add_padded(&stream, header, header_size, front - LENGTH_BYTES);
    for (size_t t = 0; t < tensors; t++) {
      file_stream_add(&stream, tensor[t].data, checkpoint_tensor_bytes(&tensor[t]));
    }
    done = file_stream_end(&stream, error) && file_stream_commit(&stream, error);
  }
  file_stream_clear(&stream);
  return done;
}

bool checkpoint_file_write(const char *path, const struct checkpoint_tensor *tensor, size_t tensors,
                           const json_t *metadata, struct error *error) {
  json_t *header = header_json(tensor, tensors, metadata);
  char *text = add_digest(header, tensor, tensors) ? json_dumps(header, JSON_COMPACT) : NULL;
  json_decref(header);
  if (text == NULL) return error_set(error, ERROR_SYSTEM, "%s: out of memory", path);
  const size_t length = strlen(text);
  bool done = length <= CHECKPOINT_HEADER_MAX - ALIGNMENT;
  if (!done) {
    error_set(error, ERROR_TRIAL, "the model's dictionaries are too large for a file: %zu bytes",
              length);
  }
  done = done && write_parts(path, text, length, tensor, tensors, error);
  free(text);
  return done;
}
