/*
 * The report's model in plain C: one file, the compiler's vector types, no intrinsics.
 *   cc -O3 -march=native -ffast-math -DHIDDEN=64,32,16 -DBATCH=32 report_vectors.c -o report -lm
 *   ./report ml-100k 50           folder, epochs; prints a line of JSON (see report_rows.py)
 *
 * Three layers, of widths known when it is compiled and multiples of 16. Sums are in any
 * order (-ffast-math) and in registers: a tile is some rows by up to four vectors of
 * columns. Rows that fill no batch are left out of an epoch.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef HIDDEN
#define HIDDEN 64, 32, 16
#define BATCH 32
#endif
#define FIRST(a, b, c) a
#define SECOND(a, b, c) b
#define THIRD(a, b, c) c
#define PICK(which, ...) which(__VA_ARGS__)

enum {
  EMBEDDING = 8,
  INPUTS = 3 * EMBEDDING + 1,
  PADDED = 32, /* inputs, with zeros up to whole vectors */
  N1 = PICK(FIRST, HIDDEN),
  N2 = PICK(SECOND, HIDDEN),
  N3 = PICK(THIRD, HIDDEN),
  GENDERS = 2,
  OCCUPATIONS = 21,
  GENRES = 19,
  CROSSES = GENDERS * GENRES,
  USERS = 1000,
  FILMS = 2000,
  RATINGS = 100000, /* at most */
};
_Static_assert(N1 % 16 == 0 && N2 % 16 == 0 && N3 % 16 == 0, "widths are multiples of 16");
_Static_assert(BATCH % 8 == 0, "batches are multiples of 8");
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

#if defined(__AVX512F__)
enum {
  VECTOR = 64,
  COLUMNS = 4
}; /* bytes of a vector; vectors of a tile: 16 sums in 32 registers */
#elif defined(__AVX__)
enum { VECTOR = 32, COLUMNS = 2 };
#else
enum { VECTOR = 16, COLUMNS = 4 };
#endif
enum { LANES = VECTOR / 4 };
typedef float vector __attribute__((vector_size(VECTOR), aligned(4), may_alias));
typedef int32_t vector_int __attribute__((vector_size(VECTOR), aligned(4), may_alias));

/* All weights in one row of floats, so that Adam is one loop. */
struct weights {
  float w1[INPUTS * N1], w2[N1 * N2], w3[N2 * N3], b1[N1], b2[N2], b3[N3];
  float output[N3], gender[GENDERS * EMBEDDING], occupation[OCCUPATIONS * EMBEDDING],
      genre[GENRES * EMBEDDING];
  float wide[CROSSES], bias;
};
enum { WEIGHTS = sizeof(struct weights) / sizeof(float) };
static struct weights weights, gradient, first, second;

static struct row {
  int cross, gender, occupation, genre;
  float age, rating;
} rows[RATINGS];
static int order[RATINGS], row_count;
/* Outputs of the layers of a batch and their gradients; the weights of each layer transposed. */
static float x[BATCH * PADDED], h1[BATCH * N1], h2[BATCH * N2], h3[BATCH * N3];
static float dx[BATCH * PADDED], d1[BATCH * N1], d2[BATCH * N2], d3[BATCH * N3], dy[BATCH];
static float t1[N1 * PADDED], t2[N2 * N1], t3[N3 * N2];

/* Random numbers: splitmix64 for start and order, xorshift32 in 64 lanes for dropout. */
static uint64_t splitmix = 1;
static uint32_t lanes[64];
static uint64_t random_word(void) {
  uint64_t z = splitmix += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}
static void uniform(float *values, int count, double bound) {
  for (int i = 0; i < count; i++)
    values[i] = (float)(bound * ((double)(random_word() >> 11) * 0x1p-52 - 1));
}

static void shuffle(int *values, int count) {
  for (int i = count - 1; i > 0; i--) {
    const int j = (int)(random_word() % (uint64_t)(i + 1)), value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}

/* Sets a fifth of the values to zero and raises the others. count: a multiple of 64. */
INLINE void dropout(float *restrict values, int count) {
  for (int i = 0; i < count; i += 64)
    for (int lane = 0; lane < 64; lane++) {
      uint32_t word = lanes[lane];
      word ^= word << 13;
      word ^= word >> 17;
      word ^= word << 5;
      lanes[lane] = word;
      values[i + lane] = word < 3435973836u ? values[i + lane] * 1.25f : 0;
    }
}

/* y[r][0..16 tiles) = relu(x[r] w + bias) of `height` rows; w[inputs][outputs] */
INLINE void forward_tile(const float *x, int stride, const float *w, const float *bias, float *y,
                         int inputs, int outputs, int relu, const int height, const int width) {
  vector sum[8][COLUMNS];
  UNROLL for (int r = 0; r < height; r++) UNROLL for (int v = 0; v < width; v++) sum[r][v] =
      bias ? *(const vector *)(bias + v * LANES) : (vector){0};
  for (int k = 0; k < inputs; k++) UNROLL for (int v = 0; v < width; v++) {
      const vector column = *(const vector *)(w + k * outputs + v * LANES);
      UNROLL for (int r = 0; r < height; r++) sum[r][v] += column * x[r * stride + k];
    }
  UNROLL for (int r = 0; r < height; r++) UNROLL for (int v = 0; v < width; v++) {
    vector s = sum[r][v];
    if (relu) s = (vector)((vector_int)s & (s > 0));
    *(vector *)(y + r * outputs + v * LANES) = s;
  }
}

/* Vectors and rows of a tile for so many columns. */
#define TILE_WIDTH(columns) \
  ((columns) % (COLUMNS * LANES) == 0 ? COLUMNS : (columns) % (2 * LANES) == 0 ? 2 : 1)
#define TILE_HEIGHT(columns) \
  (TILE_WIDTH(columns) == 4 ? 4 : COLUMNS == 2 && TILE_WIDTH(columns) == 2 ? 4 : 8)

/* y[BATCH][outputs] = relu(x[BATCH][stride] w[inputs][outputs] + bias) */
INLINE void forward_layer(const float *x, int stride, const float *w, const float *bias, float *y,
                          int inputs, const int outputs, int relu) {
  for (int j = 0; j < outputs; j += TILE_WIDTH(outputs) * LANES)
    for (int i = 0; i < BATCH; i += TILE_HEIGHT(outputs))
      forward_tile(x + i * stride, stride, w + j, bias ? bias + j : NULL, y + i * outputs + j,
                   inputs, outputs, relu, TILE_HEIGHT(outputs), TILE_WIDTH(outputs));
}

/* dw[0..height)[0..16 tiles) = x' d over the batch */
INLINE void weights_tile(const float *x, int stride, const float *d, float *dw, int outputs,
                         const int height, const int width) {
  vector sum[8][COLUMNS];
  UNROLL for (int r = 0; r < height; r++) UNROLL for (int v = 0; v < width; v++) sum[r][v] =
      (vector){0};
  for (int i = 0; i < BATCH; i++) UNROLL for (int v = 0; v < width; v++) {
      const vector column = *(const vector *)(d + i * outputs + v * LANES);
      UNROLL for (int r = 0; r < height; r++) sum[r][v] += column * x[i * stride + r];
    }
  UNROLL for (int r = 0; r < height; r++) UNROLL for (int v = 0; v < width; v++) *
      (vector *)(dw + r * outputs + v * LANES) = sum[r][v];
}

/* dw[inputs][outputs] and db[outputs] of d[BATCH][outputs] and the layer's input x */
INLINE void weights_layer(const float *x, int stride, const float *d, float *dw, float *db,
                          const int inputs, const int outputs) {
  const int whole = inputs - inputs % TILE_HEIGHT(outputs);
  for (int j = 0; j < outputs; j += TILE_WIDTH(outputs) * LANES) {
    for (int k = 0; k < whole; k += TILE_HEIGHT(outputs))
      weights_tile(x + k, stride, d + j, dw + k * outputs + j, outputs, TILE_HEIGHT(outputs),
                   TILE_WIDTH(outputs));
    for (int k = whole; k < inputs; k++)
      weights_tile(x + k, stride, d + j, dw + k * outputs + j, outputs, 1, TILE_WIDTH(outputs));
  }
  for (int j = 0; j < outputs; j += LANES) {
    vector sum = {0};
    for (int i = 0; i < BATCH; i++) sum += *(const vector *)(d + i * outputs + j);
    *(vector *)(db + j) = sum;
  }
}

/* t[outputs][stride] = w[inputs][outputs]' in blocks, so that lines are used while they are near */
INLINE void transpose(const float *restrict w, float *restrict t, const int inputs,
                      const int outputs, const int stride) {
  for (int k0 = 0; k0 < inputs; k0 += 16)
    for (int j = 0; j < outputs; j++)
      for (int k = k0; k < (k0 + 16 < inputs ? k0 + 16 : inputs); k++)
        t[j * stride + k] = w[k * outputs + j];
}

/* What relu or dropout set to zero passes no gradient. */
INLINE void backward_activation(float *restrict d, const float *restrict h, int count) {
  for (int i = 0; i < count; i++) d[i] = h[i] > 0 ? d[i] * 1.25f : 0;
}

static void forward(const int *batch, float *predictions, int training) {
  for (int i = 0; i < BATCH; i++) {
    const struct row *row = rows + batch[i];
    float *to = x + i * PADDED;
    memcpy(to, weights.gender + row->gender * EMBEDDING, EMBEDDING * sizeof *to);
    memcpy(to + EMBEDDING, weights.occupation + row->occupation * EMBEDDING,
           EMBEDDING * sizeof *to);
    memcpy(to + 2 * EMBEDDING, weights.genre + row->genre * EMBEDDING, EMBEDDING * sizeof *to);
    to[INPUTS - 1] = row->age;
  }
  forward_layer(x, PADDED, weights.w1, weights.b1, h1, INPUTS, N1, 1);
  if (training) dropout(h1, BATCH * N1);
  forward_layer(h1, N1, weights.w2, weights.b2, h2, N1, N2, 1);
  if (training) dropout(h2, BATCH * N2);
  forward_layer(h2, N2, weights.w3, weights.b3, h3, N2, N3, 1);
  if (training) dropout(h3, BATCH * N3);
  for (int i = 0; i < BATCH; i++) {
    float sum = weights.bias + weights.wide[rows[batch[i]].cross];
    for (int j = 0; j < N3; j++) sum += h3[i * N3 + j] * weights.output[j];
    predictions[i] = sum;
  }
}

/* Gradients of output, wide part and tables are sums over rows; those of the layers are set. */
static void backward_output(const int *batch, const float *predictions) {
  memset(gradient.output, 0,
         sizeof gradient.output + sizeof gradient.gender + sizeof gradient.occupation +
             sizeof gradient.genre + sizeof gradient.wide + sizeof gradient.bias);
  for (int i = 0; i < BATCH; i++) {
    const struct row *row = rows + batch[i];
    dy[i] = (predictions[i] - row->rating) * (2.0f / BATCH);
    gradient.bias += dy[i];
    gradient.wide[row->cross] += dy[i];
    for (int j = 0; j < N3; j++) {
      gradient.output[j] += dy[i] * h3[i * N3 + j];
      d3[i * N3 + j] = dy[i] * weights.output[j];
    }
  }
  backward_activation(d3, h3, BATCH * N3);
}

static void backward_layers(void) {
  transpose(weights.w3, t3, N2, N3, N2);
  weights_layer(h2, N2, d3, gradient.w3, gradient.b3, N2, N3);
  forward_layer(d3, N3, t3, NULL, d2, N3, N2, 0);
  backward_activation(d2, h2, BATCH * N2);
  transpose(weights.w2, t2, N1, N2, N1);
  weights_layer(h1, N1, d2, gradient.w2, gradient.b2, N1, N2);
  forward_layer(d2, N2, t2, NULL, d1, N2, N1, 0);
  backward_activation(d1, h1, BATCH * N1);
  transpose(weights.w1, t1, INPUTS, N1, PADDED);
  weights_layer(x, PADDED, d1, gradient.w1, gradient.b1, INPUTS, N1);
  forward_layer(d1, N1, t1, NULL, dx, N1, PADDED, 0);
}

static void backward_tables(const int *batch) {
  for (int i = 0; i < BATCH; i++) {
    const struct row *row = rows + batch[i];
    const float *from = dx + i * PADDED;
    for (int j = 0; j < EMBEDDING; j++) {
      gradient.gender[row->gender * EMBEDDING + j] += from[j];
      gradient.occupation[row->occupation * EMBEDDING + j] += from[EMBEDDING + j];
      gradient.genre[row->genre * EMBEDDING + j] += from[2 * EMBEDDING + j];
    }
  }
}

/* Adam (Kingma and Ba 2015, section 2) with rate 0.001; beta1_t and beta2_t: powers of 0.9 and
 * 0.999 */
static void adam(double beta1_t, double beta2_t) {
  const float root = (float)sqrt(1 - beta2_t), rate = (float)(0.001 * root / (1 - beta1_t)),
              epsilon = 1e-7f * root;
  float *restrict w = (float *)&weights, *restrict m = (float *)&first,
                  *restrict v = (float *)&second;
  const float *restrict g = (const float *)&gradient;
  for (int i = 0; i < WEIGHTS; i++) {
    m[i] = 0.9f * m[i] + 0.1f * g[i];
    v[i] = 0.999f * v[i] + 0.001f * g[i] * g[i];
    w[i] -= rate * m[i] / (sqrtf(v[i]) + epsilon);
  }
}

static double evaluate(const int *test, int count) {
  double squares = 0;
  for (int i = 0; i < count; i += BATCH) {
    float predictions[BATCH];
    int batch[BATCH];
    for (int j = 0; j < BATCH; j++) batch[j] = test[i + j < count ? i + j : 0];
    forward(batch, predictions, 0);
    for (int j = 0; j < BATCH && i + j < count; j++) {
      const double error = predictions[j] - rows[batch[j]].rating;
      squares += error * error;
    }
  }
  return squares / count;
}

static void start(void) {
  uniform(weights.w1, INPUTS * N1, sqrt(6.0 / (INPUTS + N1)));
  uniform(weights.w2, N1 * N2, sqrt(6.0 / (N1 + N2)));
  uniform(weights.w3, N2 * N3, sqrt(6.0 / (N2 + N3)));
  uniform(weights.output, N3, sqrt(6.0 / (N3 + CROSSES + 1)));
  uniform(weights.wide, CROSSES, sqrt(6.0 / (N3 + CROSSES + 1)));
  uniform(weights.gender, GENDERS * EMBEDDING, 0.05);
  uniform(weights.occupation, OCCUPATIONS * EMBEDDING, 0.05);
  uniform(weights.genre, GENRES * EMBEDDING, 0.05);
  for (int i = 0; i < 64; i++) lanes[i] = (uint32_t)random_word() | 1;
}

/* MovieLens 100K */
static void stop(const char *folder, const char *what) {
  fprintf(stderr, "%s: %s\n", folder, what);
  exit(1);
}

static FILE *open_in(const char *folder, const char *name) {
  char path[4096] = "";
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "r");
  if (!file) stop(path, "cannot be read");
  return file;
}

/* The code of a name: those seen before keep theirs. */
static int code_of(char names[][64], int *count, int most, const char *name) {
  for (int i = 0; i < *count; i++)
    if (strcmp(names[i], name) == 0) return i;
  if (*count == most || strlen(name) >= 64) return -1;
  strcpy(names[*count], name);
  return (*count)++;
}

/* The first flag of each film: u.item has 19 flags at the end of a line. */
static void read_genres(const char *folder, int genres[FILMS]) {
  char line[1024];
  FILE *file = open_in(folder, "u.item");
  while (fgets(line, sizeof line, file)) {
    const int film = atoi(line);
    line[strcspn(line, "\r\n")] = 0;
    const char *flags = line + strlen(line);
    for (int bars = 0; bars < GENRES && flags > line;) bars += *--flags == '|';
    const char *one = strchr(flags, '1');
    if (film < 1 || film >= FILMS || !one) stop(folder, "u.item is not MovieLens 100K's");
    genres[film] = (int)(one - flags - 1) / 2;
  }
  fclose(file);
}

static void read_rows(const char *folder) {
  static int genres[FILMS], genders[USERS], occupations[USERS];
  static float ages[USERS];
  char names[OCCUPATIONS][64], occupation[64], sex;
  int known = 0, user, age, film, rating, least = 1000, most = 0;
  read_genres(folder, genres);
  FILE *file = open_in(folder, "u.user");
  while (fscanf(file, "%d|%d|%c|%63[^|]|%*[^\n]", &user, &age, &sex, occupation) == 4) {
    const int code = code_of(names, &known, OCCUPATIONS, occupation);
    if (user < 1 || user >= USERS || code < 0) stop(folder, "u.user is not MovieLens 100K's");
    genders[user] = sex == 'M', occupations[user] = code, ages[user] = (float)age;
    least = age < least ? age : least, most = age > most ? age : most;
  }
  fclose(file);
  file = open_in(folder, "u.data");
  while (row_count < RATINGS && fscanf(file, "%d %d %d %*d", &user, &film, &rating) == 3) {
    if (user < 1 || user >= USERS || film < 1 || film >= FILMS)
      stop(folder, "u.data is not MovieLens 100K's");
    const float range = most > least ? (float)(most - least) : 1;
    rows[row_count++] = (struct row){
        genders[user] * GENRES + genres[film], genders[user], occupations[user], genres[film],
        (ages[user] - (float)least) / range,   (float)rating};
  }
  fclose(file);
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3) stop(argv[0], "give FOLDER EPOCHS");
  read_rows(argv[1]);
  const int epochs = atoi(argv[2]), tests = row_count / 5, training = row_count - tests;
  if (epochs < 1 || training < BATCH) stop(argv[1], "fewer ratings than a batch, or no epochs");
  for (int i = 0; i < row_count; i++) order[i] = i;
  shuffle(order, row_count);
  start();
  double mse = 0, beta1_t = 1, beta2_t = 1, begin = cpu_seconds();
  for (int epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, training);
    for (int i = 0; i + BATCH <= training; i += BATCH) {
      float predictions[BATCH];
      forward(order + i, predictions, 1);
      backward_output(order + i, predictions);
      backward_layers();
      backward_tables(order + i);
      adam(beta1_t *= 0.9, beta2_t *= 0.999);
    }
    mse = evaluate(order + training, tests);
  }
  printf(
      "{\"version\": \"%s\", \"mse\": %.6f, \"rows\": %ld, \"train_cpu_seconds\": %.6f, "
      "\"compile_seconds\": 0}\n",
      __VERSION__, mse, (long)(training / BATCH) * BATCH * epochs, cpu_seconds() - begin);
  return 0;
}
