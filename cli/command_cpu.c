#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "experiments/estimate.h"
#include "kernels/kernels.h"
#include "kernels/machine.h"

static const char *why(const char *option) {
  const char *asked = option != NULL ? option : cli_environment("CROSSLANE_ISA");
  if (asked == NULL || strcmp(asked, "auto") == 0) return "the widest that runs here";
  return option != NULL ? "asked for by --isa" : "asked for by CROSSLANE_ISA";
}

/* A core may split vectors of 512 bits in two, or slow down for them. */
static void compare_widths(struct text *text) {
  const double gain = 1.1; /* less than this is nothing */
  if (!isa_runs_here(ISA_AVX512)) return;
  const double narrow = estimate_measure_dense(kernels_of(ISA_AVX2)),
               wide = estimate_measure_dense(kernels_of(ISA_AVX512));
  text_add(text, "measured   dense_forward: avx512 is %.2f times as fast as avx2\n", wide / narrow);
  if (wide > gain * narrow) return;
  text_add(text, "AVX-512 brings nothing on this machine: --isa avx2 is as good\n");
}

static void list_machine(struct text *text, enum isa chosen, const char *reason) {
  struct machine machine;
  machine_identify(&machine);
  text_add(text, "processor  %s, %u cores%s\n", machine.cpu, machine.cores,
           machine.emulated ? " (emulated)" : "");
  text_add(text, "features   %s\n", machine.features);
  if (machine.caches[0] != '\0') text_add(text, "caches     %s\n", machine.caches);
  text_add(text, "runs here ");
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (isa_runs_here(isa)) text_add(text, " %s", isa_name(isa));
  }
  text_add(text, "\nchosen     %s: %s\n", isa_name(chosen), reason);
  if (!machine.emulated) compare_widths(text);
  if (!isa_has_fma()) {
    text_add(text, "no fused multiply-add: scalar kernels use the C library's, which is slow\n");
  }
}

/* "16x16 12x32 8x48 6x64" */
static void add_tiles(struct text *text, const struct kernels *kernels, size_t tiles) {
  for (size_t t = 0; t < tiles; t++) {
    text_add(text, "%s%zux%zu", t > 0 ? " " : "", kernels->rows[t], (t + 1) * kernels->vector);
  }
  text_add(text, "\n");
}

/* "avx2 where dim < 16": where a kernel of AVX-512 is AVX2's, which is faster there. */
static void add_narrower(struct text *text, const char *name, enum isa isa) {
#define NARROWER(kernel, condition, words) {#kernel, words},
  static const struct {
    const char *kernel, *where;
  } list[] = {
#include "kernels/narrower.inc"
  };
#undef NARROWER
  for (size_t i = 0; isa == ISA_AVX512 && i < sizeof list / sizeof *list; i++) {
    if (strcmp(list[i].kernel, name) == 0) text_add(text, "avx2 where %s", list[i].where);
  }
}

static void list_kernels(struct text *text) {
  static const char *const names[] = {
#define KERNEL(name, flop, bytes) #name,
#include "kernels/kernels.inc"
#undef KERNEL
  };
  text_add(text, "%-24s %-8s %-16s %s\n", "kernel", "isa", "faster narrower",
           "register tiles: rows x floats");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
      const struct kernels *kernels = kernels_of(isa);
      if (kernels == NULL) continue;
      struct text narrower = {0};
      add_narrower(&narrower, names[i], isa);
      text_add(text, "%-24s %-8s %-16s ", names[i], isa_name(isa),
               narrower.length > 0 ? narrower.text : "-");
      text_clear(&narrower);
      if (strncmp(names[i], "dense_", 6) == 0) {
        const bool forward = strcmp(names[i], "dense_forward") == 0;
        add_tiles(text, kernels, forward ? kernels->forward_tiles : kernels->tiles);
      } else {
        text_add(text, "-\n");
      }
    }
  }
}

int command_cpu(const struct cpu_command *asked) {
  struct error error = {0};
  enum isa isa;
  if (!cli_isa(asked->isa, &isa, &error)) return cli_fail(&error);
  struct text text = {0};
  if (asked->kernels) {
    list_kernels(&text);
  } else {
    list_machine(&text, isa, why(asked->isa));
  }
  return cli_print(&text);
}
