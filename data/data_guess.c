#include "data/data_guess.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/guess_words.h"
#include "data/readers/movielens.h"
#include "data/readers/movielens_variants.h"
#include "data/readers/table_rows.h"

/* --- tables that may be meant --- */

enum { CANDIDATES_MAX = 64 };

struct candidate {
  char name[SOURCE_PATH]; /* of the file, relative to the folder, or of the table */
  size_t columns;
  char (*column)[COLUMN_NAME];
};

struct guessing {
  struct data_spec *spec;
  struct source_spec *source;
  struct text *notes;
  size_t candidates;
  struct candidate candidate[CANDIDATES_MAX];
};

/* The first column with this role; SIZE_MAX: there is none. */
static size_t find_column(const struct candidate *c, enum guess_role role) {
  for (size_t i = 0; i < c->columns; i++) {
    if (guess_is(role, c->column[i])) return i;
  }
  return SIZE_MAX;
}

static void set(char *out, size_t room, const char *text) {
  (void)snprintf(out, room, "%s", text);
}
#define SET(field, text) set(field, sizeof(field), text)

static void keep_columns(struct guessing *g, const char *name, struct table_rows *rows) {
  struct candidate *c = &g->candidate[g->candidates++];
  SET(c->name, name);
  c->columns = rows->columns;
  c->column = rows->column;
  rows->column = NULL; /* the candidate's now */
}

static bool ends_in(const char *name, const char *ending) {
  const size_t length = strlen(name), size = strlen(ending);
  return length > size && strcmp(name + length - size, ending) == 0;
}

static bool is_table_file(const char *name) {
  return ends_in(name, ".csv") || ends_in(name, ".tsv") || ends_in(name, ".txt") ||
         ends_in(name, ".dat") || ends_in(name, ".data");
}

/* A file that is no table is passed over, unless it is the one that was named. */
static bool add_file(struct guessing *g, const char *folder, const char *name, bool needed,
                     struct error *error) {
  const struct source_table table = {0};
  struct table_rows rows;
  struct error fault = {0};
  if (g->candidates == CANDIDATES_MAX) return true;
  char *path = file_join(folder, name, error);
  if (path == NULL) return false;
  if (table_rows_open_file(&rows, path, &table, false, &fault)) {
    keep_columns(g, name, &rows);
  } else if (needed) {
    *error = fault;
  }
  table_rows_close(&rows);
  free(path);
  return error->kind == ERROR_NONE;
}

static int is_entry_of_a_table(const struct dirent *entry) {
  return is_table_file(entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

/* Files whose names end like those of tables, in alphabetical order: the first
 * CANDIDATES_MAX that are tables. */
static bool add_files(struct guessing *g, const char *folder, struct error *error) {
  struct dirent **entries;
  const int count = scandir(folder, &entries, is_entry_of_a_table, by_name);
  bool done = true;
  if (count < 0) {
    return error_set(error, ERROR_DATA, "%s: cannot open the folder: %s", folder, strerror(errno));
  }
  for (int i = 0; i < count; i++) {
    done = done && add_file(g, folder, entries[i]->d_name, false, error);
    free(entries[i]);
  }
  free(entries);
  return done;
}

/* Names of tables are quoted as SQL wants it. */
static void select_all(const char *table, char query[SOURCE_QUERY]) {
  size_t length = (size_t)snprintf(query, SOURCE_QUERY, "SELECT * FROM \"");
  for (; *table != '\0' && length + 4 < SOURCE_QUERY; table++) {
    if (*table == '"') query[length++] = '"';
    query[length++] = *table;
  }
  query[length++] = '"';
  query[length] = '\0';
}

/* A view that does not work, or a table whose columns are none here, is passed over. */
static void add_table(struct guessing *g, const char *database, const char *name) {
  char query[SOURCE_QUERY];
  struct table_rows rows;
  struct error ignored = {0};
  if (g->candidates == CANDIDATES_MAX) return;
  select_all(name, query);
  if (table_rows_open_query(&rows, database, query, name, &ignored)) keep_columns(g, name, &rows);
  table_rows_close(&rows);
}

static bool add_tables(struct guessing *g, const char *database, struct error *error) {
  struct table_rows rows;
  const bool done = table_rows_open_query(
      &rows, database,
      "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' "
      "ORDER BY name",
      "tables", error);
  while (done && table_rows_next(&rows, error)) {
    char name[SOURCE_PATH];
    (void)snprintf(name, sizeof name, "%.*s", (int)(rows.field[0].end - rows.field[0].begin),
                   rows.field[0].begin);
    add_table(g, database, name);
  }
  table_rows_close(&rows);
  return done && error->kind == ERROR_NONE;
}

/* --- which is which --- */

static bool all_numbers(const struct candidate *c) {
  double number;
  for (size_t i = 0; i < c->columns; i++) {
    if (!text_double(c->column[i], c->column[i] + strlen(c->column[i]), &number)) return false;
  }
  return c->columns >= 3;
}

/* Without a header: user, item, rating and perhaps a time, as most such files have it. */
static void take_headerless(struct source_table *table, const struct candidate *c) {
  static const char *const names[] = {"user_id", "item_id", "rating", "timestamp"};
  table->header = c->columns;
  for (size_t i = 0; i < c->columns; i++) {
    if (i < 4)
      SET(table->header_name[i], names[i]);
    else
      (void)snprintf(table->header_name[i], COLUMN_NAME, "column_%zu", i + 1);
  }
  SET(table->user, names[0]);
  SET(table->item, names[1]);
  SET(table->rating, names[2]);
  if (c->columns > 3) SET(table->time, names[3]);
}

static bool take_named(struct source_table *table, const struct candidate *c) {
  const size_t user = find_column(c, GUESS_USER), item = find_column(c, GUESS_ITEM);
  const size_t rating = find_column(c, GUESS_RATING), time = find_column(c, GUESS_TIME);
  if (user == SIZE_MAX || item == SIZE_MAX || rating == SIZE_MAX) return false;
  SET(table->user, c->column[user]);
  SET(table->item, c->column[item]);
  SET(table->rating, c->column[rating]);
  if (time != SIZE_MAX) SET(table->time, c->column[time]);
  return true;
}

static void place(const struct guessing *g, struct source_table *table, const struct candidate *c) {
  table->given = true;
  if (g->spec->source == SOURCE_SQLITE) {
    select_all(c->name, table->query);
  } else {
    SET(table->path, c->name);
  }
}

static bool cannot_tell(const struct guessing *g, const char *path, struct error *error) {
  error_set(error, ERROR_DATA, "%s: no table has columns that are a user, an item and a rating",
            path);
  for (size_t i = 0; i < g->candidates; i++) {
    const struct candidate *c = &g->candidate[i];
    struct text columns = {0};
    for (size_t k = 0; k < c->columns; k++) {
      text_add(&columns, "%s%s", k > 0 ? ", " : "", c->column[k]);
    }
    error_help(error, "%s has %s", c->name, columns.failed ? "..." : columns.text);
    text_clear(&columns);
  }
  return error_help(error,
                    "write an experiment file that names them: 'crosslane help config', "
                    "data.ratings");
}

static const struct candidate *find_ratings(const struct guessing *g, struct source_table *table) {
  for (size_t i = 0; i < g->candidates; i++) {
    if (take_named(table, &g->candidate[i])) return &g->candidate[i];
  }
  for (size_t i = 0; i < g->candidates && g->spec->source == SOURCE_CSV; i++) {
    const struct candidate *c = &g->candidate[i];
    if (!all_numbers(c) || c->columns > SOURCE_HEADER_MAX) continue;
    take_headerless(table, c);
    return c;
  }
  return NULL;
}

/* The column of a table that has the ids of the ratings' `column`: of the same name, or one
 * that is called like such an id, or "id" in a table that is called so. */
static size_t find_key(const struct candidate *c, const char *column, enum guess_role role) {
  for (size_t i = 0; i < c->columns; i++) {
    if (strcmp(c->column[i], column) == 0) return i;
  }
  const size_t named = find_column(c, role);
  if (named != SIZE_MAX || !guess_begins(role, c->name)) return named;
  for (size_t i = 0; i < c->columns; i++) {
    if (guess_is_id(c->column[i])) return i;
  }
  return SIZE_MAX;
}

static void find_owners(const struct guessing *g, const struct candidate *ratings,
                        enum table which) {
  const enum guess_role role = which == TABLE_USERS ? GUESS_USER : GUESS_ITEM;
  struct source_table *table = &g->source->table[which];
  const struct source_table *of = &g->source->table[TABLE_RATINGS];
  for (size_t i = 0; i < g->candidates && !table->given; i++) {
    const struct candidate *c = &g->candidate[i];
    const size_t key = find_key(c, which == TABLE_USERS ? of->user : of->item, role);
    const bool both =
        find_column(c, GUESS_USER) != SIZE_MAX && find_column(c, GUESS_ITEM) != SIZE_MAX;
    if (c == ratings || key == SIZE_MAX || both || c->columns < 2) continue;
    place(g, table, c);
    SET(table->key, c->column[key]);
    const size_t title = which == TABLE_ITEMS ? find_column(c, GUESS_TITLE) : SIZE_MAX;
    if (title != SIZE_MAX) SET(table->name, c->column[title]);
    text_add(g->notes, "%s: the %s (key %s%s%s)\n", c->name,
             which == TABLE_USERS ? "users" : "items", table->key,
             title != SIZE_MAX ? ", title " : "", title != SIZE_MAX ? table->name : "");
  }
}

static bool assign(struct guessing *g, const char *path, struct error *error) {
  struct source_table *table = &g->source->table[TABLE_RATINGS];
  const struct candidate *ratings = find_ratings(g, table);
  if (ratings == NULL) return cannot_tell(g, path, error);
  place(g, table, ratings);
  text_add(g->notes, "%s: the ratings (user %s, item %s, rating %s%s%s)%s\n", ratings->name,
           table->user, table->item, table->rating, table->time[0] != '\0' ? ", time " : "",
           table->time, table->header > 0 ? "; it has no header" : "");
  find_owners(g, ratings, TABLE_USERS);
  find_owners(g, ratings, TABLE_ITEMS);
  return true;
}

/* --- what it is --- */

enum form { FORM_OTHER, FORM_DATABASE, FORM_ZIP };

static enum form form_of(const char *path) {
  static const char database[] = "SQLite format 3", zip[] = "PK\x03\x04";
  char head[16] = "";
  const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const ssize_t got = descriptor >= 0 ? read(descriptor, head, sizeof head) : 0;
  if (descriptor >= 0) (void)close(descriptor);
  if (got == sizeof head && memcmp(head, database, sizeof database) == 0) return FORM_DATABASE;
  return got >= 4 && memcmp(head, zip, 4) == 0 ? FORM_ZIP : FORM_OTHER;
}

static bool has_atomic_files(const char *folder) {
  bool found = false;
  DIR *entries = opendir(folder);
  if (entries == NULL) return false;
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    found = found || ends_in(entry->d_name, ".inter");
  }
  (void)closedir(entries);
  return found;
}

/* Names a folder within it that is one of MovieLens, the first by name. */
static bool name_inner(const char *path, struct error *error) {
  struct dirent **entries;
  const int count = scandir(path, &entries, NULL, alphasort);
  bool named = false;
  for (int i = 0; i < count; i++) {
    struct error ignored = {0};
    char *inner =
        entries[i]->d_name[0] == '.' ? NULL : file_join(path, entries[i]->d_name, &ignored);
    if (!named && inner != NULL && movielens_recognise(inner) != MOVIELENS_NONE) {
      error_help(error, "did you mean %s?", inner);
      named = true;
    }
    free(inner);
    free(entries[i]);
  }
  if (count >= 0) free(entries);
  return named;
}

static bool guess_folder(struct guessing *g, const char *path, struct error *error) {
  SET(g->spec->path, path);
  if (movielens_recognise(path) != MOVIELENS_NONE) {
    g->spec->source = SOURCE_MOVIELENS;
    text_add(g->notes, "a folder of MovieLens\n");
    return true;
  }
  if (has_atomic_files(path)) {
    g->spec->source = SOURCE_ATOMIC;
    text_add(g->notes, "atomic files\n");
    return true;
  }
  g->spec->source = SOURCE_CSV;
  if (!add_files(g, path, error)) return false;
  if (g->candidates > 0) return assign(g, path, error);
  error_set(error, ERROR_DATA, "%s: no data that are known", path);
  if (name_inner(path, error)) return false;
  return error_help(error,
                    "a folder of MovieLens, of atomic files (NAME.inter), or with tables as "
                    ".csv, .tsv, .txt or .dat");
}

static bool guess_file(struct guessing *g, const char *path, struct error *error) {
  const enum form form = form_of(path);
  if (form == FORM_ZIP) {
    error_set(error, ERROR_DATA, "%s: a zip archive", path);
    return error_help(error, "unpack it, and name the folder");
  }
  if (form == FORM_DATABASE) {
    SET(g->spec->path, path);
    g->spec->source = SOURCE_SQLITE;
    return add_tables(g, path, error) && assign(g, path, error);
  }
  char *folder = file_folder(path, error);
  if (folder == NULL) return false;
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  SET(g->spec->path, folder);
  g->spec->source = SOURCE_CSV;
  const bool done = add_file(g, folder, name, true, error) && add_files(g, folder, error) &&
                    assign(g, path, error);
  free(folder);
  return done;
}

bool data_guess(const char *path, struct data_spec *spec, struct source_spec *source,
                struct text *notes, struct error *error) {
  struct guessing *g = memory_array(1, sizeof *g, error);
  if (g == NULL) return false;
  memset(spec, 0, sizeof *spec);
  memset(source, 0, sizeof *source);
  spec->tables = source;
  g->spec = spec;
  g->source = source;
  g->notes = notes;
  bool done = strlen(path) < DATA_PATH ||
              error_set(error, ERROR_DATA, "%.40s...: the path is too long", path);
  if (done && !file_exists(path)) {
    done = error_set(error, ERROR_DATA, "%s: no such file or folder", path);
  }
  done = done && (file_is_folder(path) ? guess_folder(g, path, error) : guess_file(g, path, error));
  for (size_t i = 0; i < g->candidates; i++) free(g->candidate[i].column);
  free(g);
  return done;
}
