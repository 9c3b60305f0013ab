#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "data/readers/movielens_schema.h"
#include "data/synthetic/synthetic_files.h"

static const char tables[] =
    "CREATE TABLE users (user_id INTEGER PRIMARY KEY, age INTEGER, gender TEXT, occupation TEXT, "
    "zip TEXT);"
    "CREATE TABLE items (item_id INTEGER PRIMARY KEY, title TEXT, release_date TEXT, genres TEXT);"
    "CREATE TABLE ratings (user_id INTEGER, item_id INTEGER, rating REAL, timestamp INTEGER);"
    "BEGIN";

static const char *const inserts[TABLES] = {
    [TABLE_USERS] = "INSERT INTO users VALUES (?, ?, ?, ?, ?)",
    [TABLE_ITEMS] = "INSERT INTO items VALUES (?, ?, ?, ?)",
    [TABLE_RATINGS] = "INSERT INTO ratings VALUES (?, ?, ?, ?)"};

static bool fault(const struct synthetic_database *database, struct error *error) {
  return error_set(error, ERROR_SYSTEM, "%s: cannot write: %s", database->path,
                   sqlite3_errmsg(database->database));
}

static bool run(struct synthetic_database *database, const char *statements, struct error *error) {
  return sqlite3_exec(database->database, statements, NULL, NULL, NULL) == SQLITE_OK ||
         fault(database, error);
}

/* Without a journal: a file that is cut off is thrown away whole. */
bool synthetic_database_open(struct synthetic_database *database, const char *folder,
                             struct error *error) {
  database->path = file_join(folder, SYNTHETIC_DATABASE, error);
  if (database->path == NULL) return false;
  database->temporary = file_temporary(database->path, error);
  if (database->temporary == NULL) return false;
  (void)unlink(database->temporary);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(database->temporary, &database->database, flags, NULL) != SQLITE_OK) {
    return fault(database, error);
  }
  if (!run(database, "PRAGMA journal_mode = OFF", error) || !run(database, tables, error)) {
    return false;
  }
  for (size_t t = 0; t < TABLES; t++) {
    if (sqlite3_prepare_v2(database->database, inserts[t], -1, &database->insert[t], NULL) !=
        SQLITE_OK) {
      return fault(database, error);
    }
  }
  return true;
}

static bool insert(struct synthetic_database *database, enum table table, struct error *error) {
  sqlite3_stmt *statement = database->insert[table];
  const bool done = sqlite3_step(statement) == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK;
  return done || fault(database, error);
}

static void bind(sqlite3_stmt *statement, int place, const char *text) {
  if (text[0] == '\0')
    (void)sqlite3_bind_null(statement, place);
  else
    (void)sqlite3_bind_text(statement, place, text, -1, SQLITE_TRANSIENT);
}

bool synthetic_database_owner(struct synthetic_database *database, enum column_side side,
                              const char *id, const char *const *cell, struct error *error) {
  const enum table table = side == SIDE_USER ? TABLE_USERS : TABLE_ITEMS;
  const int cells = side == SIDE_USER ? (int)MOVIELENS_USER_COLUMNS : (int)MOVIELENS_ITEM_COLUMNS;
  bind(database->insert[table], 1, id);
  for (int c = 0; c < cells; c++) bind(database->insert[table], c + 2, cell[c]);
  return insert(database, table, error);
}

bool synthetic_database_rating(struct synthetic_database *database, uint32_t user, uint32_t item,
                               float rating, int64_t time, struct error *error) {
  sqlite3_stmt *statement = database->insert[TABLE_RATINGS];
  (void)sqlite3_bind_int64(statement, 1, (sqlite3_int64)user + 1);
  (void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)item + 1);
  (void)sqlite3_bind_double(statement, 3, (double)rating);
  (void)sqlite3_bind_int64(statement, 4, time);
  return insert(database, TABLE_RATINGS, error);
}

bool synthetic_database_end(struct synthetic_database *database, struct error *error) {
  return run(database, "COMMIT", error);
}

static void close_database(struct synthetic_database *database) {
  for (size_t t = 0; t < TABLES; t++) (void)sqlite3_finalize(database->insert[t]);
  (void)sqlite3_close(database->database);
  *database = (struct synthetic_database){.path = database->path, .temporary = database->temporary};
}

bool synthetic_database_commit(struct synthetic_database *database, struct error *error) {
  close_database(database);
  return file_replace(database->temporary, database->path, error);
}

void synthetic_database_clear(struct synthetic_database *database) {
  close_database(database);
  if (database->temporary != NULL) (void)unlink(database->temporary);
  free(database->path);
  free(database->temporary);
  *database = (struct synthetic_database){0};
}
