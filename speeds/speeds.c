#include "speeds/speeds.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "base/quantile.h"
#include "speeds/speed_families.h"

const char *const speeds_isas[SPEEDS_ISAS] = {"scalar", "neon", "avx2", "avx512"};

enum { PARTS = 5 };

static bool wrong(const char *file, struct error *error, const char *what) {
  return error_set(error, ERROR_DATA, "%s: %s", file, what);
}

/* --- context --- */

static char *context_text(const json_t *context, const char *key, struct error *error) {
  const char *value = json_string_value(json_object_get(context, key));
  return memory_text(value != NULL ? value : "", error);
}

static bool context_flag(const json_t *context, const char *key) {
  const char *value = json_string_value(json_object_get(context, key));
  return value != NULL && strcmp(value, "true") == 0;
}

/* Numbers in context are texts: Google Benchmark takes no others. */
static double context_number(const json_t *context, const char *key) {
  const char *text = json_string_value(json_object_get(context, key));
  double value;
  return text != NULL && text_double(text, text + strlen(text), &value) ? value : NAN;
}

static void read_noise(struct speeds *s, const json_t *context) {
  s->others = context_number(context, "crosslane_cores_of_others");
  s->stolen = context_number(context, "crosslane_cores_stolen");
  const json_t *load = json_array_get(json_object_get(context, "load_avg"), 0);
  s->load = json_is_number(load) ? json_number_value(load) : NAN;
  const json_int_t cores = json_integer_value(json_object_get(context, "num_cpus"));
  s->cores = cores > 0 && cores < 1 << 20 ? (unsigned)cores : 0;
}

static bool read_context(struct speeds *s, const json_t *context, struct error *error) {
  const struct {
    const char *key;
    char **value;
  } texts[] = {{"crosslane_cpu", &s->cpu},           {"crosslane_architecture", &s->architecture},
               {"crosslane_features", &s->features}, {"crosslane_caches", &s->caches},
               {"crosslane_compiler", &s->compiler}, {"crosslane_flags", &s->flags},
               {"crosslane_commit", &s->commit},     {"date", &s->date}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    *texts[i].value = context_text(context, texts[i].key, error);
    if (*texts[i].value == NULL) return false;
  }
  s->emulated = context_flag(context, "crosslane_emulated");
  s->dirty = context_flag(context, "crosslane_dirty");
  read_noise(s, context);
  if (s->cpu[0] != '\0') return true;
  wrong(s->path, error, "its context does not name the processor (crosslane_cpu)");
  return error_help(error, "files to compare are made by 'crosslane bench --out FILE'");
}

/* --- benchmarks --- */

static bool split(struct speed *speed, const char *name, struct error *error) {
  char **part[PARTS] = {&speed->kernel, &speed->shape, &speed->temperature, &speed->isa,
                        &speed->by};
  speed->name = memory_text(name, error);
  if (speed->name == NULL) return false;
  for (int i = 0; i < PARTS; i++) {
    size_t length = strcspn(name, "/");
    *part[i] = memory_array(length + 1, 1, error);
    if (*part[i] == NULL) return false;
    memcpy(*part[i], name, length);
    name += length + (name[length] == '/');
  }
  return true;
}

static double number(const json_t *object, const char *key) {
  return json_number_value(json_object_get(object, key));
}

static struct speed *row_of(struct speeds *s, const char *name, struct error *error) {
  for (size_t i = 0; i < s->rows; i++) {
    if (strcmp(s->row[i].name, name) == 0) return &s->row[i];
  }
  struct speed *grown = memory_grow(s->row, s->rows + 1, sizeof *grown, error);
  if (grown == NULL) return NULL;
  s->row = grown;
  s->row[s->rows] = (struct speed){.order = (unsigned)s->rows};
  struct speed *row = &s->row[s->rows++];
  return split(row, name, error) ? row : NULL;
}

#define LAUNCHES_MOST 1000.0

/* Google Benchmark's units, in nanoseconds; 0: none of them. */
static double unit_ns(const json_t *benchmark) {
  static const struct {
    const char *name;
    double ns;
  } unit[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
  const char *name = json_string_value(json_object_get(benchmark, "time_unit"));
  for (size_t i = 0; name != NULL && i < sizeof unit / sizeof *unit; i++) {
    if (strcmp(name, unit[i].name) == 0) return unit[i].ns;
  }
  return 0;
}

static bool unit_known(const struct speeds *s, const char *name, const json_t *benchmark,
                       struct error *error) {
  const json_t *unit = json_object_get(benchmark, "time_unit");
  if (unit_ns(benchmark) > 0) return true;
  return error_set(error, ERROR_DATA,
                   "%s: benchmark '%s' has the time_unit '%s', not ns, us, ms or s", s->path, name,
                   json_is_string(unit) ? json_string_value(unit) : "(none)");
}

static bool add_time(struct speed *row, const json_t *benchmark, struct error *error) {
  size_t count = row->count + 1;
  double *ns = memory_grow(row->ns, count, sizeof *ns, error);
  if (ns == NULL) return false;
  row->ns = ns;
  unsigned *launch = memory_grow(row->launch, count, sizeof *launch, error);
  if (launch == NULL) return false;
  row->launch = launch;
  double cpu = number(benchmark, "cpu_time"), real = number(benchmark, "real_time");
  ns[row->count] = cpu * unit_ns(benchmark);
  launch[row->count] = (unsigned)number(benchmark, "launch");
  row->busy += real > 0 ? cpu / real : 1;
  row->count = count;
  /* Written once for all repetitions. */
  const double flop = number(benchmark, "flop"), bytes = number(benchmark, "bytes");
  const double level = number(benchmark, "level");
  if (flop > 0) row->flop = flop;
  if (bytes > 0) row->bytes = bytes;
  if (level >= 1 && level <= 4) row->level = (unsigned)level;
  return true;
}

static bool read_benchmark(struct speeds *s, const json_t *benchmark, struct error *error) {
  const char *name = json_string_value(json_object_get(benchmark, "name"));
  const char *type = json_string_value(json_object_get(benchmark, "run_type"));
  if (name == NULL) return wrong(s->path, error, "a benchmark has no name");
  if (type != NULL && strcmp(type, "aggregate") == 0) return true;
  struct speed *row = row_of(s, name, error);
  if (row == NULL) return false;
  if (json_is_true(json_object_get(benchmark, "error_occurred"))) {
    if (row->error != NULL) return true;
    row->error = context_text(benchmark, "error_message", error);
    return row->error != NULL;
  }
  if (number(benchmark, "cpu_time") <= 0) {
    return error_set(error, ERROR_DATA, "%s: '%s' has no positive cpu_time", s->path, name);
  }
  if (!unit_known(s, name, benchmark, error)) return false;
  const double launch = number(benchmark, "launch");
  if (!(launch >= 0 && launch < LAUNCHES_MOST)) {
    return error_set(error, ERROR_DATA, "%s: '%s' has no sound launch", s->path, name);
  }
  return add_time(row, benchmark, error);
}

/* --- what follows from the times --- */

static double launch_median(const struct speed *row, unsigned launch, double *room) {
  size_t count = 0;
  for (size_t i = 0; i < row->count; i++) {
    if (row->launch[i] == launch) room[count++] = row->ns[i];
  }
  quantile_sort(room, count);
  return quantile_of(room, count, 0.5);
}

static bool summarise(struct speeds *s, struct speed *row, struct error *error) {
  if (row->count == 0) return true;
  double *room = memory_array(row->count, sizeof *room, error);
  if (room == NULL) return false;
  row->busy /= (double)row->count;
  for (size_t i = 0; i < row->count; i++) {
    if (row->launch[i] + 1 > s->launches) s->launches = row->launch[i] + 1;
    double median = launch_median(row, row->launch[i], room);
    if (i == 0 || median < row->low) row->low = median;
    if (i == 0 || median > row->high) row->high = median;
  }
  memcpy(room, row->ns, row->count * sizeof *room);
  quantile_sort(room, row->count);
  row->median = quantile_of(room, row->count, 0.5);
  double quartiles = quantile_of(room, row->count, 0.75) - quantile_of(room, row->count, 0.25);
  row->spread = quartiles / 2 / row->median;
  free(room);
  return true;
}

static int by_place(const void *left, const void *right) {
  const struct speed *a = left, *b = right;
  int isa = strcmp(a->isa, b->isa);
  if (isa != 0) return isa;
  if (a->order != b->order) return a->order < b->order ? -1 : 1;
  return strcmp(a->name, b->name);
}

static bool read_root(struct speeds *s, const json_t *root, struct error *error) {
  const json_t *context = json_object_get(root, "context");
  const json_t *benchmarks = json_object_get(root, "benchmarks"), *benchmark;
  if (!json_is_object(context) || !json_is_array(benchmarks)) {
    return wrong(s->path, error, "not Google Benchmark's JSON: no 'context' and 'benchmarks'");
  }
  if (!read_context(s, context, error)) return false;
  size_t index;
  json_array_foreach(benchmarks, index, benchmark) {
    if (!read_benchmark(s, benchmark, error)) return false;
  }
  for (size_t i = 0; i < s->rows; i++) {
    if (!summarise(s, &s->row[i], error)) return false;
  }
  if (s->rows > 0) qsort(s->row, s->rows, sizeof *s->row, by_place);
  return true;
}

bool speeds_parse(const char *name, const char *text, size_t size, struct speeds *speeds,
                  struct error *error) {
  *speeds = (struct speeds){.path = memory_text(name, error)};
  if (speeds->path == NULL) return false;
  json_t *root = json_parse(text, size, name, error);
  bool done = root != NULL && read_root(speeds, root, error);
  json_decref(root);
  if (!done) speeds_clear(speeds);
  return done;
}

bool speeds_read(const char *path, struct speeds *speeds, struct error *error) {
  *speeds = (struct speeds){0};
  size_t size;
  char *text = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, error);
  if (text == NULL) return false;
  bool done = speeds_parse(path, text, size, speeds, error);
  free(text);
  return done;
}

void speeds_clear(struct speeds *s) {
  for (size_t i = 0; i < s->rows; i++) {
    struct speed *row = &s->row[i];
    char *const texts[] = {row->name, row->kernel, row->shape, row->temperature,
                           row->isa,  row->by,     row->error};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) free(texts[t]);
    free(row->ns);
    free(row->launch);
  }
  free(s->row);
  char *const texts[] = {s->path,  s->cpu,      s->architecture, s->features, s->caches,
                         s->flags, s->compiler, s->commit,       s->date};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) free(texts[t]);
  *s = (struct speeds){0};
}

/* A tenth of the cores is what a quiet machine's own services may take; a
 * hypervisor that takes a hundredth of one has other guests on it. Without such
 * counts the load average, to which the bench adds little before its start. */
bool speeds_disturbed(const struct speeds *s, struct text *out) {
  const double cores = s->cores > 0 ? s->cores : 1;
  const bool counted = !isnan(s->others) && !isnan(s->stolen);
  const bool others = counted && s->others > 0.1 * cores;
  const bool stolen = counted && s->stolen > 0.01 * cores;
  const bool load = !counted && s->load > 0.5 * cores;
  if (out != NULL && others) {
    text_add(out, "warning: other processes kept %.2f of the %.0f cores busy during the run\n",
             s->others, cores);
  }
  if (out != NULL && stolen) {
    text_add(out, "warning: the hypervisor took %.2f of the %.0f cores away during the run\n",
             s->stolen, cores);
  }
  if (out != NULL && load) {
    text_add(out, "warning: the load average was %.1f on %.0f cores when the run began\n", s->load,
             cores);
  }
  return others || stolen || load;
}

static bool is_timed(const struct speed *row, const char *kernel, const char *shape,
                     const char *temperature, const char *by) {
  return row->count > 0 && row->error == NULL && strcmp(row->kernel, kernel) == 0 &&
         strcmp(row->shape, shape) == 0 && strcmp(row->temperature, temperature) == 0 &&
         strcmp(row->by, by) == 0;
}

const struct speed *speeds_find(const struct speeds *s, const char *kernel, const char *shape,
                                const char *temperature, const char *isa, const char *by) {
  for (size_t i = 0; i < s->rows; i++) {
    const struct speed *row = &s->row[i];
    if (is_timed(row, kernel, shape, temperature, by) && strcmp(row->isa, isa) == 0) return row;
  }
  return NULL;
}

const struct speed *speeds_best(const struct speeds *s, const char *kernel, const char *shape,
                                const char *temperature, const char *by) {
  const struct speed *best = NULL;
  for (size_t i = 0; i < s->rows; i++) {
    const struct speed *row = &s->row[i];
    if (!is_timed(row, kernel, shape, temperature, by)) continue;
    if (best == NULL || row->median < best->median) best = row;
  }
  return best;
}

double speeds_peak_flop(const struct speeds *s, const char *isa) {
  const struct speed *peak = speeds_find(s, "peak", "fma", "hot", isa, "machine");
  return peak != NULL ? peak->flop / peak->median : 0;
}

double speeds_peak_bytes(const struct speeds *s, const char *isa, unsigned level) {
  static const char *const shapes[2][5] = {{"", "read-L1", "read-L2", "read-L3", "read-memory"},
                                           {"", "copy-L1", "copy-L2", "copy-L3", "copy-memory"}};
  double best = 0;
  for (int kind = 0; kind < 2 && level >= 1 && level <= 4; kind++) {
    const struct speed *peak = speeds_find(s, "peak", shapes[kind][level], "hot", isa, "machine");
    if (peak != NULL && peak->bytes / peak->median > best) best = peak->bytes / peak->median;
  }
  return best;
}

double speeds_of_roof(const struct speeds *s, const struct speed *speed) {
  double flop = speeds_peak_flop(s, speed->isa);
  double bytes = speeds_peak_bytes(s, speed->isa, speed->level);
  if (flop <= 0 || bytes <= 0 || speed->median <= 0) return 0;
  if (!speed_family_has_roof(speed->kernel)) return 0;
  double compute = speed->flop / flop, transfer = speed->bytes / bytes;
  return (compute > transfer ? compute : transfer) / speed->median;
}

const char *speeds_doubt(const struct speeds *s, const struct speed *speed) {
  if (speeds_of_roof(s, speed) > 1.005) return "over roof"; /* shown as 101 % */
  const bool disturbed = speed->spread > SPEED_SPREAD_LARGE || speed->busy < SPEED_BUSY_LOW;
  return disturbed ? "disturbed" : "";
}

double speeds_by_scalar(const struct speeds *s, const struct speed *speed) {
  const struct speed *scalar =
      speeds_find(s, speed->kernel, speed->shape, speed->temperature, "scalar", "crosslane");
  return scalar != NULL && speed->median > 0 ? scalar->median / speed->median : 0;
}
