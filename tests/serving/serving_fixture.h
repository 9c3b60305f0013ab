/* A model that was trained and saved, and served again. In the folder that
 * config_fixture makes. */
#ifndef CROSSLANE_TESTS_SERVING_SERVING_FIXTURE_H
#define CROSSLANE_TESTS_SERVING_SERVING_FIXTURE_H

#include "model/train.h"
#include "serving/serving.h"

#define MODEL_PATH "model.safetensors"

/* Trains a trial of the config and writes its model to MODEL_PATH; the result's
 * curve is released. `folder` as in run_data_load. */
struct train_result train_and_save_trial(const char *text, const char *folder, size_t index);
struct train_result train_and_save(const char *text); /* the first, of synthetic data */

/* That model, ready for the data in `folder`. */
struct serving *serving_of(const char *folder);
void serving_done(struct serving *serving);

#endif
