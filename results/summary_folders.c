/* Several run folders: which of them are parts of one experiment. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "records/record_union.h"
#include "results/compare_runs.h"
#include "results/summary_parts.h"

static int by_key(const void *a, const void *b) {
  return strcmp(((const struct record *)a)->key, ((const struct record *)b)->key);
}

static int compare_key(const void *key, const void *record) {
  return strcmp(key, ((const struct record *)record)->key);
}

/* Whether all trials that it asks for have a record. */
static bool is_whole(const struct summary_folder *folder) {
  const struct record_list *records = &folder->records;
  for (size_t a = 0; a < folder->list.count; a++) {
    const struct architecture_entry *entry = &folder->list.architecture[a];
    for (size_t k = 0; k < entry->keys; k++) {
      const bool there =
          records->count > 0 && bsearch(entry->key[k], records->record, records->count,
                                        sizeof *records->record, compare_key) != NULL;
      if (!there) return false;
    }
  }
  return true;
}

static bool same_text(const char *one, const char *other) {
  return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static bool same_entry(const struct architecture_entry *one,
                       const struct architecture_entry *other) {
  return strcmp(one->label, other->label) == 0 && json_equal(one->swept, other->swept) &&
         one->keys == other->keys &&
         (one->keys == 0 || memcmp(one->key, other->key, one->keys * sizeof *one->key) == 0);
}

static bool same_list(const struct architecture_list *one, const struct architecture_list *other) {
  bool same = same_text(one->name, other->name) && same_text(one->baseline, other->baseline) &&
              one->count == other->count;
  for (size_t i = 0; same && i < one->count; i++) {
    same = same_entry(&one->architecture[i], &other->architecture[i]);
  }
  return same;
}

/* The folders of a call. */
struct folders {
  size_t count;
  struct summary_folder *folder;
  bool *part;     /* [count] of several */
  size_t *leader; /* [count] the first part of its experiment; itself, when it is that or none */
};

static void find_parts(struct folders *f) {
  for (size_t i = 0; i < f->count; i++) {
    const struct summary_folder *folder = &f->folder[i];
    f->leader[i] = i;
    f->part[i] = folder->planned && !is_whole(folder);
    for (size_t j = 0; f->part[i] && j < i && f->leader[i] == i; j++) {
      if (f->part[j] && same_list(&f->folder[j].list, &folder->list)) f->leader[i] = f->leader[j];
    }
  }
}

/* Moves the records that were chosen from one part to the leader's. */
static bool move_records(const struct record_union *all, size_t place, struct record_list *from,
                         struct record_list *to, struct error *error) {
  struct record *grown = memory_grow(to->record, to->count + from->count + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  to->record = grown;
  for (size_t i = 0; i < from->count; i++) {
    const struct record_fact *fact = record_union_find(all, from->record[i].key);
    if (fact == NULL || fact->run != place) continue;
    to->record[to->count++] = from->record[i];
    from->record[i] = (struct record){0};
  }
  return true;
}

/* The runs of a leader's parts into `run` and their places into `place`; how many. */
static size_t list_parts(const struct folders *f, size_t leader, const char **run, size_t *place) {
  size_t parts = 0;
  for (size_t i = leader; i < f->count; i++) {
    if (f->leader[i] != leader) continue;
    place[parts] = i;
    run[parts++] = f->folder[i].run;
  }
  return parts;
}

/* All parts' records become the leader's. */
static bool join(struct folders *f, const char **run, const size_t *place, size_t parts,
                 struct error *error) {
  struct record_union all;
  struct record_list joined = {0};
  struct text said = {0}; /* when the folders were read */
  bool good = record_union_read(&all, run, parts, &said, error);
  for (size_t p = 0; good && p < parts; p++) {
    good = move_records(&all, p, &f->folder[place[p]].records, &joined, error);
  }
  if (good) {
    if (joined.count > 0) qsort(joined.record, joined.count, sizeof *joined.record, by_key);
    record_list_clear(&f->folder[place[0]].records);
    f->folder[place[0]].records = joined;
  } else {
    record_list_clear(&joined);
  }
  record_union_clear(&all);
  text_clear(&said);
  return good;
}

static bool make_one(struct folders *f, size_t leader, struct summary *summary,
                     struct error *error) {
  const char **run = memory_array(f->count, sizeof *run, error);
  size_t *place = memory_array(f->count, sizeof *place, error);
  bool good = run != NULL && place != NULL;
  const size_t parts = good ? list_parts(f, leader, run, place) : 0;
  if (good && parts > 1) good = join(f, run, place, parts, error);
  good = good && summary_make(&f->folder[leader], summary, error);
  if (good) summary->folders = parts;
  free(run);
  free(place);
  return good;
}

static bool make_all(struct folders *f, struct summary *summaries, size_t *made,
                     struct error *error) {
  find_parts(f);
  for (size_t i = 0; i < f->count; i++) {
    if (f->leader[i] != i) continue;
    if (!make_one(f, i, &summaries[*made], error)) return false;
    ++*made;
  }
  return true;
}

bool summary_read_all(const char *const *runs, size_t count, struct summary *summaries,
                      size_t *made, struct text *left_out, struct error *error) {
  struct folders f = {.folder = memory_array(count, sizeof *f.folder, error),
                      .part = memory_array(count, sizeof *f.part, error),
                      .leader = memory_array(count, sizeof *f.leader, error)};
  bool good = f.folder != NULL && f.part != NULL && f.leader != NULL;
  *made = 0;
  while (good && f.count < count) {
    good = summary_folder_read(&f.folder[f.count], runs[f.count], left_out, error);
    f.count++;
  }
  good = good && make_all(&f, summaries, made, error) && compare_runs(summaries, *made, error);
  for (size_t i = 0; i < f.count; i++) summary_folder_clear(&f.folder[i]);
  for (size_t i = 0; !good && i < *made; i++) summary_clear(&summaries[i]);
  if (!good) *made = 0;
  free(f.folder);
  free(f.part);
  free(f.leader);
  return good;
}
