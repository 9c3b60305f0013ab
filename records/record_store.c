#include "records/record_store.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

/* An earlier record that cannot be read is as good as none. */
static bool read_earlier(const char *run, const char *key, struct record *earlier,
                         struct error *error) {
  char name[DIGEST_TEXT + 16];
  (void)snprintf(name, sizeof name, "trials/%s.json", key);
  char *path = file_join(run, name, error);
  if (path == NULL) return false;
  struct error ignored = {0};
  *earlier = (struct record){0};
  if (file_exists(path)) (void)record_read(path, earlier, &ignored);
  free(path);
  if (ignored.kind == ERROR_SYSTEM) *error = ignored; /* it may be a good one */
  return ignored.kind != ERROR_SYSTEM;
}

static void exchange_curves(struct record *one, struct record *other) {
  const size_t epochs = one->epochs;
  struct record_epoch *const curve = one->curve;
  one->epochs = other->epochs;
  one->curve = other->curve;
  other->epochs = epochs;
  other->curve = curve;
}

bool record_store(const char *run, struct record *record, struct error *error) {
  struct record earlier;
  if (!read_earlier(run, record->key, &earlier, error)) return false;
  const bool longer = earlier.epochs > record->epochs;
  const bool failed = record->status == TRIAL_FAILED;
  if (longer && failed) exchange_curves(record, &earlier);
  const bool keep = longer && !failed && earlier.status != TRIAL_FAILED;
  const bool done = keep || record_write(run, record, error);
  record_clear(&earlier);
  return done;
}
