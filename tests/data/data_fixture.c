#include "data_fixture.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/column_values.h"
#include "data/readers/movielens.h"
#include "data/readers/movielens_names.h"
#include "data/readers/movielens_schema.h"
#include "data/synthetic/synthetic.h"

const char fixture_users[] =
    "1|60|M|retired|12345\n"
    "2|19|F|student|T8H1N\n"
    "3|33|F|writer|98765\n";

const char fixture_items[] =
    "1|Made Up (1995)|01-Jan-1995||http://example.org/1|0|0|0|0|0|0|0|0|1|0|0|0|0|0|1|0|0|0|0\n"
    "2|Undated|||http://example.org/2|1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n"
    "3|Caf\xe9 (1971)|4-Feb-1971|||0|1|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n";

const char fixture_data[] =
    "1\t1\t5\t100\n"
    "2\t1\t3\t200\n"
    "2\t2\t1\t300\n"
    "3\t3\t4\t400\n"
    "1\t3\t2\t500\n";

void fixture_open_empty(struct fixture *fixture) {
  const char *parent = getenv("TMPDIR");
  (void)snprintf(fixture->folder, sizeof fixture->folder, "%s/crosslane-data-XXXXXX",
                 parent != NULL ? parent : "/tmp");
  assert_non_null(mkdtemp(fixture->folder));
}

void fixture_open(struct fixture *fixture) {
  fixture_open_empty(fixture);
  fixture_write(fixture, "u.user", fixture_users);
  fixture_write(fixture, "u.item", fixture_items);
  fixture_write(fixture, "u.data", fixture_data);
}

void fixture_close(struct fixture *fixture) {
  DIR *entries = opendir(fixture->folder);
  assert_non_null(entries);
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (entry->d_name[0] != '.') (void)unlinkat(dirfd(entries), entry->d_name, 0);
  }
  (void)closedir(entries);
  assert_int_equal(rmdir(fixture->folder), 0);
}

void fixture_write_bytes(const struct fixture *fixture, const char *name, const char *bytes,
                         size_t size) {
  char path[512];
  (void)snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

void fixture_write(const struct fixture *fixture, const char *name, const char *text) {
  fixture_write_bytes(fixture, name, text, strlen(text));
}

void fixture_remove(const struct fixture *fixture, const char *name) {
  char path[512];
  (void)snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
  assert_int_equal(unlink(path), 0);
}

void fixture_add_item(struct text *text, unsigned id, const char *title, const char *date,
                      const char *flags) {
  text_add(text, "%u|%s|%s||", id, title, date);
  for (; *flags != '\0'; flags++) text_add(text, "|%c", *flags);
  text_add(text, "\n");
}

void assert_has(const char *text, const char *words) {
  if (strstr(text, words) == NULL) fail_msg("no '%s' in:\n%s", words, text);
}

void assert_refused(const struct fixture *fixture, const char *words) {
  static struct error error;
  struct dataset dataset;
  assert_false(movielens_read(fixture->folder, &dataset, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_int_equal(dataset.ratings, 0);
  assert_null(dataset.row_user);
  assert_has(error.message, words);
}

/* --- values, for tests that look at them or change them --- */

struct column_values *values_of(struct dataset *dataset, const char *column) {
  const struct column *found = dataset_column(dataset, column);
  assert_non_null(found);
  assert_non_null(found->values);
  return found->values;
}

const char *cell_of(const struct dataset *dataset, const char *column, size_t place) {
  static struct text text;
  text.length = 0;
  text_add(&text, "%s", "");
  column_add_cell(dataset_column(dataset, column), place, &text);
  return text.text;
}

double number_of(const struct dataset *dataset, const char *column, size_t place) {
  return dataset_column(dataset, column)->values->number[place];
}

uint32_t code_of(const struct dataset *dataset, const char *column, size_t place) {
  return dataset_column(dataset, column)->values->code[place];
}

const char *word_at(const struct dataset *dataset, const char *column, uint32_t code) {
  return words_text(column_words(dataset_column(dataset, column), dataset), code);
}

void set_codes(struct dataset *dataset, const char *column, size_t place, const uint32_t *codes,
               size_t count) {
  static struct error error;
  struct column_values *values = values_of(dataset, column);
  const uint32_t begin = values->offset[place], end = values->offset[place + 1];
  const uint32_t total = values->offset[values->places];
  uint32_t *entry = memory_array(total + count, sizeof *entry, &error);
  memcpy(entry, values->entry, begin * sizeof *entry);
  if (count > 0) memcpy(entry + begin, codes, count * sizeof *entry);
  memcpy(entry + begin + count, values->entry + end, (total - end) * sizeof *entry);
  for (size_t p = place + 1; p <= values->places; p++) {
    values->offset[p] = values->offset[p] - (end - begin) + (uint32_t)count;
  }
  values->first[place] = count > 0 ? codes[0] : WORDS_NONE;
  free(values->entry);
  values->entry = entry;
}

/* --- the shape of the report --- */

enum { PEOPLE = 42, FILMS = 19, FANTASY = 8, AGE_SPAN = 66 };

static void add_owner(struct dataset_builder *builder, enum column_side side, uint32_t id,
                      const char *const *cells, size_t count, struct error *error) {
  char text[12];
  uint32_t place;
  (void)snprintf(text, sizeof text, "%u", id);
  assert_true(words_builder_add(&builder->ids[side], text, strlen(text), &place, error));
  for (size_t c = 0; c < count; c++) {
    const enum table table = side == SIDE_USER ? TABLE_USERS : TABLE_ITEMS;
    assert_true(movielens_add_cell(builder, table, c, cells[c], strlen(cells[c]), 0, error));
  }
}

/* Person p: gender p % 2, occupation p / 2; ages 7, 73, 60 and 19 first. */
static void add_people(struct dataset_builder *builder, struct error *error) {
  static const uint32_t ages[] = {7, 73, 60, 19};
  for (uint32_t p = 0; p < PEOPLE; p++) {
    char age[12];
    (void)snprintf(age, sizeof age, "%u", p < 4 ? ages[p] : 8 + p % AGE_SPAN);
    const char *const cells[] = {age, p % 2 == 1 ? "M" : "F", movielens_occupation_names[p / 2],
                                 "00000"};
    add_owner(builder, SIDE_USER, p + 1, cells, MOVIELENS_USER_COLUMNS, error);
  }
}

/* Film g has genre g alone, in alphabetical order. */
static void add_films(struct dataset_builder *builder, struct error *error) {
  for (uint32_t g = 0; g < FILMS; g++) {
    char date[16];
    (void)snprintf(date, sizeof date, "%u-01-01", 1990 + g);
    const char *const cells[] = {"Made Up", date, movielens_genre_names[(g + 1) % FILMS]};
    add_owner(builder, SIDE_ITEM, g + 1, cells, MOVIELENS_ITEM_COLUMNS, error);
  }
}

void report_dataset(struct dataset *dataset) {
  static struct error error;
  struct dataset_builder builder = {.times = true};
  *dataset = (struct dataset){.name = "test"};
  assert_true(movielens_add_columns(&builder, &error));
  add_people(&builder, &error);
  add_films(&builder, &error);
  for (uint32_t p = 0; p < PEOPLE; p++) {
    for (uint32_t g = 0; g < FILMS; g++) {
      if (p % 2 == 1 && g == FANTASY) continue;
      assert_true(dataset_builder_add_rating(&builder, p, g, (float)(1 + (p + g) % 5),
                                             1000 + (int64_t)builder.ratings, &error));
    }
  }
  assert_true(movielens_finish(&builder, dataset, &error));
  dataset_builder_clear(&builder);
  assert_int_equal(error.kind, ERROR_NONE);
}

struct cross cross_of(const char *first, const char *second, const char *third) {
  const char *names[] = {first, second, third};
  struct cross cross = {0};
  while (cross.arity < 3 && names[cross.arity] != NULL) {
    (void)snprintf(cross.column[cross.arity], COLUMN_NAME, "%s", names[cross.arity]);
    cross.arity++;
  }
  return cross;
}

void add_field(struct encoding_spec *spec, const char *column) {
  (void)snprintf(spec->field[spec->fields++].column, COLUMN_NAME, "%s", column);
}

void add_number(struct encoding_spec *spec, const char *column, enum scale scale) {
  spec->number[spec->numbers].scale = scale;
  (void)snprintf(spec->number[spec->numbers++].column, COLUMN_NAME, "%s", column);
}

struct encoding_spec report_spec(bool fit_all) {
  struct encoding_spec spec = {.crosses = 1, .fit_all = fit_all};
  add_field(&spec, "gender");
  add_field(&spec, "occupation");
  add_field(&spec, "genre");
  spec.cross[0] = cross_of("gender", "genre", NULL);
  add_number(&spec, "age", SCALE_MINMAX);
  return spec;
}

void small_dataset(struct dataset *dataset) {
  static struct error error;
  struct fixture fixture;
  fixture_open(&fixture);
  if (!movielens_read(fixture.folder, dataset, &error)) fail_msg("%s", error.message);
  fixture_close(&fixture);
}

void middle_dataset(struct dataset *dataset) {
  static struct error error;
  const struct synthetic_spec spec = {.users = 40, .items = 60, .ratings = 900, .seed = 3};
  if (!synthetic_make(&spec, dataset, &error)) fail_msg("%s", error.message);
  for (size_t film = 0; film < 2; film++) {
    values_of(dataset, "release_date")->number[film] = (double)NAN;
    values_of(dataset, "release_year")->number[film] = (double)NAN;
  }
}

void fitted_fit(struct fitted *fitted, const struct encoding_spec *spec,
                bool (*trains)(const struct dataset *dataset, size_t row)) {
  static struct error error;
  const struct dataset *dataset = &fitted->dataset;
  struct split *split = &fitted->split;
  *split = (struct split){.rows = memory_array(dataset->ratings, sizeof(uint32_t), &error)};
  for (size_t row = 0; row < dataset->ratings; row++) {
    if (trains(dataset, row)) split->rows[split->train++] = (uint32_t)row;
  }
  for (size_t row = 0; row < dataset->ratings; row++) {
    if (!trains(dataset, row)) split->rows[split->train + split->test++] = (uint32_t)row;
  }
  features_init(&fitted->features, dataset);
  if (!features_add(&fitted->features, spec, &error)) fail_msg("%s", error.message);
  if (!encoding_fit(&fitted->features, spec, split, &fitted->encoding, &error)) {
    fail_msg("%s", error.message);
  }
}

void fitted_clear(struct fitted *fitted) {
  encoding_clear(&fitted->encoding);
  features_clear(&fitted->features);
  split_clear(&fitted->split);
  dataset_clear(&fitted->dataset);
}

static void encode(const struct fitted *fitted, size_t from, size_t count, enum encoded_part part,
                   struct encoded_rows *encoded) {
  static struct error error;
  if (!encoding_apply(&fitted->encoding, &fitted->dataset, fitted->split.rows + from, count, part,
                      encoded, &error)) {
    fail_msg("%s", error.message);
  }
}

void fitted_training(const struct fitted *fitted, struct encoded_rows *encoded) {
  encode(fitted, 0, fitted->split.train, ENCODED_TRAINING, encoded);
}

void fitted_others(const struct fitted *fitted, struct encoded_rows *encoded) {
  encode(fitted, fitted->split.train, fitted->split.test, ENCODED_OTHERS, encoded);
}

bool every_row(const struct dataset *dataset, size_t row) {
  (void)dataset;
  (void)row;
  return true;
}

bool all_but_every_fourth(const struct dataset *dataset, size_t row) {
  (void)dataset;
  return row % 4 != 0;
}

bool all_but_the_last(const struct dataset *dataset, size_t row) {
  return row + 1 < dataset->ratings;
}

void assert_label(const struct fitted *fitted, size_t table, uint32_t row, const char *expected) {
  struct text text = {0};
  encoding_label(&fitted->encoding, &fitted->dataset, table, row, &text);
  assert_string_equal(text.text, expected);
  text_clear(&text);
}
