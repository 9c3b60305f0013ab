#include "data/readers/movielens_schema.h"

#include <string.h>

#include "data/builtin_columns.h"
#include "data/readers/movielens_files.h"

struct described {
  const char *name, *help;
  struct cell_spec spec;
  bool may_miss;
};

static const struct described user_columns[MOVIELENS_USER_COLUMNS] = {
    [MOVIELENS_AGE] = {"age", "years", {.kind = CELL_NUMBER}, false},
    [MOVIELENS_GENDER] = {"gender", "F or M", {.kind = CELL_CATEGORY}, false},
    [MOVIELENS_OCCUPATION] = {"occupation",
                              "student, retired, ...",
                              {.kind = CELL_CATEGORY},
                              false},
    [MOVIELENS_ZIP] = {"zip", "zip code", {.kind = CELL_CATEGORY}, false},
};

static const struct described item_columns[MOVIELENS_ITEM_COLUMNS] = {
    [MOVIELENS_TITLE] = {"title", "the film's title", {.kind = CELL_CATEGORY}, false},
    [MOVIELENS_RELEASE_DATE] = {"release_date",
                                "day of the release, from 1970-01-01",
                                {.kind = CELL_TIME},
                                true},
    [MOVIELENS_GENRE_SET] = {"genres", "all genres of the film", {.kind = CELL_MULTI_HOT}, false},
};

const struct derivation movielens_derived[MOVIELENS_DERIVED] = {
    {.name = "age_group",
     .from = "age",
     .kind = DERIVE_BINS,
     .bins = MOVIELENS_AGE_GROUPS - 1,
     .bin = {18, 25, 35, 45, 50, 56},
     .help = "MovieLens' seven groups, Under 18 to 56+"},
    {.name = "zip_area",
     .from = "zip",
     .kind = DERIVE_PREFIX,
     .prefix = 1,
     .help = "first character of the zip code"},
    {.name = "genre",
     .from = "genres",
     .kind = DERIVE_FIRST,
     .help = "the film's first genre in the file"},
    {.name = "release_year",
     .from = "release_date",
     .kind = DERIVE_YEAR,
     .help = "year; where unknown the mean, and an indicator"},
    {.name = "release_decade",
     .from = "release_date",
     .kind = DERIVE_DECADE,
     .help = "1990s, ..., or unknown"},
};

uint32_t movielens_age_group(uint32_t age) {
  uint32_t group = 0;
  while (group < MOVIELENS_AGE_GROUPS - 1 && age >= movielens_derived[0].bin[group]) group++;
  return group;
}

static bool add_columns(struct dataset_builder *builder, enum table table,
                        const struct described *columns, size_t count, struct error *error) {
  const enum column_side side = table == TABLE_USERS ? SIDE_USER : SIDE_ITEM;
  for (size_t i = 0; i < count; i++) {
    if (!dataset_builder_add_column(builder, table, columns[i].name, &columns[i].spec, side,
                                    columns[i].help, error)) {
      return false;
    }
    builder->table[table].column[i].column.may_miss = columns[i].may_miss;
  }
  return true;
}

bool movielens_add_columns(struct dataset_builder *builder, struct error *error) {
  return add_columns(builder, TABLE_USERS, user_columns, MOVIELENS_USER_COLUMNS, error) &&
         add_columns(builder, TABLE_ITEMS, item_columns, MOVIELENS_ITEM_COLUMNS, error);
}

bool movielens_add_cell(struct dataset_builder *builder, enum table table, size_t column,
                        const char *text, size_t length, size_t line, struct error *error) {
  return column_builder_add(&builder->table[table].column[column], text, length, line, error);
}

bool movielens_add_owner(struct dataset_builder *builder, enum column_side side,
                         const struct lines *lines, const struct span *field, size_t cells,
                         struct error *error) {
  const enum table table = side == SIDE_USER ? TABLE_USERS : TABLE_ITEMS;
  uint32_t place;
  if (!words_builder_add(&builder->ids[side], field[0].begin,
                         (size_t)(field[0].end - field[0].begin), &place, error)) {
    return false;
  }
  for (size_t c = 0; c < cells; c++) {
    const struct span cell = field[1 + c];
    if (!movielens_add_cell(builder, table, c, cell.begin, (size_t)(cell.end - cell.begin),
                            lines->line, error)) {
      return false;
    }
  }
  return true;
}

bool movielens_finish(struct dataset_builder *builder, struct dataset *dataset,
                      struct error *error) {
  dataset->scale_low = 1.0f;
  dataset->scale_high = 5.0f;
  memcpy(dataset->item_title, "title", sizeof "title");
  return dataset_builder_finish(builder, movielens_derived, MOVIELENS_DERIVED, dataset, error);
}

static enum column_kind kind_of(enum cell_kind kind) {
  if (kind == CELL_MULTI_HOT) return COLUMN_MULTI_HOT;
  return kind == CELL_CATEGORY ? COLUMN_CATEGORY : COLUMN_NUMBER;
}

static bool describe(struct schema *schema, enum table table, const struct described *columns,
                     size_t count, struct error *error) {
  for (size_t i = 0; i < count; i++) {
    struct column column = {.kind = kind_of(columns[i].spec.kind),
                            .side = table == TABLE_USERS ? SIDE_USER : SIDE_ITEM,
                            .table = table,
                            .may_miss = columns[i].may_miss,
                            .days = columns[i].spec.kind == CELL_TIME,
                            .separator = "|",
                            .help = columns[i].help};
    memcpy(column.name, columns[i].name, strlen(columns[i].name) + 1);
    if (!schema_add(schema, &column, error)) return false;
  }
  return true;
}

bool movielens_schema(struct schema *schema, struct error *error) {
  *schema = (struct schema){0};
  bool done = builtin_add_ids(schema, error) &&
              describe(schema, TABLE_USERS, user_columns, MOVIELENS_USER_COLUMNS, error) &&
              describe(schema, TABLE_ITEMS, item_columns, MOVIELENS_ITEM_COLUMNS, error);
  for (size_t i = 0; done && i < MOVIELENS_DERIVED; i++) {
    done = derivation_add(&movielens_derived[i], schema, error);
  }
  done = done && builtin_add_others(schema, true, error);
  if (!done) schema_clear(schema);
  return done;
}
