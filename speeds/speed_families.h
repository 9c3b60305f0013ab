/* Families of kernels: what a summary of speeds has one line for. */
#ifndef CROSSLANE_SPEEDS_SPEED_FAMILIES_H
#define CROSSLANE_SPEEDS_SPEED_FAMILIES_H

#include <stdbool.h>
#include <stddef.h>

enum speed_family {
  FAMILY_DENSE_FORWARD,
  FAMILY_DENSE_BACKWARD_DATA,
  FAMILY_DENSE_BACKWARD_WEIGHTS,
  FAMILY_ACTIVATIONS,
  FAMILY_EMBEDDINGS,
  FAMILY_WIDE_TABLES,
  FAMILY_INTERACTIONS,
  FAMILY_OUTPUT,
  FAMILY_OPTIMIZERS,
  FAMILY_OTHERS, /* and what this program does not know */
  SPEED_FAMILIES
};

extern const char *const speed_family_names[SPEED_FAMILIES];

enum speed_family speed_family_of(const char *kernel);

/* Is the roof of the machine, its arithmetic or its bandwidth, what limits it? */
bool speed_family_has_roof(const char *kernel);

#endif
