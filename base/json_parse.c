#include "base/json_parse.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>

/* jansson's reader does not look whether a byte could be kept: when memory runs
 * out it goes on without the byte, so that 0.85 is read as 0.5, or it aborts.
 * So its allocator leaves the reader instead of returning NULL. What the reader
 * had allocated until then is lost. */
static _Thread_local jmp_buf *way_out;

static json_exhausted *exhausted;

static void *allocate(size_t size) {
  void *block = malloc(size);
  if (block == NULL && way_out != NULL) longjmp(*way_out, 1);
  if (block == NULL && exhausted != NULL) exhausted(size);
  return block;
}

static void use_allocator(void) {
  json_set_alloc_funcs(allocate, free);
}

void json_parse_on_exhausted(json_exhausted *end) {
  exhausted = end;
  use_allocator();
}

json_t *json_parse(const char *bytes, size_t size, const char *name, struct error *error) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, use_allocator);
  json_error_t fault;
  jmp_buf here;
  if (setjmp(here) != 0) {
    way_out = NULL;
    error_set(error, ERROR_SYSTEM, "%s: out of memory", name);
    return NULL;
  }
  way_out = &here;
  json_t *json = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &fault);
  way_out = NULL;
  if (json == NULL) {
    const size_t line = fault.line > 0 ? (size_t)fault.line : 0;
    const size_t column = fault.column > 0 ? (size_t)fault.column : 0;
    error_at(error, ERROR_DATA, name, line, column, "not JSON: %s", fault.text);
  }
  return json;
}
