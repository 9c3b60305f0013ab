/* Generated ratings as three files of text, and as a database: for synthetic_write alone. */
#ifndef CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_FILES_H
#define CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_FILES_H

#include <sqlite3.h>

#include "base/file_stream.h"
#include "data/schema.h"
#include "data/synthetic/synthetic_write.h"

struct synthetic_text; /* how a form is laid out */

struct synthetic_texts {
  const struct synthetic_text *layout; /* [TABLES] */
  struct file_stream stream[TABLES];
};
/* Starts from {0}; to be cleared after a failure too. `name`: of atomic files. */
bool synthetic_texts_open(struct synthetic_texts *texts, enum synthetic_form form,
                          const char *folder, const char *name, struct error *error);
void synthetic_texts_owner(struct synthetic_texts *texts, enum column_side side, const char *id,
                           const char *const *cell);
void synthetic_texts_rating(struct synthetic_texts *texts, uint32_t user, uint32_t item,
                            float rating, int64_t time);
bool synthetic_texts_end(struct synthetic_texts *texts, struct error *error);
bool synthetic_texts_commit(struct synthetic_texts *texts, struct error *error);
void synthetic_texts_clear(struct synthetic_texts *texts);

struct synthetic_database {
  char *path, *temporary;
  sqlite3 *database;
  sqlite3_stmt *insert[TABLES];
};
/* The same. */
bool synthetic_database_open(struct synthetic_database *database, const char *folder,
                             struct error *error);
bool synthetic_database_owner(struct synthetic_database *database, enum column_side side,
                              const char *id, const char *const *cell, struct error *error);
bool synthetic_database_rating(struct synthetic_database *database, uint32_t user, uint32_t item,
                               float rating, int64_t time, struct error *error);
bool synthetic_database_end(struct synthetic_database *database, struct error *error);
bool synthetic_database_commit(struct synthetic_database *database, struct error *error);
void synthetic_database_clear(struct synthetic_database *database);

#define SYNTHETIC_DATABASE "synthetic.db"

#endif
