/* Records that say something else than was trained, and agree with their digest:
 *
 *   forge RECORD FOLDER COUNT [FIELD=JSON]...
 *
 * writes the record into FOLDER under its key, with the fields replaced ("data.digest" is
 * one of `data`). With a COUNT above 0 so many, whose keys are digests of 1, 2, ... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/json_fields.h"
#include "records/record_check.h"

static int fail(const char *what, const char *of) {
  (void)fprintf(stderr, "forge: %s: %s\n", what, of);
  return 1;
}

static bool replace(json_t *record, char *setting) {
  char *value = strchr(setting, '=');
  if (value == NULL) return false;
  *value++ = '\0';
  char *dot = strchr(setting, '.');
  json_t *object = record;
  if (dot != NULL) {
    *dot = '\0';
    object = json_object_get(record, setting);
    setting = dot + 1;
  }
  json_t *json = json_loads(value, JSON_DECODE_ANY, NULL);
  return json_object_set_new(object, setting, json) == 0;
}

static bool write_record(json_t *record, const char *folder) {
  char digest[DIGEST_TEXT], path[4096];
  struct error error = {0};
  if (!record_digest(record, digest)) return false;
  (void)json_object_set_new(record, "digest", json_string(digest));
  (void)snprintf(path, sizeof path, "%s/%s.json", folder,
                 json_string_value(json_object_get(record, "key")));
  return json_file_write(path, record, &error);
}

int main(int argc, char **argv) {
  struct error error = {0};
  if (argc < 4) return fail("usage", "forge RECORD FOLDER COUNT [FIELD=JSON]...");
  json_t *record = json_file_read(argv[1], &error);
  if (record == NULL) return fail("cannot read", error.message);
  for (int i = 4; i < argc; i++) {
    if (!replace(record, argv[i])) return fail("cannot set", argv[i]);
  }
  const long count = strtol(argv[3], NULL, 10);
  bool done = count > 0 || write_record(record, argv[2]);
  for (long i = 1; done && i <= count; i++) {
    char key[DIGEST_TEXT];
    digest_text(digest_bytes(&i, sizeof i), key);
    done =
        json_object_set_new(record, "key", json_string(key)) == 0 && write_record(record, argv[2]);
  }
  json_decref(record);
  return done ? 0 : fail("cannot write into", argv[2]);
}
