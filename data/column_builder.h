/* A column of a table while a reader fills it, cell by cell, as text. Its kind may
 * be left open until all cells are there. */
#ifndef CROSSLANE_DATA_COLUMN_BUILDER_H
#define CROSSLANE_DATA_COLUMN_BUILDER_H

#include "data/column_values.h"

/* What the cells are. */
enum cell_kind {
  CELL_INFERRED, /* numbers where all are, a set where '|' separates words, else a category */
  CELL_CATEGORY,
  CELL_NUMBER,
  CELL_MULTI_HOT,
  CELL_TIME,   /* a date, a date and time, or seconds since 1970: a number of days */
  CELL_IGNORED /* not read */
};

enum {
  ABSENT_MAX = 32,
  /* Different cells of a column: about 5 GB while it is read, and its texts. */
  COLUMN_CELLS_MAX = 1 << 26
};

struct cell_spec {
  enum cell_kind kind;
  char separator[SEPARATOR_MAX]; /* multi-hot; "": '|' */
  char absent[ABSENT_MAX];       /* a text that stands for no value, as "" does; "": none */
};

struct column_builder {
  struct column column; /* name, side, table, help are given */
  struct cell_spec spec;
  struct words_builder cells;
  uint32_t cells_most; /* different ones; 0: COLUMN_CELLS_MAX */
  size_t cells_room;
  size_t *line_of; /* [cells] where a cell's text came first: its line */
  size_t rows, room;
  uint32_t *cell; /* [rows] of cells */
};

/* One more row's cell; the empty text is none. `line` is for messages. One different cell
 * too many is ERROR_DATA: a text that each row has for itself is no column of a model. */
bool column_builder_add(struct column_builder *builder, const char *text, size_t length,
                        size_t line, struct error *error);

/* Makes builder->column: its kind, whether values miss, its values. Row r becomes place
 * place_of[r] of `places` (NULL: r); places without a row miss the value. A cell that
 * does not fit the kind that was asked for is ERROR_DATA with `file` and its line. */
bool column_builder_finish(struct column_builder *builder, const char *file,
                           const uint32_t *place_of, size_t places, struct error *error);

/* The values that were not moved out too. */
void column_builder_clear(struct column_builder *builder);

#endif
