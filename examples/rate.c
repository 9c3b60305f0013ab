/* The rating of one row by a saved model:
 *
 *   cc rate.c $(pkg-config --cflags --libs crosslane) -o rate
 *   ./rate model.safetensors 25 F student Drama
 *
 * Without values it says which ones the model reads. */
#include <crosslane/model.h>
#include <stdio.h>

static int say_what_it_reads(const crosslane_model *model) {
  for (size_t i = 0; i < crosslane_model_inputs(model); i++) {
    printf("%s%s", i > 0 ? " " : "", crosslane_model_input_name(model, i));
  }
  printf("\n");
  return 2;
}

int main(int count, char **arguments) {
  crosslane_error *error = crosslane_error_new();
  crosslane_model *model = count > 1 ? crosslane_model_open(arguments[1], error) : NULL;
  float rating;
  int status = 1;
  if (model == NULL) {
    fprintf(stderr, "%s\n", count > 1 ? crosslane_error_message(error) : "usage: rate MODEL ...");
  } else if ((size_t)count - 2 != crosslane_model_inputs(model)) {
    status = say_what_it_reads(model);
  } else if (crosslane_predict_text(model, 1, (const char **)arguments + 2, &rating, error) != 0) {
    fprintf(stderr, "%s\n", crosslane_error_message(error));
  } else {
    printf("%.6f\n", (double)rating);
    status = 0;
  }
  crosslane_model_free(model);
  crosslane_error_free(error);
  return status;
}
