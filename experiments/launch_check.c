#include "experiments/launch_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/model_spec.h"
#include "records/record_union.h"

/* All records of a union have the same of both. */
static bool check_coming(const struct record_union *all, uint64_t data_digest,
                         struct error *error) {
  const struct record_fact *fact = all->fact;
  char digest[DIGEST_TEXT];
  if (all->count == 0) return true;
  digest_text(data_digest, digest);
  if (strcmp(fact->data_digest, digest) != 0) {
    error_set(error, ERROR_DATA,
              "%s/trials/%s.json: trained on other data than those of this launch: digest %s "
              "against %s",
              all->run[fact->run], fact->key, fact->data_digest, digest);
  } else if (fact->numerics_version != NUMERICS_VERSION) {
    error_set(error, ERROR_DATA, "%s/trials/%s.json: numerics version %u, and %d in this Crosslane",
              all->run[fact->run], fact->key, (unsigned)fact->numerics_version, NUMERICS_VERSION);
  } else {
    return true;
  }
  return error_help(error, "they could not be merged: give another folder with --out");
}

/* A folder of a task that was killed at its very beginning has no trials/. */
static bool list_folders(const struct launch_tally *tally, const char *run, const char **folder,
                         size_t *folders, struct error *error) {
  for (size_t i = 0; i <= tally->folders; i++) {
    const char *next = i == 0 ? run : tally->folder[i - 1];
    bool has;
    if (!launch_tally_has_trials(next, &has, error)) return false;
    if (has) folder[(*folders)++] = next;
  }
  return true;
}

bool launch_check_records(const struct launch_tally *tally, const char *run, uint64_t data_digest,
                          struct error *error) {
  struct record_union all = {0};
  struct text told = {0};
  size_t folders = 0;
  const char **folder = memory_array(tally->folders + 1, sizeof *folder, error);
  const bool good = folder != NULL && list_folders(tally, run, folder, &folders, error) &&
                    record_union_read(&all, folder, folders, &told, error) &&
                    check_coming(&all, data_digest, error);
  record_union_clear(&all);
  text_clear(&told);
  free(folder);
  return good;
}
