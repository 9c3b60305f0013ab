#include "kernels/dense_scratch.h"

_Thread_local struct dense_scratch dense_scratch;
