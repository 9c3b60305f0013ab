/* Training: the trials of an experiment file, one at a time, in this process.
 *
 *   const char *settings[] = {"train.epochs=5"};
 *   crosslane_experiment *experiment =
 *       crosslane_experiment_open("quickstart.yaml", settings, 1, NULL, error);
 *   crosslane_record *record =
 *       crosslane_train(experiment, 0, 1, "model.safetensors", NULL, NULL, NULL, error);
 *   printf("%.4f\n", crosslane_record_mse(record));
 *
 * A sweep of many trials is better left to the program, whose workers survive a crash and
 * which goes on where it was stopped. The numbers are the same to the last bit. Returns and texts
 * are as in crosslane/model.h. */
#ifndef CROSSLANE_TRAIN_H
#define CROSSLANE_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include <crosslane/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- an experiment --- */

/* An experiment file with its data. May be shared by threads; they may train at once. */
typedef struct crosslane_experiment crosslane_experiment;

/* Reads the config at `path` and its data. settings: `count` texts "KEY=VALUE", as of `crosslane
 * sweep --set`. data: the data set's folder in place of the config's; NULL: the config's. What is
 * wrong in the file is CROSSLANE_ERROR_CONFIG, with file, line and column. */
CROSSLANE_API crosslane_experiment *crosslane_experiment_open(const char *path,
                                                              const char *const *settings,
                                                              size_t count, const char *data,
                                                              crosslane_error *error);
CROSSLANE_API void crosslane_experiment_free(crosslane_experiment *experiment);

/* How many trials it has: architectures by folds by seeds. */
CROSSLANE_API size_t crosslane_experiment_trials(const crosslane_experiment *experiment);

/* Of trial i < trials: the label of its architecture, its key, its seed. */
CROSSLANE_API const char *crosslane_experiment_label(const crosslane_experiment *experiment,
                                                     size_t i);
CROSSLANE_API const char *crosslane_experiment_key(const crosslane_experiment *experiment,
                                                   size_t i);
CROSSLANE_API uint64_t crosslane_experiment_seed(const crosslane_experiment *experiment, size_t i);

/* --- training --- */

/* What is recorded of a trial (docs/run-folder.md). */
typedef struct crosslane_record crosslane_record;

/* Told of each epoch that begins: `epoch` from 1, of at most `epochs`. Early stopping may end
 * before; refit and ensembles begin at 1 again. Called by the thread that trains. */
typedef void crosslane_progress(void *context, unsigned epoch, unsigned epochs);

/* Trains trial i with so many threads, which do not change a bit; 0 stands for 1. save: where
 * the model is written, by a temporary name and at once; NULL: nowhere. progress: NULL: nobody is
 * told. stop: looked at every few batches; once it is not 0, the training ends and the call fails
 * with CROSSLANE_ERROR_INTERRUPTED. Another thread or a signal handler may set it. NULL: it runs
 * to its end. A loss that is not finite is CROSSLANE_ERROR_TRIAL. */
CROSSLANE_API crosslane_record *crosslane_train(const crosslane_experiment *experiment, size_t i,
                                                size_t threads, const char *save,
                                                crosslane_progress *progress, void *context,
                                                const volatile int *stop, crosslane_error *error);

/* --- records --- */

/* The file trials/KEY.json of a run folder. One that was changed or damaged is
 * CROSSLANE_ERROR_DATA. */
CROSSLANE_API crosslane_record *crosslane_record_read(const char *path, crosslane_error *error);
CROSSLANE_API void crosslane_record_free(crosslane_record *record);

/* All of it, as the file has it. */
CROSSLANE_API const char *crosslane_record_json(const crosslane_record *record);

/* "done", "failed" or "stopped". Of one that failed, numbers are NaN. */
CROSSLANE_API const char *crosslane_record_status(const crosslane_record *record);
CROSSLANE_API const char *crosslane_record_label(const crosslane_record *record);
CROSSLANE_API const char *crosslane_record_key(const crosslane_record *record);
CROSSLANE_API double crosslane_record_mse(const crosslane_record *record); /* test rows */
CROSSLANE_API double crosslane_record_mae(const crosslane_record *record);
/* NaN: there were no validation rows. */
CROSSLANE_API double crosslane_record_validation_mse(const crosslane_record *record);
CROSSLANE_API double crosslane_record_train_seconds(const crosslane_record *record); /* wall */

/* Epochs that were run, and of epoch e, from 0: the loss while training, and the mean squared
 * errors after it. */
CROSSLANE_API size_t crosslane_record_epochs(const crosslane_record *record);
CROSSLANE_API double crosslane_record_epoch_train_loss(const crosslane_record *record, size_t e);
CROSSLANE_API double crosslane_record_epoch_validation_mse(const crosslane_record *record,
                                                           size_t e);
CROSSLANE_API double crosslane_record_epoch_test_mse(const crosslane_record *record, size_t e);

#ifdef __cplusplus
}
#endif

#endif
