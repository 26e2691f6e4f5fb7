/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One line of input, split into words. */

#pragma once

#include <stdint.h>

#define ATLAS_LINE_MOST_BYTES 4095
#define ATLAS_LINE_MOST_WORDS 128

typedef struct
{
  const char *line;       /* as it was written */
  char **words;           /* without their quotes */
  const uint16_t *starts; /* where each begins in the line */
  int n_words;
} AtlasWords;

/* What is wrong with the line, or NULL. @line stays in use; the words lie in static memory and hold
 * until the next call. Words are separated by blanks; one may be, or hold, text "in quotes", where
 * \" \\ \n \t and \xHH stand for what they do in C. */
const char *atlas_line_split (const char *line, AtlasWords *words);

/* The words from @n on. */
AtlasWords atlas_words_after (const AtlasWords *words, int n);
