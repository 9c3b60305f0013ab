#include "model/train_saver.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"

static const struct train_checkpoint *checkpoint_of(const struct train_saver *saver) {
  return saver->request->checkpoint;
}

static void tell(const struct train_saver *saver, const struct error *fault, const char *what) {
  const struct train_checkpoint *checkpoint = checkpoint_of(saver);
  struct error told = *fault;
  error_help(&told, "%s", what);
  checkpoint->warn(checkpoint->warn_context, told.message);
}

void train_saver_tell(const struct train_saver *saver, const struct error *fault) {
  tell(saver, fault, "it is not used; the trial is trained from its start");
}

/* A rung may ask for less than an earlier start has trained. */
static bool fits(const struct train_saver *saver) {
  const struct train_place *place = &saver->state->place;
  const uint32_t asked = saver->request->epochs, all = saver->request->train->epochs;
  if (asked == 0 || asked >= all) return true;
  if (place->refit != 0 || place->member > 0) return saver->state->result->epochs < asked;
  return place->epoch < asked || (place->epoch == asked && place->rows == 0);
}

static void forget(struct train_state *state) {
  state->place = (struct train_place){0};
  *state->result = (struct train_result){0};
}

void train_saver_open(struct train_saver *saver, const struct train_request *request,
                      struct train_state *state, bool anew) {
  *saver = (struct train_saver){.request = request, .state = state, .written = clock_wall()};
  const struct train_checkpoint *checkpoint = request->checkpoint;
  struct error fault = {0};
  if (checkpoint == NULL || anew || !file_exists(checkpoint->path)) return;
  if (!train_state_open(&saver->file, checkpoint->path, checkpoint->key, &fault)) {
    train_saver_tell(saver, &fault);
    return;
  }
  saver->goes_on = train_state_read_place(state, &saver->file, &fault);
  if (!saver->goes_on) train_saver_tell(saver, &fault);
  saver->goes_on = saver->goes_on && fits(saver);
  if (saver->goes_on) return;
  checkpoint_file_close(&saver->file);
  forget(state);
}

void train_saver_close(struct train_saver *saver) {
  if (saver->goes_on) checkpoint_file_close(&saver->file);
  saver->goes_on = false;
}

bool train_saver_models(struct train_saver *saver, const struct encoding *encoding,
                        struct error *error) {
  if (!saver->goes_on) return true;
  saver->refused =
      !train_state_read_models(saver->state, &saver->file, saver->request->model, encoding, error);
  return !saver->refused;
}

bool train_saver_member(struct train_saver *saver, struct error *error) {
  if (!saver->goes_on) return true;
  saver->refused = !train_state_read_member(saver->state, &saver->file, error);
  if (!saver->refused) train_saver_close(saver);
  return !saver->refused;
}

bool train_saver_is_due(const struct train_saver *saver) {
  const struct train_checkpoint *checkpoint = checkpoint_of(saver);
  return checkpoint != NULL && clock_wall() - saver->written >= checkpoint->seconds;
}

void train_saver_write(struct train_saver *saver) {
  const struct train_checkpoint *checkpoint = checkpoint_of(saver);
  struct error fault = {0};
  if (checkpoint == NULL) return;
  const bool done = train_state_write(saver->state, checkpoint->path, checkpoint->key, &fault);
  saver->written = clock_wall();
  if (done || saver->told) return;
  tell(saver, &fault, "no checkpoint was written; the trial goes on without it");
  saver->told = true;
}
