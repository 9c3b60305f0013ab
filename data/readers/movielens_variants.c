#include "data/readers/movielens_variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/readers/movielens_schema.h"

static bool has_file(const char *folder, const char *name) {
  struct error ignored;
  char *path = file_join(folder, name, &ignored);
  const bool there = path != NULL && file_exists(path);
  free(path);
  return there;
}

enum movielens_variant movielens_recognise(const char *folder) {
  if (has_file(folder, "u.data")) return MOVIELENS_100K;
  if (has_file(folder, "ratings.dat") && has_file(folder, "movies.dat")) {
    return has_file(folder, "users.dat") ? MOVIELENS_1M : MOVIELENS_10M;
  }
  const bool csv = has_file(folder, "ratings.csv") && has_file(folder, "movies.csv");
  return csv ? MOVIELENS_CSV : MOVIELENS_NONE;
}

static void set_text(char *out, size_t room, const char *text) {
  (void)snprintf(out, room, "%s", text);
}
#define SET(field, text) set_text(field, sizeof(field), text)

static void add_column(struct source_spec *spec, const char *name, enum cell_kind kind) {
  struct source_column *column = &spec->column[spec->columns++];
  *column = (struct source_column){.spec = {.kind = kind}};
  SET(column->name, name);
  if (kind != CELL_MULTI_HOT) return;
  SET(column->spec.separator, "|");
  SET(column->spec.absent, "(no genres listed)");
}

static void add_derived(struct source_spec *spec, const char *name, const char *from,
                        enum derivation_kind kind, const char *help) {
  struct derivation *derivation = &spec->derivation[spec->derived++];
  *derivation = (struct derivation){.kind = kind, .prefix = kind == DERIVE_PREFIX, .help = help};
  SET(derivation->name, name);
  SET(derivation->from, from);
}

/* ratings.dat has no header. */
static void name_columns(struct source_table *table, const char *const *names, size_t count) {
  SET(table->delimiter, "::");
  table->header = count;
  for (size_t i = 0; i < count; i++) SET(table->header_name[i], names[i]);
}

static void describe_users(struct source_spec *spec) {
  static const char *const names[] = {"user_id", "gender", "age", "occupation", "zip"};
  struct source_table *users = &spec->table[TABLE_USERS];
  users->given = true;
  SET(users->path, "users.dat");
  SET(users->key, "user_id");
  name_columns(users, names, sizeof names / sizeof *names);
  add_column(spec, "gender", CELL_CATEGORY);
  add_column(spec, "age", CELL_NUMBER);
  add_column(spec, "occupation", CELL_CATEGORY);
  add_column(spec, "zip", CELL_CATEGORY);
  spec->derivation[spec->derived++] = movielens_derived[0]; /* age_group */
  add_derived(spec, "zip_area", "zip", DERIVE_PREFIX, "first character of the zip code");
}

static void describe_films(struct source_spec *spec) {
  add_column(spec, "title", CELL_CATEGORY);
  add_column(spec, "genres", CELL_MULTI_HOT);
  SET(spec->table[TABLE_ITEMS].name, "title");
  add_derived(spec, "genre", "genres", DERIVE_FIRST, "the film's first genre in the file");
  add_derived(spec, "release_year", "title", DERIVE_YEAR,
              "year in the title; where there is none the mean, and an indicator");
  add_derived(spec, "release_decade", "release_year", DERIVE_DECADE, "1990s, ..., or unknown");
}

void movielens_describe(enum movielens_variant variant, struct source_spec *spec) {
  static const char *const rating_names[] = {"user_id", "item_id", "rating", "timestamp"};
  static const char *const film_names[] = {"item_id", "title", "genres"};
  const bool csv = variant == MOVIELENS_CSV;
  struct source_table *ratings = &spec->table[TABLE_RATINGS], *films = &spec->table[TABLE_ITEMS];
  memset(spec, 0, sizeof *spec);
  ratings->given = films->given = true;
  SET(ratings->path, csv ? "ratings.csv" : "ratings.dat");
  SET(films->path, csv ? "movies.csv" : "movies.dat");
  SET(ratings->user, csv ? "userId" : "user_id");
  SET(ratings->item, csv ? "movieId" : "item_id");
  SET(ratings->rating, "rating");
  SET(ratings->time, "timestamp");
  SET(films->key, csv ? "movieId" : "item_id");
  if (csv) {
    SET(ratings->delimiter, ",");
    SET(films->delimiter, ",");
  } else {
    name_columns(ratings, rating_names, sizeof rating_names / sizeof *rating_names);
    name_columns(films, film_names, sizeof film_names / sizeof *film_names);
  }
  if (variant == MOVIELENS_1M) describe_users(spec);
  describe_films(spec);
  spec->has_scale = true;
  spec->scale_low = variant == MOVIELENS_1M ? 1.0 : 0.5;
  spec->scale_high = 5.0;
}

const char *movielens_name(enum movielens_variant variant, size_t ratings) {
  static const struct {
    size_t ratings;
    const char *name;
  } known[] = {{20000263, "ml-20m"},
               {25000095, "ml-25m"},
               {32000204, "ml-32m"},
               {100836, "ml-latest-small"}};
  if (variant == MOVIELENS_1M) return "ml-1m";
  if (variant == MOVIELENS_10M) return "ml-10m";
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (known[i].ratings == ratings) return known[i].name;
  }
  return "ml-latest";
}
