/* A model with the tables of a data set: ratings of users and items by their ids, and items
 * for a user. A catalog may be shared by threads; its calls run one after another.
 *
 *   crosslane_catalog *catalog = crosslane_catalog_open(model, "ml-100k", error);
 *   const char *item[10];
 *   float rating[10];
 *   size_t found;
 *   if (crosslane_catalog_top(catalog, "196", 10, item, rating, &found, error) != 0) ...
 *
 * Returns and texts are as in crosslane/model.h; texts belong to the catalog. */
#ifndef CROSSLANE_CATALOG_H
#define CROSSLANE_CATALOG_H

#include <stddef.h>
#include <stdint.h>

#include <crosslane/model.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crosslane_catalog crosslane_catalog;

/* Reads the data set in `folder` (NULL: the data that the model's config makes), as the model's
 * config describes them. Histories and statistics are those of the training rows or, with other
 * data than the training's, of all rows. The model must outlive the catalog. */
CROSSLANE_API crosslane_catalog *crosslane_catalog_open(const crosslane_model *model,
                                                        const char *folder, crosslane_error *error);
CROSSLANE_API void crosslane_catalog_free(crosslane_catalog *catalog);

/* Users and items of the data, by ascending id. */
CROSSLANE_API size_t crosslane_catalog_users(const crosslane_catalog *catalog);
CROSSLANE_API size_t crosslane_catalog_items(const crosslane_catalog *catalog);
CROSSLANE_API const char *crosslane_catalog_user(const crosslane_catalog *catalog, size_t i);
CROSSLANE_API const char *crosslane_catalog_item(const crosslane_catalog *catalog, size_t i);

/* out[r] = the rating of items[r] by users[r] (ids), for `rows` rows. times[r]: seconds since
 * 1970, for columns that read when the rating is given; NULL: of each user's last rating. Of an
 * id that the data do not have nothing is known but the id; an empty one is
 * CROSSLANE_ERROR_USAGE. */
CROSSLANE_API int crosslane_predict_pairs(const crosslane_catalog *catalog, size_t rows,
                                          const char *const *users, const char *const *items,
                                          const int64_t *times, float *out, crosslane_error *error);

/* With an ordinal head: out[r * levels + k], as crosslane_probabilities_text. */
CROSSLANE_API int crosslane_probabilities_pairs(const crosslane_catalog *catalog, size_t rows,
                                                const char *const *users, const char *const *items,
                                                const int64_t *times, float *out,
                                                crosslane_error *error);

/* The `most` items with the highest predicted rating that the user has not rated in the data,
 * equal ones by ascending id: items[k] is the id, ratings[k] the prediction, for k < *found. */
CROSSLANE_API int crosslane_catalog_top(const crosslane_catalog *catalog, const char *user,
                                        size_t most, const char **items, float *ratings,
                                        size_t *found, crosslane_error *error);

#ifdef __cplusplus
}
#endif

#endif
