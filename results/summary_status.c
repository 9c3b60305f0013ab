/* What exists of an architecture. */
#include "results/summary.h"

enum summary_status summary_status(const struct summary_row *row) {
  if (row->stopped > 0) return SUMMARY_STOPPED;
  if (row->failed > 0) return SUMMARY_FAILED;
  if (row->trials == 0) return SUMMARY_PENDING;
  return row->trials < row->planned ? SUMMARY_PARTIAL : SUMMARY_DONE;
}

bool summary_finished(const struct summary_row *row) {
  return row->trials > 0 && row->stopped == 0;
}

const char *summary_status_name(enum summary_status status) {
  static const char *const names[] = {[SUMMARY_DONE] = "done",
                                      [SUMMARY_STOPPED] = "stopped",
                                      [SUMMARY_FAILED] = "failed",
                                      [SUMMARY_PARTIAL] = "partial",
                                      [SUMMARY_PENDING] = "pending"};
  return names[status];
}
