/* u.user: id|age|gender|occupation|zip. */
#include "data/readers/movielens_files.h"
#include "data/readers/movielens_schema.h"

enum { AGE_MAX = 120, OCCUPATION_ROOM = 64, ZIP_ROOM = 12 };

static void check_gender(const struct lines *lines, struct span field, struct error *error) {
  char shown[SPAN_SHOWN];
  if (field.end - field.begin == 1 && (*field.begin == 'M' || *field.begin == 'F')) return;
  lines_fault(lines, error, "gender '%s' is not M or F", span_show(field, shown));
}

/* The cells of age, gender, occupation and zip are those of the file. */
static bool read_user(const struct lines *lines, struct span line, struct key_index *line_of_id,
                      struct dataset_builder *builder, struct error *error) {
  struct span field[1 + MOVIELENS_USER_COLUMNS];
  uint64_t id, age;
  if (!lines_split(lines, line, '|', 1 + MOVIELENS_USER_COLUMNS, field,
                   "user id, age, gender, occupation, zip", error) ||
      !lines_number(lines, field[0], "user id", 1, UINT32_MAX, &id, error)) {
    return true;
  }
  const uint32_t earlier = key_index_add(line_of_id, id, (uint32_t)lines->line - 1);
  if (earlier != KEY_INDEX_NONE) {
    lines_fault(lines, error, "user id %llu stands in line %u already", (unsigned long long)id,
                earlier + 1);
    return true;
  }
  (void)lines_number(lines, field[1], "age", 1, AGE_MAX, &age, error);
  check_gender(lines, field[2], error);
  (void)lines_word(lines, field[3], "occupation", OCCUPATION_ROOM, error);
  (void)lines_word(lines, field[4], "zip", ZIP_ROOM, error);
  return movielens_add_owner(builder, SIDE_USER, lines, field, MOVIELENS_USER_COLUMNS, error);
}

bool movielens_users(const char *folder, struct dataset_builder *builder, struct error *error) {
  struct lines lines;
  struct key_index line_of_id = {0};
  if (!lines_open(&lines, folder, "u.user", error)) return false;
  if (lines_make_utf8(&lines, error) && key_index_init(&line_of_id, lines.count, error)) {
    struct span line;
    while (lines_next(&lines, &line, error) &&
           read_user(&lines, line, &line_of_id, builder, error)) {
    }
  }
  key_index_clear(&line_of_id);
  lines_close(&lines);
  return error_faults_done(error);
}
