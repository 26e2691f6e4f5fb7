/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The values that malloc goes by at this moment. mallopt sets them and malloc moves them, but no
 * function tells them, so they are read where glibc keeps them. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef enum
{
  ATLAS_DYNAMIC_UNKNOWN,
  ATLAS_DYNAMIC_YES, /* a freed chunk of mmap's moves the threshold */
  ATLAS_DYNAMIC_NO,
} AtlasDynamic;

typedef struct
{
  bool known;
  size_t mmap_threshold, trim_threshold, top_pad; /* bytes */
  AtlasDynamic dynamic;
} AtlasThresholds;

/* Finds them, once, at the start: no heap is made, and nothing is left changed. */
void atlas_thresholds_init (void);
AtlasThresholds atlas_thresholds_get (void);
/* As fields of the answer; "unknown" where they are. */
void atlas_thresholds_answer (void);
