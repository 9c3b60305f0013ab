/* The whole text table of compare_test.c's run. Its numbers were checked against
 * Python's mpmath: means, deviations and intervals as in statistics_test.c. */
#ifndef CROSSLANE_TESTS_RESULTS_GOLDEN_TABLE_H
#define CROSSLANE_TESTS_RESULTS_GOLDEN_TABLE_H

/* clang-format off */
static const char golden_table[] =
    "planned\n"
    "data: made-up\n"
    "\n"
    "architecture                                          n     test MSE ± sd  val. MSE    vs base       95 % interval  params  one-hot  CPU s  wall s\n"
    "better *                                              5   0.8850 ± 0.0132    0.8900  -0.0200 ~  [-0.0352, -0.0048]    4102       37   1.92    2.00\n"
    "again ≈                                               5   0.8850 ± 0.0132    0.8950  -0.0200 ~  [-0.0352, -0.0048]    4101       37   1.92    2.00\n"
    "base ≈                                                5   0.9050 ± 0.0112    0.9100   baseline                        4100       37   1.92    2.00\n"
    "alike ≈                                               5   0.9051 ± 0.0116    0.9200  +0.0001 ~  [-0.0026, +0.0028]    4101       37   1.92    2.00\n"
    "user_id, item_id, occupation | age, gender, genres    1   0.9500             0.9600  +0.0400                          4146       37   1.92    2.00\n"
    "cut                                                 (5)  (0.5000)          (0.5000)  (epoch 4)                        4099       37   1.92    2.00\n"
    "early                                               (1)  (0.2500)          (0.2500)  (epoch 2)                        4101       37   1.92    2.00\n"
    "broken                                              0/1\n"
    "\n"
    "ordered by val. MSE, the lowest first\n"
    "test MSE: mean over n seeds and folds; test rows were never used for selection\n"
    "±: the standard deviation of single trials, most of it the luck of their splits, which all rows share; not the error of the mean\n"
    "vs base: difference in test MSE from base, paired over 1 to 5 shared seeds; intervals are per comparison (Nadeau-Bengio)\n"
    "~: no significant difference from the baseline (5 % level, Holm correction for 3 comparisons)\n"
    "smallest difference that so many splits could have shown: 0.0038 to 0.0216, by row, half of the rows below 0.0216 (Holm's first step); less than that is not shown to be equal\n"
    "*: lowest validation MSE of the complete architectures; ≈: no significant difference in test MSE from * (5 % level, Holm correction for 3 comparisons)\n"
    "n 2/3: 2 of 3 trials are done; an incomplete row is not tested and cannot be the best\n"
    "(in brackets): when the sweep stopped it early, over all its trials, and after how many epochs; not compared\n"
    "failed: 1 of 1 trials of broken: the loss is not finite in epoch 2\n";
/* clang-format on */

#endif
