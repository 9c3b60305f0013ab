/* Whole files in, whole files out. A file is written under a temporary name,
 * synced, renamed, and its folder synced: readers see the old one or the new
 * one, never a part. */
#ifndef CROSSLANE_BASE_FILE_H
#define CROSSLANE_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Every temporary file's name ends so; stale ones may be removed. */
#define FILE_TEMPORARY_SUFFIX ".crosslane-tmp"

/* The most that is read of a file, so that a wrong one is refused at once. */
enum {
  FILE_MOST_TEXT = 16 << 20, /* what people write */
  FILE_MOST_JSON = 256 << 20 /* what programs write for each other; pictures */
};
#define FILE_MOST_DATA ((size_t)4 << 30)

/* The whole file, a zero byte added after its `*size` bytes. Free it. One with
 * more than `most` bytes, or that is no file, is refused unread. */
char *file_read(const char *path, size_t most, size_t *size, enum error_kind kind,
                struct error *error);

bool file_write_atomic(const char *path, const void *bytes, size_t size, struct error *error);

/* The same with the bytes of another file, at most `most` of them. */
bool file_copy_atomic(const char *from, const char *to, size_t most, struct error *error);

/* The two halves of it, for what is written piece by piece: a temporary name beside `path`,
 * to be freed; and the renaming of the file of that name, synced already, to `path`. */
char *file_temporary(const char *path, struct error *error);
bool file_replace(const char *temporary, const char *path, struct error *error);

/* Names that were made in the folder, or renamed to it, are on the disk. */
bool file_sync_folder(const char *folder, struct error *error);

/* All of the bytes, also where the system takes some at a time; false with errno. */
bool file_write_all(int descriptor, const void *bytes, size_t size);

bool file_exists(const char *path);
bool file_is_folder(const char *path);

/* Makes the folder and its parents; one that is there already is fine. */
bool file_make_folders(const char *path, struct error *error);

/* "folder/name", or `name` alone when it is absolute or `folder` is empty. */
char *file_join(const char *folder, const char *name, struct error *error);

/* The folder that holds `path`: "." when it names none. */
char *file_folder(const char *path, struct error *error);

/* The path that leads from `folder`, which must be there, to `path`; both relative to the
 * current folder or absolute. Symbolic links on the way are followed. */
char *file_relative(const char *folder, const char *path, struct error *error);

/* Removes temporaries that a killed process left in `folder`. */
bool file_remove_temporaries(const char *folder, struct error *error);

#endif
