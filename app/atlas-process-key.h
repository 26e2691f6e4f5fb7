/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the list of processes is sorted by, and shows at the right of each row. */

#pragma once

#include "atlas-process.h"

G_BEGIN_DECLS

/* As the enum of the settings schema. */
typedef enum
{
  ATLAS_PROCESS_KEY_RESIDENT,
  ATLAS_PROCESS_KEY_SIZE,
  ATLAS_PROCESS_KEY_SWAP,
  ATLAS_PROCESS_KEY_LOCKED,
  ATLAS_PROCESS_KEY_NAME,
  ATLAS_N_PROCESS_KEYS
} AtlasProcessKey;

/* "Resident", translated. */
const char *atlas_process_key_get_title (AtlasProcessKey key);
/* The number that @key is about, kB; the resident one for the name. */
guint64 atlas_process_key_get_kb (AtlasProcessKey key, const AtlasProcessInfo *info);
/* Takes down what @process is to be sorted by, until the next time. Numbers move all the while, and
 * a sorted list whose items changed their places in secret is none. */
void atlas_process_key_note (AtlasProcessKey key, AtlasProcess *process);
/* Compares what was noted of both, for @key: largest first, names in the order of the locale; ties
 * by PID, so that the order is always whole. */
int atlas_process_key_compare (AtlasProcessKey key, AtlasProcess *a, AtlasProcess *b);

G_END_DECLS
