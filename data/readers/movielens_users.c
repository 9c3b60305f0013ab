/* u.user: id|age|gender|occupation|zip. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/names.h"
#include "data/readers/movielens_files.h"

enum { AGE_MAX = 120, OCCUPATION_ROOM = 64, OCCUPATIONS_MAX = 1000 };

struct users_reader {
  struct lines lines;
  struct dataset *dataset;
  struct key_index line_of_id;
};

/* The place of the occupation among those met so far; a new one is added. */
static bool occupation_code(struct users_reader *reader, struct span name, uint32_t *code,
                            struct error *error) {
  struct dataset *dataset = reader->dataset;
  size_t length = (size_t)(name.end - name.begin);
  for (size_t i = 0; i < dataset->occupations; i++) {
    const char *known = dataset->occupation_names[i];
    if (strncmp(known, name.begin, length) != 0 || known[length] != '\0') continue;
    *code = (uint32_t)i;
    return true;
  }
  if (dataset->occupations == OCCUPATIONS_MAX) {
    return lines_fault(&reader->lines, error, "more than %d different occupations",
                       OCCUPATIONS_MAX);
  }
  char *copy = memory_array(length + 1, 1, error);
  if (copy == NULL) return false;
  memcpy(copy, name.begin, length);
  *code = (uint32_t)dataset->occupations;
  dataset->occupation_names[dataset->occupations++] = copy;
  return true;
}

static void read_gender(const struct lines *lines, struct span field, struct user *user,
                        struct error *error) {
  char shown[SPAN_SHOWN];
  if (field.end - field.begin == 1 && (*field.begin == 'M' || *field.begin == 'F')) {
    user->gender = *field.begin == 'M' ? GENDER_M : GENDER_F;
  } else {
    lines_fault(lines, error, "gender '%s' is not M or F", span_show(field, shown));
  }
}

static void read_user(struct users_reader *reader, struct span line, struct error *error) {
  const struct lines *lines = &reader->lines;
  struct span field[5];
  if (!lines_split(lines, line, '|', 5, field, "user id, age, gender, occupation, zip", error)) {
    return;
  }
  struct user user = {0};
  uint64_t id, age;
  if (!lines_number(lines, field[0], "user id", 1, UINT32_MAX, &id, error)) return;
  user.id = (uint32_t)id;
  uint32_t earlier = key_index_add(&reader->line_of_id, id, (uint32_t)lines->line - 1);
  if (earlier != KEY_INDEX_NONE) {
    lines_fault(lines, error, "user id %u stands in line %u already", user.id, earlier + 1);
    return;
  }
  if (lines_number(lines, field[1], "age", 1, AGE_MAX, &age, error)) user.age = (uint32_t)age;
  read_gender(lines, field[2], &user, error);
  if (lines_word(lines, field[3], "occupation", OCCUPATION_ROOM, error)) {
    (void)occupation_code(reader, field[3], &user.occupation, error);
  }
  if (lines_word(lines, field[4], "zip", DATASET_ZIP, error)) {
    memcpy(user.zip, field[4].begin, (size_t)(field[4].end - field[4].begin));
  }
  reader->dataset->user[reader->dataset->users++] = user;
}

static int by_id(const void *a, const void *b) {
  const struct user *left = a, *right = b;
  return (left->id > right->id) - (left->id < right->id);
}

static bool prepare(struct users_reader *reader, struct error *error) {
  struct dataset *dataset = reader->dataset;
  dataset->user = memory_array(reader->lines.count, sizeof *dataset->user, error);
  if (dataset->user == NULL) return false;
  dataset->occupation_names = memory_array(OCCUPATIONS_MAX, sizeof(char *), error);
  return dataset->occupation_names != NULL &&
         key_index_init(&reader->line_of_id, reader->lines.count, error);
}

/* Gives the users the codes that follow from the order of the names. */
static bool sort_occupations(struct dataset *dataset, struct error *error) {
  uint32_t *code_of = memory_array(dataset->occupations, sizeof *code_of, error);
  if (code_of == NULL) return false;
  bool done = names_sort(dataset->occupation_names, dataset->occupations, code_of, error);
  for (size_t i = 0; done && i < dataset->users; i++) {
    dataset->user[i].occupation = code_of[dataset->user[i].occupation];
  }
  free(code_of);
  return done;
}

bool movielens_users(const char *folder, struct dataset *dataset, struct error *error) {
  struct users_reader reader = {.dataset = dataset};
  if (!lines_open(&reader.lines, folder, "u.user", error)) return false;
  if (prepare(&reader, error)) {
    struct span line;
    while (lines_next(&reader.lines, &line, error)) read_user(&reader, line, error);
    qsort(dataset->user, dataset->users, sizeof *dataset->user, by_id);
    /* A faulty line's user may have an occupation that no name stands for. */
    if (error->kind == ERROR_NONE) (void)sort_occupations(dataset, error);
  }
  key_index_clear(&reader.line_of_id);
  lines_close(&reader.lines);
  return error_faults_done(error);
}
