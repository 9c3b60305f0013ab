/* The ordinal head. Some 4 transcendental functions and 2 divisions a row bound the loss,
 * one of each a row and threshold the expectation; what is done once a call, for the
 * thresholds, is little beside a batch. */
#include <math.h>

#include "kernels/declare.h"
#include "kernels/simd/vec_math.h"

enum { MOST = ORDINAL_LEVELS_MAX };

/* Of level k: its upper threshold, and what its width adds to the loss, takes off the
 * probability and gives to the gradient: -log(1 - e^-g), 1 - e^-g, e^-g / (1 - e^-g). Whole
 * vectors are stored. */
struct cuts {
  float threshold[MOST], gap[MOST], share[MOST], loss[MOST], pull[MOST];
};

INLINE void find_thresholds(struct cuts *c, const float *cut, size_t levels) {
  const size_t count = levels - 1;
  const vtail tail = v_tail(count % VW);
  for (size_t i = 0; i < count; i += VW) {
    v_store(c->gap + i, v_exp(v_load_upto(cut + i, i + VW > count, tail)));
  }
  c->threshold[0] = cut[0];
  for (size_t k = 1; k < count; k++) c->threshold[k] = c->threshold[k - 1] + c->gap[k];
}

/* The first and the last level reach to infinity. */
INLINE void find_widths(struct cuts *c, size_t levels, float slope) {
  for (size_t i = 0; i + 1 < levels; i += VW) {
    const vf minus = v_mul(v_set1(-slope), v_load(c->gap + i));
    const vf share = v_sub(v_zero(), v_expm1(minus));
    v_store(c->share + i, share);
    v_store(c->loss + i, v_sub(v_zero(), v_log(share)));
    v_store(c->pull + i, v_div(v_exp(minus), share));
  }
  c->share[0] = c->share[levels - 1] = 1.0f;
  c->loss[0] = c->loss[levels - 1] = 0.0f;
  c->pull[0] = c->pull[levels - 1] = 0.0f;
}

INLINE vf negative(vf x) {
  return v_sub(v_zero(), x);
}

/* s(z), from e = e^-|z|. */
INLINE vf sigmoid_of(vf z, vf e) {
  const vf one = v_set1(1.0f);
  return v_div(v_select(v_lt(z, v_zero()), e, one), v_add(one, e));
}

/* What rows add to the loss and its gradients. */
struct rows {
  vf place, loss, fall, rise; /* the level's number; s(-u), s(l) */
};

INLINE struct rows rows_of(const struct ordinal_loss *a, const struct cuts *c, vf score,
                           vf target) {
  const vf slope = v_set1(a->slope), one = v_set1(1.0f);
  const size_t last = a->levels - 1;
  vf place = v_zero(), lower = v_set1(-INFINITY), upper = v_set1(c->threshold[0]);
  vf width = v_zero();
  for (size_t k = 0; k < last; k++) {
    const vm beyond = v_gt(target, v_set1(a->level[k]));
    place = v_select(beyond, v_add(place, one), place);
    lower = v_select(beyond, v_set1(c->threshold[k]), lower);
    upper = v_select(beyond, v_set1(k + 1 < last ? c->threshold[k + 1] : INFINITY), upper);
    width = v_select(beyond, v_set1(c->loss[k + 1]), width);
  }
  const vf minus_u = v_mul(slope, v_sub(score, upper)), l = v_mul(slope, v_sub(lower, score));
  const vf eu = v_exp(negative(v_abs(minus_u))), el = v_exp(negative(v_abs(l)));
  const vf both = v_mul(v_add(one, eu), v_add(one, el));
  const vf linear = v_add(v_max(minus_u, v_zero()), v_max(l, v_zero()));
  return (struct rows){.place = place,
                       .loss = v_add(v_add(linear, v_log(both)), width),
                       .fall = sigmoid_of(minus_u, eu),
                       .rise = sigmoid_of(l, el)};
}

/* Sums over the rows of a level. */
struct sums {
  double fall[MOST], rise[MOST], rows[MOST];
};

INLINE void add_rows(const struct rows *rows, size_t count, struct sums *sums, double *loss) {
  float place[VW], losses[VW], fall[VW], rise[VW];
  v_store(place, rows->place);
  v_store(losses, rows->loss);
  v_store(fall, rows->fall);
  v_store(rise, rows->rise);
  for (size_t i = 0; i < count; i++) {
    const size_t k = (size_t)place[i];
    *loss += (double)losses[i];
    sums->fall[k] += (double)fall[i];
    sums->rise[k] += (double)rise[i];
    sums->rows[k] += 1.0;
  }
}

/* Threshold j is the upper one of level j and the lower one of level j + 1; cut[j] moves it
 * and all after it. */
INLINE void cut_gradients(const struct ordinal_loss *a, const struct cuts *c,
                          const struct sums *sums) {
  const double scale = (double)a->gradient_scale * (double)a->slope;
  double sum = 0.0;
  for (size_t j = a->levels - 1; j-- > 0;) {
    const double above = sums->rise[j + 1] + sums->rows[j + 1] * (double)c->pull[j + 1];
    const double below = sums->fall[j] + sums->rows[j] * (double)c->pull[j];
    sum += above - below;
    a->cut_gradient[j] = (float)(sum * scale * (j > 0 ? (double)c->gap[j] : 1.0));
  }
}

void KERNEL_NAME(ordinal_loss)(const struct ordinal_loss *a) {
  struct cuts cuts;
  struct sums sums;
  find_thresholds(&cuts, a->cut, a->levels);
  find_widths(&cuts, a->levels, a->slope);
  for (size_t k = 0; k < a->levels; k++) sums.fall[k] = sums.rise[k] = sums.rows[k] = 0.0;
  const vf scale = v_set1(a->gradient_scale), slope = v_set1(a->slope);
  const vtail tail = v_tail(a->m % VW);
  double loss = *a->sum;
  for (size_t r = 0; r < a->m; r += VW) {
    const bool last = r + VW > a->m;
    const struct rows rows = rows_of(a, &cuts, v_load_upto(a->score + r, last, tail),
                                     v_load_upto(a->target + r, last, tail));
    const vf gradient = v_mul(scale, v_mul(slope, v_sub(rows.fall, rows.rise)));
    v_store_upto(a->gradient + r, gradient, last, tail);
    add_rows(&rows, last ? a->m - r : VW, &sums, &loss);
  }
  *a->sum = loss;
  cut_gradients(a, &cuts, &sums);
}

void KERNEL_NAME(ordinal_expectation)(const struct ordinal_expectation *a) {
  struct cuts cuts;
  find_thresholds(&cuts, a->cut, a->levels);
  const vf slope = v_set1(a->slope), one = v_set1(1.0f), most = v_set1(a->level[a->levels - 1]);
  const vtail tail = v_tail(a->m % VW);
  for (size_t r = 0; r < a->m; r += VW) {
    const bool last = r + VW > a->m;
    const vf score = v_load_upto(a->y + r, last, tail);
    vf y = v_set1(a->level[0]);
    for (size_t k = 0; k + 1 < a->levels; k++) {
      const vf u = v_mul(slope, v_sub(v_set1(cuts.threshold[k]), score));
      const vf beyond = v_div(one, v_add(one, v_exp(u)));
      y = v_fma(v_set1(a->level[k + 1] - a->level[k]), beyond, y);
    }
    v_store_upto(a->y + r, v_select(v_gt(y, most), most, y), last, tail);
  }
}

void KERNEL_NAME(ordinal_probabilities)(const struct ordinal_probabilities *a) {
  struct cuts cuts;
  find_thresholds(&cuts, a->cut, a->levels);
  find_widths(&cuts, a->levels, a->slope);
  const vf slope = v_set1(a->slope);
  const vtail tail = v_tail(a->m % VW);
  for (size_t r = 0; r < a->m; r += VW) {
    const bool last = r + VW > a->m;
    const vf score = v_load_upto(a->score + r, last, tail);
    vf above = v_set1(1.0f); /* s(-u[k - 1]) */
    for (size_t k = 0; k < a->levels; k++) {
      vf below = v_set1(1.0f), next = v_zero(); /* s(u[k]), s(-u[k]) */
      if (k + 1 < a->levels) {
        const vf u = v_mul(slope, v_sub(v_set1(cuts.threshold[k]), score));
        const vf e = v_exp(negative(v_abs(u)));
        below = sigmoid_of(u, e);
        next = sigmoid_of(negative(u), e);
      }
      const vf share = v_mul(v_mul(below, above), v_set1(cuts.share[k]));
      v_store_upto(a->out + k * a->out_ld + r, share, last, tail);
      above = next;
    }
  }
}
