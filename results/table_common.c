/* What all labels of a table have in common. */
#include <string.h>

#include "results/table_columns.h"

/* Brackets that are open after `length` bytes. */
static int open_after(const char *label, size_t length) {
  int open = 0;
  for (size_t i = 0; i < length; i++) open += (label[i] == '[') - (label[i] == ']');
  return open;
}

static size_t shared_head(const char *a, const char *b) {
  size_t length = 0;
  while (a[length] != '\0' && a[length] == b[length]) length++;
  return length;
}

static size_t shared_tail(const char *a, const char *b) {
  const size_t of_a = strlen(a), of_b = strlen(b), most = of_a < of_b ? of_a : of_b;
  size_t length = 0;
  while (length < most && a[of_a - 1 - length] == b[of_b - 1 - length]) length++;
  return length;
}

static bool ends_head(const char *label, size_t length) {
  return length == 0 ||
         (strchr(" ,*=", label[length - 1]) != NULL && open_after(label, length) == 0);
}

static bool begins_tail(const char *label, size_t length) {
  const char *at = label + strlen(label) - length;
  return length == 0 || (strchr(" ,*", *at) != NULL && open_after(at, length) == 0);
}

struct table_common table_common_of(const struct table_row *rows, size_t count) {
  if (count < 2) return (struct table_common){0};
  const char *first = rows[0].row->label;
  struct table_common common = {strlen(first), strlen(first)};
  size_t shortest = strlen(first);
  for (size_t i = 1; i < count; i++) {
    const char *label = rows[i].row->label;
    const size_t head = shared_head(first, label), tail = shared_tail(first, label);
    if (strlen(label) < shortest) shortest = strlen(label);
    if (head < common.head) common.head = head;
    if (tail < common.tail) common.tail = tail;
  }
  if (common.head >= shortest) common.head = shortest > 0 ? shortest - 1 : 0;
  while (!ends_head(first, common.head)) common.head--;
  const size_t left = shortest - common.head;
  if (common.tail >= left) common.tail = left > 0 ? left - 1 : 0;
  while (!begins_tail(first, common.tail)) common.tail--;
  return common;
}
