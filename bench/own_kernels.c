#include "bench/own_kernels.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "crosslane/kernels.h"

/* The open object's table. */
static const crosslane_kernels *given;

#define KERNEL(name, flop, bytes)                          \
  static void given_##name(const struct name *arguments) { \
    given->name((const void *)arguments);                  \
  }
#include "kernels/kernels.inc"
#undef KERNEL

/* Of an older version it may be shorter: it lacks the last kernels. */
static bool has(size_t offset, const void *slot) {
  static const unsigned char none[sizeof(void (*)(void))];
  return offset + sizeof none <= given->size && memcmp(slot, none, sizeof none) != 0;
}
#define HAS(name) has(offsetof(crosslane_kernels, name), &given->name)

bool own_kernels_have(const char *kernel) {
#define KERNEL(name, flop, bytes) \
  if (strcmp(kernel, #name) == 0) return HAS(name);
#include "kernels/kernels.inc"
#undef KERNEL
  return false;
}

/* It becomes a part of the names of benchmarks. */
static bool is_free(const char *name) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  static const char *const taken[] = {"crosslane", "autovec",  "loops",  "copy",   "libm",
                                      "sleef",     "openblas", "onednn", "libxsmm"};
  const size_t length = name != NULL ? strlen(name) : 0;
  if (length == 0 || length > 24 || strspn(name, letters) != length) return false;
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
    if (strcmp(name, taken[i]) == 0) return false;
  }
  return true;
}

static bool check(const char *path, struct error *error) {
  bool any = false;
  if (given->size < offsetof(crosslane_kernels, dense_forward) ||
      given->size > sizeof(crosslane_kernels)) {
    return error_set(error, ERROR_USAGE,
                     "%s: its table has %zu bytes, this version's %zu: build it with these headers",
                     path, given->size, sizeof(crosslane_kernels));
  }
  if (!is_free(given->name)) {
    return error_set(error, ERROR_USAGE,
                     "%s: its name must be 1 to 24 of a-z, 0-9, _ and -, and not one that the "
                     "bench has",
                     path);
  }
  if (!(given->tolerance >= 0) || given->tolerance > 0.01) {
    return error_set(error, ERROR_USAGE, "%s: its tolerance is not between 0 and 0.01", path);
  }
#define KERNEL(name, flop, bytes) any = any || HAS(name);
#include "kernels/kernels.inc"
#undef KERNEL
  return any || error_set(error, ERROR_USAGE, "%s: it has no kernel", path);
}

/* A name without a slash would be looked for among the system's libraries. */
static void *open_object(const char *path, struct error *error) {
  struct text local = {0};
  text_add(&local, "%s%s", strchr(path, '/') == NULL ? "./" : "", path);
  void *object = local.failed ? NULL : dlopen(local.text, RTLD_NOW | RTLD_LOCAL);
  if (object == NULL) {
    const char *reason = dlerror();
    error_set(error, ERROR_USAGE, "%s: cannot be loaded: %s", path,
              reason != NULL ? reason : "out of memory");
  }
  text_clear(&local);
  return object;
}

bool own_kernels_open(const char *path, const struct kernels *others, struct own_kernels *own,
                      struct error *error) {
  void *object = open_object(path, error);
  if (object == NULL) return false;
  given = dlsym(object, "crosslane_own_kernels");
  if (given == NULL) {
    error_set(error, ERROR_USAGE, "%s: it exports no crosslane_own_kernels", path);
    return error_help(error, "crosslane/kernels.h says what it is");
  }
  if (!check(path, error)) return false;
  *own =
      (struct own_kernels){.name = given->name, .tolerance = given->tolerance, .kernels = *others};
#define KERNEL(name, flop, bytes) \
  if (HAS(name)) own->kernels.name = given_##name;
#include "kernels/kernels.inc"
#undef KERNEL
  return true;
}
