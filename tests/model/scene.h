/* A small synthetic data set with a split and a model that uses every kind of
 * column, ready to be trained. */
#ifndef CROSSLANE_TESTS_MODEL_SCENE_H
#define CROSSLANE_TESTS_MODEL_SCENE_H

#include "model/train.h"

struct scene {
  struct dataset dataset;
  struct split split;
  struct features features;
  struct model_spec model;
  struct train_spec train;
  struct train_request request;
};

/* Categories, histories, genres, numbers and statistics; a multi-hot and a
 * hashed cross; dropout; 60 users, 80 films, 1,000 ratings, of them 200 test
 * and `validation` of the rest. 3 epochs. */
void scene_init(struct scene *scene, double validation);
void scene_clear(struct scene *scene);

/* Makes the features anew, after a change of the data set or of the columns. */
void scene_features(struct scene *scene);

/* Trains; a failure fails the test. */
void scene_train(const struct scene *scene, struct train_result *result);
uint64_t scene_digest(const struct scene *scene);

#endif
