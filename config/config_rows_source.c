/* The keys that say what the tables of a source are. */
#include <assert.h>

#include "config/config_table.h"

static const char *const policies[] = {"error", "last", "mean"};
static_assert(DUPLICATES_ERROR == 0 && DUPLICATES_LAST == 1 && DUPLICATES_MEAN == 2, "policies");

#define OF(which, field) AT(source.table[which].field), .maximum = COLUMN_NAME - 1
#define FILE_KEY(where, which, what)                                                         \
  .path = where ".path", .type = &type_path, AT(source.table[which].path), .when = WHEN_CSV, \
  .help = "file of the " what ", relative to data.path"
#define QUERY_KEY(where, which, what)                                        \
  .path = where ".query", .type = &type_word, AT(source.table[which].query), \
  .maximum = SOURCE_QUERY - 1, .when = WHEN_SQLITE, .help = "SELECT statement of the " what
#define DELIMITER_KEY(where, which)                                                  \
  .path = where ".delimiter", .type = &type_word, AT(source.table[which].delimiter), \
  .maximum = SOURCE_DELIMITER - 1, .when = WHEN_CSV,                                 \
  .help = "what separates the columns; left out: found by looking"
#define HEADER_KEY(where, which)                                                           \
  .path = where ".header", .type = &type_names, AT(source.table[which]), .when = WHEN_CSV, \
  .help = "names of the columns of a file without a header"

static const struct config_key rows[] = {
    {FILE_KEY("data.ratings", TABLE_RATINGS, "ratings")},
    {QUERY_KEY("data.ratings", TABLE_RATINGS, "ratings")},
    {DELIMITER_KEY("data.ratings", TABLE_RATINGS)},
    {HEADER_KEY("data.ratings", TABLE_RATINGS)},
    {.path = "data.ratings.user",
     .type = &type_word,
     OF(TABLE_RATINGS, user),
     .when = WHEN_TABLES,
     .help = "column with the user's id"},
    {.path = "data.ratings.item",
     .type = &type_word,
     OF(TABLE_RATINGS, item),
     .when = WHEN_TABLES,
     .help = "column with the item's id"},
    {.path = "data.ratings.rating",
     .type = &type_word,
     OF(TABLE_RATINGS, rating),
     .when = WHEN_TABLES,
     .help = "column with the rating, a number"},
    {.path = "data.ratings.time",
     .type = &type_word,
     OF(TABLE_RATINGS, time),
     .when = WHEN_TABLES,
     .help = "column with the time: seconds since 1970, or 2020-01-31 13:45; left out: none"},
    {FILE_KEY("data.users", TABLE_USERS, "users")},
    {QUERY_KEY("data.users", TABLE_USERS, "users")},
    {DELIMITER_KEY("data.users", TABLE_USERS)},
    {HEADER_KEY("data.users", TABLE_USERS)},
    {.path = "data.users.key",
     .type = &type_word,
     OF(TABLE_USERS, key),
     .when = WHEN_TABLES,
     .help = "column with the user's id"},
    {FILE_KEY("data.items", TABLE_ITEMS, "items")},
    {QUERY_KEY("data.items", TABLE_ITEMS, "items")},
    {DELIMITER_KEY("data.items", TABLE_ITEMS)},
    {HEADER_KEY("data.items", TABLE_ITEMS)},
    {.path = "data.items.key",
     .type = &type_word,
     OF(TABLE_ITEMS, key),
     .when = WHEN_TABLES,
     .help = "column with the item's id"},
    {.path = "data.items.title",
     .type = &type_word,
     OF(TABLE_ITEMS, name),
     .when = WHEN_TABLES,
     .help = "column with what people call the item"},
    {.path = "data.columns",
     .type = &type_kinds,
     AT(source),
     .when = WHEN_TABLES,
     .help = "kinds of columns; left out, a kind is inferred: 'crosslane data check' says how"},
    {.path = "data.derived",
     .type = &type_derived,
     AT(source),
     .when = WHEN_FILES,
     .help = "columns made from others"},
    {.path = "data.scale",
     .type = &type_scale,
     AT(source),
     .when = WHEN_TABLES,
     .help = "least and greatest rating; left out: those of the training rows"},
    {.path = "data.duplicates",
     .type = &type_choice,
     AT(source.duplicates),
     CHOICE(policies),
     .standard = "error",
     .when = WHEN_TABLES,
     .help = "a user who rates an item again: an error, or the last or the mean rating counts"},
};

const struct config_rows rows_source = {rows, sizeof rows / sizeof *rows};
