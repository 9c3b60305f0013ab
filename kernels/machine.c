#include "kernels/machine.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "kernels/isa_parts.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

/* The value of the first line "key : value" of /proc/cpuinfo. */
static bool cpuinfo(const char *key, char *value, size_t room) {
  FILE *file = fopen("/proc/cpuinfo", "r");
  if (file == NULL) return false;
  bool found = false;
  char line[512];
  while (!found && fgets(line, sizeof line, file) != NULL) {
    char *colon = strchr(line, ':');
    if (colon == NULL || strncmp(line, key, strlen(key)) != 0) continue;
    colon += strspn(colon, ": \t");
    colon[strcspn(colon, "\n")] = '\0';
    (void)snprintf(value, room, "%s", colon);
    found = true;
  }
  (void)fclose(file);
  return found;
}

#if defined(__APPLE__)

/* Of the fast cores where there are two kinds, which the bench runs on. */
static void caches(char *out, size_t room) {
  static const struct {
    const char *level, *fast, *any;
  } kinds[] = {{"L1d", "hw.perflevel0.l1dcachesize", "hw.l1dcachesize"},
               {"L2", "hw.perflevel0.l2cachesize", "hw.l2cachesize"},
               {"L3", "hw.perflevel0.l3cachesize", "hw.l3cachesize"}};
  struct text text = {0};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    int64_t bytes = 0;
    size_t size = sizeof bytes;
    if (sysctlbyname(kinds[i].fast, &bytes, &size, NULL, 0) != 0 || bytes <= 0) {
      size = sizeof bytes;
      if (sysctlbyname(kinds[i].any, &bytes, &size, NULL, 0) != 0 || bytes <= 0) continue;
    }
    text_add(&text, "%s%s %lldK", text.length > 0 ? ", " : "", kinds[i].level,
             (long long)(bytes >> 10));
  }
  (void)snprintf(out, room, "%s", text.text != NULL ? text.text : "");
  text_clear(&text);
}

#else

static bool read_line(const char *path, char *line, int room) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return false;
  bool got = fgets(line, room, file) != NULL;
  (void)fclose(file);
  if (got) line[strcspn(line, "\n")] = '\0';
  return got;
}

/* Data and unified caches of the first core, as Linux tells them. */
static void caches(char *out, size_t room) {
  struct text text = {0};
  for (int index = 0; index < 8; index++) {
    char path[96], level[16], type[32], size[32];
    const char *folder = "/sys/devices/system/cpu/cpu0/cache/index";
    (void)snprintf(path, sizeof path, "%s%d/level", folder, index);
    if (!read_line(path, level, sizeof level)) break;
    (void)snprintf(path, sizeof path, "%s%d/type", folder, index);
    if (!read_line(path, type, sizeof type) || strcmp(type, "Instruction") == 0) continue;
    (void)snprintf(path, sizeof path, "%s%d/size", folder, index);
    if (!read_line(path, size, sizeof size)) continue;
    text_add(&text, "%sL%s%s %s", text.length > 0 ? ", " : "", level,
             strcmp(type, "Data") == 0 ? "d" : "", size);
  }
  (void)snprintf(out, room, "%s", text.text != NULL ? text.text : "");
  text_clear(&text);
}

#endif

#if defined(__x86_64__)

static bool emulated(void) {
  struct cpuid here;
  cpuid_read(&here);
  return cpuid_emulated(&here);
}

static void processor(char *cpu, size_t room) {
  uint32_t brand[12];
  uint32_t highest = (uint32_t)__get_cpuid_max(0x80000000, NULL);
  if (highest < 0x80000004 && cpuinfo("model name", cpu, room)) return;
  for (uint32_t leaf = 0; leaf < 3; leaf++) {
    uint32_t *part = brand + 4 * leaf;
    __cpuid(0x80000002 + leaf, part[0], part[1], part[2], part[3]);
  }
  char text[sizeof brand + 1] = {0};
  memcpy(text, brand, sizeof brand);
  const char *start = text + strspn(text, " ");
  uint32_t a, b, c, d;
  __cpuid(1, a, b, c, d);
  uint32_t family = (a >> 8 & 15) + ((a >> 8 & 15) == 15 ? a >> 20 & 255 : 0);
  uint32_t model = (a >> 4 & 15) | (a >> 12 & 0xf0);
  (void)snprintf(cpu, room, "%s (family %u, model %u)", start, (unsigned)family, (unsigned)model);
}

static const char architecture[] = "x86_64";

#else

/* Linux on a real AArch64 core names its implementer, and no model. Under QEMU
 * the file is that of the machine below, which has no implementer, or, since
 * QEMU 9, one that has both. */
static bool emulated(void) {
#if defined(__linux__)
  char text[64];
  return !cpuinfo("CPU implementer", text, sizeof text) || cpuinfo("model name", text, sizeof text);
#else
  return false;
#endif
}

static void processor(char *cpu, size_t room) {
#if defined(__APPLE__)
  if (sysctlbyname("machdep.cpu.brand_string", cpu, &room, NULL, 0) != 0) {
    (void)snprintf(cpu, room, "unknown");
  }
#else
  char implementer[32], part[32];
  if (cpuinfo("CPU implementer", implementer, sizeof implementer) &&
      cpuinfo("CPU part", part, sizeof part)) {
    (void)snprintf(cpu, room, "AArch64 implementer %s part %s", implementer, part);
  } else {
    (void)snprintf(cpu, room, "unknown");
  }
#endif
}

static const char architecture[] = "aarch64";

#endif

void machine_identify(struct machine *machine) {
  *machine = (struct machine){0};
  memcpy(machine->architecture, architecture, sizeof architecture);
  processor(machine->cpu, sizeof machine->cpu);
  struct text features = {0};
  isa_features(&features);
  (void)snprintf(machine->features, sizeof machine->features, "%s",
                 features.text != NULL ? features.text : "");
  text_clear(&features);
  caches(machine->caches, sizeof machine->caches);
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  machine->cores = cores > 0 ? (unsigned)cores : 1;
  machine->emulated = emulated();
}
