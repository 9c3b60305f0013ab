/* The control groups that this process is in: a container, a unit of systemd, a job
 * of Slurm. Each version has a tree of folders; of a controller ("memory", "cpu")
 * the process's own group counts and all groups above it.
 *
 * The kernel's cgroup-v2.rst and cgroup-v1/cgroups.rst describe them. */
#ifndef CROSSLANE_BASE_CONTROL_GROUP_H
#define CROSSLANE_BASE_CONTROL_GROUP_H

#include <stdbool.h>

/* Gets a group's folder; `version` 1 or 2. */
typedef void control_group_visit(void *context, int version, const char *folder);

/* Visits the groups of a controller, from the process's own up to the root. One whose
 * path is not there is visited too: a container that has no view of its own is named
 * the path that its group has outside, and what is there is the root. `root` stands
 * before every path of the system's files: "", but in tests. */
void control_group_each(const char *root, const char *controller, control_group_visit *visit,
                        void *context);

#endif
