#include "serving/last_times.h"

#include "base/memory.h"

bool last_times_find(const struct dataset *dataset, int64_t **time, struct error *error) {
  int64_t *of_user = *time = memory_array(dataset->users, sizeof *of_user, error);
  int64_t last = INT64_MIN;
  if (of_user == NULL) return false;
  if (dataset->row_time == NULL) return true;
  for (size_t u = 0; u < dataset->users; u++) of_user[u] = INT64_MIN;
  for (size_t r = 0; r < dataset->ratings; r++) {
    int64_t *own = &of_user[dataset->row_user[r]];
    if (dataset->row_time[r] > *own) *own = dataset->row_time[r];
    if (dataset->row_time[r] > last) last = dataset->row_time[r];
  }
  for (size_t u = 0; u < dataset->users; u++) {
    if (of_user[u] == INT64_MIN) of_user[u] = last;
  }
  return true;
}
