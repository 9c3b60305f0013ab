/* Many files at once: copied under temporary names, brought to the disk together, and then
 * renamed. As safe as one after the other (base/file.h), which waits for the disk twice for
 * each. What a killed process leaves are temporaries. */
#ifndef CROSSLANE_BASE_FILE_BATCH_H
#define CROSSLANE_BASE_FILE_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* From any thread. `to` is there after file_batch_place. */
bool file_batch_copy(const char *from, const char *to, size_t most, struct error *error);

/* Waits until all that was copied to the folder's file system is on the disk. */
bool file_batch_sync(const char *folder, struct error *error);

/* The temporary of `to` becomes it. file_sync_folder follows when all are placed. */
bool file_batch_place(const char *to, struct error *error);

#endif
