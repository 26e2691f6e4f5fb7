/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Changing an allocation: for the client alone. */

#pragma once

#include "atlas-lab-allocation.h"

G_BEGIN_DECLS

/* What the process says of it. Texts are copied. */
typedef struct
{
  const char *call, *arena;
  guint64 address, requested, usable;
  guint64 mapped; /* bytes, of a mapping; else 0 */
  AtlasLabHow how;
} AtlasLabAllocationFacts;

AtlasLabAllocation *atlas_lab_allocation_new (const char *id, const char *process);
void atlas_lab_allocation_update (AtlasLabAllocation *self, const AtlasLabAllocationFacts *facts);
void atlas_lab_allocation_set_resident (AtlasLabAllocation *self, guint64 pages);
void atlas_lab_allocation_set_locked_pages (AtlasLabAllocation *self, guint64 pages);

/* The round of questions in which its resident pages were last asked for. */
guint atlas_lab_allocation_get_round (AtlasLabAllocation *self);
void atlas_lab_allocation_set_round (AtlasLabAllocation *self, guint round);

G_END_DECLS
