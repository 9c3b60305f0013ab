/* The room model/: Wide & Deep models, trained on the kernels. */
#ifndef CROSSLANE_MODEL_MODEL_H
#define CROSSLANE_MODEL_MODEL_H

#include "model/checkpoint.h"    /* the weights as safetensors */
#include "model/ensemble.h"      /* models that predict together */
#include "model/model_predict.h" /* ratings of encoded rows */
#include "model/model_spec.h"    /* the sections `model` and `train` of a config */
#include "model/train.h"         /* one training */

#endif
