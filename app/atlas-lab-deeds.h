/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What can be done to memory that is there, as a choice of words: in the form, to be done next to
 * what was allocated, and in the menu of each allocation. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *title;   /* to be translated; underscores are meant */
  const char *command; /* %s is the allocation's name */
} AtlasLabDeed;

/* All end with one that is all NULL. */
extern const AtlasLabDeed ATLAS_LAB_TOUCHES[];
extern const AtlasLabDeed ATLAS_LAB_LOCKS[];
extern const AtlasLabDeed ATLAS_LAB_UNLOCKS[];
extern const AtlasLabDeed ATLAS_LAB_ADVICE[];
extern const AtlasLabDeed ATLAS_LAB_PROTECTIONS[];

/* "touch %s read" of "a": "touch a read". (transfer full) */
char *atlas_lab_deed_write (const char *command, const char *id);

G_END_DECLS
