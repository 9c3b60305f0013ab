#include "base/control_group.h"

#include <stdio.h>
#include <string.h>

#include "base/system_file.h"

enum { LINES = 16 << 10 };

struct walk {
  const char *root;
  control_group_visit *visit;
  void *context;
};

/* The group and all above it; `mount` is the root's folder. */
static void visit_up(const struct walk *walk, int version, const char *mount, const char *group) {
  char folder[SYSTEM_PATH];
  const int top = snprintf(folder, sizeof folder, "%s%s", walk->root, mount);
  const int length = snprintf(folder, sizeof folder, "%s%s%s", walk->root, mount, group);
  if (length >= SYSTEM_PATH) return;
  for (char *end = folder + length; end != NULL && end >= folder + top;) {
    *end = '\0';
    walk->visit(walk->context, version, folder);
    end = strrchr(folder, '/');
  }
}

/* Lines "number:controllers:path"; of v2 "0::path". */
void control_group_each(const char *root, const char *controller, control_group_visit *visit,
                        void *context) {
  const struct walk walk = {root, visit, context};
  char lines[LINES], wanted[64], mount[128];
  if (!system_file_read(root, "proc/self/cgroup", lines, sizeof lines)) return;
  (void)snprintf(wanted, sizeof wanted, ",%s,", controller);
  (void)snprintf(mount, sizeof mount, "/sys/fs/cgroup/%s", controller);
  for (const char *line = lines; *line != '\0';) {
    const char *controllers = strchr(line, ':');
    const char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL) return;
    char names[256], group[SYSTEM_PATH];
    (void)snprintf(names, sizeof names, ",%.*s,", (int)(path - controllers - 1), controllers + 1);
    const size_t length = strcspn(path + 1, "\n");
    (void)snprintf(group, sizeof group, "%.*s", (int)length, path + 1);
    if (strcmp(group, "/") == 0) group[0] = '\0';
    if (strcmp(names, ",,") == 0) visit_up(&walk, 2, "/sys/fs/cgroup", group);
    if (strstr(names, wanted) != NULL) visit_up(&walk, 1, mount, group);
    line = path + 1 + length;
    line += *line == '\n';
  }
}
