/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the page states of each part of an address space were last read. Large processes are read a
 * part at a time, so one snapshot holds pages of several ages; how many parts there are follows
 * from the readings, not from the regions. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 start; /* bytes; it ends where the next begins */
  gint64 time;   /* monotonic microseconds; 0: never */
} AtlasPageAge;

typedef struct
{
  GArray *parts; /* AtlasPageAge, ascending, the first at 0, neighbours differ */
} AtlasPageAges;

/* All of the address space, read at @time. */
void atlas_page_ages_init (AtlasPageAges *self, gint64 time);
void atlas_page_ages_init_copy (AtlasPageAges *self, const AtlasPageAges *other);
void atlas_page_ages_clear (AtlasPageAges *self);

/* [@start, @end) was read at @time. */
void atlas_page_ages_set (AtlasPageAges *self, guint64 start, guint64 end, gint64 time);
/* The least recent time in [@start, @end). O(log parts + parts in it). */
gint64 atlas_page_ages_get_oldest (const AtlasPageAges *self, guint64 start, guint64 end);
/* Where part @index ends. */
guint64 atlas_page_ages_get_end (const AtlasPageAges *self, guint index);
/* Joins neighbours until there are at most @most parts; what is joined is as old as its oldest. */
void atlas_page_ages_coarsen (AtlasPageAges *self, guint most);

/* Parts to be appended in ascending order; for many at a time. */
void atlas_page_ages_init_empty (AtlasPageAges *self);
/* From @start on it is @time, up to the next that is appended. */
void atlas_page_ages_append (AtlasPageAges *self, guint64 start, gint64 time);
/* The same for [@start, @end), as @other has it. */
void atlas_page_ages_append_from (AtlasPageAges *self,
                                  const AtlasPageAges *other,
                                  guint64 start,
                                  guint64 end);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasPageAges, atlas_page_ages_clear)

G_END_DECLS
