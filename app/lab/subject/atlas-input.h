/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lines of standard input, from one static buffer. */

#pragma once

typedef enum
{
  ATLAS_INPUT_LINE,
  ATLAS_INPUT_TOO_LONG, /* the rest of it is skipped */
  ATLAS_INPUT_NUL,      /* it holds a NUL byte */
  ATLAS_INPUT_CUT,      /* the end, in the middle of a line: what came is not to be done */
  ATLAS_INPUT_END,
} AtlasInput;

/* Waits for a line, without its newline; @line holds until the next call. */
AtlasInput atlas_input_read (const char **line);
/* Forgets what was read ahead: it is for another process. */
void atlas_input_drop (void);
