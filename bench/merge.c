#include "bench/merge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "kernels/machine.h"

static bool out_of_memory(struct error *error) {
  return error_set(error, ERROR_SYSTEM, "out of memory");
}

/* --- context --- */

static bool put(json_t *context, const char *key, const char *value) {
  return json_object_set_new(context, key, json_string(value)) == 0;
}

/* Who was measured, and by what. No clock frequency: it says nothing of a
 * machine that changes it. */
static bool put_identity(json_t *context) {
  struct machine machine;
  machine_identify(&machine);
  char commit[64];
  (void)snprintf(commit, sizeof commit, "%s", build_commit());
  static const char *const dropped[] = {"executable", "host_name", "mhz_per_cpu"};
  for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++) {
    (void)json_object_del(context, dropped[i]);
  }
  return put(context, "crosslane_cpu", machine.cpu) &&
         put(context, "crosslane_architecture", machine.architecture) &&
         put(context, "crosslane_features", machine.features) &&
         put(context, "crosslane_caches", machine.caches) &&
         put(context, "crosslane_emulated", machine.emulated ? "true" : "false") &&
         put(context, "crosslane_version", build_version()) &&
         put(context, "crosslane_commit", commit) &&
         put(context, "crosslane_dirty", build_dirty() ? "true" : "false") &&
         put(context, "crosslane_compiler", build_compiler()) &&
         put(context, "crosslane_flags", build_flags());
}

/* Cores, to two digits after the point. */
static bool put_noise(json_t *context, const struct noise *noise) {
  if (!noise->known) return true;
  char others[32], stolen[32];
  (void)snprintf(others, sizeof others, "%.2f", noise->others);
  (void)snprintf(stolen, sizeof stolen, "%.2f", noise->stolen);
  return put(context, "crosslane_cores_of_others", others) &&
         put(context, "crosslane_cores_stolen", stolen);
}

/* --- benchmarks --- */

/* Five digits: times vary by more than the sixth. */
static json_t *short_number(const json_t *number) {
  char text[32];
  (void)snprintf(text, sizeof text, "%.5g", json_number_value(number));
  const double value = strtod(text, NULL);
  if (value <= 1e15 && nearbyint(value) == value) return json_integer((json_int_t)value);
  return json_real(value);
}

static bool keep(json_t *row, const json_t *from, const char *const *keys, size_t count) {
  for (size_t i = 0; i < count; i++) {
    json_t *value = json_object_get(from, keys[i]);
    if (value == NULL) continue;
    json_t *kept = json_is_real(value) ? short_number(value) : json_incref(value);
    if (json_object_set_new(row, keys[i], kept) != 0) return false;
  }
  return true;
}

/* Thousands of repetitions: each has what differs, the first of its benchmark
 * also what they have in common. Google Benchmark's compare.py reads name,
 * times and unit. */
static json_t *row_of(const json_t *from, unsigned launch, bool first) {
  static const char *const each[] = {"name",      "iterations",     "real_time",    "cpu_time",
                                     "time_unit", "error_occurred", "error_message"};
  static const char *const common[] = {"flop", "bytes", "level"};
  json_t *row = json_object();
  bool ok = row != NULL && keep(row, from, each, sizeof each / sizeof *each) &&
            json_object_set_new(row, "launch", json_integer(launch)) == 0;
  if (ok && first) ok = keep(row, from, common, sizeof common / sizeof *common);
  if (ok) return row;
  json_decref(row);
  return NULL;
}

struct family {
  json_int_t index; /* of registration */
  json_t *benchmark;
};

static int by_index(const void *left, const void *right) {
  const struct family *a = left, *b = right;
  return (a->index > b->index) - (a->index < b->index);
}

/* Aggregates of one child would mislead in a file of several: left out. The
 * order is that of registration: repetitions are run at random. */
static bool add_rows(json_t *into, const json_t *benchmarks, unsigned launch, struct error *error) {
  const size_t most = json_array_size(benchmarks);
  struct family *family = memory_array(most, sizeof *family, error);
  if (family == NULL) return false;
  size_t count = 0;
  for (size_t i = 0; i < most; i++) {
    json_t *benchmark = json_array_get(benchmarks, i);
    const char *type = json_string_value(json_object_get(benchmark, "run_type"));
    if (type != NULL && strcmp(type, "aggregate") == 0) continue;
    family[count++] =
        (struct family){json_integer_value(json_object_get(benchmark, "family_index")), benchmark};
  }
  qsort(family, count, sizeof *family, by_index);
  bool ok = true;
  for (size_t i = 0; ok && i < count; i++) {
    const char *name = json_string_value(json_object_get(family[i].benchmark, "name"));
    json_t *rows = name != NULL ? json_object_get(into, name) : NULL;
    const bool first = rows == NULL;
    if (first) {
      rows = json_array();
      ok = name != NULL && json_object_set_new(into, name, rows) == 0;
    }
    ok = ok && json_array_append_new(rows, row_of(family[i].benchmark, launch, first)) == 0;
  }
  free(family);
  return ok || out_of_memory(error);
}

bool merge_child(struct merge *merge, enum isa isa, unsigned launch, const char *text, size_t size,
                 struct error *error) {
  json_t *child = json_parse(text, size, "what the bench wrote", error);
  if (child == NULL) return false;
  json_t *context = json_object_get(child, "context");
  bool ok = true;
  if (merge->context == NULL && context != NULL) {
    ok = put_identity(context);
    merge->context = json_incref(context);
  }
  if (merge->benchmarks[isa] == NULL) merge->benchmarks[isa] = json_object();
  ok = ok && merge->benchmarks[isa] != NULL;
  if (ok) {
    ok = add_rows(merge->benchmarks[isa], json_object_get(child, "benchmarks"), launch, error);
  } else {
    out_of_memory(error);
  }
  json_decref(child);
  return ok;
}

/* --- text --- */

static bool write_json(struct text *out, const json_t *json, size_t flags) {
  char *dump = json_dumps(json, flags | JSON_REAL_PRECISION(5));
  if (dump != NULL) text_add(out, "%s", dump);
  free(dump);
  return dump != NULL;
}

bool merge_write(const struct merge *merge, const struct noise *noise, struct text *out,
                 struct error *error) {
  bool ok = merge->context != NULL && put_noise(merge->context, noise);
  text_add(out, "{\n\"context\": ");
  ok = ok && write_json(out, merge->context, JSON_INDENT(1));
  text_add(out, ",\n\"benchmarks\": [");
  const char *between = "\n";
  for (size_t isa = 0; isa < ISA_COUNT; isa++) {
    const char *name;
    json_t *rows, *row;
    size_t index;
    json_object_foreach(merge->benchmarks[isa], name, rows) {
      json_array_foreach(rows, index, row) {
        text_add(out, "%s", between);
        ok = ok && write_json(out, row, JSON_COMPACT);
        between = ",\n";
      }
    }
  }
  text_add(out, "\n]\n}\n");
  return (ok && !out->failed) || out_of_memory(error);
}

void merge_clear(struct merge *merge) {
  json_decref(merge->context);
  for (size_t isa = 0; isa < ISA_COUNT; isa++) json_decref(merge->benchmarks[isa]);
  *merge = (struct merge){0};
}
