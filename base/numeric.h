/* Transcendental functions for what must be the same on every machine: sampled
 * configs and learning rates. libm's differ between CPUs; these use + - * /,
 * frexp and ldexp alone. Each is within 4e-15 of the exact value, relatively
 * (cosine, normal: absolutely), for finite arguments in the ranges given. */
#ifndef CROSSLANE_BASE_NUMERIC_H
#define CROSSLANE_BASE_NUMERIC_H

double numeric_exp(double x);    /* -700 <= x <= 700 */
double numeric_log(double x);    /* x > 0, normal */
double numeric_cos_pi(double x); /* cos(pi x), 0 <= x <= 1; exact at 0, 1/2 and 1 */
double numeric_normal(double x); /* the standard normal distribution's share below x, any x */

#endif
