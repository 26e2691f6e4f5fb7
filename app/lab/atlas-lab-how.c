/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How malloc came by memory, told from the calls it made. Source: malloc/malloc.c and arena.c of
 * glibc: sysmalloc grows the heap by brk, or a thread's arena by mprotect, or maps. */

#include "atlas-lab-event-private.h"

#include <string.h>

typedef struct
{
  guint64 start, end;
} Range;

static gboolean
is_call (const AtlasLabCall *call, const char *name)
{
  return call->kind == ATLAS_LAB_CALL_SYSTEM && !call->failed && strcmp (call->name, name) == 0;
}

static gboolean
is_writable (const AtlasLabCall *call)
{
  const char *protection = atlas_lab_call_get_argument (call, "prot");

  return protection != NULL && strstr (protection, "PROT_WRITE") != NULL;
}

static gboolean
meets (const Range *range, guint64 start, guint64 length)
{
  return start < range->end && (length > G_MAXUINT64 - start || start + length > range->start);
}

/* A thread's arena is reserved without access; what is used of it is made accessible. */
static gboolean
grew_arena (const AtlasLabCall *call, const Range *range)
{
  guint64 address, length;

  return is_call (call, "mprotect") && is_writable (call)
         && atlas_lab_call_get_number (call, "addr", &address)
         && atlas_lab_call_get_number (call, "length", &length) && meets (range, address, length);
}

static gboolean
mapped (const AtlasLabCall *call, const Range *range)
{
  guint64 address, length;

  if (!atlas_lab_call_get_result (call, &address))
    return FALSE;
  if (is_call (call, "mmap"))
    return is_writable (call) && atlas_lab_call_get_number (call, "length", &length)
           && meets (range, address, length);
  return is_call (call, "mremap") && atlas_lab_call_get_number (call, "new_size", &length)
         && meets (range, address, length);
}

/* Asked for an address behind the memory and got just that: one that fails gives the break as it
 * was, as does the question where it is (NULL). */
static gboolean
grew_heap (const AtlasLabCall *call, const Range *range)
{
  guint64 wish, result;

  return is_call (call, "brk") && atlas_lab_call_get_number (call, "addr", &wish)
         && atlas_lab_call_get_result (call, &result) && result == wish && wish > range->start;
}

AtlasLabHow
atlas_lab_how_conclude (const GPtrArray *calls, guint64 address, guint64 size)
{
  const Range range = { address, address + size };
  AtlasLabHow how = ATLAS_LAB_HOW_NONE;

  for (guint i = 0; i < calls->len; i++)
    {
      const AtlasLabCall *call = g_ptr_array_index (calls, i);

      if (grew_arena (call, &range))
        return ATLAS_LAB_HOW_ARENA;
      if (mapped (call, &range))
        how = ATLAS_LAB_HOW_MMAP;
      else if (grew_heap (call, &range) && how == ATLAS_LAB_HOW_NONE)
        how = ATLAS_LAB_HOW_BRK;
    }
  return how;
}
