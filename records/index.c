#include "records/index.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_text.h"
#include "base/text.h"
#include "records/record_list.h"
#include "records/record_members.h"

#define DONE "FILTER (WHERE status = 'done')"

/* architecture_identity (records/architectures.h) in SQL. */
#define IDENTITY "json_remove(config, '$.data.path', '$.data.split.folds')"

static const char schema[] =
    "PRAGMA user_version = 4;"
    "CREATE TABLE trials ("
    "  key TEXT PRIMARY KEY, label TEXT NOT NULL, swept TEXT NOT NULL, config TEXT NOT NULL,"
    "  seed INTEGER NOT NULL, fold TEXT NOT NULL, status TEXT NOT NULL,"
    "  train_rows INTEGER, validation_rows INTEGER, test_rows INTEGER,"
    "  mse REAL, rmse REAL, mae REAL, train_mse REAL, validation_mse REAL,"
    "  best_epoch INTEGER NOT NULL, refit_epochs INTEGER, epochs INTEGER NOT NULL,"
    "  train_seconds REAL, train_cpu_seconds REAL, rows_per_second REAL,"
    "  parameters INTEGER NOT NULL, wide_columns INTEGER NOT NULL,"
    "  flops_per_row INTEGER NOT NULL, weights_digest TEXT NOT NULL, members TEXT,"
    "  peak_rss_kib INTEGER NOT NULL, isa TEXT NOT NULL, jobs INTEGER NOT NULL,"
    "  threads INTEGER NOT NULL,"
    "  host TEXT NOT NULL, build TEXT NOT NULL, data TEXT NOT NULL,"
    "  started_at TEXT NOT NULL, error TEXT NOT NULL);"
    "CREATE TABLE epochs ("
    "  key TEXT NOT NULL REFERENCES trials (key), epoch INTEGER NOT NULL,"
    "  train_loss REAL, validation_mse REAL, test_mse REAL, seconds REAL,"
    "  PRIMARY KEY (key, epoch)) WITHOUT ROWID;"
    "CREATE VIEW architectures AS SELECT label,"
    "  sum(status = 'done') AS trials, sum(status = 'failed') AS failed,"
    "  sum(status = 'stopped') AS stopped,"
    "  avg(mse) " DONE " AS mean_mse, min(mse) " DONE
    " AS min_mse,"
    "  max(mse) " DONE " AS max_mse, avg(validation_mse) " DONE
    " AS mean_validation_mse,"
    "  avg(train_mse) " DONE
    " AS mean_train_mse,"
    "  avg(rmse) " DONE " AS mean_rmse, avg(mae) " DONE
    " AS mean_mae,"
    "  avg(train_cpu_seconds) " DONE
    " AS mean_cpu_seconds,"
    "  avg(train_seconds) " DONE
    " AS mean_seconds,"
    "  max(parameters) AS parameters, max(wide_columns) AS wide_columns,"
    "  max(flops_per_row) AS flops_per_row, " IDENTITY
    " AS config"
    "  FROM trials GROUP BY label, json_extract(data, '$.digest'), " IDENTITY ";";

_Static_assert(INDEX_VERSION == 4, "PRAGMA user_version above");

enum { TRIAL_COLUMNS = 35, EPOCH_COLUMNS = 6 };

/* One row being bound, column after column; the first fault stays. */
struct row {
  sqlite3_stmt *statement;
  int column; /* bound last, from 1 */
  int status;
};

static void row_check(struct row *row, int status) {
  if (row->status == SQLITE_OK) row->status = status;
}

static void bind_text(struct row *row, const char *text) {
  if (text == NULL) text = "";
  row_check(row, sqlite3_bind_text(row->statement, ++row->column, text, -1, SQLITE_TRANSIENT));
}

static void bind_real(struct row *row, double value) {
  /* SQLite stores NaN as NULL */
  row_check(row, sqlite3_bind_double(row->statement, ++row->column, value));
}

/* Beyond SQLite's integers: as text, every digit kept. */
static void bind_u64(struct row *row, uint64_t value) {
  if (value <= INT64_MAX) {
    row_check(row, sqlite3_bind_int64(row->statement, ++row->column, (sqlite3_int64)value));
    return;
  }
  struct text digits = {0};
  text_add(&digits, "%llu", (unsigned long long)value);
  bind_text(row, digits.text);
  text_clear(&digits);
}

static void bind_json(struct row *row, const json_t *json) {
  struct text line = {0};
  if (json != NULL) json_text_add_line(&line, json);
  if (line.failed) row_check(row, SQLITE_NOMEM);
  bind_text(row, json != NULL ? line.text : "{}");
  text_clear(&line);
}

static void bind_null(struct row *row) {
  row_check(row, sqlite3_bind_null(row->statement, ++row->column));
}

static void bind_members(struct row *row, const struct record *record) {
  if (record->members == 0) {
    bind_null(row);
    return;
  }
  json_t *members = record_members_json(record);
  if (members == NULL) row_check(row, SQLITE_NOMEM);
  bind_json(row, members);
  json_decref(members);
}

static void row_finish(struct row *row) {
  if (row->status == SQLITE_OK) {
    int status = sqlite3_step(row->statement);
    if (status != SQLITE_DONE) row->status = status;
  }
  row_check(row, sqlite3_reset(row->statement));
  row->column = 0;
}

static void bind_numbers(struct row *row, const struct record *record) {
  bind_real(row, record->mse);
  bind_real(row, record->rmse);
  bind_real(row, record->mae);
  bind_real(row, record->train_mse);
  bind_real(row, record->validation_mse);
  bind_u64(row, record->best_epoch);
  if (record->refit_epochs > 0) {
    bind_u64(row, record->refit_epochs);
  } else {
    bind_null(row);
  }
  bind_u64(row, record->epochs);
  bind_real(row, record->train_seconds);
  bind_real(row, record->train_cpu_seconds);
  bind_real(row, record->rows_per_second);
  bind_u64(row, record->parameters);
  bind_u64(row, record->wide_columns);
  bind_u64(row, record->flops_per_row);
}

static void bind_rows(struct row *row, const struct record *record) {
  const uint64_t rows[] = {record->train_rows, record->validation_rows, record->test_rows};
  bool known = rows[0] + rows[1] + rows[2] > 0;
  for (size_t i = 0; i < 3; i++) {
    if (known) {
      bind_u64(row, rows[i]);
    } else {
      bind_null(row);
    }
  }
}

static void insert_trial(struct row *row, const struct record *record) {
  bind_text(row, record->key);
  bind_text(row, record->label);
  bind_json(row, record->swept);
  bind_json(row, record->config);
  bind_u64(row, record->seed);
  bind_text(row, record->fold);
  bind_text(row, trial_status_name(record->status));
  bind_rows(row, record);
  bind_numbers(row, record);
  bind_text(row, record->weights_digest);
  bind_members(row, record);
  bind_u64(row, record->peak_rss_kib);
  bind_text(row, record->isa);
  bind_u64(row, record->jobs);
  bind_u64(row, record->threads);
  bind_json(row, record->host);
  bind_json(row, record->build);
  bind_json(row, record->data);
  bind_text(row, record->started_at);
  bind_text(row, record->error);
  row_finish(row);
}

static void insert_epochs(struct row *row, const struct record *record) {
  for (size_t i = 0; i < record->epochs && row->status == SQLITE_OK; i++) {
    const struct record_epoch *epoch = &record->curve[i];
    bind_text(row, record->key);
    bind_u64(row, i + 1);
    bind_real(row, epoch->train_loss);
    bind_real(row, epoch->validation_mse);
    bind_real(row, epoch->test_mse);
    bind_real(row, epoch->seconds);
    row_finish(row);
  }
}

static int prepare_insert(sqlite3 *database, const char *table, int columns, struct row *row) {
  struct text sql = {0};
  text_add(&sql, "INSERT INTO %s VALUES (?", table);
  for (int i = 1; i < columns; i++) text_add(&sql, ", ?");
  text_add(&sql, ")");
  int status =
      sql.failed ? SQLITE_NOMEM : sqlite3_prepare_v2(database, sql.text, -1, &row->statement, NULL);
  text_clear(&sql);
  return status;
}

/* The index in the making: SQLite's file under a temporary name. */
struct index {
  sqlite3 *database;
  char *path, *temporary;
  struct row trial, epoch;
};

static bool refuse(const struct index *index, struct error *error) {
  return error_set(error, ERROR_SYSTEM, "%s: cannot make it: %s", index->path,
                   index->database != NULL ? sqlite3_errmsg(index->database) : "out of memory");
}

static bool insert(void *context, struct record *record, struct error *error) {
  struct index *index = context;
  insert_trial(&index->trial, record);
  insert_epochs(&index->epoch, record);
  if (index->trial.status == SQLITE_OK && index->epoch.status == SQLITE_OK) return true;
  return refuse(index, error);
}

/* Nobody else knows the file yet: it needs no locks, which some file systems do not have, and
 * no journal. COMMIT syncs it. */
static bool start(struct index *index, const char *run, struct error *error) {
  index->path = file_join(run, "results.db", error);
  if (index->path == NULL) return false;
  index->temporary = file_temporary(index->path, error);
  if (index->temporary == NULL) return false;
  (void)unlink(index->temporary);
  int status = sqlite3_open_v2(index->temporary, &index->database,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix-none");
  static const char options[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL";
  static const char *const first[] = {options, "BEGIN", schema};
  for (size_t i = 0; status == SQLITE_OK && i < sizeof first / sizeof *first; i++) {
    status = sqlite3_exec(index->database, first[i], NULL, NULL, NULL);
  }
  sqlite3 *database = index->database;
  if (status == SQLITE_OK)
    status = prepare_insert(database, "trials", TRIAL_COLUMNS, &index->trial);
  if (status == SQLITE_OK)
    status = prepare_insert(database, "epochs", EPOCH_COLUMNS, &index->epoch);
  return status == SQLITE_OK || refuse(index, error);
}

static bool commit(struct index *index, struct error *error) {
  return sqlite3_exec(index->database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ||
         refuse(index, error);
}

/* What a killed process left beside the old file (a write-ahead log, a rollback
 * journal) would be applied to the new one. Gone before the new one comes. */
static bool remove_leftovers(const char *path, struct error *error) {
  static const char *const suffix[] = {"-wal", "-shm", "-journal"};
  bool done = true;
  for (size_t i = 0; done && i < sizeof suffix / sizeof suffix[0]; i++) {
    struct text name = {0};
    text_add(&name, "%s%s", path, suffix[i]);
    if (name.failed) {
      done = error_set(error, ERROR_SYSTEM, "%s: out of memory", path);
    } else if (unlink(name.text) != 0 && errno != ENOENT) {
      done = error_system(error, errno, "%s: cannot remove", name.text);
    }
    text_clear(&name);
  }
  return done;
}

/* No temporary is left, unless `done`. */
static bool end(struct index *index, bool done, struct error *error) {
  (void)sqlite3_finalize(index->trial.statement);
  (void)sqlite3_finalize(index->epoch.statement);
  const int closed = sqlite3_close(index->database);
  if (done && closed != SQLITE_OK) done = refuse(index, error);
  done = done && remove_leftovers(index->path, error) &&
         file_replace(index->temporary, index->path, error);
  if (!done && index->temporary != NULL) (void)unlink(index->temporary);
  free(index->temporary);
  free(index->path);
  return done;
}

bool index_build(const char *run, struct error *error) {
  struct index index = {0};
  struct text left_out = {0};
  const bool done = start(&index, run, error) &&
                    record_list_each(run, insert, &index, &left_out, error) &&
                    commit(&index, error);
  text_clear(&left_out);
  return end(&index, done, error);
}
