/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person predicts an experiment will do, to be set beside what it did. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ATLAS_GUESS_OPEN, /* not predicted */
  ATLAS_GUESS_BRK,
  ATLAS_GUESS_MMAP,
  ATLAS_GUESS_NEITHER,
} AtlasGuessHow;

typedef struct
{
  AtlasGuessHow how;
  gboolean has_size, has_rss;
  gint64 size_kb, rss_kb; /* changes of VmSize and VmRSS, kB */
} AtlasGuess;

/* A size as it is shown, without its blanks and commas: "1,028 KiB" gives "1028KiB". (transfer
 * full) */
char *atlas_guess_strip_size (const char *text);
/* Reads a change as a person writes it: "+260 KiB", "0", "-1M", "256" (KiB). */
gboolean atlas_guess_parse_kb (const char *text, gint64 *kb);

G_END_DECLS
