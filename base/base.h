/* The room base/: what every other room needs and that knows nothing of
 * ratings. It includes no other room. */
#ifndef CROSSLANE_BASE_BASE_H
#define CROSSLANE_BASE_BASE_H

#include "base/build.h"        /* version and commit of this program */
#include "base/child.h"        /* another program, run to its end */
#include "base/clock.h"        /* the clocks of durations */
#include "base/cores.h"        /* how many this process may use */
#include "base/digest.h"       /* XXH3 digests, as numbers and as text */
#include "base/error.h"        /* one error, filled by who finds it, printed once */
#include "base/exact.h"        /* what keeps numbers the same */
#include "base/file.h"         /* whole files, written atomically */
#include "base/file_batch.h"   /* many files, brought to the disk together */
#include "base/file_stream.h"  /* a file written piece by piece, likewise */
#include "base/installed.h"    /* what lies beside this program */
#include "base/json_copy.h"    /* copies that are whole */
#include "base/json_fields.h"  /* JSON files: read, written, their fields checked */
#include "base/json_parse.h"   /* JSON from bytes */
#include "base/json_text.h"    /* JSON as text that people can read */
#include "base/mdoc.h"         /* man pages: text in mdoc */
#include "base/memory.h"       /* allocation that tells of its failure */
#include "base/memory_limit.h" /* how much there is */
#include "base/numeric.h"      /* exp and log with the same bits everywhere */
#include "base/philox.h"       /* random numbers from a counter */
#include "base/plain.h"        /* text from files, made harmless */
#include "base/process.h"      /* what a program does first */
#include "base/quantile.h"     /* medians and their like */
#include "base/scratch.h"      /* a folder for files that are not kept */
#include "base/text.h"         /* texts that grow, numbers as text */
#include "base/text_table.h"   /* tables as text, Markdown, CSV, JSON */
#include "base/thread_pool.h"  /* threads that do one task after another */
#include "base/width.h"        /* the width of text on a terminal */

#endif
